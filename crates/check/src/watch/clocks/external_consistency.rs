//! External consistency: timestamps follow true time from one transaction to the next.

use sim::sorted::Map;
use sim::trace::{Event, Fact, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{capitalised, counted, length, seconds};
use crate::watch::verdict::{Check, Finding, State, Verdict, Words};

/// A transaction that began after another one had ended has the larger timestamp (Gifford, *Information storage in a
/// decentralized computer system*, 1981; Corbett et al., *Spanner*, OSDI 2012, section 1).
///
/// One begins when its client asks, and ends when its client is told.
#[derive(Clone, Debug, Default)]
pub struct ExternalConsistency {
    /// What each open transaction must come after: the ended one with the largest timestamp when it began.
    floors: Map<u32, Begun>,
    stamps: Map<u32, i64>,
    /// The ended transaction with the largest timestamp.
    newest: Option<Ended>,
    stamped: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Begun {
    at: SimTime,
    event: EventId,
    floor: Option<Ended>,
}

#[derive(Clone, Copy, Debug)]
struct Ended {
    operation: u32,
    stamp: i64,
    at: SimTime,
    event: EventId,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    operation: u32,
    node: NodeId,
    stamp: i64,
    began: SimTime,
    earlier: Ended,
}

impl ExternalConsistency {
    /// A check that has seen nothing yet.
    pub fn new() -> ExternalConsistency {
        ExternalConsistency::default()
    }

    fn invoked(&mut self, operation: u32, id: EventId, event: &Event) {
        let begun = Begun {
            at: event.time,
            event: id,
            floor: self.newest,
        };
        self.floors.insert(operation, begun);
    }

    fn stamped(&mut self, item: i64, stamp: i64, id: EventId, event: &Event) {
        let Ok(operation) = u32::try_from(item) else {
            return;
        };
        let Some(begun) = self.floors.get(&operation) else {
            return;
        };
        self.stamped += 1;
        self.stamps.insert(operation, stamp);
        let Some(earlier) = begun.floor.filter(|floor| stamp <= floor.stamp) else {
            return;
        };
        let fault = Fault {
            operation,
            node: event.node,
            stamp,
            began: begun.at,
            earlier,
        };
        self.finding
            .here(id, event, &[earlier.event, begun.event, id], fault);
    }

    fn returned(&mut self, operation: u32, id: EventId, event: &Event) {
        self.floors.remove(&operation);
        let Some(stamp) = self.stamps.remove(&operation) else {
            return;
        };
        if self.newest.is_none_or(|newest| newest.stamp < stamp) {
            self.newest = Some(Ended {
                operation,
                stamp,
                at: event.time,
                event: id,
            });
        }
    }
}

impl Check for ExternalConsistency {
    fn observe(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::Invoked { operation, .. }) => self.invoked(operation, id, event),
            Some(Fact::Stamped { item, stamp, .. }) => self.stamped(item, stamp, id, event),
            Some(Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                ..
            }) => self.returned(operation, id, event),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let noun = words.operation;
        if let Some((finding, fault)) = self.finding.get() {
            let behind = length(fault.earlier.stamp - fault.stamp);
            return finding.verdict(format!(
                "{} #{} began at {}, after #{} had ended at {}; but its timestamp, given by {}, is {behind} earlier.",
                capitalised(noun),
                fault.operation,
                seconds(fault.began),
                fault.earlier.operation,
                seconds(fault.earlier.at),
                (words.node)(fault.node)
            ));
        }
        let sentence = match self.stamped {
            0 => format!("No {noun} has a timestamp yet."),
            stamped => format!(
                "{}, each with a timestamp after those that had ended before.",
                counted(stamped, noun)
            ),
        };
        Verdict::unviolated(State::decided(self.stamped > 0), sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::trace::Function;

    fn invoked(operation: u32) -> Fact {
        Fact::Invoked {
            operation,
            function: Function::Write,
            key: 0,
            value: 0,
        }
    }

    fn stamped(item: i64, ms: i64) -> Fact {
        Fact::Stamped {
            item,
            stamp: ms * 1_000_000,
            tie: 0,
        }
    }

    fn returned(operation: u32) -> Fact {
        Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            value: 0,
        }
    }

    /// Feeds facts 100 ms apart, and compares state and sentence at the end.
    fn check(facts: &[Fact], state: State, sentence: &str) {
        let mut check = ExternalConsistency::new();
        for (fact, place) in facts.iter().zip(0..) {
            let at = SimTime::from_millis(100 * u64::from(place));
            check.observe(EventId(place), &Event::of_fact(at, NodeId(0), *fact));
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "transaction",
        };
        let verdict = check.verdict(&words, true);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    #[test]
    fn a_smaller_or_equal_timestamp_after_one_that_had_ended_is_a_violation() {
        for (ms, behind) in [(340, "60 ms"), (400, "0.0 ms")] {
            let facts = [
                invoked(1),
                stamped(1, 400),
                returned(1),
                invoked(2),
                stamped(2, ms),
            ];
            let sentence = format!(
                "Transaction #2 began at 0.30 s, after #1 had ended at 0.20 s; but its timestamp, given by n1, is {behind} earlier."
            );
            check(&facts, State::Violated, &sentence);
        }
    }

    #[test]
    fn transactions_that_overlap_may_have_either_order() {
        let facts = [
            invoked(1),
            stamped(1, 400),
            invoked(2),
            returned(1),
            stamped(2, 340),
            returned(2),
            invoked(3),
            stamped(3, 401),
        ];
        check(
            &facts,
            State::Holds,
            "3 transactions, each with a timestamp after those that had ended before.",
        );
        check(
            &facts[..1],
            State::Undecided,
            "No transaction has a timestamp yet.",
        );
    }
}
