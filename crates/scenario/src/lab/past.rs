//! What was before an event and decides how it is told.

use sim::trace::{DiskChange, Event, EventKind, Events, Fact};

/// So many events back a cause is looked for at one node: what it handled may have waited for a disk or a timer meanwhile.
const MOST_CAUSES: usize = 16;

/// Whether a wire changed what an event is about: the number that it tells of, or a message that led to it.
pub(super) fn is_corrupted(events: Events<'_>, place: usize) -> bool {
    match events[place].fact() {
        Some(Fact::Returned { value, .. }) => came_with_a_delivery(events.take(place), value),
        _ => has_come_corrupted(events, place),
    }
}

/// Whether a number was first seen in a message that was delivered, and not in one that was sent.
fn came_with_a_delivery(before: Events<'_>, number: i64) -> bool {
    let says = |event: &&Event| event.gist().is_some_and(|gist| gist.args.contains(&number));
    let first = before.iter().find(says);
    first.is_some_and(|event| event.kind == EventKind::Deliver)
}

/// Whether one of the messages that led to an event, one after the other, did not say what was sent.
fn has_come_corrupted(events: Events<'_>, place: usize) -> bool {
    let cause = |event: &Event| event.cause.some().and_then(|id| events.get(id.index()));
    let (mut at, mut waits) = (&events[place], 0);
    while let Some(before) = cause(at) {
        let is_delivery = at.kind == EventKind::Deliver;
        if is_delivery && before.gist().is_some() && before.gist() != at.gist() {
            return true;
        }
        waits = if is_delivery { 0 } else { waits + 1 };
        if waits > MOST_CAUSES {
            return false;
        }
        at = before;
    }
    false
}

/// Whether the disk of an event's node was wiped since the node crashed last.
pub(super) fn is_wiped(events: Events<'_>, place: usize) -> bool {
    let node = events[place].node;
    let before = events.take(place);
    let mut of_node = before.iter().rev().filter(|event| event.node == node);
    let last = of_node
        .find(|event| event.kind == EventKind::Crash || event.detail() == Some(DiskChange::Wiped));
    last.is_some_and(|event| event.kind == EventKind::Disk)
}
