//! Scripts: how many runs of one there are in a second, and what one of its events costs.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Result, anyhow};
use scenario::document::Scenario;
use scenario::run::play::Play;
use sim::trace::EventKind;

use crate::measure::{Effort, Measure, quantile};

/// The payments of the lab `double-charge`, as a script.
const PAYMENTS: &str = include_str!("../../script/examples/payments.js");

/// Microseconds that an event takes at most.
const LONGEST_EVENT: f64 = 10.0;
/// Runs a second.
const LEAST_RUNS: f64 = 200.0;

/// All figures of scripts.
pub fn measure(effort: Effort) -> Result<Vec<Measure>> {
    let document = script::document_of(PAYMENTS)?;
    let mut scenario = Scenario::from_json(&document)
        .map_err(|problems| anyhow!("the script's scenario is wrong: {problems:?}"))?;
    let seeds = match effort {
        Effort::Full => 300,
        Effort::Quick => 10,
    };
    let mut events = 0_u32;
    let mut took = Vec::new();
    for seed in 0..seeds {
        scenario.seed = seed;
        let start = Instant::now();
        let play = Play::new(&scenario, &[]);
        let outcome = play.to_end(None, |_, event| events += u32::from(is_handled(event.kind)));
        took.push(start.elapsed());
        black_box(outcome);
    }
    let all: f64 = took.iter().map(std::time::Duration::as_secs_f64).sum();
    let median = quantile(took, 0.5).as_secs_f64();
    let event = all / f64::from(events) * 1e6;
    Ok(vec![
        Measure::new("script.event", event, "us").against("an aim of 10 us", LONGEST_EVENT),
        Measure::new("script.hunt", 1.0 / median, "runs/s")
            .against("an aim of 200 runs/s", LEAST_RUNS),
    ])
}

/// Whether a node's script handles an event of this kind. Syncs are not counted, so an event costs a little less than is said.
fn is_handled(kind: EventKind) -> bool {
    use EventKind::{Deliver, Start, TimerFired};
    matches!(kind, Deliver | Start | TimerFired)
}
