//! What is lit when an event is selected.

use scenario::Run;
use sim::EventId;

/// An event with the chain of its causes, and all that it caused.
pub(super) fn lit(run: &Run, event: EventId) -> Vec<EventId> {
    const MOST: usize = 2000;
    /// Of an event's effects those are lit that come among so many later events.
    const LOOKED_AHEAD: usize = 200_000;
    let events = run.timeline().events();
    let mut lit = Vec::new();
    let mut cause = (event.index() < events.len()).then_some(event);
    while let Some(id) = cause.filter(|_| lit.len() < MOST) {
        lit.push(id);
        cause = events[id.index()].cause.some();
    }
    lit.reverse();
    let later = events.skip(event.index() + 1).take(LOOKED_AHEAD);
    for (later, place) in later.iter().zip(event.0 + 1..) {
        if lit.len() >= MOST {
            break;
        }
        // Only what the event itself caused: its causes have had other effects too.
        let cause = later.cause;
        if cause >= event && lit.binary_search(&cause).is_ok() {
            lit.push(EventId(place));
        }
    }
    lit
}
