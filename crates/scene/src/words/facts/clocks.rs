//! Measured times, and what clocks show.

use super::told::{Told, seconds};

pub(super) fn measure_begins(measure: i64) -> Told {
    Told::by(format!(" begins measurement {measure}."))
}

pub(super) fn measure_ends(measure: i64, length: i64) -> Told {
    let exactly = millis(length);
    let roughly = format!("{:.0} ms", length as f64 / 1e6);
    Told::by(format!(
        " ends measurement {measure}: {exactly} by its clock."
    ))
    .beside(format!("took {roughly}"))
    .alarm(format!("took {roughly}?!"))
}

pub(super) fn sampled(node: &str, offset: i64, delay: i64) -> Told {
    let side = if offset < 0 { "behind" } else { "ahead" };
    let (off, delay) = (millis(offset.saturating_abs()), millis(delay));
    Told::by(format!(
        " estimates that the clock of {node} is {off} {side}, from a round trip of {delay}."
    ))
}

pub(super) fn clock_read(reading: i64, bound: i64) -> Told {
    let reading = seconds(reading);
    let within = match bound {
        -1 => String::new(),
        bound => format!(", give or take {}", millis(bound)),
    };
    Told::by(format!(
        " reads {reading:.3} s from its wall clock{within}."
    ))
    .alarm("my clock is right?!".to_owned())
}

fn millis(nanos: i64) -> String {
    format!("{:.1} ms", nanos as f64 / 1e6)
}
