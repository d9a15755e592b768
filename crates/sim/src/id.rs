//! Names of the things in a run: small integers of a fixed width, the same on every machine.

use std::fmt;

/// A node, numbered from 0 in the order of the scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u16);

/// One copy of a message, numbered from 0 in the order in which copies were put on the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

/// An event of the trace, numbered from 0 in the order in which events happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u32);

impl NodeId {
    /// Where this node stands in a list of all nodes.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl EventId {
    /// No event: the cause of what nothing in the run caused.
    pub const NONE: EventId = EventId(u32::MAX);

    /// This event, or nothing for [`EventId::NONE`].
    pub fn some(self) -> Option<EventId> {
        (self != EventId::NONE).then_some(self)
    }

    /// Where this event stands in the trace.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", self.0 + 1)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m{}", self.0)
    }
}
