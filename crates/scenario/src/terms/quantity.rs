//! Numbers with units, as documents and links write them: `80ms`, `0.1`, `200ppm`, `64kB`.
//!
//! Every quantity is a double in its base unit: nanoseconds, shares, parts per million, bytes, whole things; a word is
//! its place in a list. Nanoseconds are exact up to 104 days.

use std::fmt;

use serde_json::Value;
use sim::SimDuration;

/// What a number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nanoseconds; written `90ns`, `2.5us`, `80ms`, `3s`, `5min` or `1h`.
    Duration,
    /// A share from 0 to 1; written `0.1` or `10%`.
    Share,
    /// Parts per million; written `200ppm`.
    Ppm,
    /// Whole things; written `12`.
    Count,
    /// A plain number; written `0.5`.
    Number,
    /// Bytes; written `200B`, `64kB`, `1.5MB` or `unlimited`.
    Bytes,
    /// Bytes per second; written `64kB/s` or `unlimited`.
    Rate,
    /// One of these words; its value is its place among them.
    Words(&'static [&'static str]),
}

/// What a switch can be, as words.
pub const OFF_ON: &[&str] = &["off", "on"];

/// How a quantity without a bound is written.
const UNLIMITED: &str = "unlimited";

const LENGTHS: [(&str, f64); 7] = [
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("ms", 1e6),
    ("min", 60e9),
    ("h", 3600e9),
    ("s", 1e9),
];

const SIZES: [(&str, f64); 4] = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1.0)];

impl Unit {
    /// Reads a quantity; `None` if the text is not in this unit.
    pub fn parse(self, text: &str) -> Option<f64> {
        let text = text.trim();
        match self {
            Unit::Duration => LENGTHS.iter().find_map(|(unit, nanos)| {
                let number = number(text.strip_suffix(unit)?)?;
                Some(libm::round(number * nanos))
            }),
            Unit::Share => match text.strip_suffix('%') {
                Some(percent) => number(percent).map(|percent| percent / 100.0),
                None => number(text),
            },
            Unit::Ppm => number(text.strip_suffix("ppm")?),
            Unit::Count => number(text).filter(|count| libm::trunc(*count) == *count),
            Unit::Number => number(text),
            Unit::Bytes if text == UNLIMITED => Some(f64::INFINITY),
            Unit::Bytes => SIZES.iter().find_map(|(unit, bytes)| {
                let number = number(text.strip_suffix(unit)?)?;
                Some(libm::round(number * bytes))
            }),
            Unit::Rate if text == UNLIMITED => Some(f64::INFINITY),
            Unit::Rate => Unit::Bytes.parse(text.strip_suffix("/s")?),
            Unit::Words(words) => words
                .iter()
                .position(|word| *word == text)
                .map(|place| place as f64),
        }
    }

    /// The quantity without the dust of floating point, as in 0.35000000000000003: to six decimals of its base unit.
    pub fn dusted(self, value: f64) -> f64 {
        let dusted = libm::round(value * 1e6) / 1e6;
        if dusted.is_finite() { dusted } else { value }
    }

    /// Writes a quantity so that [`Unit::parse`] reads it back exactly.
    pub fn format(self, value: f64) -> String {
        match self {
            Unit::Duration => {
                let sign = if value < 0.0 { "-" } else { "" };
                format!("{sign}{}", SimDuration::from_nanos_f64(libm::fabs(value)))
            }
            Unit::Ppm => format!("{value}ppm"),
            Unit::Share | Unit::Count | Unit::Number => value.to_string(),
            Unit::Bytes if value.is_infinite() => UNLIMITED.to_owned(),
            Unit::Bytes => {
                let largest = SIZES.iter().find(|(_, bytes)| value >= *bytes);
                let (unit, bytes) = largest.unwrap_or(&("B", 1.0));
                format!("{}{unit}", value / bytes)
            }
            Unit::Rate if value.is_infinite() => UNLIMITED.to_owned(),
            Unit::Rate => format!("{}/s", Unit::Bytes.format(value)),
            Unit::Words(words) => words.get(value as usize).unwrap_or(&"").to_string(),
        }
    }

    /// Writes a quantity as JSON: a number where the unit has no name, else a text.
    pub fn to_json(self, value: f64) -> Value {
        match self {
            Unit::Count => Value::from(value as i64),
            Unit::Share | Unit::Number => Value::from(value),
            _ => Value::from(self.format(value)),
        }
    }

