//! How sentences write numbers, names and times.

use sim::SimDuration;

pub(in crate::watch) use sim::protocol::{counted, length, off_by, plural, seconds};

/// The word with a capital letter, for the beginning of a sentence.
pub(in crate::watch) fn capitalised(word: &str) -> String {
    let mut word = word.to_owned();
    // ASCII alone: the tables of all scripts weigh 24 KB in the page's module.
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

/// A length as a number of seconds.
pub(in crate::watch) fn in_seconds(length: SimDuration) -> f64 {
    length.as_millis_f64() / 1000.0
}
