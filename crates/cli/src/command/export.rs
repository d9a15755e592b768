//! `slowfire export`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use export::Writing;
use scenario::Run;
use scenario::run::Means;
use sim::SimTime;

use crate::args::ExportArguments;
use crate::input;
use crate::report::{Ending, unless_left, warn};

/// How many events are written at once.
const PART: usize = 1 << 14;

/// Writes a run in the notation of another tool.
pub fn export(arguments: &ExportArguments) -> anyhow::Result<Ending> {
    let link = input::subject(&arguments.subject, arguments.seed)?;
    let until = input::until(&arguments.subject, &link)?;
    let means = Means {
        memory: arguments.subject.memory_bytes(),
        ..Means::default()
    };
    let mut run = Run::of_link_with(link, means);
    run.seek(until.unwrap_or(SimTime::NEVER));
    while !run.go_on() {}
    if let Some(sentence) = run.stopped() {
        warn(sentence);
    }
    let (file, path) = (&arguments.output, arguments.output.display());
    if file == Path::new("-") {
        let written = write(arguments, &run, &mut std::io::stdout().lock());
        unless_left(written).context("cannot write to stdout")?;
    } else {
        let cannot = || format!("cannot write {path}");
        let mut out = File::create(file).with_context(cannot)?;
        write(arguments, &run, &mut out).with_context(cannot)?;
    }
    Ok(Ending::Well)
}

fn write(arguments: &ExportArguments, run: &Run, out: &mut dyn Write) -> std::io::Result<()> {
    let mut out = BufWriter::new(out);
    let mut writing = Writing::new(arguments.form, run);
    while let Some(part) = writing.part(run, PART) {
        out.write_all(part.as_bytes())?;
    }
    out.flush()
}
