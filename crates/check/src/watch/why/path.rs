//! How an event came about: its cause, the cause of that, and so on.

use sim::sorted::Map;
use sim::trace::{EventKind, Events};
use sim::{EventId, NodeId};

use super::handling::handler;

/// A path of causes.
pub(super) struct Path {
    /// From the last one back: each is later than the next.
    events: Vec<EventId>,
    /// Where the operation that it ends begins, or its first event.
    begin: EventId,
}

/// A step of a path: a message's way, or a wait at a node.
pub(super) struct Hop {
    /// The event at which it begins.
    pub from: EventId,
    /// The event at which it ends.
    pub to: EventId,
}

impl Path {
    /// The way to `end` from where its operation begins, and from before `earliest`, if there are such.
    pub fn back(
        trace: Events<'_>,
        end: EventId,
        begin: Option<EventId>,
        earliest: Option<EventId>,
    ) -> Path {
        let far = begin.into_iter().chain(earliest).min().unwrap_or(end);
        let mut events = vec![end];
        let mut at = end;
        while at > far
            && let Some(cause) = trace[at.index()].cause.some()
        {
            events.push(cause);
            at = cause;
        }
        Path {
            events,
            begin: begin.unwrap_or(at),
        }
    }

    /// Whether an event is on it.
    pub fn contains(&self, id: EventId) -> bool {
        self.events.binary_search_by(|on_it| id.cmp(on_it)).is_ok()
    }

    /// Whether an event is on it, and part of the operation that it ends.
    pub fn has(&self, id: EventId) -> bool {
        id >= self.begin && self.contains(id)
    }

    /// Its hops, the last one first.
    pub fn hops(&self) -> impl Iterator<Item = Hop> {
        self.events.windows(2).map(|pair| Hop {
            from: pair[1],
            to: pair[0],
        })
    }

    /// The last event of each node on it, in the order of the nodes.
    pub fn acts(&self, trace: Events<'_>) -> impl Iterator<Item = (NodeId, EventId)> {
        let mut acts: Map<NodeId, EventId> = Map::new();
        for &id in self.events.iter().filter(|id| **id >= self.begin) {
            let node = trace[id.index()].node;
            if acts.get(&node).is_none_or(|known| *known < id) {
                acts.insert(node, id);
            }
        }
        acts.into_iter()
    }

    /// The messages of the operation that it ends, sent or delivered after the first of `others` that it does not contain.
    pub fn messages(&self, trace: Events<'_>, others: &[EventId]) -> Vec<EventId> {
        let apart = others
            .iter()
            .copied()
            .filter(|&other| !self.has(other) && !self.has(handler(trace, other)));
        let since = apart.min().unwrap_or(EventId::NONE);
        let is_of_it = |hop: &Hop| hop.from >= self.begin && hop.is_message(trace);
        let hops = self.hops().filter(is_of_it);
        let late = hops.filter(|hop| hop.to > since);
        late.flat_map(|hop| [hop.from, hop.to]).collect()
    }
}

impl Hop {
    /// Whether it is a message's way.
    pub fn is_message(&self, trace: Events<'_>) -> bool {
        trace[self.to.index()].kind == EventKind::Deliver
            && trace[self.from.index()].kind == EventKind::Send
    }
}
