//! Promises, locks, decisions, and versions of rows.

use sim::trace::Outcome;

use super::told::Told;

pub(super) fn locked(name: &str, operation: u32) -> Told {
    Told::by(format!(" locks what {name} is about.")).beside(format!("locked for #{operation}"))
}

pub(super) fn unlocked(name: &str, operation: u32) -> Told {
    Told::by(format!(" lets go of what it had locked for {name}."))
        .beside(format!("#{operation}: lock released"))
        .alarm(format!("gives up #{operation}!"))
}

pub(super) fn prepared(name: &str, operation: u32) -> Told {
    Told::by(format!(
        " promises to do its part of {name} if it is told to: it is in doubt."
    ))
    .beside(format!("in doubt: #{operation}"))
}

pub(super) fn decided(name: &str, operation: u32, outcome: Outcome) -> Told {
    let (how, end) = match outcome {
        Outcome::Ok => ("commits", "commit"),
        Outcome::Fail => ("is aborted", "abort"),
        Outcome::Unknown => ("is open", "open"),
    };
    Told::by(format!(" takes it for decided: {name} {how}.")).beside(format!("#{operation}: {end}"))
}

/// `writer` is the name of the transaction whose change is read; without one, nobody has changed the row yet.
pub(super) fn read_version(row: &str, writer: Option<&str>, value: i64) -> Told {
    let since = match writer {
        Some(writer) => format!("as {writer} left it"),
        None => "as it was at the start".to_owned(),
    };
    Told::by(format!(" reads {row}: {value}, {since}.")).beside(format!("{row}: {value}"))
}

/// `writer` is the name of the transaction that changed the row; without one, it is what the row says at first.
pub(super) fn installed(row: &str, writer: Option<&str>, value: i64) -> Told {
    let sentence = match writer {
        Some(writer) => format!(" has {value} in {row}: {writer} is committed."),
        None => format!(" starts with {value} in {row}."),
    };
    Told::by(sentence)
        .beside(format!("{row}: {value}"))
        .alarm(format!("{row}: {value}!"))
}

pub(super) fn awaits(name: &str, holder: &str, [operation, other]: [u32; 2]) -> Told {
    Told::by(format!(" lets {name} wait for {holder}."))
        .beside(format!("#{operation} waits for #{other}"))
}
