//! What the whole run ahead will bring, as it is and with each switch flipped.

use scenario::Run;
use scenario::document::CheckSettings;
use scenario::lab::outcomes::SEEDS;
use scenario::run::play::Judged;
use serde::Serialize;
use sim::SimTime;

use crate::state::VerdictState;

/// What is known of the whole run.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Outlook<'a> {
    /// The run as it is; null until something is known.
    as_is: Option<Forecast<'a>>,
    /// With each defence that the lab shows flipped.
    flipped: Vec<Flipped<'a>>,
    /// How many seeds were counted.
    seeds: u32,
    /// Why the defences that are on help in this run, or why they do not.
    said: Option<&'a str>,
}

/// The run with a defence flipped.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Flipped<'a> {
    defence: &'static str,
    forecast: Forecast<'a>,
}

/// What a whole run brings.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Forecast<'a> {
    /// What each check says of it, in their order; null until it is known.
    checks: Option<Vec<Foretold<'a>>>,
    /// In how many seeds any check is violated; null where that was not counted.
    broken_seeds: Option<u32>,
}

/// What a check says of a whole run.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Foretold<'a> {
    label: &'a str,
    state: VerdictState,
    /// From when on it is violated.
    violated_ms: Option<f64>,
    /// In how many seeds it is violated; null where that was not counted.
    broken_seeds: Option<u32>,
}

/// What is known of the whole run.
pub(crate) fn outlook(run: &Run) -> Outlook<'_> {
    let known = run.outlook();
    let flipped = known.iter().filter_map(|one| {
        Some(Flipped {
            defence: one.flipped?,
            forecast: forecast(run, one),
        })
    });
    Outlook {
        as_is: known.first().map(|one| forecast(run, one)),
        flipped: flipped.collect(),
        seeds: SEEDS,
        said: run.said_of_defences(),
    }
}

fn forecast<'a>(run: &'a Run, known: &scenario::run::Forecast) -> Forecast<'a> {
    let counted = known.counted;
    let foretold = |judged: &Vec<Judged>| {
        let checks = run.scenario().checks.iter().zip(judged).enumerate();
        let one = |(place, (check, judged)): (usize, (&'a CheckSettings, &Judged))| {
            let seeds = counted.and_then(|counted| counted.checks.get(place));
            foretold(&check.label, judged, known.seen_at(place), seeds.copied())
        };
        checks.map(one).collect()
    };
    Forecast {
        checks: known.judged.as_ref().map(foretold),
        broken_seeds: counted.map(|counted| counted.any),
    }
}

impl From<&Judged> for VerdictState {
    fn from(judged: &Judged) -> VerdictState {
        match judged {
            Judged::Holds => VerdictState::Holds,
            Judged::Undecided => VerdictState::Undecided,
            Judged::Violated(_) => VerdictState::Violated,
        }
    }
}

fn foretold<'a>(
    label: &'a str,
    judged: &Judged,
    seen: Option<SimTime>,
    broken_seeds: Option<u32>,
) -> Foretold<'a> {
    Foretold {
        label,
        broken_seeds,
        state: judged.into(),
        violated_ms: seen.or(judged.violated_at()).map(SimTime::as_millis_f64),
    }
}
