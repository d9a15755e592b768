//! Numbers as they are written: equal numbers become equal values, however they are spelt.

use crate::value::Value;

/// The most digits that are written out; numbers that need more are written with an exponent.
const MOST_DIGITS: i64 = 40;

/// The number that `text` spells, as EDN or JSON do: `7`, `-7N`, `100M`, `0.5`, `1e3`. `None` if it spells none.
///
/// A whole number of 64 bits is a [`Value::Int`], even if it is spelt `1.0`; every other one a [`Value::Number`].
pub(super) fn number(text: &str) -> Option<Value> {
    let (sign, unsigned) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let unsigned = unsigned.strip_suffix(['N', 'M']).unwrap_or(unsigned);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], unsigned[at + 1..].parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
    if whole.is_empty() || has_leading_zero || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    let zeros = (digits.len() - significant.len()) as i64;
    let exponent = i64::from(exponent) - fraction.len() as i64 + zeros;
    Some(canonical(
        sign,
        significant.trim_start_matches('0'),
        exponent,
    ))
}

/// Whether `text` spells a whole number in another way than by its digits: as `1.0`, `1e3` or `100M`. The languages that
/// histories come from may tell such numbers from the whole ones; here they are equal.
pub(super) fn is_respelt(text: &str, number: &Value) -> bool {
    number.as_whole().is_some() && text.contains(['.', 'e', 'E', 'M'])
}

/// `digits` times ten to the `exponent`, where no zero begins or ends the digits.
fn canonical(sign: &str, digits: &str, exponent: i64) -> Value {
    if digits.is_empty() {
        return Value::Int(0);
    }
    let length = digits.len() as i64;
    if (0..=MOST_DIGITS).contains(&exponent) {
        let whole = format!("{sign}{digits}{}", "0".repeat(exponent as usize));
        return whole
            .parse()
            .map_or_else(|_| Value::number(&whole), Value::Int);
    }
    if !(-MOST_DIGITS..0).contains(&exponent) {
        return Value::number(format!("{sign}{digits}e{exponent}"));
    }
    let point = length + exponent;
    Value::number(if point > 0 {
        let (whole, fraction) = digits.split_at(point as usize);
        format!("{sign}{whole}.{fraction}")
    } else {
        format!("{sign}0.{}{digits}", "0".repeat(-point as usize))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_equal_values() {
        for text in ["100", "+100", "100N", "100M", "100.0", "1e2", "1.00E+2M"] {
            assert_eq!(number(text), Some(Value::Int(100)), "{text}");
        }
        for (text, canonical) in [
            ("9223372036854775808", "9223372036854775808"),
            ("-9223372036854775809N", "-9223372036854775809"),
            ("0.50M", "0.5"),
            ("-5e-3", "-0.005"),
            ("12.5", "12.5"),
            ("1e400", "1e400"),
            ("25e-60", "25e-60"),
        ] {
            assert_eq!(number(text), Some(Value::number(canonical)), "{text}");
            assert_eq!(number(canonical), number(text), "{text}");
        }
        assert_eq!(number("-0.0"), Some(Value::Int(0)));
        for text in [
            "",
            "-",
            "007",
            "1_000",
            "0x1b",
            "1/2",
            "e3",
            "1e",
            ".5",
            "1.5.2",
            "N",
            "1e99999999999",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
