//! What the whole run ahead will bring, as it is and with each switch flipped.

use scenario::Run;
use scenario::lab::outcomes::SEEDS;
use scenario::run::play::Judged;
use serde::Serialize;

use crate::state::VerdictState;

/// What is known of the whole run.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Outlook<'a> {
    /// The run as it is; null until something is known.
    as_is: Option<Forecast>,
    /// With each defence that the lab shows flipped.
    flipped: Vec<Flipped>,
    /// How many seeds were counted.
    seeds: u32,
    /// Why the defences that are on help in this run, or why they do not.
    said: Option<&'a str>,
}

/// The run with a defence flipped.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Flipped {
    defence: &'static str,
    forecast: Forecast,
}

/// What a whole run brings.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Forecast {
    /// What each check says of it, in their order; null until it is known.
    checks: Option<Vec<Foretold>>,
    /// In how many seeds any check is violated; null where that was not counted.
    broken_seeds: Option<u32>,
}

/// What a check says of a whole run.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Foretold {
    state: VerdictState,
    /// From when on it is violated.
    violated_ms: Option<f64>,
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

fn forecast(run: &Run, known: &scenario::run::Forecast) -> Forecast {
    let judged = known.judged.as_ref();
    Forecast {
        checks: judged.map(|judged| judged.iter().map(foretold).collect()),
        broken_seeds: run.counted(known).map(|counted| counted.any),
    }
}

fn foretold(judged: &Judged) -> Foretold {
    Foretold {
        state: match judged {
            Judged::Holds => VerdictState::Holds,
            Judged::Undecided => VerdictState::Undecided,
            Judged::Violated(_) => VerdictState::Violated,
        },
        violated_ms: judged.violated_at().map(|at| at.as_millis_f64()),
    }
}
