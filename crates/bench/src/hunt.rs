//! How long it takes to make a failing run as small as it gets.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use scenario::lab::{self, Lab};
use scenario::link::Link;
use shrink::Shrink;

use crate::measure::{Effort, Measure, quantile};

/// Seconds in which the failing run of half of all labs is as small as it gets.
const LONGEST_SHRINK: f64 = 2.0;

/// All figures of searches for failures.
pub fn measure(effort: Effort) -> Result<Vec<Measure>> {
    let labs = match effort {
        Effort::Full => lab::labs(),
        Effort::Quick => lab::labs().get(..2).context("there are labs")?,
    };
    let took: Vec<Duration> = labs.iter().map(shrink).collect::<Result<_>>()?;
    let slowest = took.iter().max().copied().unwrap_or_default();
    let median = quantile(took, 0.5);
    Ok(vec![
        Measure::new("shrink.median.s", median.as_secs_f64(), "s")
            .against("an aim of 2 s", LONGEST_SHRINK),
        Measure::new("shrink.slowest.s", slowest.as_secs_f64(), "s"),
    ])
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
