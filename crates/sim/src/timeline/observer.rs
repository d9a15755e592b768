//! What watches a run on a timeline.

use crate::collections::held::Measure;
use crate::id::{EventId, NodeId};
use crate::protocol::CopyOf;
use crate::time::SimTime;
use crate::trace::Event;

/// What a node holds of what clients wrote, if it keeps copies: its state, and not what it has put on record.
pub type Copies<'a> = dyn Fn(NodeId) -> Option<Vec<CopyOf>> + 'a;

/// Something that watches a run event by event, such as a check. It is part of a keyframe.
pub trait Observer: Clone {
    /// Takes in the next event of the trace.
    fn observe(&mut self, id: EventId, event: &Event);

    /// The run is over at `end`, and its last event is `latest`: what is too late in a system that has fallen silent could
    /// not be found otherwise, since no event comes after it.
    ///
    /// Only here it sees what nodes hold: looking costs as much as all that, so at each event it would cost more the longer
    /// the run.
    fn end(&mut self, latest: EventId, end: SimTime, copies: &Copies<'_>);

    /// The events at which something was found to be wrong, in order.
    fn violations(&self) -> Vec<EventId>;

    /// How much it has had to work beside taking in events, in steps of some 100 ns: a call that goes on for a stride ends
    /// sooner for it. Copies go on counting from where they were made.
    fn work(&self) -> u64 {
        0
    }

    /// Bytes that it takes on the heap: they count against the run's budget of memory.
    fn held(&self, by: Measure) -> usize;

    /// Gives up what takes most memory, because the run has outgrown its budget. Returns whether there was such a thing.
    fn give_up(&mut self) -> bool;
}

/// Watches nothing.
impl Observer for () {
    fn observe(&mut self, _: EventId, _: &Event) {}

    fn end(&mut self, _: EventId, _: SimTime, _: &Copies<'_>) {}

    fn violations(&self) -> Vec<EventId> {
        Vec::new()
    }

    fn held(&self, _: Measure) -> usize {
        0
    }

    fn give_up(&mut self) -> bool {
        false
    }
}
