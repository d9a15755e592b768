//! What becomes of operations where they are carried out.

use super::told::Told;

/// Its alarm depends on what happened before: see `caption`.
pub(super) fn effect(name: &str, operation: u32, amount: i64) -> Told {
    match amount {
        1 => Told::by(format!(" carries out {name}.")).beside(format!("carries out #{operation}")),
        _ => {
            Told::by(format!(" carries out {name}: {amount}.")).beside(format!("{name}: +{amount}"))
        }
    }
}

pub(super) fn stored(name: &str, operation: u32, key: i64, version: i64) -> Told {
    Told::by(format!(
        " stores {name} under key {key}, version {version}."
    ))
    .beside(format!("stores #{operation}"))
    .alarm(format!("accepts {name}!"))
}

pub(super) fn refused(name: &str, operation: u32, version: i64) -> Told {
    Told::by(format!(
        " refuses {name}: its number {version} is older than the latest."
    ))
    .beside(format!("refuses #{operation}: {version} is old"))
}

pub(super) fn damaged(name: &str, operation: u32) -> Told {
    Told::by(format!(" finds that {name} is damaged, and drops it."))
        .beside(format!("#{operation} is damaged: dropped"))
}

pub(super) fn shed(name: &str, operation: u32) -> Told {
    Told::by(format!(
        " drops {name}: there is no room for it, or it is too late."
    ))
    .beside(format!("drops #{operation}"))
}

pub(super) fn discarded(name: &str, whose: &str, by: u32) -> Told {
    Told::by(format!(" drops {name} and keeps #{by}.")).alarm(format!("{whose} is gone!"))
}
