//! What each clock measures when it is set back or forward.

use sim::trace::Fact;
use sim::{Action, NodeId, Target};

use super::ENTRY;
use crate::trial::Trial;

const CLIENT: Target = Target::Node(NodeId(0));
const HOUR: i64 = 3_600_000_000_000;

/// The lengths that a client measures whose first request is under way from 0.10 s to 0.30 s, and whose wall clock
/// jumps by `step` at 0.20 s.
fn measured(trial: Trial, step: i64) -> Vec<i64> {
    let facts = trial.act(200, Action::StepClock(CLIENT, step)).facts(500);
    let lengths = facts.into_iter().filter_map(|(_, _, fact)| match fact {
        Fact::MeasureEnds { length, .. } => Some(length),
        _ => None,
    });
    lengths.collect()
}

fn trial() -> Trial {
    Trial::new(&ENTRY, &["client", "server"])
}

#[test]
fn a_clock_that_is_set_back_gives_a_negative_length() {
    assert_eq!(measured(trial(), -300_000_000)[0], -100_000_000);
}

#[test]
fn a_clock_that_is_set_forward_ends_a_wait_early() {
    // The looks are 50 ms apart: the first one after the step, at 0.25 s, finds the deadline past.
    assert_eq!(measured(trial(), HOUR)[0], HOUR + 150_000_000);
}

#[test]
fn the_monotonic_clock_measures_what_has_gone_by() {
    for step in [-300_000_000, HOUR] {
        let trial = trial().on("monotonic-clock");
        assert_eq!(measured(trial, step)[0], 200_000_000);
    }
}
