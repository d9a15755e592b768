//! The event queue: what is due, in the order of (time, sequence).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::time::SimTime;

/// Something that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: SimTime,
    /// Its number in the order in which entries were added.
    pub sequence: u32,
    /// What, as [`crate::due::Due`] packs it.
    pub what: u32,
}

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
    /// Adds `what`, due at `at`; its sequence number. What is due later than any run reaches is never due.
    #[inline]
    pub fn push(&mut self, at: SimTime, what: u32) -> u32 {
        let sequence = self.sequence;
        self.sequence += 1;
        if at <= SimTime::LATEST {
            let entry = (at.as_nanos() as u128) << 64 | (sequence as u128) << 32 | what as u128;
            self.heap.push(Reverse(entry));
        }
        sequence
    }

    /// Takes out what is due first.
    #[inline]
    pub fn pop(&mut self) -> Option<Entry> {
        self.heap.pop().map(|Reverse(entry)| Entry {
            at: time(entry),
            sequence: (entry >> 32) as u32,
            what: entry as u32,
        })
    }

    /// When the next event is due.
    #[inline]
    pub fn next_time(&self) -> Option<SimTime> {
        self.heap.peek().map(|Reverse(entry)| time(*entry))
    }

    /// The sequence number of the next entry.
    #[inline]
    pub fn next_sequence(&self) -> u32 {
        self.sequence
    }

    /// Bytes of memory that its entries take.
    pub fn bytes(&self) -> usize {
        self.heap.len() * size_of::<u128>()
    }
}

#[inline]
fn time(entry: u128) -> SimTime {
    SimTime::from_nanos((entry >> 64) as u64)
}
