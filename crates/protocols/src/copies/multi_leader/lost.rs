//! A replica that may have lost writes that it accepted: its disk may have been replaced.

use sim::NodeId;
use sim::held::{Held, Measure};
use sim::sorted::Set;

use crate::parts::clocks::logical_time::VersionVector;

/// A replica whose disk has none of its own writes, or a gap before them, or says so itself, does not know which it has
/// accepted. It accepts none until all others have told what they know, and it has that: so it takes no request again that it
/// took before, if another replica can tell.
#[derive(Clone, Debug, Hash)]
pub struct Lost {
    unheard: Set<NodeId>,
    /// What the others knew when they told.
    told: VersionVector,
}

impl Lost {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.unheard.held(by) + self.told.held(by)
    }

    /// None of the others has told yet.
    pub fn new(others: &[NodeId]) -> Lost {
        Lost {
            unheard: others.iter().copied().collect(),
            told: VersionVector::new(),
        }
    }

    /// Another replica tells what it knows, asked in this life: an answer to an earlier one may be older than what was lost.
    pub fn hear(&mut self, from: NodeId, known: &VersionVector) {
        if self.unheard.remove(&from) {
            self.told.merge(known);
        }
    }

    /// Whether it is to be asked of another replica what that knows: of those not heard, and of all for what they told of.
    pub fn asks(&self, other: NodeId) -> bool {
        self.unheard.is_empty() || self.unheard.contains(&other)
    }

    /// Whether a replica that knows so much has all that the others told of.
    pub fn is_over(&self, known: &VersionVector) -> bool {
        self.unheard.is_empty() && known.covers(&self.told)
    }
}