    /// Writes a quantity for a reader: `80 ms`, `10 %`.
    pub fn display(self, value: f64) -> String {
        match self {
            Unit::Duration => {
                let text = self.format(value);
                let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
                format!("{}\u{a0}{}", &text[..digits], &text[digits..]).replace('-', "−")
            }
            Unit::Share => format!("{}\u{a0}%", rounded(value * 100.0)),
            Unit::Ppm => format!("{}\u{a0}ppm", rounded(value)).replace('-', "−"),
            Unit::Count | Unit::Number => rounded(value),
            Unit::Bytes | Unit::Rate if value.is_finite() => {
                let text = self.format(value);
                let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
                format!("{}\u{a0}{}", &text[..digits], &text[digits..])
            }
            Unit::Bytes | Unit::Rate | Unit::Words(_) => self.format(value),
        }
    }

    /// What a text of this unit looks like.
    pub fn example(self) -> String {
        let example = match self {
            Unit::Duration => "a length of time such as \"80ms\" or \"2s\"",
            Unit::Share => "a share from 0 to 1 such as 0.1",
            Unit::Ppm => "a clock error such as \"200ppm\"",
            Unit::Count => "a whole number",
            Unit::Number => "a number",
            Unit::Bytes => "a size such as \"64kB\", or \"unlimited\"",
            Unit::Rate => "a rate such as \"64kB/s\", or \"unlimited\"",
            Unit::Words(words) => return format!("one of {}", words.join(", ")),
        };
        example.to_owned()
    }
}

fn number(text: &str) -> Option<f64> {
    // `f64` also reads texts such as `inf` or `1e999`, which are not quantities.
    let looks_right = text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    text.parse()
        .ok()
        .filter(|number: &f64| looks_right && number.is_finite())
}

/// A factor in thousandths, as the kernel has it.
pub(crate) fn permille(factor: f64) -> u32 {
    libm::round(factor * 1000.0) as u32
}

/// The factor that so many thousandths are.
pub(crate) fn factor(permille: u32) -> f64 {
    f64::from(permille) / 1000.0
}

/// At most three digits after the point, without trailing zeros.
fn rounded(value: f64) -> String {
    (libm::round(value * 1000.0) / 1000.0).to_string()
}

/// The smallest and the largest value that a field may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// What both are measured in.
    pub unit: Unit,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

impl Range {
    /// Lengths of time between two, in nanoseconds.
    pub const fn duration(min: f64, max: f64) -> Range {
        Range {
            unit: Unit::Duration,
            min,
            max,
        }
    }

    /// Shares from 0 to 1.
    pub const SHARE: Range = Range {
        unit: Unit::Share,
        min: 0.0,
        max: 1.0,
    };

    /// Whole numbers between two.
    pub const fn count(min: f64, max: f64) -> Range {
        Range {
            unit: Unit::Count,
            min,
            max,
        }
    }

    /// Clock errors between two, in parts per million.
    pub const fn ppm(min: f64, max: f64) -> Range {
        Range {
            unit: Unit::Ppm,
            min,
            max,
        }
    }

    /// Plain numbers between two.
    pub const fn number(min: f64, max: f64) -> Range {
        Range {
            unit: Unit::Number,
            min,
            max,
        }
    }

    /// Shares between two.
    pub const fn share(min: f64, max: f64) -> Range {
        Range {
            unit: Unit::Share,
            min,
            max,
        }
    }

    /// Sizes in bytes, from a smallest size up, without end.
    pub const fn bytes(min: f64) -> Range {
        Range {
            unit: Unit::Bytes,
            min,
            max: f64::INFINITY,
        }
    }

    /// Bytes per second, from a smallest number up, without end.
    pub const fn rate(min: f64) -> Range {
        Range {
            unit: Unit::Rate,
            min,
            max: f64::INFINITY,
        }
    }

