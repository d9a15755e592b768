//! No lock is held for too long.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, in_seconds, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Each lock that a store holds for an operation is released within `bound`.
///
/// A crash releases no lock that is on disk: the node puts it on record again when it restarts. One that it does not put on
/// record then is gone. A violation shows with the first event after the bound, or at the end of the run.
#[derive(Clone, Debug)]
pub struct LockHeldWithin {
    bound: SimDuration,
    /// Until when a lock may be held, whenever it was taken.
    excused_until: SimTime,
    /// The locks that are held, by when they were taken.
    locks: Map<(SimTime, NodeId, u32), Lock>,
    released: usize,
    longest: SimDuration,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Lock {
    event: EventId,
    /// When its node restarted, if it has not put the lock on record again.
    missing: Option<SimTime>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    node: NodeId,
    operation: u32,
    since: SimTime,
}

impl LockHeldWithin {
    /// A check with this bound.
    pub fn new(bound: SimDuration) -> LockHeldWithin {
        LockHeldWithin {
            bound,
            excused_until: SimTime::ZERO,
            locks: Map::new(),
            released: 0,
            longest: SimDuration::ZERO,
            finding: Found::default(),
        }
    }

    fn place(&self, node: NodeId, operation: u32) -> Option<(SimTime, NodeId, u32)> {
        let is_it = |place: &&(SimTime, NodeId, u32)| (place.1, place.2) == (node, operation);
        self.locks.keys().find(is_it).copied()
    }

    fn locked(&mut self, operation: u32, id: EventId, event: &Event) {
        let known = self.place(event.node, operation);
        let (place, taken) = match known {
            Some(place) => (place, self.locks[&place].event),
            None => ((event.time, event.node, operation), id),
        };
        let lock = Lock {
            event: taken,
            missing: None,
        };
        self.locks.insert(place, lock);
    }

    fn unlocked(&mut self, operation: u32, event: &Event) {
        if let Some(place) = self.place(event.node, operation) {
            self.locks.remove(&place);
            self.released += 1;
            let since = place.0.max(self.excused_until).min(event.time);
            self.longest = self.longest.max(event.time.since(since));
        }
    }

    fn restarts(&mut self, event: &Event) {
        let locks = self.locks.iter_mut();
        for (_, lock) in locks.filter(|((_, node, _), _)| *node == event.node) {
            lock.missing = Some(event.time);
        }
    }

    fn expire(&mut self, id: EventId, now: SimTime) {
        self.locks
            .retain(|_, lock| lock.missing.is_none_or(|since| since == now));
        let Some(((since, node, operation), lock)) = self.locks.iter().next() else {
            return;
        };
        let ends = (*since).max(self.excused_until) + self.bound;
        if ends < now {
            let finding = Finding {
                at: ends,
                event: id,
                events: vec![lock.event],
            };
            let fault = Fault {
                node: *node,
                operation: *operation,
                since: *since,
            };
            self.finding.since(finding, fault);
        }
    }
}

impl Check for LockHeldWithin {
    fn held(&self, by: Measure) -> usize {
        self.locks.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.pass(id, event.time);
        if event.kind == EventKind::Restart {
            return self.restarts(event);
        }
        match event.fact() {
            Some(Fact::Locked { operation, .. }) => self.locked(operation, id, event),
            Some(Fact::Unlocked { operation, .. }) => self.unlocked(operation, event),
            _ => {}
        }
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        if self.finding.is_none() {
            self.expire(latest, now);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn excuse_until(&mut self, moment: SimTime) {
        self.excused_until = moment;
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            return finding.verdict(format!(
                "{} locked its part of {} #{} at {}, and has not let go by {}.",
                (words.node)(fault.node),
                words.operation,
                fault.operation,
                seconds(fault.since),
                seconds(finding.at)
            ));
        }
        match self.released {
            0 => Verdict::undecided("No lock has been released yet."),
            released => Verdict::holds(format!(
                "{} released, the slowest after {:.2} s.",
                counted(released, "lock"),
                in_seconds(self.longest)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// Locks may be held for 1 s.
    fn held() -> Trial {
        trial(LockHeldWithin::new(ms(1000)), "transfer").goes_on()
    }

    #[test]
    fn a_lock_that_is_released_in_time_is_right() {
        held()
            .at(100, 1, locks(5))
            .undecided("No lock has been released yet.")
            .at(900, 1, unlocks(5))
            .at(5000, 1, locks(6))
            .holds("1 lock released, the slowest after 0.80 s.");
    }

    #[test]
    fn a_lock_that_is_not_released_is_a_violation_from_its_bound_on() {
        held()
            .at(100, 1, locks(5))
            .at(1101, 2, NOTHING)
            .violated("n1 locked its part of transfer #5 at 0.10 s, and has not let go by 1.10 s.")
            .since(1100);
    }

    #[test]
    fn a_crash_releases_no_lock_that_is_on_disk() {
        let restarted = || {
            held()
                .at(100, 1, locks(5))
                .at(500, 1, CRASHES)
                .at(600, 1, RESTARTS)
        };
        restarted()
            .at(600, 1, locks(5))
            .at(1101, 2, NOTHING)
            .violated("n1 locked its part of transfer #5 at 0.10 s, and has not let go by 1.10 s.");
        restarted()
            .at(1101, 2, NOTHING)
            .undecided("No lock has been released yet.");
    }

    #[test]
    fn a_lock_in_bad_weather_has_until_the_calm_and_its_bound_from_then_on() {
        let excused = || {
            let mut check = LockHeldWithin::new(ms(1000));
            check.excuse_until(SimTime::from_millis(5000));
            trial(check, "transfer").goes_on().at(10, 1, locks(5))
        };
        excused()
            .at(5900, 1, unlocks(5))
            .holds("1 lock released, the slowest after 0.90 s.");
        excused()
            .at(6001, 1, NOTHING)
            .violated("n1 locked its part of transfer #5 at 0.01 s, and has not let go by 6.00 s.")
            .since(6000);
    }
}
