//! How texts count, and how numbers are filled into them.

use crate::SimTime;

/// A number of things, as in *1 entry* or *3 entries*.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {}", plural(noun))
    }
}

/// The noun for several, as in *payments*, *crashes* or *copies*.
pub fn plural(noun: &str) -> String {
    let is_vowel = |letter: char| "aeiou".contains(letter);
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) => format!("{stem}ies"),
        _ if noun.ends_with("sh") => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// What a clock shows that reads so many nanoseconds, as a time of day: *12:00:03.450*. Runs begin at noon. A clock shows what
/// has passed, so the time is cut, not rounded, to so many digits after the point, from 1 to 3.
pub fn time_of_day(reading: i64, digits: usize) -> String {
    const DAY: i64 = 24 * 3600 * 1000;
    let millis = (12 * 3_600_000 + reading.div_euclid(1_000_000)).rem_euclid(DAY);
    let (seconds, millis) = (millis / 1000, millis % 1000);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let fraction = format!("{millis:03}");
    format!(
        "{hours:02}:{minutes:02}:{:02}.{}",
        seconds % 60,
        &fraction[..digits]
    )
}

/// How far a clock is off, or was corrected, to a digit that tells something: *412 ms ahead*, *0.4 ms behind*.
pub fn off_by(nanos: i64) -> String {
    let side = if nanos < 0 { "behind" } else { "ahead" };
    format!("{} {side}", length(nanos.saturating_abs()))
}

/// A length of so many nanoseconds, as in *85 ms*, *0.4 ms* or *1.25 s*.
pub fn length(nanos: i64) -> String {
    let sign = if nanos < 0 { "\u{2212}" } else { "" };
    let millis = nanos.unsigned_abs() as f64 / 1e6;
    match nanos.unsigned_abs() {
        0 => "0 ms".to_owned(),
        999_500_000.. => format!("{sign}{:.2} s", millis / 1000.0),
        9_950_000.. => format!("{sign}{millis:.0} ms"),
        50_000.. => format!("{sign}{millis:.1} ms"),
        _ => "less than 0.1 ms".to_owned(),
    }
}

/// A moment, as in *0.62 s*. It is never written earlier than it was: whoever goes there finds that it has come.
pub fn seconds(time: SimTime) -> String {
    let hundredths = time.as_nanos().div_ceil(10_000_000);
    format!("{}.{:02} s", hundredths / 100, hundredths % 100)
}

/// `template` with `{0}`, `{1}` and `{2}` replaced by the numbers in `args`; `{0t}` by what a
/// clock shows after so many milliseconds: *12:00:01.250*; and `{0 entry}` by this number of things: *1 entry*, *3 entries*.
pub fn fill(template: &str, args: [i64; 3]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, from)) = rest.split_once('{') {
        text += before;
        let Some((hole, after)) = from.split_once('}') else {
            return text + "{" + from;
        };
        text += &filling(hole, args).unwrap_or_else(|| format!("{{{hole}}}"));
        rest = after;
    }
    text + rest
}

/// What stands in place of a hole; none if it names no number.
fn filling(hole: &str, args: [i64; 3]) -> Option<String> {
    let (place, what) = hole.split_at_checked(1)?;
    let number = *args.get(place.parse::<usize>().ok()?)?;
    match what {
        "" => Some(number.to_string()),
        "t" => Some(time_of_day(number.saturating_mul(1_000_000), 3)),
        _ => {
            let noun = what.strip_prefix(' ')?;
            Some(counted(usize::try_from(number).unwrap_or(0), noun))
        }
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
    fn clocks_show_the_time_of_day_even_before_noon() {
        for (reading, digits, shown) in [
            (0, 1, "12:00:00.0"),
            (3_459_999_999, 2, "12:00:03.45"),
            (-1_000_000, 3, "11:59:59.999"),
            (12 * 3600 * 1_000_000_000, 1, "00:00:00.0"),
        ] {
            assert_eq!(time_of_day(reading, digits), shown);
        }
    }

    #[test]
    fn lengths_have_as_many_digits_as_tell_something() {
        for (nanos, words) in [
            (0, "0 ms"),
            (49_999, "less than 0.1 ms"),
            (412_345, "0.4 ms"),
            (-9_960_000, "\u{2212}10 ms"),
            (85_000_000, "85 ms"),
            (999_600_000, "1.00 s"),
            (-1_250_000_000, "\u{2212}1.25 s"),
            (3_600_000_000_000, "3600.00 s"),
        ] {
            assert_eq!(length(nanos), words);
        }
        assert_eq!(off_by(-1_200_000_000), "1.20 s behind");
        assert_eq!(off_by(250_000_000), "250 ms ahead");
    }

    #[test]
    fn numbers_are_filled_in_as_they_are_as_a_time_or_with_a_noun() {
        for (template, filled) in [
            ("keep {1 entry}, up to #{0}", "keep 1 entry, up to #7"),
            ("keep {2 entry}", "keep 1250 entries"),
            ("{2t} for {0}", "12:00:01.250 for 7"),
            ("{0}{0}", "77"),
            ("{x} {9} {0", "{x} {9} {0"),
        ] {
            assert_eq!(fill(template, [7, 1, 1250]), filled);
        }
    }
}
