//! How long a verdict on linearizability takes, and how that grows.
//!
//! The anchor is Porcupine (Go), whose figures are of its own files on another machine: the ratios to them are an
//! orientation. Of its 102 histories of an etcd register most are invalid; its time is for all of them.
//!
//! A search is hardest where many operations stay open, since each may take effect at any moment: so they grow alone,
//! in histories that are otherwise the same.

use std::time::Duration;

use anyhow::{Result, ensure};
use swarm::histories::{Answer, Case, Change, REGISTERS};

use crate::limits;
use crate::measure::{Effort, Measure, medians};
use crate::wasm;

/// Porcupine on its 102 histories of a register, in all.
const PORCUPINE_REGISTERS_MS: f64 = 348.0;
/// Porcupine on the slowest of them.
const PORCUPINE_SLOWEST_MS: f64 = 135.0;
/// Porcupine on a history of texts that 50 clients appended to.
const PORCUPINE_TEXTS_MS: f64 = 108.0;
const PORCUPINE: &str = "Porcupine, elsewhere";

/// All figures of the checker.
pub fn measure(effort: Effort) -> Result<Vec<Measure>> {
    let mut measures = Vec::new();
    for (change, name) in Change::ALL {
        registers(effort, name, change, &mut measures)?;
        for clients in [10, 50] {
            texts(effort, clients, name, change, &mut measures)?;
        }
    }
    growth(effort, &mut measures)?;
    measures.extend(limits::measure(effort)?);
    Ok(measures)
}

fn registers(
    effort: Effort,
    name: &str,
    change: Change,
    measures: &mut Vec<Measure>,
) -> Result<()> {
    let cases: Vec<Case> = (0..REGISTERS)
        .map(|seed| Case::register(seed).changed(change))
        .collect();
    let native = cases.iter().map(|case| time(effort, case));
    let native: Vec<Duration> = native.collect::<Result<_>>()?;
    let invalid = cases
        .iter()
        .filter(|case| case.check() == Answer::Invalid)
        .count();
    measures.push(Measure::new(
        format!("check.registers.{name}.invalid"),
        invalid as f64,
        "of 102",
    ));
    let wasm = wasm::judge(0, change, effort.rounds())?;
    for (machine, times) in [("native", Some(native)), ("wasm", wasm)] {
        let Some(times) = times else { continue };
        let all: Duration = times.iter().sum();
        let slowest = times.iter().max().copied().unwrap_or_default();
        let name = format!("check.registers.{name}.{machine}");
        measures.push(against(name.clone(), all, Some(PORCUPINE_REGISTERS_MS)));
        measures.push(against(
            format!("{name}.slowest"),
            slowest,
            Some(PORCUPINE_SLOWEST_MS),
        ));
    }
    Ok(())
}

fn texts(
    effort: Effort,
    clients: u32,
    name: &str,
    change: Change,
    measures: &mut Vec<Measure>,
) -> Result<()> {
    let case = Case::texts(clients, 1_500, 200).changed(change);
    let baseline = (clients == 50).then_some(PORCUPINE_TEXTS_MS);
    let name = format!("check.texts.{clients}_clients.{name}");
    measures.push(against(
        format!("{name}.native"),
        time(effort, &case)?,
        baseline,
    ));
    if let Some(times) = wasm::judge(clients, change, effort.rounds())? {
        measures.push(against(
            format!("{name}.wasm"),
            times.iter().sum(),
            baseline,
        ));
    }
    Ok(())
}

/// Registers that grow in one thing at a time.
fn growth(effort: Effort, measures: &mut Vec<Measure>) -> Result<()> {
    let mut grown = Vec::new();
    for operations in [100, 1_000, 10_000] {
        grown.push((format!("operations.{operations}"), (5, operations, 50)));
    }
    for clients in [2, 5, 10, 20] {
        grown.push((format!("clients.{clients}"), (clients, 1_000, 20)));
    }
    for (name, (clients, operations, timeouts)) in grown {
        let case = Case::register_of(7, clients, operations, timeouts);
        let name = format!("check.growth.{name}");
        measures.push(against(name, time(effort, &case)?, None));
    }
    for open in [0, 5, 10, 20] {
        for (change, name) in [(Change::None, "valid"), (Change::Broken, "broken")] {
            let name = format!("check.growth.open.{open}.{name}");
            open_operations(effort, open, change, &name, measures)?;
        }
    }
    Ok(())
}

/// A hundred operations after so many writes that stay open: how long a history takes on average, and the slowest. How
/// hard one is depends on where it breaks.
fn open_operations(
    effort: Effort,
    open: u32,
    change: Change,
    name: &str,
    measures: &mut Vec<Measure>,
) -> Result<()> {
    const HISTORIES: u32 = 20;
    let cases = (0..u64::from(HISTORIES)).map(|seed| Case::register_with_open(seed, open));
    let times: Vec<Duration> = cases
        .map(|case| time(effort, &case.changed(change)))
        .collect::<Result<_>>()?;
    let all: Duration = times.iter().sum();
    let slowest = times.iter().max().copied().unwrap_or_default();
    measures.push(against(name.to_owned(), all / HISTORIES, None));
    measures.push(against(format!("{name}.slowest"), slowest, None));
    Ok(())
}

fn time(effort: Effort, case: &Case) -> Result<Duration> {
    ensure!(case.check() != Answer::Unknown, "a history has no answer");
    let [took] = medians(
        effort.rounds(),
        [&mut || {
            std::hint::black_box(case.check());
        }],
    );
    Ok(took)
}

fn against(name: String, took: Duration, porcupine_ms: Option<f64>) -> Measure {
    let measure = Measure::new(name, took.as_secs_f64() * 1e3, "ms");
    match porcupine_ms {
        Some(baseline) => measure.against(PORCUPINE, baseline),
        None => measure,
    }
}