    /// One of these words.
    pub const fn words(words: &'static [&'static str]) -> Range {
        Range {
            unit: Unit::Words(words),
            min: 0.0,
            max: words.len() as f64 - 1.0,
        }
    }

    /// Reads a quantity within the range, or says what is wrong with it.
    pub fn parse(&self, text: &str) -> Result<f64, String> {
        let value = self.unit.parse(text).ok_or_else(|| {
            format!(
                "is \"{}\"; it must be {}",
                shortened(text),
                self.unit.example()
            )
        })?;
        self.check(value)
    }

    /// The value, or what is wrong with it.
    pub fn check(&self, value: f64) -> Result<f64, String> {
        if value >= self.min && value <= self.max {
            // A negative zero would be written as another zero.
            return Ok(value + 0.0);
        }
        Err(format!("is {}; it must be {self}", self.unit.format(value)))
    }

    /// Reads a quantity from JSON within the range, or says what is wrong with it.
    pub fn read(&self, value: &Value) -> Result<f64, String> {
        match value {
            Value::String(text) => self.parse(text),
            Value::Number(number) => self.parse(&number.to_string()),
            Value::Bool(on) if self.unit == Unit::Words(OFF_ON) => Ok(f64::from(u8::from(*on))),
            _ => Err(format!(
                "is {}; it must be {}",
                shown(value),
                self.unit.example()
            )),
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Unit::Words(words) = self.unit {
            return write!(f, "one of {}", words.join(", "));
        }
        write!(
            f,
            "from {} to {}",
            self.unit.format(self.min),
            self.unit.format(self.max)
        )
    }
}

/// A JSON value of a stranger's, short enough to be shown.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        other => shortened(&other.to_string()),
    }
}

/// A text of a stranger's, short enough to be shown.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain("...".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantities_read_as_their_units_say() {
        for (unit, text, value) in [
            (Unit::Duration, "80ms", Some(80e6)),
            (Unit::Duration, "-350ms", Some(-350e6)),
            (Unit::Duration, "2.5s", Some(2.5e9)),
            (Unit::Duration, "3min", Some(180e9)),
            (Unit::Duration, "80", None),
            (Unit::Duration, "ms", None),
            (Unit::Duration, "infs", None),
            (Unit::Share, "10%", Some(0.1)),
            (Unit::Share, "0.1", Some(0.1)),
            (Unit::Share, "NaN", None),
            (Unit::Ppm, "200ppm", Some(200.0)),
            (Unit::Count, "12", Some(12.0)),
            (Unit::Count, "1.5", None),
            (Unit::Bytes, "64kB", Some(64e3)),
            (Unit::Bytes, "unlimited", Some(f64::INFINITY)),
            (Unit::Rate, "1.5MB/s", Some(1.5e6)),
            (Unit::Rate, "1.5MB", None),
            (Unit::Words(OFF_ON), "on", Some(1.0)),
            (Unit::Words(OFF_ON), "1", None),
        ] {
            assert_eq!(unit.parse(text), value, "{text}");
        }
    }

    #[test]
    fn the_dust_of_floating_point_is_wiped_off_and_nothing_else() {
        assert_eq!(Unit::Share.dusted(0.1 + 0.25), 0.35);
        assert_eq!(Unit::Share.dusted(0.1 + 0.2), 0.3);
        assert_eq!(Unit::Ppm.dusted(-12.345_678), -12.345_678);
        assert_eq!(Unit::Duration.dusted(3.6e12), 3.6e12);
        assert_eq!(Unit::Bytes.dusted(f64::INFINITY), f64::INFINITY);
        assert_eq!(Unit::Number.dusted(f64::MAX), f64::MAX);
    }

    #[test]
    fn what_is_out_of_range_is_named_with_its_range() {
        let range = Range::duration(0.0, 10e9);
        assert_eq!(
            range.parse("11s"),
            Err("is 11s; it must be from 0s to 10s".to_owned())
        );
        let text = "is \"soon\"; it must be a length of time such as \"80ms\" or \"2s\"";
        assert_eq!(range.parse("soon"), Err(text.to_owned()));
        assert!(Range::SHARE.check(f64::NAN).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_exactly(nanos in -(1i64 << 50)..1i64 << 50, share in 0.0..1.0f64) {
            let bytes = nanos.unsigned_abs() as f64;
            for (unit, value) in [
                (Unit::Duration, nanos as f64),
                (Unit::Ppm, share * 1e3),
                (Unit::Share, share),
                (Unit::Bytes, bytes),
                (Unit::Rate, bytes),
            ] {
                prop_assert_eq!(unit.parse(&unit.format(value)), Some(value), "{}", unit.format(value));
            }
        }
    }
}
