//! A check that judges some nodes only.

use sim::sorted::Set;

use sim::trace::{Event, EventKind};
use sim::{EventId, NodeId};

use super::verdict::{Check, Finding, Verdict, Words};

#[derive(Clone)]
/// A check of what some nodes put on record; what befalls nodes and links it sees of all.
pub struct Among {
    nodes: Set<NodeId>,
    check: Box<dyn Check>,
}

impl Among {
    /// The check, of these nodes alone.
    pub fn new(nodes: impl IntoIterator<Item = NodeId>, check: Box<dyn Check>) -> Among {
        let nodes = nodes.into_iter().collect();
        Among { nodes, check }
    }
}

impl Check for Among {
    fn observe(&mut self, id: EventId, event: &Event) {
        if event.kind != EventKind::Fact || self.nodes.contains(&event.node) {
            self.check.observe(id, event);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.check.finding()
    }

    fn verdict(&self, words: &Words<'_>, is_over: bool) -> Verdict {
        self.check.verdict(words, is_over)
    }

    fn finds_a_case(&self) -> bool {
        self.check.finds_a_case()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::{Available, OneLeaderActs, State};
    use sim::SimTime;
    use sim::trace::Fact;

    #[test]
    fn what_others_put_on_record_is_not_judged() {
        for (nodes, state) in [(&[1, 2][..], State::Violated), (&[1, 3], State::Holds)] {
            let nodes = nodes.iter().map(|node| NodeId(*node));
            let mut check = Among::new(nodes, Box::new(OneLeaderActs::new()));
            for (place, (node, term)) in [(2, 5), (1, 4), (3, 6)].into_iter().enumerate() {
                let fact = Fact::Acts { operation: 1, term };
                let event = Event::of_fact(SimTime::ZERO, NodeId(node), fact);
                check.observe(EventId(place as u32), &event);
            }
            let words = Words {
                node: &|node| node.to_string(),
                operation: "write",
            };
            assert_eq!(check.clone().verdict(&words, true).state, state);
        }
    }

    #[test]
    fn whether_it_finds_a_case_is_for_the_check_to_say() {
        let counts: Box<dyn Check> = Box::new(Available::new(0.9));
        for (check, finds_a_case) in [(counts, false), (Box::new(OneLeaderActs::new()), true)] {
            assert_eq!(Among::new([], check).finds_a_case(), finds_a_case);
        }
    }
}
