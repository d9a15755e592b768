//! How sentences write numbers, names and times.

use sim::SimTime;

/// A count with its noun, as in *1 payment* or *3 payments*.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// The word with a capital letter, for the beginning of a sentence.
pub(super) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// A moment, as in *0.62 s*.
pub(super) fn seconds(time: SimTime) -> String {
    format!("{:.2} s", time.as_millis_f64() / 1000.0)
}
