//! Leaders drop nothing.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Leader append-only: a leader adds entries to its log, and neither drops nor overwrites any.
#[derive(Clone, Debug, Default)]
pub struct LeaderAppendOnly {
    /// The term of each node that leads.
    leaders: Map<NodeId, i64>,
    /// The last place of each node's log.
    last: Map<NodeId, u32>,
    added: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    node: NodeId,
    term: i64,
    index: u32,
}

impl LeaderAppendOnly {
    /// A check that has seen nothing yet.
    pub fn new() -> LeaderAppendOnly {
        LeaderAppendOnly::default()
    }

    /// A node drops what its log has from a place on.
    fn drops(&mut self, index: u32, id: EventId, event: &Event) {
        let node = event.node;
        if let Some(&term) = self.leaders.get(&node) {
            let fault = Fault { node, term, index };
            self.finding.here(id, event, &[id], fault);
        }
    }
}

impl Check for LeaderAppendOnly {
    fn held(&self, by: Measure) -> usize {
        self.leaders.held(by) + self.last.held(by)
    }

    fn hears(&self, kind: EventKind) -> bool {
        matches!(
            kind,
            EventKind::Fact | EventKind::Crash | EventKind::Restart
        )
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        let node = event.node;
        if matches!(event.kind, EventKind::Crash | EventKind::Restart) {
            self.leaders.remove(&node);
            self.last.remove(&node);
        }
        match event.fact() {
            Some(Fact::Leads { term }) => {
                self.leaders.insert(node, term);
            }
            Some(Fact::StepsDown { .. }) => {
                self.leaders.remove(&node);
            }
            Some(Fact::Logged { index, .. }) => {
                if self.last.get(&node).is_some_and(|last| index <= *last) {
                    self.drops(index, id, event);
                }
                self.added += usize::from(self.leaders.contains_key(&node));
                self.last.insert(node, index);
            }
            Some(Fact::Truncated { index }) => {
                self.drops(index, id, event);
                self.last.insert(node, index.saturating_sub(1));
            }
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            return finding.verdict(format!(
                "{} dropped what its log had from index {} on, at {}, while it led term {}.",
                (words.node)(fault.node),
                fault.index,
                seconds(finding.at),
                fault.term
            ));
        }
        let added = counted(self.added, "time");
        let text = format!("Leaders added to their logs {added}, and dropped nothing.");
        Verdict::unviolated(self.added > 0, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn leader() -> Trial {
        trial(LeaderAppendOnly::new(), "write")
            .at(50, 1, logs(1, 1, 4))
            .at(100, 1, leads(2))
            .at(110, 1, logs(2, 2, 0))
    }

    #[test]
    fn a_follower_may_drop_entries_and_a_leader_may_not() {
        leader()
            .at(120, 2, truncates(1))
            .holds("Leaders added to their logs 1 time, and dropped nothing.")
            .at(130, 1, truncates(2))
            .violated(
                "n1 dropped what its log had from index 2 on, at 0.13 s, while it led term 2.",
            )
            .found_here();
    }

    #[test]
    fn who_has_stepped_down_or_crashed_leads_no_more() {
        leader()
            .at(120, 1, steps_down(2))
            .at(130, 1, truncates(2))
            .holds("Leaders added to their logs 1 time, and dropped nothing.");
        leader()
            .at(120, 1, CRASHES)
            .at(130, 1, RESTARTS)
            .at(130, 1, logs(1, 1, 4))
            .holds("Leaders added to their logs 1 time, and dropped nothing.");
    }

    #[test]
    fn an_entry_in_the_place_of_another_is_found() {
        leader()
            .at(120, 1, logs(2, 2, 9))
            .violated(
                "n1 dropped what its log had from index 2 on, at 0.12 s, while it led term 2.",
            )
            .found_here();
    }
}
