//! Which nodes hold which writes.

use sim::NodeId;
use sim::held::{Held, Measure};
use sim::sorted::{Map, Set};

/// The writes that nodes hold, each with a node that holds it: without a list for each write, it is copied and freed at once.
#[derive(Clone, Debug, Default)]
pub(super) struct Holders(Set<(u32, NodeId)>);

impl Holders {
    /// Bytes that it takes on the heap.
    pub fn held_bytes(&self, by: Measure) -> usize {
        self.0.held(by)
    }

    /// A node holds a write.
    pub fn store(&mut self, operation: u32, node: NodeId) {
        self.0.insert((operation, node));
    }

    /// A node holds a write no longer.
    pub fn drop(&mut self, operation: u32, node: NodeId) {
        self.0.remove(&(operation, node));
    }

    /// A node holds nothing, until it stores something. Returns the writes that it has held.
    pub fn restart(&mut self, node: NodeId) -> Vec<u32> {
        let held = self.0.iter().filter(|(_, holder)| *holder == node);
        let lost = held.map(|(write, _)| *write).collect();
        self.0.retain(|(_, holder)| *holder != node);
        lost
    }

    /// The nodes that hold something.
    pub fn nodes(&self) -> Set<NodeId> {
        self.0.iter().map(|(_, holder)| *holder).collect()
    }

    /// Each of these nodes holds the writes beside it, listed in order, and no others. Returns the writes that no node holds any
    /// more.
    pub fn keep(&mut self, truly: &Map<NodeId, Vec<u32>>) -> Vec<u32> {
        let mut gone: Vec<u32> = self.held().collect();
        let holds = |write, node| {
            truly
                .get(&node)
                .is_none_or(|held| held.binary_search(&write).is_ok())
        };
        self.0.retain(|(write, node)| holds(*write, *node));
        gone.retain(|write| !self.hold(*write));
        gone
    }

    /// Nobody holds a write, because its number names another one.
    pub fn forget(&mut self, operation: u32) {
        let holders: Vec<NodeId> = self.of(operation).collect();
        holders
            .into_iter()
            .for_each(|node| self.drop(operation, node));
    }

    /// Whether some node holds a write.
    pub fn hold(&self, operation: u32) -> bool {
        self.of(operation).next().is_some()
    }

    /// The writes that some node holds, in order.
    pub fn held(&self) -> impl Iterator<Item = u32> {
        let all = self.0.iter().map(|(write, _)| *write);
        let mut last = None;
        all.filter(move |write| last.replace(*write) != Some(*write))
    }

    fn of(&self, operation: u32) -> impl Iterator<Item = NodeId> {
        let all = (operation, NodeId(0))..=(operation, NodeId(u16::MAX));
        self.0.range(all).map(|(_, node)| *node)
    }
}
