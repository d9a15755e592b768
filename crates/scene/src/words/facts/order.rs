//! In which order things are shown, stamped and judged.

use sim::protocol::time_of_day;
use sim::trace::Relation;

use super::told::Told;

/// What a read has found.
pub(super) fn found(name: &str, read: &str) -> Told {
    Told::by(format!(": {read} finds {name}.")).beside(format!("finds {name}"))
}

pub(super) fn shown(name: &str, after: i64) -> Told {
    let sentence = match after {
        -1 => format!(" shows {name}."),
        _ => format!(" shows {name}, which answers #{after}."),
    };
    Told::by(sentence)
        .beside(format!("shows {name}"))
        .alarm(format!("shows {name} without #{after}!"))
}

pub(super) fn held_back(name: &str, awaits: i64) -> Told {
    match awaits {
        -1 => Told::by(format!(
            " holds {name} back: something before it is missing."
        ))
        .beside(format!("holds {name} back")),
        _ => Told::by(format!(" holds {name} back until it has #{awaits}."))
            .beside(format!("holds {name} until #{awaits}")),
    }
}

pub(super) fn stamped(name: &str, stamp: i64) -> Told {
    Told::by(format!(" stamps {name} with {}.", reading(stamp)))
        .alarm("timestamp too early!".to_owned())
}

pub(super) fn judged([one, other]: [&str; 2], second: i64, relation: Relation) -> Told {
    let sentence = match relation {
        Relation::Before => format!(" says that {one} came before {other}."),
        Relation::Concurrent => {
            format!(" says that neither {one} nor {other} came first.")
        }
    };
    Told::by(sentence).alarm(format!("{one} before #{second}?!"))
}

/// A timestamp in words: a count if it is small, else the reading of a clock.
fn reading(stamp: i64) -> String {
    if stamp.abs() < 1_000_000 {
        stamp.to_string()
    } else {
        time_of_day(stamp, 3)
    }
}
