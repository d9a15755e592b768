//! How many of the numbers that readers are told are right.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::{EventId, NodeId, SimTime};

use sim::trace::{Event, EventKind, Fact, Function, Outcome};

use crate::watch::parts::faults::Phase;
use crate::watch::parts::phrase::counted;
use crate::watch::parts::share::ShareInFaults;
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Of the reads of counters that begin during a fault and are answered, at least a share gets a number that is right.
///
/// A number is right if it lies between what had been added for certain when the read began and all that can have been
/// added when it ended. In a linearizable history each one does; the reverse is not so, because reads are not compared with
/// each other. It is judged once the fault or the run is over, and as soon as the reads that are open cannot turn it; all faults are taken
/// together. A read whose client crashes does not count, nor does one that is open when the run ends: nobody is told a number.
/// An addition whose client crashes may have been added or not. Where reads begin during a fault and none of them is answered,
/// nobody is told a wrong number: once the run has ended, that holds.
#[derive(Clone, Debug)]
pub struct CountsRight {
    right: ShareInFaults,
    counters: Map<i64, Counter>,
    /// Additions under way, with their keys and how much they add.
    adding: Map<u32, (i64, i64)>,
    reading: Map<u32, Reading>,
    /// How many reads that began during a fault were never answered.
    unanswered: usize,
    /// The largest error of a number that was told.
    furthest_off: u64,
}

/// The least and the most that a counter can be.
#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    least: i64,
    most: i64,
}

impl Counter {
    /// Something may be added now, or later.
    fn may_add(&mut self, amount: i64) {
        self.least = self.least.saturating_add(amount.min(0));
        self.most = self.most.saturating_add(amount.max(0));
    }

    /// What may have been added was.
    fn has_added(&mut self, amount: i64) {
        self.least = self.least.saturating_add(amount.max(0));
        self.most = self.most.saturating_add(amount.min(0));
    }

    /// What may have been added was not, and will not be.
    fn has_not_added(&mut self, amount: i64) {
        self.least = self.least.saturating_sub(amount.min(0));
        self.most = self.most.saturating_sub(amount.max(0));
    }

    fn distance(self, value: i64) -> u64 {
        let nearest = value.clamp(self.least, self.most.max(self.least));
        nearest.abs_diff(value)
    }
}

/// A read under way.
#[derive(Clone, Copy, Debug)]
struct Reading {
    client: NodeId,
    phase: Phase,
    key: i64,
    /// What the counter can have been while the read was under way.
    counter: Counter,
}

impl CountsRight {
    /// A check that demands this share, from 0 to 1.
    pub fn new(share: f64) -> CountsRight {
        CountsRight {
            right: ShareInFaults::new(share, 1),
            counters: Map::new(),
            adding: Map::new(),
            reading: Map::new(),
            unanswered: 0,
            furthest_off: 0,
        }
    }

    fn counter(&mut self, key: i64) -> &mut Counter {
        self.counters.entry(key).or_default()
    }

    /// What reads of a key that are under way may find, too.
    fn may_find(&mut self, key: i64, amount: i64) {
        let reads = self.reading.values_mut().filter(|read| read.key == key);
        reads.for_each(|read| read.counter.may_add(amount));
    }

    fn adds(&mut self, operation: u32, key: i64, amount: i64) {
        self.adding.insert(operation, (key, amount));
        self.counter(key).may_add(amount);
        self.may_find(key, amount);
    }

    fn reads(&mut self, operation: u32, key: i64, phase: Phase, client: NodeId) {
        let counter = *self.counter(key);
        let reading = Reading {
            client,
            phase,
            key,
            counter,
        };
        self.reading.insert(operation, reading);
        self.right.begins(phase);
    }

    /// Reads are never answered.
    fn drop_reads(&mut self, is_dropped: impl Fn(&Reading) -> bool) {
        let mut dropped = Vec::new();
        self.reading.retain(|_, read| {
            let is_dropped = is_dropped(read);
            dropped.extend(is_dropped.then_some(read.phase));
            !is_dropped
        });
        for phase in dropped {
            self.is_unanswered(phase);
        }
    }

