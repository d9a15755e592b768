//! What was done to the clock that measured a length.

use sim::clock::Rate;
use sim::trace::{ClockChange, EventKind, Events, Fact};
use sim::{EventId, SimDuration};

/// The latest change of a clock that accounts for at least half of the error of the measurement that ends at `end`. `others`
/// have its beginning.
pub(super) fn changed(trace: Events<'_>, end: EventId, others: &[EventId]) -> Option<EventId> {
    let ended = &trace[end.index()];
    let Some(Fact::MeasureEnds { measure, length }) = ended.fact() else {
        return None;
    };
    let is_begin = |id: &&EventId| {
        let fact = trace[id.index()].fact();
        fact == Some(Fact::MeasureBegins { measure })
    };
    let begin = *others.iter().find(is_begin)?;
    let gone = ended.time.since(trace[begin.index()].time);
    let error = i128::from(length) - i128::from(gone.as_nanos());
    let mut past: [bool; 2] = [false; 2];
    let mut back = (0..end.0).rev().map(EventId);
    back.find(|id| {
        let event = &trace[id.index()];
        if event.kind != EventKind::Clock || event.node != ended.node {
            return false;
        }
        let Some(change) = event.detail() else {
            return false;
        };
        let since = if *id < begin {
            gone
        } else {
            ended.time.since(event.time)
        };
        let moved = moved(change, since, *id < begin, &mut past);
        moved.signum() == error.signum() && 2 * moved.abs() >= error.abs()
    })
}

/// By how much a change moved the clock while it was measured, for so long after both the change and the beginning. `past` says
/// for each clock whether a later change of its rate is known, which ends this one.
fn moved(change: ClockChange, length: SimDuration, is_before: bool, past: &mut [bool; 2]) -> i128 {
    let at = |rate: Rate| i128::from(length.as_nanos()) * i128::from(rate.0) / 1_000_000_000;
    let mut latest = |clock: usize| !std::mem::replace(&mut past[clock], true);
    match change {
        ClockChange::Step { by } => i128::from(by) * i128::from(!is_before),
        ClockChange::Slew { by, rate } => {
            let most = at(rate).abs();
            i128::from(by).clamp(-most, most)
        }
        ClockChange::Rate { rate } if latest(0) => at(rate),
        ClockChange::MonotonicRate { rate } if latest(1) => at(rate),
        ClockChange::Rate { .. } | ClockChange::MonotonicRate { .. } => 0,
    }
}
