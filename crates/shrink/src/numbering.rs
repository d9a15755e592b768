//! Which message a fault is about, in words that outlast a change of the run: the third one from alice to bank. The names that a
//! run gives its messages are numbers in the order of their sending, so that one message less gives others to all that
//! follow.

use sim::sorted::Map;
use sim::trace::{Event, EventKind};
use sim::{EventId, NodeId};

/// A message of a run, or one more copy of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Its sender.
    pub from: NodeId,
    /// Its receiver.
    pub to: NodeId,
    /// How many the sender sent to the receiver before it.
    pub number: u32,
    /// Which copy: 0 is the original.
    pub copy: u32,
}

impl Place {
    /// Of a message that no run is known to send.
    pub const UNKNOWN: Place = Place {
        from: NodeId(u16::MAX),
        to: NodeId(u16::MAX),
        number: 0,
        copy: 0,
    };
}

/// Gives messages their places as they are sent and copied.
#[derive(Default)]
pub(crate) struct Numbering {
    sent: Map<(NodeId, NodeId), u32>,
    /// Each message by its sending, in order, with how many copies of it there are.
    messages: Vec<(EventId, Place)>,
}

impl Numbering {
    /// The place of the message that is sent or copied in this event, if one is.
    pub fn observe(&mut self, id: EventId, event: &Event) -> Option<Place> {
        match event.kind {
            EventKind::Send => Some(self.sent(id, event)),
            EventKind::Duplicate => self.copied(event.cause),
            _ => None,
        }
    }

    fn sent(&mut self, id: EventId, event: &Event) -> Place {
        let (from, to) = (event.node, event.peer);
        let number = self.sent.get(&(from, to)).copied().unwrap_or(0);
        self.sent.insert((from, to), number + 1);
        let place = Place {
            from,
            to,
            number,
            copy: 0,
        };
        self.messages.push((id, place));
        place
    }

    fn copied(&mut self, sending: EventId) -> Option<Place> {
        let found = self.messages.binary_search_by_key(&sending, |(id, _)| *id);
        let (_, latest) = &mut self.messages[found.ok()?];
        latest.copy += 1;
        Some(*latest)
    }
}
