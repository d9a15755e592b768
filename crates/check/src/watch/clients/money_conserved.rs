//! No money disappears: what was charged is in the books.

use sim::held::{Held, Measure};
use sim::sorted::Map;

use sim::trace::{Event, Fact};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// The total that a node's books show after each charge is the sum of all charges that it made: the books lose nothing and
/// make up nothing.
///
/// Books that balance say nothing about who was charged for what, or how often.
#[derive(Clone, Debug, Default)]
pub struct MoneyConserved {
    /// What each node has charged in all.
    charged: Map<NodeId, i64>,
    charges: usize,
    finding: Found<Fault>,
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
        self.finding.here(id, event, &[id], fault);
    }
}

impl Check for MoneyConserved {
    fn held(&self, by: Measure) -> usize {
        self.charged.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if let Some(Fact::Effect { amount, total, .. }) = event.fact() {
            self.charged(amount, total, id, event);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            let sentence = format!(
                "{} had charged {} by {}; its books say {}.",
                (words.node)(fault.node),
                fault.charged,
                seconds(fault.at),
                fault.total
            );
            return finding.verdict(sentence);
        }
        match self.charges {
            0 => Verdict::undecided("Nothing has been charged yet."),
            count => Verdict::holds(format!(
                "{}, {} in all, and the books say so.",
                counted(count, "charge"),
                self.charged.values().sum::<i64>()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// The node's books show these totals after charges of 30, a second apart.
    fn books(totals: &[i64]) -> Trial {
        let charges =
            |(number, total): (u32, &i64)| (1000 * u64::from(number), charges(number, 30, *total));
        trial(MoneyConserved::new(), "payment").each(1, (0..).zip(totals).map(charges))
    }

    #[test]
    fn books_that_add_up_conserve_money() {
        books(&[]).undecided("Nothing has been charged yet.");
        books(&[30, 60, 90]).holds("3 charges, 90 in all, and the books say so.");
    }

    #[test]
    fn books_that_forget_a_charge_are_a_violation() {
        books(&[30, 60, 30])
            .violated("n1 had charged 90 by 2.00 s; its books say 30.")
            .found_here();
    }

    #[test]
    fn books_that_make_up_a_charge_are_a_violation() {
        books(&[30, 90]).violated("n1 had charged 60 by 1.00 s; its books say 90.");
    }

    #[test]
    fn books_that_hold_what_is_not_on_record_are_a_violation_after_a_crash_too() {
        books(&[30])
            .at(1000, 1, CRASHES)
            .at(2000, 1, charges(2, 30, 90))
            .violated("n1 had charged 60 by 2.00 s; its books say 90.");
    }
}
