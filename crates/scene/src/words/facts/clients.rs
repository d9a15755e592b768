//! Operations, as their clients see them.

use sim::trace::Outcome;

use super::told::{Told, seconds};

pub(super) fn invoked(noun: &str, operation: u32) -> Told {
    Told::by(format!(" begins {noun} #{operation}."))
}

/// Its alarm depends on what was asked for: see `caption`.
pub(super) fn returned(noun: &str, operation: u32, outcome: Outcome) -> Told {
    match outcome {
        Outcome::Ok => {
            Told::by(format!(": {noun} #{operation} is done.")).beside(format!("#{operation} done"))
        }
        Outcome::Fail => Told::by(format!(": {noun} #{operation} has failed."))
            .beside(format!("#{operation} failed")),
        Outcome::Unknown => Told::by(format!(
            " gives up on {noun} #{operation}, and does not know whether it happened."
        ))
        .beside(format!("gives up on #{operation}")),
    }
}

pub(super) fn retried(noun: &str, operation: u32, attempt: i64) -> Told {
    Told::by(format!(
        " tries {noun} #{operation} again, attempt {attempt}."
    ))
    .beside(format!("retries #{operation} (attempt {attempt})"))
}

pub(super) fn learned(noun: &str, operation: u32, outcome: Outcome) -> Told {
    let (became, beside) = match outcome {
        Outcome::Ok => ("was carried out", "was done"),
        Outcome::Fail => ("was not carried out", "was not done"),
        Outcome::Unknown => ("may have been carried out", "may be done"),
    };
    Told::by(format!(
        " learns, too late to matter, that {noun} #{operation} {became}."
    ))
    .beside(format!("late: #{operation} {beside}"))
}

pub(super) fn holds_off(length: i64) -> Told {
    let length = seconds(length);
    Told::by(format!(" sends no requests for {length:.1} s."))
        .beside(format!("waits {length:.1} s"))
}
