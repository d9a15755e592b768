//! The event queue: what is due, in the order of (time, sequence).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::time::SimTime;

/// Events that are due, the earliest first; those due at the same time in the order in which they were added.
///
/// An entry is one `u128`: time, sequence, and what is due, from the highest bits down. The sequence is unique, so
/// comparing entries never looks at the rest.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    heap: BinaryHeap<Reverse<u128>>,
    sequence: u32,
}

impl Queue {
    /// Adds `what`, due at `at`.
    #[inline]
    pub fn push(&mut self, at: SimTime, what: u32) {
        let entry = (at.as_nanos() as u128) << 64 | (self.sequence as u128) << 32 | what as u128;
        self.sequence += 1;
        self.heap.push(Reverse(entry));
    }

    /// Takes out what is due first.
    #[inline]
    pub fn pop(&mut self) -> Option<(SimTime, u32)> {
        self.heap.pop().map(|Reverse(entry)| split(entry))
    }

    /// When the next event is due.
    #[inline]
    pub fn next_time(&self) -> Option<SimTime> {
        self.heap.peek().map(|Reverse(entry)| split(*entry).0)
    }

    /// How many events are due.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is due.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

#[inline]
fn split(entry: u128) -> (SimTime, u32) {
    (SimTime::from_nanos((entry >> 64) as u64), entry as u32)
}
