//! How sentences write numbers, names and times.

use sim::{SimDuration, SimTime};

/// A count with its noun, as in *1 payment* or *3 payments*.
pub(in crate::watch) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {}", plural(noun))
    }
}

/// The noun for several, as in *payments*, *crashes* or *copies*.
pub(in crate::watch) fn plural(noun: &str) -> String {
    let is_vowel = |letter: char| "aeiou".contains(letter);
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) => format!("{stem}ies"),
        _ if noun.ends_with("sh") => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

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

/// A moment, as in *0.62 s*.
pub(in crate::watch) fn seconds(time: SimTime) -> String {
    format!("{:.2} s", time.as_millis_f64() / 1000.0)
}

/// A length of so many nanoseconds, as in *85 ms*, *0.4 ms* or *-1.25 s*.
pub(in crate::watch) fn length(nanos: i64) -> String {
    let millis = nanos as f64 / 1e6;
    match nanos.unsigned_abs() {
        1_000_000_000.. => format!("{:.2} s", millis / 1000.0),
        10_000_000.. => format!("{millis:.0} ms"),
        _ => format!("{millis:.1} ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_for_several_end_as_in_english() {
        let nouns = ["payment", "crash", "copy", "delay"];
        assert_eq!(
            nouns.map(plural),
            ["payments", "crashes", "copies", "delays"]
        );
    }

    #[test]
    fn lengths_have_as_many_digits_as_tell_something() {
        for (nanos, words) in [
            (0, "0.0 ms"),
            (412_345, "0.4 ms"),
            (-9_960_000, "-10.0 ms"),
            (85_000_000, "85 ms"),
            (-1_250_000_000, "-1.25 s"),
            (3_600_000_000_000, "3600.00 s"),
        ] {
            assert_eq!(length(nanos), words);
        }
    }
}
