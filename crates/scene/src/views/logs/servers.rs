//! What each server's log holds at the cursor, gathered from the trace.

use scenario::Run;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId};

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
    /// The last place that a snapshot stands for, 0 without one.
    pub base: u32,
    /// The entries behind it.
    pub entries: Vec<Entry>,
    /// The last place that its state machine has taken in.
    pub applied: u32,
    /// The term that it believes it leads.
    pub leads: Option<i64>,
    /// Whether it has crashed: what it shows then is what it had before.
    pub is_down: bool,
}

impl Server {
    fn new(node: NodeId) -> Server {
        Server {
            node,
            base: 0,
            entries: Vec::new(),
            applied: 0,
            leads: None,
            is_down: false,
        }
    }

    /// The last place of its log.
    pub fn last(&self) -> u32 {
        self.base + self.entries.len() as u32
    }

    /// The entry at a place; none where a snapshot stands for it, and behind the end.
    pub fn at(&self, index: u32) -> Option<&Entry> {
        let place = index.checked_sub(self.base + 1)?;
        self.entries.get(place as usize)
    }

    /// A server that restarts has what it then puts on record.
    fn take(&mut self, id: EventId, event: &Event) {
        match event.kind {
            EventKind::Crash => (self.is_down, self.leads) = (true, None),
            EventKind::Restart => *self = Server::new(self.node),
            EventKind::Fact => {
                if let Some(fact) = event.fact() {
                    self.learn(id, fact);
                }
            }
            _ => {}
        }
    }

    fn learn(&mut self, event: EventId, fact: Fact) {
        match fact {
            Fact::Leads { term } => self.leads = Some(term),
            Fact::StepsDown { .. } => self.leads = None,
            Fact::Logged {
                index,
                term,
                content,
            } => {
                self.truncate(index);
                if index == self.last() + 1 {
                    self.entries.push(Entry {
                        term,
                        content,
                        event,
                    });
                }
            }
            Fact::Truncated { index } => self.truncate(index),
            Fact::Applied { index, .. } => self.applied = index,
            Fact::Compacted { index, .. } => self.compact(index),
            _ => {}
        }
    }

    fn truncate(&mut self, index: u32) {
        let length = index.saturating_sub(self.base + 1);
        self.entries.truncate(length as usize);
    }

    fn compact(&mut self, index: u32) {
        let gone = index.saturating_sub(self.base) as usize;
        self.entries.drain(..gone.min(self.entries.len()));
        self.base = index;
        self.applied = self.applied.max(index);
    }
}

/// All servers: the nodes whose role is one of those that have put something into a log, or will.
pub(super) fn servers(run: &Run) -> Vec<Server> {
    let scenario = run.scenario();
    let nodes = (0..scenario.nodes.len() as u16).map(NodeId);
    let mut all: Vec<Server> = nodes.map(Server::new).collect();
    let mut keeping: Option<&str> = None;
    for (place, event) in run.timeline().events().iter().enumerate() {
        if let Some(server) = all.get_mut(event.node.index()) {
            server.take(EventId(place as u32), event);
        }
        if keeping.is_none() && matches!(event.fact(), Some(Fact::Logged { .. })) {
            keeping = Some(scenario.nodes[event.node.index()].role);
        }
    }
    all.retain(|server| keeping == Some(scenario.nodes[server.node.index()].role));
    all
}
