//! The words of a vocabulary, without the names of their fields, and those that follow a number.

use sim::protocol::{MessageSort, MessageWord, TimerWord};

/// A kind of message: its name, its label, what it says, and what it is for.
pub(crate) const fn word(
    name: &'static str,
    label: &'static str,
    says: &'static str,
    sort: MessageSort,
) -> MessageWord {
    MessageWord {
        name,
        label,
        says,
        sort,
    }
}

/// A kind of timer: what happens when it fires, and whether something was awaited in vain then.
pub(crate) const fn timer(says: &'static str, is_timeout: bool) -> TimerWord {
    TimerWord { says, is_timeout }
}

/// So many of a thing whose plural ends in *s*: *1 receipt*, *2 receipts*.
pub(crate) fn counted(count: u32, thing: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{ending}")
}

/// How often something was done: *once*, *twice*, *3 times*.
pub(crate) fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}

/// A length of time in seconds, to a tenth: *1.5 s*.
pub(crate) fn seconds(nanoseconds: i64) -> String {
    format!("{:.1} s", nanoseconds as f64 / 1e9)
}
