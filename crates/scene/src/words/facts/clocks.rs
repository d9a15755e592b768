//! Measured times, and what clocks show.

use sim::protocol as words;

use super::told::Told;

pub(super) fn measure_begins(measure: i64) -> Told {
    Told::by(format!(" begins measurement #{measure}."))
}

pub(super) fn measure_ends(measure: i64, length: i64) -> Told {
    let took = words::length(length);
    Told::by(format!(
        " ends measurement #{measure}: {took} by its clock."
    ))
    .beside(format!("took {took}"))
    .alarm(format!("took {took}?!"))
}

pub(super) fn sampled(node: &str, offset: i64, delay: i64) -> Told {
    let (off, delay) = (words::off_by(offset), words::length(delay));
    Told::by(format!(
        " estimates from a round trip of {delay} that the clock of {node} is {off}, compared to its own."
    ))
}

pub(super) fn clock_read(reading: i64, bound: i64) -> Told {
    let reading = words::time_of_day(reading, 3);
    let within = match bound {
        -1 => String::new(),
        bound => format!(", give or take {}", words::length(bound)),
    };
    Told::by(format!(" reads its wall clock: {reading}{within}."))
        .alarm("my clock is right?!".to_owned())
}
