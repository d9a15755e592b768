//! In which order things are shown, stamped and judged.

use sim::trace::Relation;

use super::told::{Told, seconds};

pub(super) fn shown(item: i64, after: i64) -> Told {
    let sentence = match after {
        -1 => format!(" shows #{item}."),
        _ => format!(" shows #{item}, which answers #{after}."),
    };
    Told::by(sentence)
        .beside(format!("shows #{item}"))
        .alarm(format!("shows #{item} without #{after}!"))
}

pub(super) fn held_back(item: i64, awaits: i64) -> Told {
    match awaits {
        -1 => Told::by(format!(
            " holds #{item} back: something before it is missing."
        ))
        .beside(format!("holds #{item} back")),
        _ => Told::by(format!(" holds #{item} back until it has #{awaits}."))
            .beside(format!("holds #{item} until #{awaits}")),
    }
}

pub(super) fn stamped(item: i64, stamp: i64) -> Told {
    Told::by(format!(" stamps #{item} with {}.", reading(stamp)))
        .alarm(format!("#{item} is too early!"))
}

pub(super) fn judged(first: i64, second: i64, relation: Relation) -> Told {
    let sentence = match relation {
        Relation::Before => format!(" says that #{first} came before #{second}."),
        Relation::Concurrent => {
            format!(" says that neither of #{first} and #{second} knew of the other.")
        }
    };
    Told::by(sentence).alarm(format!("#{first} before #{second}?!"))
}

/// A timestamp in words: a count if it is small, else the nanoseconds of a clock.
fn reading(stamp: i64) -> String {
    if stamp.abs() < 1_000_000 {
        stamp.to_string()
    } else {
        format!("{:.3} s", seconds(stamp))
    }
}
