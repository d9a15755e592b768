//! How long it takes to make a failing run as small as it gets, and how fast the page hunts beside the command.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use scenario::lab::{self, Lab};
use scenario::link::Link;
use scenario::run::play::Play;
use shrink::Shrink;

use crate::measure::{Effort, Measure, quantile};
use crate::page;

/// Seconds in which the failing run of half of all labs is as small as it gets.
const LONGEST_SHRINK: f64 = 2.0;

/// Of so many native runs a second the page does at least this share with as many workers as there are threads.
const LEAST_SHARE: f64 = 0.5;
/// Two workers do so many times what one does.
const LEAST_SCALING: f64 = 1.7;

/// All figures of searches for failures.
pub fn measure(effort: Effort) -> Result<Vec<Measure>> {
    let labs = match effort {
        Effort::Full => lab::labs(),
        Effort::Quick => lab::labs().get(..2).context("there are labs")?,
    };
    let took: Vec<Duration> = labs.iter().map(shrink).collect::<Result<_>>()?;
    let slowest = took.iter().max().copied().unwrap_or_default();
    let median = quantile(took, 0.5);
    let mut measures = of_the_page(effort)?;
    measures.extend([
        Measure::new("shrink.median.s", median.as_secs_f64(), "s")
            .against("an aim of 2 s", LONGEST_SHRINK),
        Measure::new("shrink.slowest.s", slowest.as_secs_f64(), "s"),
    ]);
    Ok(measures)
}

/// The page beside the command, both with two at a time; and two workers beside one.
fn of_the_page(effort: Effort) -> Result<Vec<Measure>> {
    let seeds = match effort {
        Effort::Full => 40_000,
        Effort::Quick => 500,
    };
    let native = native_rate(seeds)?;
    let [one, two] = page::hunt_rates(seeds)?;
    let unit = "runs/s";
    Ok(vec![
        Measure::new("hunt.native.two-threads", native, unit),
        Measure::new("hunt.page.one-worker", one, unit),
        Measure::new("hunt.page.two-workers", two, unit).against("hunt.page.one-worker", one),
        Measure::new("hunt.page.share", two / native, "of native")
            .against("an aim of 0.5", LEAST_SHARE),
        Measure::new("hunt.page.scaling", two / one, "times one worker")
            .against("an aim of 1.7", LEAST_SCALING),
    ])
}

/// Runs a second of `slowfire hunt double-charge --jobs 2`.
fn native_rate(seeds: u32) -> Result<f64> {
    let lab = lab::find("double-charge").context("the double-charge lab is not there")?;
    let half = |first: u32| {
        let mut scenario = lab.scenario.clone();
        for seed in (first..seeds).step_by(2) {
            scenario.seed = seed;
            black_box(Play::new(&scenario, &[]).hunt(None));
        }
    };
    let start = Instant::now();
    thread::scope(|scope| {
        for first in 0..2 {
            scope.spawn(move || half(first));
        }
    });
    Ok(f64::from(seeds) / start.elapsed().as_secs_f64())
}

/// How long the failing run that a lab opens with takes.
fn shrink(lab: &'static Lab) -> Result<Duration> {
    let link = Link::of_lab(lab);
    let start = Instant::now();
    let mut search =
        Shrink::of(&link, None).with_context(|| format!("{} does not fail", lab.id))?;
    while search.step() {}
    black_box(search.best());
    Ok(start.elapsed())
}
