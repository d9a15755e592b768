//! The same work in WebAssembly under Node.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use swarm::histories::Change;

const DELIVER: &str = include_str!("wasm.mjs");
const JUDGE: &str = include_str!("wasm_check.mjs");

/// How long delivering so many datagrams takes, with a trace and without: medians. Nothing if the variable
/// `SLOWFIRE_PROBE` does not name the module.
pub fn deliver(messages: u32, rounds: usize) -> Result<Option<[Duration; 2]>> {
    let times: Option<[f64; 2]> = run(DELIVER, &[messages.to_string(), rounds.to_string()])?;
    Ok(times.map(|times| times.map(Duration::from_secs_f64)))
}

/// How long judging each history of `probe::prepare` takes: medians. Nothing without a module, as above.
pub fn judge(clients: u32, change: Change, rounds: usize) -> Result<Option<Vec<Duration>>> {
    let numbers = [clients, change as u32, rounds as u32];
    let arguments = numbers.map(|number| number.to_string());
    let times: Option<Vec<f64>> = run(JUDGE, &arguments)?;
    Ok(times.map(|times| times.into_iter().map(Duration::from_secs_f64).collect()))
}

/// What a script prints that is given the module and arguments.
fn run<T: DeserializeOwned>(script: &str, arguments: &[String]) -> Result<Option<T>> {
    let Some(module) = std::env::var_os("SLOWFIRE_PROBE") else {
        eprintln!("without WebAssembly: SLOWFIRE_PROBE names no module");
        return Ok(None);
    };
    let output = Command::new("node")
        .args(["--input-type=module", "--eval", script, "--"])
        .arg(module)
        .args(arguments)
        .output()
        .context("running node")?;
    ensure!(
        output.status.success(),
        "node failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(Some(serde_json::from_slice(&output.stdout)?))
}
