//! The same datagrams in WebAssembly under Node.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

const SCRIPT: &str = include_str!("wasm.mjs");

/// How long delivering so many datagrams takes, with a trace and without: medians. Nothing if the variable
/// `SLOWFIRE_PROBE` does not name the module.
pub fn deliver(messages: u32, rounds: usize) -> Result<Option<[Duration; 2]>> {
    let Some(module) = std::env::var_os("SLOWFIRE_PROBE") else {
        eprintln!("without WebAssembly: SLOWFIRE_PROBE names no module");
        return Ok(None);
    };
    let output = Command::new("node")
        .args(["--input-type=module", "--eval", SCRIPT, "--"])
        .arg(module)
        .args([messages.to_string(), rounds.to_string()])
        .output()
        .context("running node")?;
    ensure!(
        output.status.success(),
        "node failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let [traced, untraced]: [f64; 2] = serde_json::from_slice(&output.stdout)?;
    Ok(Some([traced, untraced].map(Duration::from_secs_f64)))
}
