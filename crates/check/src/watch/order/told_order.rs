//! What nodes say about the order of things is right.

use sim::causality::{Causality, Moment};
use sim::sorted::Map;
use sim::trace::{Event, Fact, Relation};
use sim::{EventId, NodeId};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// No statement about the order of two things contradicts Lamport's happened-before.
///
/// A thing happens when it is given its timestamp; the last one counts, if a crash took the first away.
///
/// A crash also takes away what its node has heard and has not on disk. Nobody can demand that a timestamp reflects it, and
/// nobody can blame a timestamp that does: so the order of what nodes remember says which effects must come after their
/// causes, and Lamport's order says which things are concurrent.
#[derive(Clone, Debug)]
pub struct ToldOrder {
    telling: Telling,
    causality: Causality,
    items: Map<i64, Item>,
    judged: usize,
    finding: Found<Fault>,
}

/// What has to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// No effect is said to be before its cause, or independent of it.
    Causes,
    /// Of two concurrent things, none is said to be the first.
    Concurrency,
}

#[derive(Clone, Debug)]
struct Item {
    node: NodeId,
    moment: Moment,
    event: EventId,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    teller: NodeId,
    first: i64,
    second: i64,
    told: Relation,
}

impl ToldOrder {
    /// A check that has seen nothing yet.
    pub fn new(telling: Telling) -> ToldOrder {
        ToldOrder {
            telling,
            causality: match telling {
                Telling::Causes => Causality::of_memory(),
                Telling::Concurrency => Causality::default(),
            },
            items: Map::new(),
            judged: 0,
            finding: Found::default(),
        }
    }

    fn judged(&mut self, fault: Fault, id: EventId, event: &Event) {
        let (Some(first), Some(second)) =
            (self.items.get(&fault.first), self.items.get(&fault.second))
        else {
            return;
        };
        self.judged += 1;
        let is_before = first.moment.is_before(&second.moment);
        let is_after = second.moment.is_before(&first.moment);
        let is_wrong = match (self.telling, fault.told) {
            (Telling::Causes, Relation::Before) => is_after,
            (Telling::Causes, Relation::Concurrent) => is_before || is_after,
            (Telling::Concurrency, Relation::Before) => !is_before && !is_after,
            (Telling::Concurrency, Relation::Concurrent) => false,
        };
        if is_wrong {
            self.finding
                .here(id, event, &[first.event, second.event, id], fault);
        }
    }

    fn sentence(&self, finding: &Finding, fault: &Fault, words: &Words<'_>) -> String {
        let of = |item: i64| {
            let node = self.items.get(&item).map(|item| (words.node)(item.node));
            format!("#{item} of {}", node.unwrap_or_default())
        };
        let (first, second) = (of(fault.first), of(fault.second));
        let why = match (self.telling, fault.told) {
            (Telling::Causes, Relation::Before) => {
                format!("but #{} came first, and was known there", fault.second)
            }
            (Telling::Causes, Relation::Concurrent) => "but one knew of the other".to_owned(),
            (Telling::Concurrency, _) => "but neither could know of the other".to_owned(),
        };
        let told = match fault.told {
            Relation::Before => format!("puts {first} before {second}"),
            Relation::Concurrent => format!("says that neither {first} nor {second} came first"),
        };
        format!(
            "At {} {} {told}, {why}.",
            seconds(finding.at),
            (words.node)(fault.teller)
        )
    }
}

impl Check for ToldOrder {
    fn observe(&mut self, id: EventId, event: &Event) {
        self.causality.observe(id, event);
        match event.fact() {
            Some(Fact::Stamped { item, .. }) => {
                let item_made = Item {
                    node: event.node,
                    moment: self.causality.moment(event.node),
                    event: id,
                };
                self.items.insert(item, item_made);
            }
            Some(Fact::Judged {
                first,
                second,
                relation,
            }) => {
                let fault = Fault {
                    teller: event.node,
                    first,
                    second,
                    told: relation,
                };
                self.judged(fault, id, event);
            }
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            return finding.verdict(self.sentence(finding, fault, words));
        }
        let pairs = counted(self.judged, "pair");
        let sentence = match (self.judged, self.telling) {
            (0, _) => "Nothing has been compared yet.".to_owned(),
            (_, Telling::Causes) => format!("{pairs} compared, no effect before its cause."),
            (_, Telling::Concurrency) => {
                format!("{pairs} compared, and every concurrent one reported as concurrent.")
            }
        };
        Verdict::unviolated(self.judged > 0, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// Item 1 happens at n1, item 2 after a message from there at n2, item 3 at n3. Then n4 says in which order.
    fn judged(telling: Telling, first: i64, relation: Relation, second: i64) -> Trial {
        trial(ToldOrder::new(telling), "line")
            .at(10, 1, stamps(1, 0))
            .message(10, 1, 2)
            .at(10, 2, stamps(2, 0))
            .at(10, 3, stamps(3, 0))
            .at(10, 4, judges(first, second, relation))
    }

    #[test]
    fn cause_before_effect_holds_and_the_reverse_is_a_violation() {
        let sentence = "1 pair compared, no effect before its cause.";
        judged(Telling::Causes, 1, Relation::Before, 2).holds(sentence);
        judged(Telling::Causes, 1, Relation::Before, 3).holds(sentence);
        judged(Telling::Causes, 2, Relation::Before, 1)
            .violated(
                "At 0.01 s n4 puts #2 of n2 before #1 of n1, but #1 came first, and was known there.",
            )
            .found_here();
        judged(Telling::Causes, 2, Relation::Concurrent, 1).violated(
            "At 0.01 s n4 says that neither #2 of n2 nor #1 of n1 came first, but one knew of the other.",
        );
    }

    #[test]
    fn ordering_what_is_concurrent_is_a_violation_of_the_other_demand_alone() {
        judged(Telling::Concurrency, 3, Relation::Before, 1).violated(
            "At 0.01 s n4 puts #3 of n3 before #1 of n1, but neither could know of the other.",
        );
        let sentence = "1 pair compared, and every concurrent one reported as concurrent.";
        judged(Telling::Concurrency, 3, Relation::Concurrent, 1).holds(sentence);
        judged(Telling::Concurrency, 1, Relation::Before, 2).holds(sentence);
        judged(Telling::Concurrency, 2, Relation::Before, 1).holds(sentence);
    }
}
