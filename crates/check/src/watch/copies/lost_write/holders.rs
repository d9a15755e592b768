//! Which nodes hold which writes.

use sim::NodeId;
use sim::held::{Held, Measure, all_held};
use sim::sorted::{Map, Set};

/// The nodes that hold each write, for the writes that some node holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Holders(Map<u32, Set<NodeId>>);

impl Holders {
    /// Bytes that it takes on the heap.
    pub fn held_bytes(&self, by: Measure) -> usize {
        self.0.held(by) + all_held(self.0.values(), by)
    }

    /// A node holds a write.
    pub fn store(&mut self, operation: u32, node: NodeId) {
        self.0.entry(operation).or_default().insert(node);
    }

    /// A node holds a write no longer.
    pub fn drop(&mut self, operation: u32, node: NodeId) {
        if let Some(holders) = self.0.get_mut(&operation) {
            holders.remove(&node);
            if holders.is_empty() {
                self.0.remove(&operation);
            }
        }
    }

    /// A node holds nothing, until it stores something. Returns the writes that it has held.
    pub fn restart(&mut self, node: NodeId) -> Vec<u32> {
        let held = self.0.iter_mut();
        let lost = held.filter_map(|(write, holders)| holders.remove(&node).then_some(*write));
        let lost = lost.collect();
        self.0.retain(|_, holders| !holders.is_empty());
        lost
    }

    /// The nodes that hold something.
    pub fn nodes(&self) -> Set<NodeId> {
        self.0.values().flatten().copied().collect()
    }

    /// Each of these nodes holds the writes beside it, listed in order, and no others. Returns the writes that no node holds any
    /// more.
    pub fn keep(&mut self, truly: &Map<NodeId, Vec<u32>>) -> Vec<u32> {
        for (write, holders) in self.0.iter_mut() {
            let holds = |held: &Vec<u32>| held.binary_search(write).is_ok();
            holders.retain(|node| truly.get(node).is_none_or(holds));
        }
        let gone = self.0.iter().filter(|(_, holders)| holders.is_empty());
        let gone = gone.map(|(write, _)| *write).collect();
        self.0.retain(|_, holders| !holders.is_empty());
        gone
    }

    /// Nobody holds a write, because its number names another one.
    pub fn forget(&mut self, operation: u32) {
        self.0.remove(&operation);
    }

    /// Whether some node holds a write.
    pub fn hold(&self, operation: u32) -> bool {
        self.0.contains_key(&operation)
    }

    /// The writes that some node holds.
    pub fn held(&self) -> impl Iterator<Item = &u32> {
        self.0.keys()
    }
}
