//! No money appears or disappears: the books agree with what was asked for and what was acknowledged.

use std::collections::BTreeMap;

use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

use super::phrase::{counted, seconds};
use super::verdict::{Check, Finding, Verdict, Words};

/// What the books say was taken in lies between what payers have receipts for and what they asked to pay.
///
/// It looks at sums alone, as an auditor does who sees balances and not payments: one charge too many is noticed when
/// no unpaid request hides it any more.
#[derive(Clone, Debug, Default)]
pub struct MoneyConserved {
    /// What each payment is to move.
    payments: BTreeMap<u32, i64>,
    asked: i64,
    acknowledged: i64,
    /// The total of each set of books, as of their latest entry.
    books: BTreeMap<NodeId, i64>,
    finding: Option<(Finding, Fault)>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    at: SimTime,
    asked: i64,
    acknowledged: i64,
    taken: i64,
}

impl MoneyConserved {
    /// A check that has seen nothing yet.
    pub fn new() -> MoneyConserved {
        MoneyConserved::default()
    }

    fn fact(&mut self, node: NodeId, fact: Fact) {
        match fact {
            Fact::Invoked {
                operation,
                function: Function::Pay,
                value,
                ..
            } => {
                self.payments.insert(operation, value);
                self.asked += value;
            }
            Fact::Effect {
                operation, total, ..
            } if self.payments.contains_key(&operation) => {
                self.books.insert(node, total);
            }
            Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                ..
            } => self.acknowledged += self.payments.get(&operation).copied().unwrap_or(0),
            _ => {}
        }
    }

    fn taken(&self) -> i64 {
        self.books.values().sum()
    }

    fn judge(&mut self, id: EventId, at: SimTime) {
        let (taken, asked, acknowledged) = (self.taken(), self.asked, self.acknowledged);
        if (acknowledged..=asked).contains(&taken) {
            return;
        }
        let finding = Finding {
            at,
            event: id,
            events: vec![id],
        };
        let fault = Fault {
            at,
            asked,
            acknowledged,
            taken,
        };
        self.finding.get_or_insert((finding, fault));
    }
}

impl Check for MoneyConserved {
    fn observe(&mut self, id: EventId, event: &Event) {
        if let Some(fact) = event.fact() {
            self.fact(event.node, fact);
            self.judge(id, event.time);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.as_ref().map(|(finding, _)| finding)
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = &self.finding {
            let (at, taken) = (seconds(fault.at), fault.taken);
            let sentence = if fault.taken > fault.asked {
                format!(
                    "At {at} the books had {taken} taken in, and no more than {} had been asked for.",
                    fault.asked
                )
            } else {
                format!(
                    "At {at} there were receipts for {}, and the books had {taken} taken in.",
                    fault.acknowledged
                )
            };
            return Verdict::violated(finding, sentence);
        }
        let sentence = match self.payments.len() {
            0 => format!("No {} has been asked for yet.", words.operation),
            count => format!(
                "{} asked for, {} in all: {} taken in, receipts for {}.",
                counted(count, words.operation),
                self.asked,
                self.taken(),
                self.acknowledged
            ),
        };
        Verdict::unviolated(self.acknowledged > 0, sentence)
    }

    fn boxed_clone(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::State;

    fn invoked(operation: u32) -> Fact {
        Fact::Invoked {
            operation,
            function: Function::Pay,
            key: 0,
            value: 30,
        }
    }

    fn effect(operation: u32, total: i64) -> Fact {
        Fact::Effect {
            operation,
            amount: 30,
            total,
        }
    }

    fn returned(operation: u32) -> Fact {
        Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            value: 30,
        }
    }

    /// Feeds facts a second apart, and compares state and sentence at the end.
    fn check(facts: &[Fact], state: State, sentence: &str) {
        let mut check = MoneyConserved::new();
        for (place, fact) in facts.iter().enumerate() {
            let time = SimTime::from_millis(place as u64 * 1000);
            check.observe(
                EventId(place as u32),
                &Event::of_fact(time, NodeId(0), *fact),
            );
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "payment",
        };
        let verdict = check.verdict(&words, true);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    #[test]
    fn books_that_match_requests_and_receipts_hold() {
        let facts = [invoked(1), effect(1, 30), returned(1), invoked(2)];
        let sentence = "2 payments asked for, 60 in all: 30 taken in, receipts for 30.";
        check(&facts, State::Holds, sentence);
    }

    #[test]
    fn more_than_was_asked_for_is_a_violation() {
        let facts = [invoked(1), effect(1, 30), effect(1, 60)];
        let sentence =
            "At 2.00 s the books had 60 taken in, and no more than 30 had been asked for.";
        check(&facts, State::Violated, sentence);
    }

    #[test]
    fn books_that_forget_a_payment_with_a_receipt_are_a_violation() {
        let facts = [
            invoked(1),
            effect(1, 30),
            returned(1),
            invoked(2),
            effect(2, 30),
            returned(2),
        ];
        let sentence = "At 5.00 s there were receipts for 60, and the books had 30 taken in.";
        check(&facts, State::Violated, sentence);
    }
}
