//! How many of the numbers that readers are told are right.

use sim::EventId;
use sim::sorted::Map;

use sim::trace::{Event, Fact, Function, Outcome};

use crate::watch::parts::faults::Phase;
use crate::watch::parts::share::ShareInFaults;
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Of the reads of counters that begin during a fault and are answered, at least a share gets a number that is right.
///
/// A number is right if it lies between what had been added for certain when the read began and all that can have been
/// added when it ended. In a linearizable history each one does; the reverse is not so, as reads are not compared with
/// each other. It is judged when the fault is over and each of the reads has ended; all faults are taken together.
#[derive(Clone, Debug)]
pub struct CountsRight {
    right: ShareInFaults,
    counters: Map<i64, Counter>,
    /// Additions under way, with their keys and how much they add.
    adding: Map<u32, (i64, i64)>,
    reading: Map<u32, Reading>,
    /// By how much the number was wrong that was wrong most.
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
    phase: Phase,
    key: i64,
    /// What the counter was when it began, and can have been since.
    counter: Counter,
}

impl CountsRight {
    /// A check that demands this share, from 0 to 1.
    pub fn new(share: f64) -> CountsRight {
        CountsRight {
            right: ShareInFaults::new(share),
            counters: Map::new(),
            adding: Map::new(),
            reading: Map::new(),
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

    fn reads(&mut self, operation: u32, key: i64, phase: Phase) {
        let counter = *self.counter(key);
        let reading = Reading {
            phase,
            key,
            counter,
        };
        self.reading.insert(operation, reading);
    }

    fn returned(&mut self, operation: u32, outcome: Outcome, value: i64, id: EventId) {
        if let Some((key, amount)) = self.adding.remove(&operation) {
            match outcome {
                Outcome::Ok => self.counter(key).has_added(amount),
                Outcome::Fail => self.counter(key).has_not_added(amount),
                Outcome::Unknown => {}
            }
        } else if let Some(read) = self.reading.remove(&operation)
            && outcome == Outcome::Ok
        {
            self.told(read, value, id);
        }
    }

    fn told(&mut self, read: Reading, value: i64, id: EventId) {
        let off = read.counter.distance(value);
        self.furthest_off = self.furthest_off.max(off);
        self.right.ended(read.phase, off == 0, id);
    }
}

impl Check for CountsRight {
    fn observe(&mut self, id: EventId, event: &Event) {
        let phase = self.right.observe(event);
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
            }) => self.reads(operation, key, phase),
            Some(Fact::Returned {
                operation,
                outcome,
                value,
            }) => self.returned(operation, outcome, value, id),
            _ => {}
        }
        let open = self.reading.values().map(|read| read.phase);
        self.right.judge(open, id, event.time);
    }

    fn finding(&self) -> Option<&Finding> {
        self.right.finding()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
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
    use crate::watch::State;
    use sim::trace::{EventKind, NetworkChange};
    use sim::{NodeId, SimTime};

    /// Feeds facts with their milliseconds; all links are cut from 1000 to 2000. Compares state and sentence at the end.
    fn check(facts: &[(u64, Fact)], state: State, sentence: &str) {
        let at = |ms, fact| Event::of_fact(SimTime::from_millis(ms), NodeId(0), fact);
        let cut = |ms, change: NetworkChange| Event {
            kind: EventKind::Network,
            code: change as u8,
            args: [1, 0, 0],
            ..at(ms, Fact::Leads { term: 0 })
        };
        let mut events = vec![
            cut(1000, NetworkChange::Cut),
            cut(2000, NetworkChange::Heal),
        ];
        events.extend(facts.iter().map(|(ms, fact)| at(*ms, *fact)));
        events.sort_by_key(|event| event.time);
        let mut check = CountsRight::new(0.5);
        for (place, event) in (0..).zip(&events) {
            check.observe(EventId(place), event);
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "read",
        };
        let verdict = check.verdict(&words, true);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    fn invoked(operation: u32, function: Function, value: i64) -> Fact {
        Fact::Invoked {
            operation,
            function,
            key: 3,
            value,
        }
    }

    fn returned(operation: u32, outcome: Outcome, value: i64) -> Fact {
        Fact::Returned {
            operation,
            outcome,
            value,
        }
    }

    /// An addition that ends so, from 100 to 200 ms, and a read from 1300 to 1400 ms that is told this number.
    fn one_of_each(amount: i64, outcome: Outcome, told: i64) -> [(u64, Fact); 4] {
        [
            (100, invoked(1, Function::Add, amount)),
            (200, returned(1, outcome, 0)),
            (1300, invoked(2, Function::Read, 0)),
            (1400, returned(2, Outcome::Ok, told)),
        ]
    }

    const RIGHT: &str =
        "Of reads 0 of 0 were right before the fault, 1 of 1 in it, and 0 of 0 since.";

    fn wrong_by(off: u64) -> String {
        format!(
            "Of reads 0 of 0 were right before the fault, 0 of 1 in it, and 0 of 0 since. The worst was off by {off}. At 2.00 s: too few."
        )
    }

    #[test]
    fn what_was_added_for_certain_is_in_a_number_that_is_right() {
        for amount in [5, -5] {
            check(
                &one_of_each(amount, Outcome::Ok, amount),
                State::Holds,
                RIGHT,
            );
            let missing = one_of_each(amount, Outcome::Ok, 0);
            check(&missing, State::Violated, &wrong_by(5));
        }
    }

    #[test]
    fn what_may_have_been_added_is_in_it_or_not_and_what_failed_is_not() {
        for amount in [5, -5] {
            for told in [0, amount] {
                let unknown = one_of_each(amount, Outcome::Unknown, told);
                check(&unknown, State::Holds, RIGHT);
            }
            check(&one_of_each(amount, Outcome::Fail, 0), State::Holds, RIGHT);
            let undone = one_of_each(amount, Outcome::Fail, amount);
            check(&undone, State::Violated, &wrong_by(5));
        }
    }

    #[test]
    fn what_is_added_while_it_is_read_is_in_it_or_not() {
        for told in [0, 4] {
            let during = [
                (1300, invoked(2, Function::Read, 0)),
                (1310, invoked(1, Function::Add, 4)),
                (1320, returned(1, Outcome::Ok, 0)),
                (1400, returned(2, Outcome::Ok, told)),
            ];
            check(&during, State::Holds, RIGHT);
        }
    }

    #[test]
    fn a_share_of_wrong_numbers_is_borne_and_so_is_what_is_wrong_since() {
        let mut facts = one_of_each(2, Outcome::Ok, 2).to_vec();
        for (ms, operation) in [(1500, 3), (2500, 4)] {
            facts.push((ms, invoked(operation, Function::Read, 0)));
            facts.push((ms + 100, returned(operation, Outcome::Ok, 0)));
        }
        let sentence = "Of reads 0 of 0 were right before the fault, 1 of 2 in it, and 0 of 1 since. The worst was off by 2.";
        check(&facts, State::Holds, sentence);
    }

    #[test]
    fn who_is_refused_is_not_told_a_wrong_number() {
        let refused = [
            (1300, invoked(2, Function::Read, 0)),
            (1400, returned(2, Outcome::Fail, 7)),
        ];
        let sentence =
            "Of reads 0 of 0 were right before the fault, 0 of 0 in it, and 0 of 0 since.";
        check(&refused, State::Undecided, sentence);
    }
}
