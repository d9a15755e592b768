//! What happened before what: Lamport's order, kept up as the trace goes by.

use sim::sorted::Map;
use std::sync::Arc;

use sim::protocol::NTP_KIND;
use sim::trace::{Event, EventKind};
use sim::{EventId, NodeId};

/// A place in the order: a node and how many of its events had happened then, and what was known there of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Moment {
    node: NodeId,
    known: Arc<[u32]>,
}

/// Vector clocks of all nodes (Mattern, *Virtual time and global states of distributed systems*, 1988), told from the
/// trace alone: every event of a node follows the one before it, and a delivery follows its sending.
#[derive(Clone, Debug, Default)]
pub(super) struct Causality {
    /// For each node, how many events of each node are known there.
    known: Vec<Vec<u32>>,
    /// What was known where a message was sent, and how many copies of it are on their way.
    sent: Map<EventId, (Arc<[u32]>, u32)>,
}

impl Causality {
    /// Takes in the next event.
    pub fn observe(&mut self, id: EventId, event: &Event) {
        match event.kind {
            // Who asks another for the time learns nothing else of it.
            EventKind::Send if event.code == NTP_KIND => {}
            EventKind::Send => {
                self.tick(event.node);
                let known = self.moment(event.node).known;
                self.sent.insert(id, (known, 1));
            }
            EventKind::Duplicate => {
                if let Some((_, copies)) = self.sent.get_mut(&event.cause) {
                    *copies += 1;
                }
            }
            EventKind::Lost => {
                self.take(event.cause);
            }
            EventKind::Deliver => {
                let known = self.take(event.cause);
                self.learn(event.node, &known);
                self.tick(event.node);
            }
            EventKind::Fact => self.tick(event.node),
            _ => {}
        }
    }

    /// The place in the order of the latest event of `node`.
    pub fn moment(&self, node: NodeId) -> Moment {
        let known = self.known.get(node.index());
        Moment {
            node,
            known: known.map_or_else(Arc::default, |known| known.as_slice().into()),
        }
    }

    fn take(&mut self, sending: EventId) -> Arc<[u32]> {
        let Some((known, copies)) = self.sent.get_mut(&sending) else {
            return Arc::default();
        };
        let known = known.clone();
        *copies -= 1;
        if *copies == 0 {
            self.sent.remove(&sending);
        }
        known
    }

    fn own(&mut self, node: NodeId) -> &mut Vec<u32> {
        if self.known.len() <= node.index() {
            self.known.resize(node.index() + 1, Vec::new());
        }
        &mut self.known[node.index()]
    }

    fn tick(&mut self, node: NodeId) {
        let known = self.own(node);
        if known.len() <= node.index() {
            known.resize(node.index() + 1, 0);
        }
        known[node.index()] += 1;
    }

    fn learn(&mut self, node: NodeId, others: &[u32]) {
        let known = self.own(node);
        if known.len() < others.len() {
            known.resize(others.len(), 0);
        }
        for (count, other) in known.iter_mut().zip(others) {
            *count = (*count).max(*other);
        }
    }
}

impl Moment {
    /// Whether this one happened before `other`: whether whoever was there could know of it.
    pub fn is_before(&self, other: &Moment) -> bool {
        let count = |moment: &Moment| moment.known.get(self.node.index()).copied().unwrap_or(0);
        if self.node == other.node {
            return count(self) < count(other);
        }
        count(self) > 0 && count(self) <= count(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::trace::Fact;
    use sim::{MessageId, SimTime};

    fn event(kind: EventKind, node: u16, cause: EventId) -> Event {
        let fact = Fact::Shown { item: 0, after: -1 };
        Event {
            kind,
            cause,
            message: MessageId::default(),
            ..Event::of_fact(SimTime::ZERO, NodeId(node), fact)
        }
    }

    #[test]
    fn a_message_carries_what_its_sender_knew_and_no_more() {
        let mut causality = Causality::default();
        let mut count = 0;
        let mut happen = |kind, node, cause| {
            causality.observe(EventId(count), &event(kind, node, cause));
            count += 1;
            causality.moment(NodeId(node))
        };
        let cause = happen(EventKind::Fact, 0, EventId::NONE);
        let sending = happen(EventKind::Send, 0, EventId::NONE);
        let later = happen(EventKind::Fact, 0, EventId::NONE);
        let apart = happen(EventKind::Fact, 1, EventId::NONE);
        happen(EventKind::Duplicate, 0, EventId(1));
        happen(EventKind::Deliver, 1, EventId(1));
        let effect = happen(EventKind::Fact, 1, EventId::NONE);
        happen(EventKind::Deliver, 2, EventId(1));
        let twin = happen(EventKind::Fact, 2, EventId::NONE);

        assert!(cause.is_before(&sending) && sending.is_before(&effect));
        assert!(cause.is_before(&effect) && cause.is_before(&twin));
        assert!(!effect.is_before(&cause) && !later.is_before(&effect));
        assert!(!apart.is_before(&cause) && !cause.is_before(&apart));
        assert!(apart.is_before(&effect) && !apart.is_before(&twin));
        assert!(!cause.is_before(&cause));
    }

    #[test]
    fn a_message_that_was_lost_carries_nothing_and_takes_no_memory() {
        let mut causality = Causality::default();
        causality.observe(EventId(0), &event(EventKind::Send, 0, EventId::NONE));
        causality.observe(EventId(1), &event(EventKind::Lost, 1, EventId(0)));
        assert!(causality.sent.is_empty());
        causality.observe(EventId(2), &event(EventKind::Fact, 1, EventId::NONE));
        let (first, second) = (causality.moment(NodeId(0)), causality.moment(NodeId(1)));
        assert!(!first.is_before(&second));
    }
}
