//! Who leads, who holds a lock, and who is thought to be dead.

use super::told::Told;

pub(super) fn leads(term: i64) -> Told {
    Told::by(format!(" believes it is the leader of term {term}."))
        .beside(format!("leads, term {term}"))
}

pub(super) fn steps_down(term: i64) -> Told {
    Told::by(format!(
        " no longer believes it is the leader of term {term}."
    ))
    .beside("steps down".to_owned())
}

pub(super) fn acts(name: &str, operation: u32, term: i64) -> Told {
    Told::by(format!(
        " lets {name} take effect, as the leader of term {term}."
    ))
    .beside(format!("acts on #{operation}"))
    .alarm(format!("acts on #{operation} too!"))
}

pub(super) fn acquired(token: i64) -> Told {
    Told::by(format!(" holds the lock, with token {token}."))
        .beside("gets the lock".to_owned())
        .alarm("gets the lock too!".to_owned())
}

pub(super) fn released(token: i64) -> Told {
    Told::by(format!(" releases the lock, token {token}.")).beside("releases the lock".to_owned())
}

pub(super) fn suspects(node: &str) -> Told {
    Told::by(format!(" treats {node} as dead.")).beside(format!("{node} is dead?"))
}

pub(super) fn trusts(node: &str) -> Told {
    Told::by(format!(" treats {node} as alive again.")).beside(format!("{node} is alive"))
}
