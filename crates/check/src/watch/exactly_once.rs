//! Every effect that was asked for happens, and happens once.

use std::collections::VecDeque;

use sim::sorted::Map;

use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, SimDuration, SimTime};

use super::phrase::{capitalised, counted, seconds};
use super::verdict::{Check, Finding, State, Verdict, Words};

/// Exactly once: each payment has one effect.
///
/// Twice is certain at the second effect. Never is certain when the client has given up and `grace` has gone by without
/// an effect: a request that was only late has had its time then.
#[derive(Clone, Debug)]
pub struct ExactlyOnce {
    grace: SimDuration,
    operations: Map<u32, Operation>,
    /// Operations that were given up without an effect, and when their grace ends.
    missing: VecDeque<(SimTime, u32)>,
    /// Operations that have had their effect and their answer.
    settled: u32,
    finding: Option<(Finding, Fault)>,
}

#[derive(Clone, Copy, Debug)]
struct Operation {
    invoked: (SimTime, EventId),
    effect: Option<(SimTime, EventId)>,
    returned: Option<(SimTime, EventId)>,
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    Twice {
        operation: u32,
        first: SimTime,
        second: SimTime,
    },
    Never {
        operation: u32,
        invoked: SimTime,
        given_up: SimTime,
    },
}

impl ExactlyOnce {
    /// A check that waits `grace` for an effect after its client has given up.
    pub fn new(grace: SimDuration) -> ExactlyOnce {
        ExactlyOnce {
            grace,
            operations: Map::new(),
            missing: VecDeque::new(),
            settled: 0,
            finding: None,
        }
    }

    fn fact(&mut self, id: EventId, event: &Event, fact: Fact) {
        let here = (event.time, id);
        match fact {
            Fact::Invoked {
                operation,
                function: Function::Pay,
                ..
            } => {
                self.operations.insert(
                    operation,
                    Operation {
                        invoked: here,
                        effect: None,
                        returned: None,
                    },
                );
            }
            Fact::Effect { operation, .. } => self.effect(operation, here),
            Fact::Returned {
                operation, outcome, ..
            } => self.returned(operation, outcome, here),
            _ => {}
        }
    }

    fn effect(&mut self, operation: u32, here: (SimTime, EventId)) {
        let Some(known) = self.operations.get_mut(&operation) else {
            return;
        };
        if let Some(first) = known.effect {
            let events = vec![known.invoked.1, first.1, here.1];
            self.find(
                here,
                events,
                Fault::Twice {
                    operation,
                    first: first.0,
                    second: here.0,
                },
            );
            return;
        }
        known.effect = Some(here);
        if known.returned.is_some() {
            self.settled += 1;
        }
    }

    fn returned(&mut self, operation: u32, outcome: Outcome, here: (SimTime, EventId)) {
        let Some(known) = self.operations.get_mut(&operation) else {
            return;
        };
        known.returned = Some(here);
        if known.effect.is_some() {
            self.settled += 1;
        } else if outcome != Outcome::Ok {
            self.missing.push_back((here.0 + self.grace, operation));
        }
    }

    /// Those whose grace has ended without an effect will have none.
    fn expire(&mut self, here: (SimTime, EventId)) {
        while let Some((until, operation)) = self
            .missing
            .front()
            .copied()
            .filter(|(until, _)| *until < here.0)
        {
            self.missing.pop_front();
            let known = self.operations[&operation];
            if let (None, Some(given_up)) = (known.effect, known.returned) {
                let fault = Fault::Never {
                    operation,
                    invoked: known.invoked.0,
                    given_up: given_up.0,
                };
                self.find((until, here.1), vec![known.invoked.1, given_up.1], fault);
            }
        }
    }

    fn find(&mut self, (at, event): (SimTime, EventId), events: Vec<EventId>, fault: Fault) {
        self.finding
            .get_or_insert((Finding { at, event, events }, fault));
    }

    fn open(&self) -> usize {
        self.operations.len() - self.settled as usize
    }
}

