//! What becomes of operations where they are carried out.

use super::told::Told;

/// Its alarm depends on what happened before: see `caption`.
pub(super) fn effect(noun: &str, operation: u32, amount: i64) -> Told {
    match amount {
        1 => Told::by(format!(" carries out {noun} #{operation}."))
            .beside(format!("carries out #{operation}")),
        _ => Told::by(format!(" carries out {noun} #{operation}: {amount}."))
            .beside(format!("{noun} #{operation}: +{amount}")),
    }
}

pub(super) fn stored(noun: &str, operation: u32, key: i64, version: i64) -> Told {
    Told::by(format!(
        " stores {noun} #{operation} under key {key}, version {version}."
    ))
    .beside(format!("stores #{operation}"))
    .alarm(format!("{noun} #{operation} overwrites!"))
}

pub(super) fn refused(noun: &str, operation: u32, version: i64) -> Told {
    Told::by(format!(
        " refuses {noun} #{operation}: number {version} is older than what it has."
    ))
    .beside(format!("refuses #{operation}: {version} is old"))
}

pub(super) fn damaged(noun: &str, operation: u32) -> Told {
    Told::by(format!(
        " finds that {noun} #{operation} is damaged, and discards it."
    ))
    .beside(format!("#{operation} is damaged: discarded"))
}

pub(super) fn shed(noun: &str, operation: u32) -> Told {
    Told::by(format!(" throws {noun} #{operation} away."))
        .beside(format!("throws #{operation} away"))
}

pub(super) fn discarded(noun: &str, operation: u32, by: u32) -> Told {
    Told::by(format!(" drops {noun} #{operation} in favour of #{by}."))
        .alarm(format!("{noun} #{operation} is gone!"))
}
