//! Whether a client reaches whichever server can have a majority of votes.

use sim::held::{Held, Measure, all_held};
use sim::sorted::Set;
use sim::trace::{Event, EventKind, Fact, Loss, Lost, NetworkChange};
use sim::{EventId, NodeId};

/// The servers that vote or keep a log, and what is known of the way between them and to their clients.
///
/// A trace does not say which links a cut is about: it says which messages met it. So a link counts as cut from the first
/// message that a cut stops until one gets through, or until something heals.
#[derive(Clone, Debug, Default)]
pub(super) struct Majority {
    voters: Set<NodeId>,
    clients: Set<NodeId>,
    /// Nodes that are down or paused.
    still: Set<NodeId>,
    /// Sender and receiver of each link that is cut.
    cut: Set<(NodeId, NodeId)>,
    /// The cut or the heal since which no client has shown that it is still linked to anybody.
    doubted: Option<EventId>,
    /// The servers that can lead: those that are up and, with those that they reach both ways, a majority. All voters as long
    /// as nothing fails.
    able: Set<NodeId>,
}

/// What an event does to the majority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Nothing.
    None,
    /// Something fails or is mended: what becomes of the majority may be seen later. Until a client shows that it is linked, all
    /// that happens belongs to the cut or the heal before.
    Begins,
    /// Links or servers are found to be of use no more, or again.
    Seen,
}

impl Majority {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        let nodes = [&self.voters, &self.clients, &self.still, &self.able];
        all_held(nodes, by) + self.cut.held(by)
    }

    /// Takes in an event.
    pub fn observe(&mut self, id: EventId, event: &Event) -> Change {
        let change = self.apply(id, event);
        if change != Change::None {
            self.look_again();
        }
        change
    }

    /// Whether this client can be served whoever leads: some server can, and no cut is known on the way to any that can. Where
    /// nobody votes, no majority is asked for.
    ///
    /// One that can lead may do so although the client reaches only others that could: with a *bridge* between two halves,
    /// each half and the bridge are a majority. No protocol that has a leader serves the client then.
    pub fn serves(&self, client: NodeId) -> bool {
        let reaches = |server: &NodeId| self.are_linked(client, *server);
        self.voters.is_empty() || !self.able.is_empty() && self.able.iter().all(reaches)
    }

    /// Whether any client can be served.
    pub fn serves_any(&self) -> bool {
        self.clients.iter().any(|client| self.serves(*client))
    }

    /// Whether every client can be served.
    pub fn serves_all(&self) -> bool {
        self.clients.iter().all(|client| self.serves(*client))
    }

    fn apply(&mut self, id: EventId, event: &Event) -> Change {
        let (from, to) = (event.peer, event.node);
        let was_doubted = self.doubted.is_some();
        match event.kind {
            EventKind::Fact => return seen(self.meets(event)),
            EventKind::Deliver => {
                let is_clients = self.clients.contains(&from) || self.clients.contains(&to);
                self.doubted
                    .take_if(|since| is_clients && *since < event.cause);
                return seen(!self.cut.is_empty() && self.cut.remove(&(from, to)));
            }
            EventKind::Held => return seen(self.cut.insert((from, to))),
            EventKind::Lost => {
                let why = event.detail().map(|lost: Lost| lost.why);
                return seen(why == Some(Loss::Cut) && self.cut.insert((from, to)));
            }
            EventKind::Crash | EventKind::Pause => {
                self.still.insert(event.node);
            }
            EventKind::Restart | EventKind::Resume => {
                self.still.remove(&event.node);
            }
            EventKind::Network => match event.detail() {
                Some(NetworkChange::Cut { .. }) => self.doubted = self.doubted.or(Some(id)),
                Some(NetworkChange::Heal { .. }) => {
                    // What is still cut will be seen again.
                    self.cut.clear();
                    self.doubted = self.doubted.or(Some(id));
                }
                _ => return Change::None,
            },
            _ => return Change::None,
        }
        if was_doubted {
            Change::Seen
        } else {
            Change::Begins
        }
    }

    /// Whether a node is seen as what it is for the first time.
    fn meets(&mut self, event: &Event) -> bool {
        let node = event.node;
        if self.voters.contains(&node) || self.clients.contains(&node) {
            return false;
        }
        match event.fact() {
            Some(Fact::Voted { .. } | Fact::Leads { .. } | Fact::Logged { .. }) => {
                self.voters.insert(node)
            }
            Some(Fact::Invoked { .. }) => self.clients.insert(node),
            _ => false,
        }
    }

    fn look_again(&mut self) {
        let mut up = self.voters.clone();
        up.retain(|server| !self.still.contains(server));
        let mut able = up.clone();
        able.retain(|server| {
            let reached = up.iter().filter(|other| self.are_linked(*server, **other));
            2 * reached.count() > self.voters.len()
        });
        self.able = able;
    }

    fn are_linked(&self, one: NodeId, other: NodeId) -> bool {
        !self.cut.contains(&(one, other)) && !self.cut.contains(&(other, one))
    }
}

fn seen(is_new: bool) -> Change {
    if is_new { Change::Seen } else { Change::None }
}
