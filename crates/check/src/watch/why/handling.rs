//! What an event belongs to: the handling of something, an operation, and a message.

use sim::EventId;
use sim::protocol::Gist;
use sim::trace::{Event, EventKind, Events, Fact};

/// The event in whose handling a fact was put on record; any other event itself.
pub(super) fn handler(trace: Events<'_>, id: EventId) -> EventId {
    let event = &trace[id.index()];
    let is_fact = event.kind == EventKind::Fact;
    event.cause.some().filter(|_| is_fact).unwrap_or(id)
}

/// The operation that an event is about, if it is a fact about one.
pub(super) fn operation(trace: Events<'_>, id: EventId) -> Option<u32> {
    trace[id.index()].fact()?.operation()
}

/// The event in whose handling an operation was asked for, not after `last`.
pub(super) fn invoked(trace: Events<'_>, last: EventId, wanted: u32) -> Option<EventId> {
    let mut back = (0..=last.0).rev().map(EventId);
    let asked = back.find(|id| {
        matches!(trace[id.index()].fact(), Some(Fact::Invoked { operation, .. }) if operation == wanted)
    })?;
    Some(handler(trace, asked))
}

/// What the message says that an event is about: what arrives can differ from what was sent.
pub(super) fn said(trace: Events<'_>, event: &Event) -> Option<Gist> {
    let sending = || trace.get(event.cause.some()?.index())?.gist();
    event.gist().or_else(sending)
}
