//! How fast runs are hunted through, and how fast a lab is read.

use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use scenario::lab::{self, Lab};
use scenario::run::play::Play;
use sim::SimTime;

use crate::measure::{Effort, Measure, medians, quantile};

/// Runs a second on one core.
const LEAST_RUNS: f64 = 2000.0;
/// Milliseconds in which any lab is read and validated.
const LONGEST_PARSE_MS: f64 = 1.0;
/// How far each run goes.
const END: SimTime = SimTime::from_millis(10_000);
/// How many seeds a thread takes at a time.
const SEEDS_AT_A_TIME: u32 = 32;

/// All figures of scenarios.
pub fn measure(effort: Effort) -> Result<Vec<Measure>> {
    let mut measures = hunts(effort)?;
    measures.push(parsing(effort)?);
    Ok(measures)
}

fn hunts(effort: Effort) -> Result<Vec<Measure>> {
    let lab = lab::find("double-charge").context("the double-charge lab is not there")?;
    let seeds = match effort {
        Effort::Full => 2000,
        Effort::Quick => 100,
    };
    let [one, two] = medians(
        effort.rounds().min(5),
        [&mut || hunt(lab, seeds, 1), &mut || hunt(lab, seeds, 2)],
    )
    .map(|took| f64::from(seeds) / took.as_secs_f64());
    let unit = "runs/s";
    Ok(vec![
        Measure::new("hunt.double-charge", one, unit)
            .against("an aim of 2,000 on one core", LEAST_RUNS),
        Measure::new("hunt.double-charge.two-threads", two, unit)
            .against("hunt.double-charge", one),
    ])
}

/// Runs a lab with the seeds below a number, as `slowfire hunt` does.
fn hunt(lab: &Lab, seeds: u32, threads: usize) {
    let next = AtomicU32::new(0);
    let work = || {
        let mut scenario = lab.scenario.clone();
        loop {
            let first = next.fetch_add(SEEDS_AT_A_TIME, Ordering::Relaxed);
            if first >= seeds {
                break;
            }
            for seed in first..seeds.min(first + SEEDS_AT_A_TIME) {
                scenario.seed = seed;
                black_box(Play::new(&scenario, &[]).hunt(Some(END)));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
}

/// The lab that takes longest to read from its text and to validate.
fn parsing(effort: Effort) -> Result<Measure> {
    let rounds = 10 * effort.rounds();
    let mut longest = Duration::ZERO;
    for document in lab::carried() {
        let text = document.to_string();
        let mut lengths = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            let start = Instant::now();
            let lab = Lab::from_value(&serde_json::from_str(&text)?);
            lengths.push(start.elapsed());
            black_box(lab.ok().context("a lab is not valid")?);
        }
        longest = longest.max(quantile(lengths, 0.5));
    }
    let millis = longest.as_secs_f64() * 1e3;
    Ok(Measure::new("lab.parse", millis, "ms").against("an aim of 1 ms", LONGEST_PARSE_MS))
}
