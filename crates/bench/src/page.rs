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

/// Runs a second of a hunt in the page, with one worker and with two.
pub fn hunt_rates(seeds: u32) -> Result<[f64; 2]> {
    let text = said("bench/hunt.mjs", &[&seeds.to_string()])?;
    serde_json::from_slice(&text).context("reading how fast the page hunts")
}

fn run(script: &str) -> Result<Vec<Measure>> {
    let text = said(script, &[])?;
    serde_json::from_slice(&text).context("reading what the page's bench says")
}

fn said(script: &str, arguments: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new("node")
        .arg(script)
        .args(arguments)
        .current_dir(FOLDER)
        .stderr(Stdio::inherit())
        .output()
        .context("running node")?;
    ensure!(output.status.success(), "{FOLDER}/{script} failed");
    Ok(output.stdout)
}
