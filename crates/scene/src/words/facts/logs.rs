//! Votes, and what replicated logs hold.

use super::told::Told;

pub(super) fn voted(term: i64, candidate: &str) -> Told {
    Told::by(format!(" votes for {candidate} in term {term}."))
        .beside(format!("votes for {candidate}, term {term}"))
        .alarm(format!("votes for {candidate} too!"))
}

pub(super) fn logged(index: u32, term: i64, entry: &str) -> Told {
    Told::by(format!(
        " has {entry} in its log, at index {index}, from term {term}."
    ))
    .alarm(format!("index {index} differs!"))
}

pub(super) fn truncated(index: u32) -> Told {
    Told::by(format!(" drops the end of its log, from index {index} on."))
        .beside(format!("drops its log from index {index} on"))
        .alarm(format!("drops its log from index {index} on!"))
}

pub(super) fn applied(index: u32, entry: &str) -> Told {
    Told::by(format!(
        " knows that its log is committed up to index {index}, and applies what is there: {entry}."
    ))
    .alarm(format!("applies something else at index {index}!"))
}

pub(super) fn passed_over(operation: &str) -> Told {
    Told::by(format!(
        " passes over {operation}: the session of its client has it already, or a later one."
    ))
}

pub(super) fn compacted(index: u32) -> Told {
    Told::by(format!(
        " has a snapshot instead of its log up to index {index}."
    ))
}
