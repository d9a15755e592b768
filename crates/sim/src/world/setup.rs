//! What a run starts from.

use crate::action::{Flapping, Mishap};
use crate::id::NodeId;
use crate::network::LinkProfile;
use crate::node::NodeProfile;

/// Everything that a run starts from, except its protocol.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The seed of all that is random.
    pub seed: u64,
    /// The settings of every link.
    pub link: LinkProfile,
    /// Links with settings of their own. Links and nodes that do not exist are ignored, here and below.
    pub links: Vec<(NodeId, NodeId, LinkProfile)>,
    /// The settings of each node; as many as there are nodes.
    pub nodes: Vec<NodeProfile>,
    /// Faults that strike at random.
    pub mishaps: Vec<Mishap>,
    /// Cuts that come and go.
    pub flapping: Vec<Flapping>,
}

impl Setup {
    /// A run of so many nodes, all with the same links, perfect clocks and disks, and no faults.
    pub fn new(seed: u64, link: LinkProfile, nodes: usize) -> Setup {
        Setup {
            seed,
            link,
            links: Vec::new(),
            nodes: vec![NodeProfile::default(); nodes],
            mishaps: Vec::new(),
            flapping: Vec::new(),
        }
    }
}
