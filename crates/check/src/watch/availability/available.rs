//! Availability in numbers: before a fault, during it, and since.

use sim::EventId;
use sim::sorted::Map;

use sim::trace::{Event, Fact, Outcome};

use crate::watch::parts::faults::Phase;
use crate::watch::parts::share::ShareInFaults;
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Of the operations that begin during a fault, at least a share is answered.
///
/// It is judged when the fault is over and each of them has ended. An operation counts for the time in which it begins;
/// all faults are taken together.
#[derive(Clone, Debug)]
pub struct Available {
    answered: ShareInFaults,
    /// The phase in which each operation began that has not ended.
    open: Map<u32, Phase>,
}

impl Available {
    /// A check that demands this share, from 0 to 1.
    pub fn new(share: f64) -> Available {
        Available {
            answered: ShareInFaults::new(share),
            open: Map::new(),
        }
    }
}

impl Check for Available {
    fn observe(&mut self, id: EventId, event: &Event) {
        let phase = self.answered.observe(event);
        match event.fact() {
            Some(Fact::Invoked { operation, .. }) => {
                self.open.insert(operation, phase);
            }
            Some(Fact::Returned {
                operation, outcome, ..
            }) => {
                if let Some(began) = self.open.remove(&operation) {
                    self.answered.ended(began, outcome == Outcome::Ok, id);
                }
            }
            _ => {}
        }
        let open = self.open.values().copied();
        self.answered.judge(open, id, event.time);
    }

    fn finding(&self) -> Option<&Finding> {
        self.answered.finding()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        self.answered.verdict(words.operation, "answered", "")
    }

    fn finds_a_case(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::State;
    use sim::trace::{EventKind, Function};
    use sim::{NodeId, SimTime};

    /// Operations that begin at these milliseconds, each of which ends 100 ms later with an answer or without; the node is
    /// paused from 1000 to 2000.
    fn check(operations: &[(u64, bool)], until: u64, state: State, sentence: &str) {
        let at = |ms, fact| Event::of_fact(SimTime::from_millis(ms), NodeId(0), fact);
        let mut events: Vec<Event> = Vec::new();
        for (number, (begin, is_answered)) in (1..).zip(operations) {
            events.push(at(
                *begin,
                Fact::Invoked {
                    operation: number,
                    function: Function::Read,
                    key: 0,
                    value: 0,
                },
            ));
            events.push(at(
                begin + 100,
                Fact::Returned {
                    operation: number,
                    outcome: if *is_answered {
                        Outcome::Ok
                    } else {
                        Outcome::Fail
                    },
                    value: 0,
                },
            ));
        }
        for (ms, kind) in [(1000, EventKind::Pause), (2000, EventKind::Resume)] {
            let event = at(ms, Fact::Leads { term: 0 });
            events.push(Event { kind, ..event });
        }
        events.sort_by_key(|event| event.time);
        let mut check = Available::new(0.5);
        let due = events
            .iter()
            .filter(|event| event.time <= SimTime::from_millis(until));
        for (place, event) in (0..).zip(due) {
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

    const OPERATIONS: [(u64, bool); 5] = [
        (500, false),
        (1100, false),
        (1500, true),
        (1950, true),
        (2500, true),
    ];

    #[test]
    fn too_few_answers_in_a_fault_are_a_violation_once_the_last_has_ended() {
        let mut operations = OPERATIONS;
        operations[3].1 = false;
        let in_it = "Of reads 0 of 1 were answered before the fault, and 1 of 2 in it.";
        check(&operations, 1999, State::Undecided, in_it);
        let open =
            "Of reads 0 of 1 were answered before the fault, 1 of 2 in it, and 0 of 0 since.";
        check(&operations, 2000, State::Holds, open);
        let sentence = "Of reads 0 of 1 were answered before the fault, 1 of 3 in it, and 1 of 1 since. At 2.05 s: too few.";
        check(&operations, 9000, State::Violated, sentence);
    }

    #[test]
    fn enough_answers_hold_whatever_was_before() {
        let sentence =
            "Of reads 0 of 1 were answered before the fault, 2 of 3 in it, and 1 of 1 since.";
        check(&OPERATIONS, 9000, State::Holds, sentence);
        let sentence = "Of reads 0 of 1 were answered; there was no fault yet.";
        check(&OPERATIONS, 900, State::Undecided, sentence);
    }
}
