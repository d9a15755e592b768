//! The built page in a real browser. What is measured there is in `web/bench/page.mjs`.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::measure::{Effort, Measure};

const FOLDER: &str = "web";
const SCRIPT: &str = "bench/page.mjs";

/// All figures of the page, which must have been built; called in the repository's root. There is no quicker way.
pub fn measure(_: Effort) -> Result<Vec<Measure>> {
    let output = Command::new("node")
        .arg(SCRIPT)
        .current_dir(FOLDER)
        .stderr(Stdio::inherit())
        .output()
        .context("running node")?;
    ensure!(output.status.success(), "{FOLDER}/{SCRIPT} failed");
    serde_json::from_slice(&output.stdout).context("reading what the page's bench says")
}