impl Check for ExactlyOnce {
    fn observe(&mut self, id: EventId, event: &Event) {
        self.expire((event.time, id));
        if let Some(fact) = event.fact() {
            self.fact(id, event, fact);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.as_ref().map(|(finding, _)| finding)
    }

    fn verdict(&self, words: &Words<'_>, is_over: bool) -> Verdict {
        let Some((finding, fault)) = &self.finding else {
            return self.unviolated(words, is_over);
        };
        let sentence = match fault {
            Fault::Twice {
                operation,
                first,
                second,
            } => format!(
                "{} #{operation} was charged twice: at {} and again at {}.",
                capitalised(words.operation),
                seconds(*first),
                seconds(*second)
            ),
            Fault::Never {
                operation,
                invoked,
                given_up,
            } => format!(
                "{} #{operation}, asked for at {}, was never charged: its client gave up at {}.",
                capitalised(words.operation),
                seconds(*invoked),
                seconds(*given_up)
            ),
        };
        Verdict {
            state: State::Violated,
            at: Some(finding.at),
            events: finding.events.clone(),
            sentence,
        }
    }

    fn boxed_clone(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

impl ExactlyOnce {
    fn unviolated(&self, words: &Words<'_>, is_over: bool) -> Verdict {
        let (settled, open) = (self.settled, self.open());
        let noun = words.operation;
        let is_decided = if is_over {
            open == 0 && settled > 0
        } else {
            settled > 0
        };
        let state = if is_decided {
            State::Holds
        } else {
            State::Undecided
        };
        let sentence = match (settled, open) {
            (0, 0) => format!("No {noun} has been asked for yet."),
            (0, _) => format!("The first {noun} is on its way."),
            (_, 0) => format!("{}, each charged once.", counted(settled as usize, noun)),
            (_, 1) => format!(
                "{}, each charged once; one is open.",
                counted(settled as usize, noun)
            ),
            _ => format!(
                "{}, each charged once; {open} are open.",
                counted(settled as usize, noun)
            ),
        };
        Verdict {
            state,
            at: None,
            events: Vec::new(),
            sentence,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::NodeId;

    const GRACE: SimDuration = SimDuration::from_millis(1000);

    fn invoked(operation: u32) -> Fact {
        Fact::Invoked {
            operation,
            function: Function::Pay,
            key: 0,
            value: 30,
        }
    }

    fn effect(operation: u32) -> Fact {
        Fact::Effect {
            operation,
            amount: 30,
            total: 0,
        }
    }

    fn returned(operation: u32, outcome: Outcome) -> Fact {
        Fact::Returned {
            operation,
            outcome,
            value: 0,
        }
    }

    /// Feeds facts with their milliseconds, and compares state and sentence at the end.
    fn check(facts: &[(u64, Fact)], is_over: bool, state: State, sentence: &str) {
        let mut check = ExactlyOnce::new(GRACE);
        for (place, (ms, fact)) in facts.iter().enumerate() {
            let event = Event::of_fact(SimTime::from_millis(*ms), NodeId(0), *fact);
            check.observe(EventId(place as u32), &event);
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "payment",
        };
        let verdict = check.verdict(&words, is_over);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    #[test]
    fn one_effect_each_holds() {
        let facts = [
            (1, invoked(1)),
            (2, effect(1)),
            (3, returned(1, Outcome::Ok)),
        ];
        check(&facts, true, State::Holds, "1 payment, each charged once.");
    }

    #[test]
    fn a_second_effect_is_a_violation_at_once_even_after_the_answer() {
        let facts = [
            (1, invoked(7)),
            (20, effect(7)),
            (30, returned(7, Outcome::Ok)),
            (2500, effect(7)),
        ];
        check(
            &facts,
            false,
            State::Violated,
            "Payment #7 was charged twice: at 0.02 s and again at 2.50 s.",
        );
    }

    #[test]
    fn giving_up_is_a_violation_once_the_grace_is_over() {
        let facts = [
            (1, invoked(1)),
            (500, returned(1, Outcome::Unknown)),
            (1500, invoked(2)),
        ];
        check(
            &facts,
            false,
            State::Undecided,
            "The first payment is on its way.",
        );
        let facts = [
            (1, invoked(1)),
            (500, returned(1, Outcome::Unknown)),
            (1501, invoked(2)),
        ];
        check(
            &facts,
            false,
            State::Violated,
            "Payment #1, asked for at 0.00 s, was never charged: its client gave up at 0.50 s.",
        );
    }

    #[test]
    fn a_late_effect_within_the_grace_is_no_violation() {
        let facts = [
            (1, invoked(1)),
            (500, returned(1, Outcome::Unknown)),
            (900, effect(1)),
            (9000, invoked(2)),
        ];
        check(
            &facts,
            false,
            State::Holds,
            "1 payment, each charged once; one is open.",
        );
        check(
            &facts,
            true,
            State::Undecided,
            "1 payment, each charged once; one is open.",
        );
    }
}
