//! What was done to the clock that measured a length.

use sim::clock::Rate;
use sim::trace::{ClockChange, EventKind, Events, Fact};
use sim::{EventId, SimTime};

/// The latest change of a clock that explains the error of the measurement that ends at `end`: without it, at most half of the
/// error would be left. `others` have the beginning of the measurement.
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
    let began = trace[begin.index()].time;
    let error = i128::from(length) - i128::from(ended.time.since(began).as_nanos());
    let mut back = (0..end.0).rev().map(EventId);
    let mut measured = Measured::new(began, ended.time, error);
    back.find(|id| {
        let event = &trace[id.index()];
        let is_of_clock = event.kind == EventKind::Clock && event.node == ended.node;
        let change = event.detail().filter(|_| is_of_clock);
        change.is_some_and(|change| measured.is_explained_by(change, event.time, *id > begin))
    })
}

/// What changes of a clock do to a measurement, read from its end back.
struct Measured {
    /// When it began.
    began: SimTime,
    /// By how many nanoseconds it is wrong.
    error: i128,
    /// Until when a change further back lasts: a rate of the wall clock, a rate of the monotonic clock, and a slew. A later change
    /// of the same sort replaces it.
    until: [SimTime; 3],
}

impl Measured {
    fn new(began: SimTime, ended: SimTime, error: i128) -> Measured {
        Measured {
            began,
            error,
            until: [ended; 3],
        }
    }

    /// Whether at most half of the error would be left without a change.
    fn is_explained_by(&mut self, change: ClockChange, at: SimTime, is_after: bool) -> bool {
        let moved = self.moved(change, at, is_after);
        moved != 0 && 2 * (self.error - moved).abs() <= self.error.abs()
    }

    /// By how much a change has moved the clock while it was measured. `is_after` says whether it came after the beginning.
    fn moved(&mut self, change: ClockChange, at: SimTime, is_after: bool) -> i128 {
        let (sort, rate, most) = match change {
            ClockChange::Step { by } => return i128::from(by) * i128::from(is_after),
            ClockChange::Rate { rate } => (0, rate, i128::MAX),
            ClockChange::MonotonicRate { rate } => (1, rate, i128::MAX),
            ClockChange::Slew { by, rate } => {
                let rate = Rate(rate.0.max(0) * by.signum());
                (2, rate, i128::from(by).abs())
            }
        };
        let until = std::mem::replace(&mut self.until[sort], at);
        let done = |now: SimTime| moved(rate, at, now).clamp(-most, most);
        done(until.max(self.began)) - done(at.max(self.began))
    }
}

/// By how much a rate moves a clock from one time to another.
fn moved(rate: Rate, from: SimTime, to: SimTime) -> i128 {
    i128::from(to.since(from).as_nanos()) * i128::from(rate.0) / 1_000_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;
    const PERCENT: i64 = 10_000_000;

    /// A node measures from 10 s to 20 s, and is so many milliseconds wrong. Its clock was changed at these milliseconds: which
    /// of the changes explains it, by its time?
    fn explained(error: i64, changes: &[(u64, ClockChange)]) -> Option<u64> {
        let [began, ended] = [10_000, 20_000].map(SimTime::from_millis);
        let mut measured = Measured::new(began, ended, i128::from(error * MS));
        let mut back = changes.iter().rev();
        let found = back.find(|(at, change)| {
            let at = SimTime::from_millis(*at);
            measured.is_explained_by(*change, at, at > began)
        });
        found.map(|(at, _)| *at)
    }

    fn step(by: i64) -> ClockChange {
        ClockChange::Step { by: by * MS }
    }

    fn slew(by: i64, percent: i64) -> ClockChange {
        ClockChange::Slew {
            by: by * MS,
            rate: Rate(percent * PERCENT),
        }
    }

    fn runs(percent: i64) -> ClockChange {
        ClockChange::Rate {
            rate: Rate(percent * PERCENT),
        }
    }

    #[test]
    fn a_change_explains_an_error_if_at_most_half_is_left_without_it() {
        assert_eq!(explained(-500, &[(12_000, step(-500))]), Some(12_000));
        assert_eq!(explained(-500, &[(12_000, step(-250))]), Some(12_000));
        assert_eq!(explained(-500, &[(12_000, step(-249))]), None);
        assert_eq!(explained(-500, &[(12_000, step(-751))]), None);
        let both = [(12_000, step(-5000)), (13_000, step(4500))];
        assert_eq!(explained(-500, &both), None);
        assert_eq!(explained(-500, &[(9_000, step(-500))]), None);
        assert_eq!(explained(0, &[(12_000, runs(0))]), None);
    }

    #[test]
    fn a_slew_counts_for_what_it_did_during_the_measurement() {
        // 400 ms at 10 % take 4 s.
        let at = |at| explained(400, &[(at, slew(400, 10))]);
        assert_eq!(at(12_000), Some(12_000));
        assert_eq!(at(8_000), Some(8_000), "half of it");
        assert_eq!(at(7_000), None, "a quarter of it");
        assert_eq!(at(6_000), None, "it had ended");
        assert_eq!(at(19_000), None, "a quarter of it");
        let replaced = [(11_000, slew(400, 10)), (12_000, slew(-1, 10))];
        assert_eq!(explained(400, &replaced), None);
        assert_eq!(explained(100, &replaced), Some(11_000));
    }

    #[test]
    fn a_rate_counts_for_as_long_as_it_lasted_during_the_measurement() {
        assert_eq!(explained(-400, &[(1_000, runs(-4))]), Some(1_000));
        assert_eq!(explained(-400, &[(15_000, runs(-4))]), Some(15_000));
        assert_eq!(explained(-400, &[(16_000, runs(-4))]), None);
        let lasted = [(1_000, runs(-4)), (17_000, runs(0))];
        assert_eq!(explained(-280, &lasted), Some(1_000));
        let over = [(1_000, runs(-4)), (9_000, runs(0))];
        assert_eq!(explained(-280, &over), None);
    }
}
