//! The built page in a real browser, and figures in other people's pages. What is measured there is in `web/bench/page.mjs` and
//! `web/bench/embed.mjs`.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::measure::{Effort, Measure};

const FOLDER: &str = "web";

/// All figures of the page, which must have been built; called in the repository's root. There is no quicker way.
pub fn measure(_: Effort) -> Result<Vec<Measure>> {
    run("bench/page.mjs")
}

/// What figures cost in other people's pages; the same holds.
pub fn measure_embed(_: Effort) -> Result<Vec<Measure>> {
    run("bench/embed.mjs")
}

fn run(script: &str) -> Result<Vec<Measure>> {
    let output = Command::new("node")
        .arg(script)
        .current_dir(FOLDER)
        .stderr(Stdio::inherit())
        .output()
        .context("running node")?;
    ensure!(output.status.success(), "{FOLDER}/{script} failed");
    serde_json::from_slice(&output.stdout).context("reading what the page's bench says")
}
