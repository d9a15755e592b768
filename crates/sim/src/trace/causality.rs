//! What happened before what, from the trace alone.
//!
//! One event happened before another if both are of one node and in that order, or if the first is a message's sending
//! and the second its handling, or by any chain of these (Lamport, *Time, clocks, and the ordering of events in a
//! distributed system*, CACM 21(7), 1978). Whatever else the trace says is done by the world to messages and links: it
//! follows from the sending that caused it, and nothing follows from it.
//!
//! Vector clocks are Fidge's and Mattern's (Mattern, *Virtual time and global states of distributed systems*, 1988): an
//! event's clock says how many events of each node happened before it or are it. A node's clock grows by itself but for
//! the moments at which it hears of others, so only those moments are kept: a trace of n events on k nodes takes about
//! 12 bytes an event and 4 k bytes a delivery.

use std::ops::Range;

use crate::collections::sorting::sort;
use crate::id::{EventId, NodeId};
use crate::trace::{Event, EventKind, Events};

/// The order of a trace's events. It can grow with the trace.
#[derive(Clone, Debug, Default)]
pub struct Causality {
    nodes: usize,
    events: Vec<Place>,
    /// The events of each node, in order.
    lines: Vec<Vec<EventId>>,
    /// What a node knew of all others each time it heard of them: rows of one number a node.
    rows: Vec<u32>,
    /// The row that each node is at.
    row_of: Vec<u32>,
}

/// Where an event stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    node: NodeId,
    /// How many events of its node there are up to it; 0 for what is not done by a node.
    count: u32,
    /// The row in force at it; for what is not done by a node, the event that caused it.
    row: u32,
    lamport: u32,
}

/// How two events stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// They are the same event.
    Same,
    /// The first happened before the second.
    Before,
    /// The second happened before the first.
    After,
    /// Neither happened before the other: no message could have told either of the other.
    Concurrent,
}

impl Causality {
    /// The order of `events`, which must be a trace from its beginning, among so many nodes.
    pub fn of(nodes: u16, events: Events<'_>) -> Causality {
        let mut causality = Causality {
            nodes: nodes.into(),
            events: Vec::new(),
            lines: vec![Vec::new(); nodes.into()],
            rows: vec![0; nodes.into()],
            row_of: vec![0; nodes.into()],
        };
        causality.extend(events);
        causality
    }

    /// How many events it knows.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether it knows no event.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Takes in the rest of a longer trace, which begins with what is known.
    pub fn extend(&mut self, trace: Events<'_>) {
        let known = self.events.len();
        for (id, event) in (known as u32..).zip(trace.skip(known).iter()) {
            let place = if is_done_by_a_node(event) {
                self.place_on_line(EventId(id), event)
            } else {
                self.place_beside(event)
            };
            self.events.push(place);
        }
    }

    /// How two events stand to each other.
    ///
    /// # Panics
    ///
    /// If it does not know both; the same for all that follows.
    pub fn order(&self, a: EventId, b: EventId) -> Order {
        if a == b {
            Order::Same
        } else if self.happened_before(a, b) {
            Order::Before
        } else if self.happened_before(b, a) {
            Order::After
        } else {
            Order::Concurrent
        }
    }

    /// Whether `a` happened before `b`.
    pub fn happened_before(&self, a: EventId, b: EventId) -> bool {
        let (first, second) = (self.place(a), self.place(b));
        if a == b || first.count == 0 {
            return false;
        }
        if second.count == 0 {
            // It follows from what caused it, and from all that happened before that.
            let cause = EventId(second.row);
            return cause == a || cause != EventId::NONE && self.happened_before(a, cause);
        }
        self.component(second, first.node.index()) >= first.count
    }

    /// The event's Lamport clock: one more than the largest of what happened right before it.
    pub fn lamport(&self, event: EventId) -> u32 {
        self.place(event).lamport
    }

    /// The event's vector clock: of each node, how many events happened before it or are it.
    pub fn vector(&self, event: EventId) -> Vec<u32> {
        let place = self.place(event);
        if place.count > 0 {
            let components = 0..self.nodes;
            return components.map(|node| self.component(place, node)).collect();
        }
        match EventId(place.row).some() {
            Some(cause) => self.vector(cause),
            None => vec![0; self.nodes],
        }
    }

    /// All that happened before an event, in the order of the trace: its causes, as a cone.
    pub fn past(&self, event: EventId) -> Vec<EventId> {
        let vector = self.vector(event);
        let lines = self.lines.iter().zip(vector);
        let mut past: Vec<EventId> = lines
            .flat_map(|(line, count)| line[..count as usize].iter().copied())
            .filter(|other| *other != event)
            .collect();
        sort(&mut past);
        past
    }

    /// All that an event happened before, in the order of the trace: what it may have had a part in.
    pub fn future(&self, event: EventId) -> Vec<EventId> {
        let later = event.0 + 1..self.events.len() as u32;
        later
            .map(EventId)
            .filter(|other| self.happened_before(event, *other))
            .collect()
    }

    /// The events of a node, in order.
    pub fn line(&self, node: NodeId) -> &[EventId] {
        &self.lines[node.index()]
    }

    /// Bytes of memory that it takes, roughly.
    pub fn bytes(&self) -> usize {
        let lines: usize = self.lines.iter().map(Vec::len).sum();
        self.events.len() * size_of::<Place>()
            + lines * size_of::<EventId>()
            + self.rows.len() * size_of::<u32>()
    }

