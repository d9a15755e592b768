//! Votes, and what replicated logs hold.

use super::told::Told;

pub(super) fn voted(term: i64, candidate: &str) -> Told {
    Told::by(format!(" votes for {candidate} in term {term}."))
        .beside(format!("votes for {candidate}, term {term}"))
        .alarm(format!("votes for {candidate} too!"))
}

pub(super) fn logged(index: u32, term: i64, entry: &str) -> Told {
    Told::by(format!(
        " has {entry} at place {index} of its log, from term {term}."
    ))
    .alarm(format!("entry {index} differs!"))
}

pub(super) fn truncated(index: u32) -> Told {
    Told::by(format!(" drops the end of its log, from place {index} on."))
        .beside(format!("drops entries from {index} on"))
        .alarm(format!("drops entries from {index} on!"))
}

pub(super) fn applied(index: u32, entry: &str) -> Told {
    Told::by(format!(
        " knows that place {index} of its log is committed, and applies it: {entry}."
    ))
    .alarm(format!("applies something else as entry {index}!"))
}

pub(super) fn compacted(index: u32) -> Told {
    Told::by(format!(
        " has a snapshot in place of its log up to place {index}."
    ))
}
