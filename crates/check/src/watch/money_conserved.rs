//! No money disappears: what was charged is in the books.

use sim::sorted::Map;

use sim::trace::{Event, Fact};
use sim::{EventId, NodeId, SimTime};

use super::phrase::{counted, seconds};
use super::verdict::{Check, Finding, State, Verdict, Words};

/// The total that a node's books show after each charge is the sum of all charges it made: nothing is lost from them,
/// and nothing is in them that nobody was charged.
///
/// Books that balance say nothing about who was charged for what, or how often.
#[derive(Clone, Debug, Default)]
pub struct MoneyConserved {
    /// What each node has charged in all.
    charged: Map<NodeId, i64>,
    charges: usize,
    finding: Option<(Finding, Fault)>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    node: NodeId,
    at: SimTime,
    charged: i64,
    total: i64,
}

impl MoneyConserved {
    /// A check that has seen nothing yet.
    pub fn new() -> MoneyConserved {
        MoneyConserved::default()
    }

    fn charged(&mut self, amount: i64, total: i64, id: EventId, event: &Event) {
        let charged = self.charged.entry(event.node).or_default();
        *charged += amount;
        self.charges += 1;
        if *charged == total {
            return;
        }
        let fault = Fault {
            node: event.node,
            at: event.time,
            charged: *charged,
            total,
        };
        let finding = Finding {
            at: event.time,
            event: id,
            events: vec![id],
        };
        self.finding.get_or_insert((finding, fault));
    }
}

impl Check for MoneyConserved {
    fn observe(&mut self, id: EventId, event: &Event) {
        if let Some(Fact::Effect { amount, total, .. }) = event.fact() {
            self.charged(amount, total, id, event);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.as_ref().map(|(finding, _)| finding)
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = &self.finding {
            let sentence = format!(
                "{} had charged {} by {}; its books say {}.",
                (words.node)(fault.node),
                fault.charged,
                seconds(fault.at),
                fault.total
            );
            return finding.verdict(sentence);
        }
        let sentence = match self.charges {
            0 => "Nothing has been charged yet.".to_owned(),
            count => format!(
                "{}, {} in all, and the books say so.",
                counted(count, "charge"),
                self.charged.values().sum::<i64>()
            ),
        };
        Verdict::unviolated(State::decided(self.charges > 0), sentence)
    }

    fn boxed_clone(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::State;

    /// Feeds charges of 30 with the totals after them, a second apart.
    fn check(totals: &[i64], state: State, sentence: &str) {
        let mut check = MoneyConserved::new();
        for (place, total) in totals.iter().enumerate() {
            let fact = Fact::Effect {
                operation: place as u32,
                amount: 30,
                total: *total,
            };
            let time = SimTime::from_millis(place as u64 * 1000);
            check.observe(
                EventId(place as u32),
                &Event::of_fact(time, NodeId(0), fact),
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
    fn books_that_add_up_conserve_money() {
        check(
            &[30, 60, 90],
            State::Holds,
            "3 charges, 90 in all, and the books say so.",
        );
        check(&[], State::Undecided, "Nothing has been charged yet.");
    }

    #[test]
    fn books_that_forget_a_charge_are_a_violation() {
        let sentence = "n1 had charged 90 by 2.00 s; its books say 30.";
        check(&[30, 60, 30], State::Violated, sentence);
    }

    #[test]
    fn books_that_make_up_a_charge_are_a_violation() {
        let sentence = "n1 had charged 60 by 1.00 s; its books say 90.";
        check(&[30, 90], State::Violated, sentence);
    }
}
