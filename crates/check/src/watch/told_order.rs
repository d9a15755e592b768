//! Whoever tells in which order things happened tells it right.

use sim::causality::{Causality, Moment};
use sim::sorted::Map;
use sim::trace::{Event, Fact, Relation};
use sim::{EventId, NodeId};

use super::phrase::{counted, seconds};
use super::verdict::{Check, Finding, State, Verdict, Words};

/// Nothing is told against Lamport's order: what happened first, or that neither could know of the other.
///
/// A thing happens when it is given its timestamp.
#[derive(Clone, Debug)]
pub struct ToldOrder {
    telling: Telling,
    causality: Causality,
    items: Map<i64, Item>,
    judged: usize,
    finding: Option<(Finding, Fault)>,
}

/// What has to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// No effect is told before its cause, and none without it.
    Causes,
    /// Of two that could not know of each other, none is told to be the first.
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
            causality: Causality::default(),
            items: Map::new(),
            judged: 0,
            finding: None,
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
            let finding = Finding {
                at: event.time,
                event: id,
                events: vec![first.event, second.event, id],
            };
            self.finding.get_or_insert((finding, fault));
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
                format!("but #{} was there first, and known", fault.second)
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
                self.items.entry(item).or_insert(item_made);
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
        self.finding.as_ref().map(|(finding, _)| finding)
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = &self.finding {
            return finding.verdict(self.sentence(finding, fault, words));
        }
        let pairs = counted(self.judged, "pair");
        let sentence = match (self.judged, self.telling) {
            (0, _) => "Nothing has been compared yet.".to_owned(),
            (_, Telling::Causes) => format!("{pairs} compared, no effect before its cause."),
            (_, Telling::Concurrency) => {
                format!("{pairs} compared, and each that is concurrent called so.")
            }
        };
        Verdict::unviolated(State::decided(self.judged > 0), sentence)
    }

    fn boxed_clone(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::SimTime;
    use sim::trace::EventKind;

    /// Item 1 happens at node 0, item 2 after a message from there at node 1, item 3 at node 2. Node 3 judges.
    fn check(telling: Telling, judged: (i64, i64, Relation), state: State, sentence: &str) {
        let fact = |node, fact| Event::of_fact(SimTime::from_millis(10), NodeId(node), fact);
        let stamped = |node, item| {
            let (stamp, tie) = (0, 0);
            fact(node, Fact::Stamped { item, stamp, tie })
        };
        let message = |kind, node, cause| Event {
            kind,
            cause,
            ..stamped(node, 0)
        };
        let (first, second, relation) = judged;
        let events = [
            stamped(0, 1),
            message(EventKind::Send, 0, EventId::NONE),
            message(EventKind::Deliver, 1, EventId(1)),
            stamped(1, 2),
            stamped(2, 3),
            fact(
                3,
                Fact::Judged {
                    first,
                    second,
                    relation,
                },
            ),
        ];
        let mut check = ToldOrder::new(telling);
        for (event, place) in events.iter().zip(0..) {
            check.observe(EventId(place), event);
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "line",
        };
        let verdict = check.verdict(&words, true);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    #[test]
    fn cause_before_effect_holds_and_the_reverse_is_a_violation() {
        let sentence = "1 pair compared, no effect before its cause.";
        let told = (1, 2, Relation::Before);
        check(Telling::Causes, told, State::Holds, sentence);
        let told = (1, 3, Relation::Before);
        check(Telling::Causes, told, State::Holds, sentence);
        check(
            Telling::Causes,
            (2, 1, Relation::Before),
            State::Violated,
            "At 0.01 s n4 puts #2 of n2 before #1 of n1, but #1 was there first, and known.",
        );
        check(
            Telling::Causes,
            (2, 1, Relation::Concurrent),
            State::Violated,
            "At 0.01 s n4 says that neither #2 of n2 nor #1 of n1 came first, but one knew of the other.",
        );
    }

    #[test]
    fn ordering_what_is_concurrent_is_a_violation_of_the_other_demand_alone() {
        check(
            Telling::Concurrency,
            (3, 1, Relation::Before),
            State::Violated,
            "At 0.01 s n4 puts #3 of n3 before #1 of n1, but neither could know of the other.",
        );
        let sentence = "1 pair compared, and each that is concurrent called so.";
        for told in [
            (3, 1, Relation::Concurrent),
            (1, 2, Relation::Before),
            (2, 1, Relation::Before),
        ] {
            check(Telling::Concurrency, told, State::Holds, sentence);
        }
    }
}
