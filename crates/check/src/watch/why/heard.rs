//! What follows from an event, and which nodes it had reached when.

use sim::sorted::{Map, Set};
use sim::trace::{Event, EventKind, Events, Fact};
use sim::{EventId, NodeId};

/// Messages of one story, and what became of them.
pub(super) struct Heard {
    messages: Vec<Message>,
}

struct Message {
    sending: EventId,
    to: NodeId,
    kind: u8,
    delivery: Option<EventId>,
    loss: Option<EventId>,
}

/// A message that should have told a node something.
pub(super) struct Missing {
    /// The event of its sending.
    pub sending: EventId,
    /// How it was lost, if it was, and how else the same story was lost.
    pub lost: Option<(EventId, Vec<EventId>)>,
}

impl Heard {
    /// The messages that follow from what was done at `origin`, but for what other operations do.
    pub fn of(trace: Events<'_>, origin: EventId) -> Heard {
        let elsewhere = other_operations(trace, origin);
        let mut follows = vec![false; trace.len() - origin.index()];
        follows[0] = true;
        let is_part = |id: EventId, event: &Event| {
            let cause = event.cause;
            let is_later = cause != EventId::NONE && cause >= origin;
            let part = is_later && follows[(cause.0 - origin.0) as usize];
            let part = part && !elsewhere.contains(&cause);
            if let Some(place) = id.0.checked_sub(origin.0).filter(|place| *place > 0) {
                follows[place as usize] = part;
            }
            part
        };
        Heard::gather(trace, origin, is_part)
    }

    /// What a node said to another one before `end`.
    pub fn from_to(trace: Events<'_>, from: NodeId, to: NodeId, end: EventId) -> Heard {
        let between = |_: EventId, event: &Event| event.node == from && event.peer == to;
        Heard::gather(trace.take(end.index()), EventId(0), between)
    }

    fn gather(
        trace: Events<'_>,
        since: EventId,
        mut is_part: impl FnMut(EventId, &Event) -> bool,
    ) -> Heard {
        let mut messages: Vec<Message> = Vec::new();
        let mut places: Map<EventId, usize> = Map::new();
        for (id, event) in (since.0..)
            .map(EventId)
            .zip(trace.skip(since.index()).iter())
        {
            if is_part(id, event) && event.kind == EventKind::Send {
                places.insert(id, messages.len());
                messages.push(Message {
                    sending: id,
                    to: event.peer,
                    kind: event.code,
                    delivery: None,
                    loss: None,
                });
            }
            let (is_delivered, is_lost) = (
                event.kind == EventKind::Deliver,
                event.kind == EventKind::Lost,
            );
            if !is_delivered && !is_lost {
                continue;
            }
            let Some(message) = places.get(&event.cause).map(|place| &mut messages[*place]) else {
                continue;
            };
            let became = if is_delivered {
                &mut message.delivery
            } else {
                &mut message.loss
            };
            became.get_or_insert(id);
        }
        Heard { messages }
    }

    /// What `node` should have heard before it acted, and what would have been news to it.
    pub fn missing(&self, node: NodeId, act: EventId) -> Option<Missing> {
        let to_node = || self.messages.iter().filter(|message| message.to == node);
        let had_come =
            |message: &&Message| message.delivery.is_some_and(|delivery| delivery <= act);
        let known = to_node()
            .filter(had_come)
            .map(|message| message.sending)
            .max();
        let news = |message: &&Message| {
            message.sending < act && known.is_none_or(|known| message.sending > known)
        };
        let under_way = || to_node().filter(news).filter(|message| !had_come(message));
        // A node that has heard a part of the story will hear the rest in time; then only a loss is to blame.
        let late = || under_way().next().filter(|_| known.is_none());
        lost(under_way()).or_else(|| {
            late().map(|message| Missing {
                sending: message.sending,
                lost: None,
            })
        })
    }

    /// Leaves out messages.
    pub fn forget(&mut self, is_forgotten: impl Fn(EventId) -> bool) {
        self.messages
            .retain(|message| !is_forgotten(message.sending));
    }

    /// The first message that has not been heard and was sent after all messages of its kind that have been heard: what
    /// a node that listens for them misses.
    pub fn overdue(&self) -> Option<Missing> {
        let is_overdue = |message: &&Message| {
            let heard = self
                .messages
                .iter()
                .filter(|other| other.delivery.is_some());
            message.delivery.is_none()
                && heard
                    .filter(|other| other.kind == message.kind)
                    .all(|other| other.sending < message.sending)
        };
        let message = self.messages.iter().find(is_overdue)?;
        Some(Missing {
            sending: message.sending,
            lost: message.loss.map(|loss| (loss, Vec::new())),
        })
    }

    /// All messages that were lost, whichever node should have heard them.
    pub fn all_lost(&self) -> Option<Missing> {
        lost(self.messages.iter())
    }

    /// The messages that were delivered: where each was sent, and where it arrived.
    pub fn deliveries(&self) -> impl Iterator<Item = (EventId, EventId)> {
        let messages = self.messages.iter();
        messages.filter_map(|message| Some((message.sending, message.delivery?)))
    }

    /// The sending of the latest message that was heard.
    pub fn latest_heard(&self) -> Option<EventId> {
        let heard = self
            .messages
            .iter()
            .filter(|message| message.delivery.is_some());
        heard.map(|message| message.sending).max()
    }
}

fn lost<'m>(messages: impl Iterator<Item = &'m Message>) -> Option<Missing> {
    let mut lost = messages
        .filter(|message| message.delivery.is_none())
        .filter_map(|message| Some((message.sending, message.loss?)));
    let (sending, loss) = lost.next()?;
    let others = lost.map(|(_, loss)| loss).collect();
    Some(Missing {
        sending,
        lost: Some((loss, others)),
    })
}

/// The events with which other operations begin than the one that begins at `origin`.
fn other_operations(trace: Events<'_>, origin: EventId) -> Set<EventId> {
    let later = trace.skip(origin.index());
    let facts = later.iter();
    let begun = facts.filter(|event| matches!(event.fact(), Some(Fact::Invoked { .. })));
    begun
        .map(|event| event.cause)
        .filter(|cause| *cause != origin)
        .collect()
}
