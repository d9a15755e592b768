//! Operations, as their clients see them.

use sim::trace::Outcome;

use super::told::{Told, seconds};

pub(super) fn invoked(name: &str) -> Told {
    Told::by(format!(" begins {name}."))
}

/// Its alarm depends on what was asked for: see `caption`.
pub(super) fn returned(name: &str, operation: u32, outcome: Outcome) -> Told {
    match outcome {
        Outcome::Ok => Told::by(format!(": {name} is done.")).beside(format!("#{operation} done")),
        Outcome::Fail => {
            Told::by(format!(": {name} has failed.")).beside(format!("#{operation} failed"))
        }
        Outcome::Unknown => Told::by(format!(
            " gives up on {name}, and does not know whether it was carried out."
        ))
        .beside(format!("gives up on #{operation}")),
    }
}

pub(super) fn retried(name: &str, operation: u32, attempt: i64) -> Told {
    Told::by(format!(" tries {name} again, attempt {attempt}."))
        .beside(format!("retries #{operation} (attempt {attempt})"))
}

pub(super) fn learned(name: &str, operation: u32, outcome: Outcome) -> Told {
    let (became, beside) = match outcome {
        Outcome::Ok => ("was carried out", "was done"),
        Outcome::Fail => ("was not carried out", "was not done"),
        Outcome::Unknown => ("may have been carried out", "may be done"),
    };
    Told::by(format!(" learns too late that {name} {became}."))
        .beside(format!("late: #{operation} {beside}"))
}

/// What comes for an attempt whose time was over.
pub(super) fn throws_away(name: &str, operation: u32) -> Told {
    Told::by(format!(
        " throws away an answer to {name}: that attempt had timed out."
    ))
    .beside(format!("too late: answer to #{operation}"))
}

pub(super) fn holds_off(length: i64) -> Told {
    let length = seconds(length);
    Told::by(format!(" sends no requests for {length:.1} s."))
        .beside(format!("waits {length:.1} s"))
}
