//! Words that follow a number.

use sim::SimDuration;

pub(crate) use sim::protocol::counted;

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

/// A length of time in its largest unit: *10 ms*, *2 s*.
pub(crate) fn length(length: SimDuration) -> String {
    let glued = length.to_string();
    let digits = glued.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
    let (number, unit) = glued.split_at(digits);
    format!("{number} {unit}")
}
