//! What each server's log holds at the cursor, gathered from the trace.

use scenario::Run;
use sim::trace::{DiskChange, Event, EventKind, Fact};
use sim::{EventId, NodeId};

use crate::LOOKED_BACK;

/// So many facts of one log are read for a picture: a few thousand entries, far more than have room.
const MOST_FACTS: usize = 4096;

/// An entry of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The term of the leader that took it.
    pub term: i64,
    /// What it holds: the number of an operation, 0 for nothing, and a negative number for a set of members.
    pub content: i64,
    /// The event in which the server put it into its log.
    pub event: EventId,
}

/// A server, and its log.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub node: NodeId,
    /// The last index that a snapshot stands for, 0 without one.
    pub base: u32,
    /// The entries behind it.
    pub entries: Vec<Entry>,
    /// The last index that its state machine has taken in.
    pub applied: u32,
    /// The term that it believes it leads.
    pub leads: Option<i64>,
    /// Whether it has crashed: what it shows then is what it had before.
    pub is_down: bool,
    /// From which event on it has logged what is not on its disk yet, or what a crash kept from it.
    unsaved: Option<EventId>,
}

impl Server {
    /// What the trace tells of a node. What is told by more facts than `most_facts` is told by the latest: the
    /// beginning of such a log is as if a snapshot stood for it.
    fn of(run: &Run, node: NodeId, most_facts: usize) -> Server {
        let (events, gathered) = (run.timeline().events(), run.gathered());
        let mut server = Server {
            node,
            base: 0,
            entries: Vec::new(),
            applied: 0,
            leads: None,
            is_down: false,
            unsaved: first_unsaved(run, node),
        };
        if let Some(event) = gathered.standing_of(node) {
            server.stand(&events[event.index()]);
        }
        let told = gathered.log_of(node);
        for id in &told[told.len().saturating_sub(most_facts)..] {
            server.take(*id, &events[id.index()]);
        }
        server
    }

    /// The last index of its log.
    pub fn last(&self) -> u32 {
        self.base + self.entries.len() as u32
    }

    /// The entry at an index; none where a snapshot stands for it, and behind the end.
    pub fn at(&self, index: u32) -> Option<&Entry> {
        let place = index.checked_sub(self.base + 1)?;
        self.entries.get(place as usize)
    }

    /// Whether an entry is on its disk.
    pub fn has_saved(&self, entry: &Entry) -> bool {
        self.unsaved.is_none_or(|first| entry.event < first)
    }

    fn stand(&mut self, event: &Event) {
        self.is_down = event.kind == EventKind::Crash;
        if let Some(Fact::Leads { term }) = event.fact() {
            self.leads = Some(term);
        }
    }

    /// A server that restarts has what it then puts on record.
    fn take(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::Logged {
                index,
                term,
                content,
            }) => {
                self.truncate(index);
                if self.entries.is_empty() {
                    self.base = index.saturating_sub(1);
                }
                if index == self.last() + 1 {
                    self.entries.push(Entry {
                        term,
                        content,
                        event: id,
                    });
                }
            }
            Some(Fact::Truncated { index }) => self.truncate(index),
            Some(Fact::Applied { index, .. }) => {
                self.applied = index;
                if index > self.last() {
                    self.compact(index);
                }
            }
            Some(Fact::Compacted { index, .. }) => self.compact(index),
            _ if event.kind == EventKind::Restart => {
                self.entries.clear();
                (self.base, self.applied) = (0, 0);
            }
            _ => {}
        }
    }

    /// Ends the log before an index. It can lie before the entries that are known, where the facts that are read begin amid
    /// entries that were then replaced.
    fn truncate(&mut self, index: u32) {
        let last = index.saturating_sub(1);
        self.base = self.base.min(last);
        self.entries.truncate((last - self.base) as usize);
    }

    /// What a snapshot stands for may be less than what is not known of the log anyway.
    fn compact(&mut self, index: u32) {
        let gone = index.saturating_sub(self.base) as usize;
        self.entries.drain(..gone.min(self.entries.len()));
        self.base = self.base.max(index);
        self.applied = self.applied.max(index);
    }
}

/// The event from which on a node has logged what its disk has not saved: what it writes, it logs at the same moment. Of a node
/// that has crashed, what was lost then.
fn first_unsaved(run: &Run, node: NodeId) -> Option<EventId> {
    let events = run.timeline().events();
    let mut missing = run.timeline().machine().unsynced_writes(node) as u64;
    let is_up = |event: &Event| event.kind == EventKind::Restart;
    let own = (0..events.len()).rev().take(LOOKED_BACK);
    let mut write = None;
    for place in own.filter(|place| events[*place].node == node) {
        if missing == 0 && is_up(&events[place]) {
            break;
        }
        match events[place].detail() {
            Some(DiskChange::Unsynced { records }) => missing = records,
            Some(DiskChange::Written { .. }) if missing > 0 => {
                missing -= 1;
                write = Some(place);
            }
            Some(DiskChange::Written { .. } | DiskChange::Synced) if missing == 0 => break,
            _ => {}
        }
    }
    let mut first = write?;
    let time = events[first].time;
    while first > 0 && events[first - 1].time == time {
        first -= 1;
    }
    Some(EventId(first as u32))
}

/// All servers: the nodes of the role of whichever put something into a log first.
pub(super) fn servers(run: &Run) -> Vec<Server> {
    let nodes = &run.scenario().nodes;
    let (events, gathered) = (run.timeline().events(), run.gathered());
    let all = || (0..nodes.len() as u16).map(NodeId);
    let is_entry = |id: &&EventId| matches!(events[id.index()].fact(), Some(Fact::Logged { .. }));
    let firsts = all().filter_map(|node| {
        let log = gathered.log_of(node).iter();
        Some((*log.take(MOST_FACTS).find(is_entry)?, node))
    });
    let Some((_, first)) = firsts.min() else {
        return Vec::new();
    };
    let is_server = |node: &NodeId| nodes[node.index()].role == nodes[first.index()].role;
    all()
        .filter(is_server)
        .map(|node| Server::of(run, node, MOST_FACTS))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The window of facts may begin anywhere: amid entries that are in flight, or that are then replaced.
    #[test]
    fn the_latest_facts_tell_of_the_end_of_a_log_what_all_of_them_tell() {
        let busy = "#/raft?on=previous-entry-check&pause=1ms&latency=1ms&jitter=0s&reads=0";
        for (more, until) in [
            ("&snapshot-every=10000", "16s"),
            ("", "11.212s"),
            ("&snapshot-every=20", "9s"),
        ] {
            let (run, problems) = Run::open(&format!("{busy}{more}&t={until}"));
            assert_eq!(problems, []);
            let servers = servers(&run);
            assert_eq!(servers.len(), 5);
            for node in servers.iter().map(|server| server.node) {
                let count = run.gathered().log_of(node).len();
                let whole = Server::of(&run, node, usize::MAX);
                for most in 50..count.min(700) {
                    let told = Server::of(&run, node, most);
                    let context = format!("{node:?}{more}, the latest {most} of {count} facts");
                    assert_eq!(told.last(), whole.last(), "{context}");
                    for index in told.base.max(whole.base) + 1..=told.last() {
                        assert_eq!(told.at(index), whole.at(index), "{context}: index {index}");
                    }
                }
            }
        }
    }
}
