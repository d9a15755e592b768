//! What watches a run on a timeline.

use crate::id::EventId;
use crate::trace::Event;

/// Something that watches a run event by event, such as a check. It is part of a keyframe.
pub trait Observer: Clone {
    /// Takes in the next event of the trace.
    fn observe(&mut self, id: EventId, event: &Event);

    /// The events at which something was found to be wrong, in order.
    fn violations(&self) -> Vec<EventId>;

    /// Bytes of memory that a copy takes, roughly: it counts against the keyframes' budget.
    fn bytes(&self) -> usize {
        0
    }
}

/// Watches nothing.
impl Observer for () {
    fn observe(&mut self, _: EventId, _: &Event) {}

    fn violations(&self) -> Vec<EventId> {
        Vec::new()
    }
}
