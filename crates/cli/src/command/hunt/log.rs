//! What a hunt has done so far, in a file that only grows: one line says which hunt it is, each further one what some seeds
//! came to. Whoever was stopped goes on from there. A last line that was not written to its end does not count. What the disk had
//! not taken in when the machine lost its power is run again.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use scenario::run::hunt::Counts;
use serde_json::Value;

use super::part::Hunt;
use crate::report::warn;

/// A file of what has been done.
pub struct Log {
    file: File,
    path: PathBuf,
}

impl Log {
    /// Opens the file of a hunt, which may not be there yet, and what it says has been done. It is this process's alone until
    /// it ends.
    pub fn open(path: &Path, hunt: &Hunt) -> anyhow::Result<(Log, Counts)> {
        let cannot = || format!("cannot open {}", path.display());
        let mut options = OpenOptions::new();
        let options = options.read(true).append(true).create(true);
        let mut file = options.open(path).with_context(cannot)?;
        lock(&file, path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).with_context(cannot)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n');
        let whole = whole.map_or(0, |last| last + 1);
        let header = line(&hunt.to_json());
        if whole == 0 && !header.as_bytes().starts_with(&bytes) {
            bail!("{} is no file of a hunt", path.display());
        }
        let text = str::from_utf8(&bytes[..whole])
            .with_context(|| format!("{} is not text", path.display()))?;
        let done = read(text, hunt).with_context(|| format!("{} cannot go on", path.display()))?;
        file.set_len(whole as u64).with_context(cannot)?;
        let path = path.to_owned();
        let mut log = Log { file, path };
        if whole == 0 {
            log.append(&header)?;
        }
        Ok((log, done))
    }

    /// Adds what more seeds came to.
    pub fn add(&mut self, hunt: &Hunt, counts: &Counts) -> anyhow::Result<()> {
        self.append(&line(&hunt.counts_to_json(counts)))
    }

    fn append(&mut self, line: &str) -> anyhow::Result<()> {
        let written = self.file.write_all(line.as_bytes());
        written.with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// Two processes that run the same seeds would write them down twice, and then neither could go on.
fn lock(file: &File, path: &Path) -> anyhow::Result<()> {
    let path = path.display();
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => bail!("{path} is in use: another hunt writes to it"),
        // Not every file system of a cluster has locks.
        Err(TryLockError::Error(error)) => warn(format!("{path} cannot be locked: {error}")),
    }
    Ok(())
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

/// What the lines of a hunt's file come to.
fn read(text: &str, hunt: &Hunt) -> anyhow::Result<Counts> {
    let mut done = Counts::nothing(hunt.link.variant.scenario.checks.len());
    let mut lines = (1..).zip(text.lines());
    let Some((_, first)) = lines.next() else {
        return Ok(done);
    };
    let whose: Value = serde_json::from_str(first).context("line 1 is not JSON")?;
    if let Some((field, here, there)) = hunt.difference(&whose) {
        bail!("it is of another hunt: {field} is {there}, and here {here}");
    }
    for (line, text) in lines {
        let of_line = || format!("line {line}");
        let value: Value = serde_json::from_str(text).with_context(of_line)?;
        let more = hunt.counts(&value).with_context(of_line)?;
        if let Err(twice) = done.add(&more) {
            bail!("line {line} has the seeds {twice:?} again");
        }
    }
    Ok(done)
}