    /// A read that began in this phase is never answered.
    fn is_unanswered(&mut self, phase: Phase) {
        self.right.is_left_out(phase);
        self.unanswered += usize::from(phase == Phase::During);
    }

    fn returned(&mut self, operation: u32, outcome: Outcome, value: i64, id: EventId) {
        if let Some((key, amount)) = self.adding.remove(&operation) {
            match outcome {
                Outcome::Ok => self.counter(key).has_added(amount),
                Outcome::Fail => self.counter(key).has_not_added(amount),
                Outcome::Unknown => {}
            }
        } else if let Some(read) = self.reading.remove(&operation) {
            match outcome {
                Outcome::Ok => self.told(read, value, id),
                Outcome::Fail | Outcome::Unknown => self.is_unanswered(read.phase),
            }
        }
    }

    fn told(&mut self, read: Reading, value: i64, id: EventId) {
        let off = read.counter.distance(value);
        self.furthest_off = self.furthest_off.max(off);
        self.right.ended(read.phase, off == 0, id);
    }
}

impl Check for CountsRight {
    fn held(&self, by: Measure) -> usize {
        self.counters.held(by) + self.adding.held(by) + self.reading.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        let phase = self.right.observe(event);
        if event.kind == EventKind::Crash {
            self.drop_reads(|read| read.client == event.node);
        }
        match event.fact() {
            Some(Fact::Invoked {
                operation,
                function: Function::Add,
                key,
                value,
            }) => self.adds(operation, key, value),
            Some(Fact::Invoked {
                operation,
                function: Function::Read,
                key,
                ..
            }) => self.reads(operation, key, phase, event.node),
            Some(Fact::Returned {
                operation,
                outcome,
                value,
            }) => self.returned(operation, outcome, value, id),
            _ => {}
        }
        self.right.judge(id, event.time);
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        self.drop_reads(|_| true);
        self.right.end(latest, now);
    }

    fn finding(&self) -> Option<&Finding> {
        self.right.finding()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if self.right.ended_without_any() && self.unanswered > 0 {
            let reads = counted(self.unanswered, words.operation);
            return Verdict::holds(format!(
                "Nobody was told a wrong number during the fault: of {reads}, none got a number."
            ));
        }
        let worst = match self.furthest_off {
            0 => String::new(),
            off => format!(" The worst was off by {off}."),
        };
        self.right.verdict(words.operation, "right", &worst)
    }

