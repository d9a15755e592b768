//! How fast Raft runs, with all of its promises watched after every event: as somebody hunts through it natively, and as the
//! page plays it.

use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use scenario::Run;
use scenario::lab;
use scenario::run::play::Play;
use sim::trace::EventKind;
use sim::{SimDuration, SimTime};

use crate::measure::{Effort, Measure, medians, millions_per_sec};

/// Runs a second on one core.
const LEAST_RUNS: f64 = 500.0;
/// How long each of them is.
const LONG: SimDuration = SimDuration::from_secs(25);
/// Millions of messages a second in WebAssembly.
const LEAST_MESSAGES: f64 = 2.0;
/// A run takes some milliseconds: that many are played for each round that is asked for.
const RUNS_A_ROUND: usize = 20;
/// Five servers and two clients, with all rules, crashes and cuts.
const LINK: &str = "#/raft?on=previous-entry-check";
const PLAY: &str = include_str!("raft.mjs");

/// All figures of Raft.
pub fn measure(effort: Effort) -> Result<Vec<Measure>> {
    let mut measures = vec![hunts(effort)?];
    let (delivered, native) = played(effort)?;
    measures.push(Measure::new("raft.messages", native, "M/s"));
    if let Some(took) = took_in_wasm(effort)? {
        let millions = millions_per_sec(delivered, took);
        let measure = Measure::new("raft.wasm.messages", millions, "M/s");
        measures.push(measure.against("an aim of 2 M/s", LEAST_MESSAGES));
    }
    Ok(measures)
}

fn hunts(effort: Effort) -> Result<Measure> {
    let seeds = match effort {
        Effort::Full => 200,
        Effort::Quick => 5,
    };
    let lab = lab::find("raft").context("the raft lab is not there")?;
    let mut scenario = lab.scenario.clone();
    let rules = scenario.protocol.defences.iter();
    scenario.defences = rules.map(|rule| rule.id).collect();
    scenario.duration = LONG;
    let [took] = medians(
        effort.rounds().min(5),
        [&mut || {
            for seed in 0..seeds {
                scenario.seed = seed;
                black_box(Play::new(&scenario, &[]).hunt(Some(SimTime::ZERO + LONG)));
            }
        }],
    );
    let runs = f64::from(seeds) / took.as_secs_f64();
    let measure = Measure::new("raft.hunt", runs, "runs/s");
    Ok(measure.against("an aim of 500 on one core", LEAST_RUNS))
}

/// How many messages the run delivers, and how many millions of them a second natively, played as the page plays it.
fn played(effort: Effort) -> Result<(u32, f64)> {
    let mut delivered = 0;
    let (_, problems) = Run::open(LINK);
    ensure!(problems.is_empty(), "the link has problems: {problems:?}");
    let [took] = medians(
        effort.rounds() * RUNS_A_ROUND,
        [&mut || {
            let (mut run, _) = Run::open(LINK);
            run.seek(run.timeline().end());
            let events = run.timeline().events();
            delivered = events
                .iter()
                .filter(|event| event.kind == EventKind::Deliver)
                .count() as u32;
        }],
    );
    Ok((delivered, millions_per_sec(delivered, took)))
}

/// How long the run takes in WebAssembly, if the variable `SLOWFIRE_PAGE_MODULE` names the folder of the page's module.
fn took_in_wasm(effort: Effort) -> Result<Option<Duration>> {
    let Some(folder) = std::env::var_os("SLOWFIRE_PAGE_MODULE") else {
        eprintln!("without WebAssembly: SLOWFIRE_PAGE_MODULE names no folder");
        return Ok(None);
    };
    let rounds = effort.rounds() * RUNS_A_ROUND;
    let output = Command::new("node")
        .args(["--input-type=module", "--eval", PLAY, "--"])
        .arg(folder)
        .args([LINK, &rounds.to_string()])
        .output()
        .context("running node")?;
    let problem = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "node failed: {problem}");
    let seconds: f64 = serde_json::from_slice(&output.stdout)?;
    Ok(Some(Duration::from_secs_f64(seconds)))
}
