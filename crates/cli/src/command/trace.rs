//! A run's events as lines of JSON, to a file or to stdout.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use export::trace::Lines;
use scenario::link::Link;
use sim::EventId;
use sim::trace::Event;

use crate::report::unless_left;

/// Writes events as they come.
pub struct Tracer {
    lines: Lines,
    out: Box<dyn Write>,
    is_stdout: bool,
    /// What is to be said where it cannot be written.
    cannot: String,
}

impl Tracer {
    /// A tracer to a file, or to stdout for `-`, which has begun with the link of the run.
    pub fn create(file: &Path, link: &Link) -> anyhow::Result<Tracer> {
        let is_stdout = file == Path::new("-");
        let cannot = match is_stdout {
            true => "cannot write the trace to stdout".to_owned(),
            false => format!("cannot write the trace to {}", file.display()),
        };
        let out: Box<dyn Write> = if is_stdout {
            Box::new(std::io::stdout())
        } else {
            Box::new(File::create(file).with_context(|| cannot.clone())?)
        };
        let mut tracer = Tracer {
            lines: Lines::of(&link.variant.scenario),
            out: Box::new(BufWriter::new(out)),
            is_stdout,
            cannot,
        };
        tracer.put(&Lines::head(&link.format()))?;
        Ok(tracer)
    }

    /// Writes one event.
    pub fn write(&mut self, id: EventId, event: &Event) -> anyhow::Result<()> {
        let mut line = String::new();
        self.lines.line(id, event, &mut line);
        self.put(&line)
    }

    fn put(&mut self, line: &str) -> anyhow::Result<()> {
        unless_left(self.out.write_all(line.as_bytes())).with_context(|| self.cannot.clone())
    }

    /// Ends the trace. Returns whether stdout is free for something else.
    pub fn finish(mut self) -> anyhow::Result<bool> {
        unless_left(self.out.flush()).context(self.cannot)?;
        Ok(!self.is_stdout)
    }
}
