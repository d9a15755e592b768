//! A replica that may have lost writes that it accepted: its disk may have been replaced.

use sim::NodeId;
use sim::held::{Held, Measure};
use sim::sorted::Set;

/// A replica whose disk has none of its own writes, or a gap before them, or says so itself, does not know how many it has
/// accepted. It accepts none until all others have told, so that no two writes get the same number.
#[derive(Clone, Debug)]
pub struct Lost {
    unheard: Set<NodeId>,
    /// How many of its writes it or another replica knows.
    accepted: u32,
}

impl Lost {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.unheard.held(by)
    }

    /// None of the others has told yet; the replica itself knows of so many of its writes.
    pub fn new(others: &[NodeId], accepted: u32) -> Lost {
        Lost {
            unheard: others.iter().copied().collect(),
            accepted,
        }
    }

    /// Another replica tells how many of the writes it knows.
    pub fn hear(&mut self, from: NodeId, accepted: u32) {
        self.unheard.remove(&from);
        self.accepted = self.accepted.max(accepted);
    }

    /// Whether it is to be asked of another replica what that knows: of those not heard, and of all for what they told of.
    pub fn asks(&self, other: NodeId) -> bool {
        self.unheard.is_empty() || self.unheard.contains(&other)
    }

    /// Whether a replica that has so many of its writes has all of them.
    pub fn is_over(&self, known: u32) -> bool {
        self.unheard.is_empty() && known >= self.accepted
    }
}