    fn finds_a_case(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// Half of the reads must be right.
    fn counts() -> Trial {
        trial(CountsRight::new(0.5), "read")
    }

    /// An addition ends so before links are cut, and a read in the cut is told this number.
    fn one_of_each(amount: i64, outcome: Outcome, number: i64) -> Trial {
        counts()
            .at(100, 1, adds(1, amount))
            .at(200, 1, ends(1, outcome, 0))
            .at(1000, 1, cut(1))
            .at(1300, 1, reads(2))
            .at(1400, 1, told(2, number))
            .at(2000, 1, heal(1))
    }

    const RIGHT: &str =
        "During the fault, 1 of 1 reads were right; before it, 0 of 0; since then, 0 of 0.";

    const WRONG_BY_5: &str = "During the fault, 0 of 1 reads were right; before it, 0 of 0; since then, 0 of 0. The worst was off by 5.";

    #[test]
    fn what_was_added_for_certain_is_in_a_number_that_is_right() {
        for amount in [5, -5] {
            one_of_each(amount, Outcome::Ok, amount).holds(RIGHT);
            one_of_each(amount, Outcome::Ok, 0).violated(WRONG_BY_5);
        }
    }

    #[test]
    fn what_may_have_been_added_is_in_it_or_not_and_what_failed_is_not() {
        for amount in [5, -5] {
            for number in [0, amount] {
                one_of_each(amount, Outcome::Unknown, number).holds(RIGHT);
            }
            one_of_each(amount, Outcome::Fail, 0).holds(RIGHT);
            one_of_each(amount, Outcome::Fail, amount).violated(WRONG_BY_5);
        }
    }

    #[test]
    fn what_is_added_while_it_is_read_is_in_it_or_not() {
        for number in [0, 4] {
            counts()
                .at(1000, 1, cut(1))
                .at(1300, 1, reads(2))
                .at(1310, 1, adds(1, 4))
                .at(1320, 1, ok(1))
                .at(1400, 1, told(2, number))
                .at(2000, 1, heal(1))
                .holds(RIGHT);
        }
    }

    #[test]
    fn a_share_of_wrong_numbers_is_borne_and_so_is_what_is_wrong_since() {
        counts()
            .at(100, 1, adds(1, 2))
            .at(200, 1, ok(1))
            .at(1000, 1, cut(1))
            .at(1300, 1, reads(2))
            .at(1400, 1, told(2, 2))
            .at(1500, 1, reads(3))
            .at(1600, 1, told(3, 0))
            .at(2000, 1, heal(1))
            .at(2500, 1, reads(4))
            .at(2600, 1, told(4, 0))
            .holds("During the fault, 1 of 2 reads were right; before it, 0 of 0; since then, 0 of 1. The worst was off by 2.");
    }

    #[test]
    fn a_reader_that_crashes_is_not_waited_for() {
        counts()
            .at(1000, 1, cut(1))
            .at(1100, 2, reads(1))
            .at(1200, 1, reads(2))
            .at(1300, 1, told(2, 5))
            .at(1400, 2, CRASHES)
            .at(1500, 2, RESTARTS)
            .at(2000, 1, heal(1))
            .violated(WRONG_BY_5);
    }

    #[test]
    fn a_read_that_is_open_leaves_the_verdict_open_until_the_run_ends() {
        let open = |number| {
            counts()
                .at(1000, 1, cut(1))
                .at(1100, 2, reads(1))
                .at(1200, 1, reads(2))
                .at(1300, 1, told(2, number))
                .at(2000, 1, heal(1))
        };
        open(5).undecided("During the fault, 0 of 1 reads were right, 1 is open; before it, 0 of 0; since then, 0 of 0. The worst was off by 5.");
        open(5).ends(9000).violated(WRONG_BY_5);
        open(0).ends(9000).holds(RIGHT);
    }

    #[test]
    fn who_is_refused_is_not_told_a_wrong_number() {
        counts()
            .at(1000, 1, cut(1))
            .at(1300, 1, reads(2))
            .at(1400, 1, ends(2, Outcome::Fail, 7))
            .at(2000, 1, heal(1))
            .undecided(
                "During the fault, 0 of 0 reads were right; before it, 0 of 0; since then, 0 of 0.",
            )
            .ends(9000)
            .holds(
                "Nobody was told a wrong number during the fault: of 1 read, none got a number.",
            );
    }

    #[test]
    fn without_a_read_in_a_fault_nothing_is_decided() {
        let answered = counts().at(100, 1, reads(1)).at(200, 1, told(1, 0));
        answered
            .at(1000, 1, cut(1))
            .at(2000, 1, heal(1))
            .ends(9000)
            .undecided(
                "During the fault, 0 of 0 reads were right; before it, 1 of 1; since then, 0 of 0.",
            );
    }

    #[test]
    fn each_key_has_its_own_number() {
        for (read, number) in [(reads(3), 4), (under(5, reads(3)), 9)] {
            counts()
                .at(100, 1, adds(1, 4))
                .at(200, 1, ok(1))
                .at(300, 1, under(5, adds(2, 9)))
                .at(400, 1, ok(2))
                .at(1000, 1, cut(1))
                .at(1300, 1, read)
                .at(1400, 1, told(3, number))
                .at(2000, 1, heal(1))
                .holds(RIGHT);
        }
    }
}
