//! A check that judges some nodes only.

use sim::sorted::Set;

use sim::trace::{Event, EventKind};
use sim::{EventId, NodeId};

use super::verdict::{Check, Finding, Verdict, Words};

/// A check of what some nodes put on record. It sees what happens to all nodes and links.
#[derive(Clone)]
pub struct Among {
    nodes: Set<NodeId>,
    check: Box<dyn Check>,
}

impl Among {
    /// The check, for these nodes only.
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
    use crate::watch::parts::trial::*;
    use crate::watch::{Available, OneLeaderActs};

    #[test]
    fn what_others_put_on_record_is_not_judged() {
        let leaders = |nodes: [u16; 2]| {
            let nodes = nodes.map(|node| NodeId(node - 1));
            let check = Among::new(nodes, Box::new(OneLeaderActs::new()));
            trial(check, "write")
                .at(0, 3, acts(1, 5))
                .at(0, 2, acts(2, 4))
                .at(0, 4, acts(3, 6))
        };
        leaders([2, 3]).violated(
            "n2 let write #2 take effect at 0.00 s, as leader of term 4; but n3 had acted since 0.00 s, as leader of term 5.",
        );
        leaders([2, 4]).holds("2 writes took effect, one leader at a time: now n4.");
    }

    #[test]
    fn whether_it_finds_a_case_is_for_the_check_to_say() {
        let counts: Box<dyn Check> = Box::new(Available::new(0.9));
        for (check, finds_a_case) in [(counts, false), (Box::new(OneLeaderActs::new()), true)] {
            assert_eq!(Among::new([], check).finds_a_case(), finds_a_case);
        }
    }
}
