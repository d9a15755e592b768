//! What nodes say about the order of things is right.

use sim::causality::{Causality, Moment};
use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact, Relation};
use sim::{EventId, NodeId};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// No statement about the order of two things contradicts Lamport's happened-before.
///
/// A thing happens when it is first given a timestamp, and again when it is given another after a crash of its node, which
/// took the first away.
///
/// A crash also takes away what its node has heard and has not on disk. Nobody can demand that a timestamp reflects it, and
/// nobody can blame a timestamp that does: so the order of what nodes remember says which effects must come after their
/// causes, and Lamport's order says which things are concurrent.
#[derive(Clone, Debug)]
pub struct ToldOrder {
    telling: Telling,
    causality: Causality,
    items: Map<i64, Item>,
    /// How often each node has crashed.
    crashes: Map<NodeId, u32>,
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
    /// How often its node had crashed before.
    crashes: u32,
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
            crashes: Map::new(),
            judged: 0,
            finding: Found::default(),
        }
    }

    fn stamped(&mut self, item: i64, id: EventId, event: &Event) {
        let made = Item {
            node: event.node,
            moment: self.causality.moment(event.node),
            event: id,
            crashes: self.crashes.get(&event.node).copied().unwrap_or(0),
        };
        let is_lost = |first: &Item| first.crashes < made.crashes;
        if self.items.get(&item).is_none_or(is_lost) {
            self.items.insert(item, made);
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
        let by = |item: i64| {
            let node = self.items.get(&item).map(|item| (words.node)(item.node));
            node.unwrap_or_default()
        };
        let of = |item: i64| format!("{}'s {} #{item}", by(item), words.operation);
        let (first, second) = (of(fault.first), of(fault.second));
        let why = match (self.telling, fault.told) {
            (Telling::Causes, Relation::Before) => {
                format!("but {} already knew of #{}", by(fault.first), fault.second)
            }
            (Telling::Causes, Relation::Concurrent) => "but one knew of the other".to_owned(),
            (Telling::Concurrency, _) => "but neither could know of the other".to_owned(),
        };
        let told = match fault.told {
            Relation::Before => format!("puts {first} before {second}"),
            Relation::Concurrent => format!("says that neither {first} nor {second} came first"),
        };
        let (teller, at) = ((words.node)(fault.teller), seconds(finding.at));
        format!("{teller} {told} at {at}, {why}.")
    }
}

impl Check for ToldOrder {
    fn held(&self, by: Measure) -> usize {
        let moments = self.items.values().map(|item| item.moment.held(by));
        self.causality.held(by)
            + self.items.held(by)
            + moments.sum::<usize>()
            + self.crashes.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.causality.observe(id, event);
        if event.kind == EventKind::Crash {
            *self.crashes.entry(event.node).or_default() += 1;
        }
        match event.fact() {
            Some(Fact::Stamped { item, .. }) => self.stamped(item, id, event),
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
                "n4 puts n2's line #2 before n1's line #1 at 0.01 s, but n2 already knew of #1.",
            )
            .found_here();
        judged(Telling::Causes, 2, Relation::Concurrent, 1).violated(
            "n4 says that neither n2's line #2 nor n1's line #1 came first at 0.01 s, but one knew of the other.",
        );
    }

    #[test]
    fn ordering_what_is_concurrent_is_a_violation_of_the_other_demand_alone() {
        judged(Telling::Concurrency, 3, Relation::Before, 1).violated(
            "n4 puts n3's line #3 before n1's line #1 at 0.01 s, but neither could know of the other.",
        );
        let sentence = "1 pair compared, and every concurrent one reported as concurrent.";
        judged(Telling::Concurrency, 3, Relation::Concurrent, 1).holds(sentence);
        judged(Telling::Concurrency, 1, Relation::Before, 2).holds(sentence);
        judged(Telling::Concurrency, 2, Relation::Before, 1).holds(sentence);
    }

    /// n1 makes item 1, of which n2 learns before it makes item 2; then n1 learns of that and makes item 1 again.
    fn made_again(crashes: bool, first: i64, second: i64) -> Trial {
        let made = trial(ToldOrder::new(Telling::Causes), "line")
            .at(10, 1, stamps(1, 0))
            .message(20, 1, 2)
            .at(30, 2, stamps(2, 0));
        let since = match crashes {
            true => made.at(40, 1, CRASHES).at(50, 1, RESTARTS),
            false => made,
        };
        since.message(60, 2, 1).at(70, 1, stamps(1, 0)).at(
            80,
            4,
            judges(first, second, Relation::Before),
        )
    }

    #[test]
    fn what_is_made_twice_happened_the_first_time_unless_a_crash_took_that_away() {
        let sentence = "1 pair compared, no effect before its cause.";
        made_again(false, 1, 2).holds(sentence);
        made_again(false, 2, 1).violated(
            "n4 puts n2's line #2 before n1's line #1 at 0.08 s, but n2 already knew of #1.",
        );
        made_again(true, 2, 1).holds(sentence);
        made_again(true, 1, 2).violated(
            "n4 puts n1's line #1 before n2's line #2 at 0.08 s, but n1 already knew of #2.",
        );
    }

    /// n2 learns of item 1, crashes, and makes item 2, which n4 puts first.
    fn forgotten(telling: Telling, first: i64) -> Trial {
        trial(ToldOrder::new(telling), "line")
            .at(10, 1, stamps(1, 0))
            .message(20, 1, 2)
            .at(30, 2, CRASHES)
            .at(40, 2, RESTARTS)
            .at(50, 2, stamps(2, 0))
            .at(60, 4, judges(first, 3 - first, Relation::Before))
    }

    #[test]
    fn of_what_a_crash_took_away_either_order_may_be_told() {
        for first in [1, 2] {
            forgotten(Telling::Causes, first).holds("1 pair compared, no effect before its cause.");
            forgotten(Telling::Concurrency, first)
                .holds("1 pair compared, and every concurrent one reported as concurrent.");
        }
    }
}