    fn place_on_line(&mut self, id: EventId, event: &Event) -> Place {
        let node = event.node.index();
        let before = self.lines[node]
            .last()
            .map_or(0, |last| self.lamport(*last));
        self.lines[node].push(id);
        let mut lamport = before + 1;
        if event.kind == EventKind::Deliver
            && let Some(sending) = event.cause.some()
        {
            lamport = lamport.max(self.lamport(sending) + 1);
            self.hear(node, sending);
        }
        Place {
            node: event.node,
            count: self.lines[node].len() as u32,
            row: self.row_of[node],
            lamport,
        }
    }

    fn place_beside(&self, event: &Event) -> Place {
        let cause = event.cause.some();
        Place {
            node: event.node,
            count: 0,
            row: event.cause.0,
            lamport: cause.map_or(0, |cause| self.lamport(cause)) + 1,
        }
    }

    /// A node hears of all that happened before `sending`.
    fn hear(&mut self, node: usize, sending: EventId) {
        let heard = self.vector(sending);
        let known = self.row(self.row_of[node]);
        let is_news = (0..self.nodes)
            .any(|other| other != node && heard[other] > self.rows[known.start + other]);
        if !is_news {
            return;
        }
        let next = (self.rows.len() / self.nodes) as u32;
        for (other, heard) in heard.into_iter().enumerate() {
            let known = self.rows[known.start + other];
            self.rows.push(known.max(heard));
        }
        self.row_of[node] = next;
    }

    fn place(&self, event: EventId) -> Place {
        self.events[event.index()]
    }

    /// How many events of a node happened before the event at `place` or are it.
    fn component(&self, place: Place, node: usize) -> u32 {
        if node == place.node.index() {
            place.count
        } else {
            self.rows[self.row(place.row).start + node]
        }
    }

    fn row(&self, row: u32) -> Range<usize> {
        let start = row as usize * self.nodes;
        start..start + self.nodes
    }
}

/// Whether an event is done by its node, or befalls it; what the world does to messages and links is not.
fn is_done_by_a_node(event: &Event) -> bool {
    !matches!(
        event.kind,
        EventKind::Lost
            | EventKind::Duplicate
            | EventKind::Queued
            | EventKind::Held
            | EventKind::Meddled
            | EventKind::Network
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::MessageId;
    use crate::time::SimTime;
    use crate::trace::Trace;

    fn event(node: u16, kind: EventKind, cause: Option<u32>) -> Event {
        Event {
            time: SimTime::ZERO,
            args: [0; 3],
            cause: cause.map_or(EventId::NONE, EventId),
            message: MessageId(0),
            node: NodeId(node),
            peer: NodeId(node),
            kind,
            code: 0,
        }
    }

    /// ```text
    /// n0  0 ──1────────────5
    ///          ╲
    /// n1        2 ──3
    ///                ╲
    /// n2  4           ─────6    7 is lost on the way from 3
    /// ```
    fn sample() -> Trace {
        let events = [
            event(0, EventKind::Start, None),
            event(0, EventKind::Send, Some(0)),
            event(1, EventKind::Deliver, Some(1)),
            event(1, EventKind::Send, Some(2)),
            event(2, EventKind::Start, None),
            event(0, EventKind::TimerFired, Some(0)),
            event(2, EventKind::Deliver, Some(3)),
            event(0, EventKind::Lost, Some(3)),
        ];
        events.into_iter().collect()
    }

    #[test]
    fn vectors_lamport_clocks_and_cones_agree_with_the_picture() {
        let causality = Causality::of(3, sample().events());
        let vectors: Vec<_> = (0..8).map(|id| causality.vector(EventId(id))).collect();
        assert_eq!(
            vectors,
            [
                [1, 0, 0],
                [2, 0, 0],
                [2, 1, 0],
                [2, 2, 0],
                [0, 0, 1],
                [3, 0, 0],
                [2, 2, 2],
                [2, 2, 0],
            ]
        );
        let lamport: Vec<_> = (0..8).map(|id| causality.lamport(EventId(id))).collect();
        assert_eq!(lamport, [1, 2, 3, 4, 1, 3, 5, 5]);
        let ids = |ids: &[u32]| ids.iter().copied().map(EventId).collect::<Vec<_>>();
        assert_eq!(causality.past(EventId(6)), ids(&[0, 1, 2, 3, 4]));
        assert_eq!(causality.past(EventId(7)), ids(&[0, 1, 2, 3]));
        assert_eq!(causality.future(EventId(2)), ids(&[3, 6, 7]));
        assert_eq!(causality.order(EventId(1), EventId(6)), Order::Before);
        assert_eq!(causality.order(EventId(3), EventId(0)), Order::After);
        assert_eq!(causality.order(EventId(5), EventId(6)), Order::Concurrent);
        assert_eq!(causality.order(EventId(7), EventId(6)), Order::Concurrent);
    }

    #[test]
    fn it_grows_with_the_trace() {
        let trace = sample();
        let mut grown = Causality::of(3, trace.events().take(3));
        grown.extend(trace.events());
        let whole = Causality::of(3, trace.events());
        for id in (0..8).map(EventId) {
            assert_eq!(grown.vector(id), whole.vector(id));
            assert_eq!(grown.lamport(id), whole.lamport(id));
        }
    }
}
