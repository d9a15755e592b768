//! Leaders have what was applied before they led.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimTime};

use super::logs::{AtPlace, Entry, Logs, Places};
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Leader completeness: an entry that was committed in a term is in the log of each leader of a later term.
///
/// What counts as committed is what a node has applied, in the latest term that it then knew. A leader is judged when it
/// begins to lead, and when a node that still knows an earlier term applies something.
#[derive(Clone, Debug, Default)]
pub struct LeaderCompleteness {
    logs: Logs,
    /// The term of each node that leads.
    leaders: Map<NodeId, i64>,
    /// What was first applied at each place.
    applied: Places<Applied>,
    judged: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Applied {
    entry: Entry,
    /// The latest term that the node knew.
    known: i64,
    node: NodeId,
    at: SimTime,
    event: EventId,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    leader: NodeId,
    term: i64,
    index: u32,
    applied: Applied,
}

impl LeaderCompleteness {
    /// A check that has seen nothing yet.
    pub fn new() -> LeaderCompleteness {
        LeaderCompleteness::default()
    }

    fn lacks(&self, node: NodeId, index: u32, entry: Entry) -> bool {
        match self.logs.of(node).map(|log| log.at(index)) {
            None | Some(AtPlace::Nothing) => true,
            Some(AtPlace::Entry(own)) => own != entry,
            Some(AtPlace::Snapshot) => false,
        }
    }

    /// A node begins to lead: what was applied before and is not in its snapshot has to be in its log.
    fn leads(&mut self, term: i64, id: EventId, event: &Event) {
        let node = event.node;
        self.judged += 1;
        let base = self.logs.of(node).map_or(0, |log| log.base());
        for index in base + 1..=self.applied.last() {
            let Some(applied) = self.applied.get(index).copied() else {
                continue;
            };
            if applied.known < term && self.lacks(node, index, applied.entry) {
                return self.find(node, term, index, applied, id, event);
            }
        }
    }

    fn applies(&mut self, index: u32, applied: Applied, id: EventId, event: &Event) {
        if self.applied.get(index).is_some() {
            return;
        }
        self.applied.set(index, applied);
        let later = |(_, term): &(&NodeId, &i64)| **term > applied.known;
        let lacking = self.leaders.iter().filter(later);
        let lacking = lacking
            .filter(|(node, _)| self.lacks(**node, index, applied.entry))
            .map(|(node, term)| (*node, *term))
            .next();
        if let Some((node, term)) = lacking {
            self.find(node, term, index, applied, id, event);
        }
    }

    fn find(
        &mut self,
        leader: NodeId,
        term: i64,
        index: u32,
        applied: Applied,
        id: EventId,
        event: &Event,
    ) {
        let fault = Fault {
            leader,
            term,
            index,
            applied,
        };
        let mut events = vec![applied.event, id];
        events.dedup();
        self.finding.here(id, event, &events, fault);
    }
}

impl Check for LeaderCompleteness {
    fn held(&self, by: Measure) -> usize {
        self.logs.held(by) + self.leaders.held(by) + self.applied.held(by)
    }

    fn hears(&self, kind: EventKind) -> bool {
        matches!(
            kind,
            EventKind::Fact | EventKind::Crash | EventKind::Restart
        )
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.logs.observe(event);
        if matches!(event.kind, EventKind::Crash | EventKind::Restart) {
            self.leaders.remove(&event.node);
        }
        match event.fact() {
            Some(Fact::Leads { term }) => {
                self.leaders.insert(event.node, term);
                self.leads(term, id, event);
            }
            Some(Fact::StepsDown { .. }) => {
                self.leaders.remove(&event.node);
            }
            Some(Fact::Applied {
                index,
                known,
                term,
                content,
            }) => {
                let applied = Applied {
                    entry: Entry { term, content },
                    known: i64::from(known),
                    node: event.node,
                    at: event.time,
                    event: id,
                };
                self.applies(index, applied, id, event);
            }
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let Some((finding, fault)) = self.finding.get() else {
            let leaders = counted(self.judged, "leader");
            let text = match self.judged {
                0 => "No leader has been elected yet.".to_owned(),
                _ => format!("{leaders} had all that was applied before."),
            };
            return Verdict::unviolated(self.judged > 0, text);
        };
        let (name, applied) = (words.node, fault.applied);
        finding.verdict(format!(
            "{} leads term {}, and its log lacks {} at index {}, which {} applied at {}.",
            name(fault.leader),
            fault.term,
            applied.entry.words(words),
            fault.index,
            name(applied.node),
            seconds(applied.at)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// n1 leads term 1 and applies two entries.
    fn two_entries() -> Trial {
        trial(LeaderCompleteness::new(), "write")
            .at(10, 1, leads(1))
            .at(10, 1, logs(1, 1, 0))
            .at(20, 1, logs(2, 1, 7))
            .at(30, 1, applies(1, 1, 1, 0))
            .at(40, 1, applies(2, 1, 1, 7))
    }

    #[test]
    fn a_leader_that_has_all_is_complete() {
        two_entries()
            .at(50, 2, logs(1, 1, 0))
            .at(50, 2, logs(2, 1, 7))
            .at(60, 2, leads(2))
            .at(70, 3, compacts(2, 1))
            .at(80, 3, leads(3))
            .holds("3 leaders had all that was applied before.");
    }

    #[test]
    fn a_leader_that_lacks_an_entry_or_has_another_is_found() {
        let lacks =
            "n2 leads term 2, and its log lacks write #7 at index 2, which n1 applied at 0.04 s.";
        let one = || two_entries().at(50, 2, logs(1, 1, 0));
        one().at(60, 2, leads(2)).violated(lacks).found_here();
        let other = one().at(55, 2, logs(2, 1, 8)).at(60, 2, leads(2));
        other.violated(lacks).found_here();
    }

    #[test]
    fn what_is_applied_late_in_an_earlier_term_has_to_be_there_too() {
        two_entries()
            .at(50, 2, logs(1, 1, 0))
            .at(50, 2, logs(2, 1, 7))
            .at(60, 2, leads(2))
            .at(70, 1, applies(3, 2, 1, 8))
            .holds("2 leaders had all that was applied before.");
        two_entries()
            .at(50, 2, logs(1, 1, 0))
            .at(50, 2, logs(2, 1, 7))
            .at(60, 2, leads(2))
            .at(70, 1, applies(3, 1, 1, 8))
            .violated("n2 leads term 2, and its log lacks write #8 at index 3, which n1 applied at 0.07 s.")
            .found_here();
    }
}
