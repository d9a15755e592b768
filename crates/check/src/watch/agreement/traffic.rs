//! Messages between servers that fail to arrive in time.

use sim::held::{Held, Measure};
use sim::sorted::{Passing, Set};
use sim::trace::{Event, EventKind, Fact, Loss, Lost};
use sim::{EventId, NodeId, SimDuration, SimTime};

/// The messages between servers that are on their way. A server is a node that has voted, led, or kept a log.
///
/// What a cut or a standstill of its receiver does to a message is part of that fault, and told with it.
#[derive(Clone, Debug)]
pub(super) struct Traffic {
    /// How long a message may take.
    late: SimDuration,
    servers: Set<NodeId>,
    /// By the event of its sending: only the first copy of each counts.
    under_way: Passing<EventId, Sent>,
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    at: SimTime,
    to: NodeId,
    /// What was sent: its kind, and its numbers.
    says: (u8, [i64; 3]),
}

impl Traffic {
    /// No messages yet. One that takes longer than this is late.
    pub fn new(late: SimDuration) -> Traffic {
        Traffic {
            late,
            servers: Set::new(),
            under_way: Passing::default(),
        }
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.servers.held(by) + self.under_way.held(by)
    }

    /// Takes in an event; `is_hindered` says whether a node stands still or is slow after it. Whether a message fails with it:
    /// it is lost, or arrives late or altered.
    pub fn fails(
        &mut self,
        id: EventId,
        event: &Event,
        is_hindered: impl Fn(NodeId) -> bool,
    ) -> bool {
        match event.kind {
            EventKind::Send => {
                let (from, to) = (event.node, event.peer);
                if self.are_servers(from, to) && !is_hindered(from) && !is_hindered(to) {
                    self.under_way.insert(id, Sent::by(event));
                }
                false
            }
            EventKind::Deliver => {
                let sent = self.under_way.remove(&event.cause);
                sent.is_some_and(|sent| {
                    sent.is_late(event.time, self.late) || sent.says != Sent::by(event).says
                })
            }
            EventKind::Lost => {
                self.under_way.remove(&event.cause);
                let why = event.detail().map(|lost: Lost| lost.why);
                let is_of_a_fault = matches!(
                    why,
                    Some(Loss::Cut | Loss::ReceiverDown | Loss::ReceiverCrashed)
                );
                !is_of_a_fault && self.are_servers(event.node, event.peer)
            }
            EventKind::Held => {
                self.under_way.remove(&event.cause);
                false
            }
            EventKind::Crash | EventKind::Pause | EventKind::Limp => {
                self.under_way.retain(|sent| sent.to != event.node);
                false
            }
            EventKind::Fact => {
                self.meets(event);
                false
            }
            _ => false,
        }
    }

    /// Whether a message is late at this moment, and still on its way.
    pub fn is_late(&self, now: SimTime) -> bool {
        let oldest = self.under_way.first();
        oldest.is_some_and(|sent| sent.is_late(now, self.late))
    }

    fn meets(&mut self, event: &Event) {
        if !self.servers.contains(&event.node) && is_server(event) {
            self.servers.insert(event.node);
        }
    }

    fn are_servers(&self, one: NodeId, other: NodeId) -> bool {
        self.servers.contains(&one) && self.servers.contains(&other)
    }
}

/// Whether a node votes, leads or keeps a log in this event.
fn is_server(event: &Event) -> bool {
    matches!(
        event.fact(),
        Some(Fact::Voted { .. } | Fact::Leads { .. } | Fact::Logged { .. })
    )
}

impl Sent {
    fn by(event: &Event) -> Sent {
        Sent {
            at: event.time,
            to: event.peer,
            says: (event.code, event.numbers()),
        }
    }

    fn is_late(&self, now: SimTime, late: SimDuration) -> bool {
        self.at + late < now
    }
}
