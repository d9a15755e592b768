//! What is measured, and how it is told.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// How long measuring may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Enough for figures to quote.
    Full,
    /// Enough to see that everything runs.
    Quick,
}

impl Effort {
    /// How often each subject runs.
    pub fn rounds(self) -> usize {
        match self {
            Effort::Full => 9,
            Effort::Quick => 1,
        }
    }

    /// How many datagrams a run delivers.
    pub fn messages(self) -> u32 {
        match self {
            Effort::Full => 1_000_000,
            Effort::Quick => 20_000,
        }
    }
}

/// A figure: the median of what was measured.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Measure {
    /// What it is of; names are a contract.
    pub name: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: Cow<'static, str>,
    /// What it was compared with.
    pub baseline: Option<String>,
    /// The value over the baseline's.
    pub ratio: Option<f64>,
}

impl Measure {
    /// A figure that is compared with nothing.
    pub fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Measure {
        Measure {
            name: name.into(),
            value,
            unit: unit.into(),
            baseline: None,
            ratio: None,
        }
    }

    /// The same figure beside another, which may be a budget: then a ratio of at most 1 keeps it.
    pub fn against(self, baseline: impl Into<String>, value: f64) -> Measure {
        Measure {
            baseline: Some(baseline.into()),
            ratio: Some(self.value / value),
            ..self
        }
    }
}

/// How long each subject takes: the medians over some rounds. The subjects take turns, so that whatever else the machine
/// does falls on all of them.
pub fn medians<const N: usize>(
    rounds: usize,
    mut subjects: [&mut dyn FnMut(); N],
) -> [Duration; N] {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (subject, times) in subjects.iter_mut().zip(&mut times) {
            let start = Instant::now();
            subject();
            times.push(start.elapsed());
        }
    }
    times.map(|times| quantile(times, 0.5))
}

/// The length below which a share of all lies.
pub fn quantile(mut lengths: Vec<Duration>, share: f64) -> Duration {
    lengths.sort_unstable();
    let place = (lengths.len() as f64 * share) as usize;
    lengths
        .get(place)
        .or(lengths.last())
        .copied()
        .unwrap_or_default()
}

/// Millions per second.
pub fn millions_per_sec(count: u32, took: Duration) -> f64 {
    f64::from(count) / took.as_secs_f64() / 1e6
}

/// Prints figures as a table.
pub fn print_table(measures: &[Measure]) {
    let longest = measures.iter().map(|measure| measure.name.len()).max();
    let width = longest.unwrap_or(0);
    for measure in measures {
        let against = match (&measure.baseline, measure.ratio) {
            (Some(baseline), Some(ratio)) => format!("{ratio:8.2} x {baseline}"),
            _ => String::new(),
        };
        println!(
            "{:width$}  {:10.2} {:16}{against}",
            measure.name, measure.value, measure.unit
        );
    }
}
