//! What the nodes tell each other and wait for.

use sim::NodeId;

use crate::parts::disk::two_slots::Slot;

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// What is there?
    Read {
        /// The operation that asks.
        operation: u32,
        /// Under which key.
        key: i64,
    },
    /// This is.
    Value {
        /// The operation that asked.
        operation: u32,
        /// The write that is there; 0 if there is none.
        copy: u32,
    },
    /// Keep this.
    Write {
        /// The operation that asks: the write itself, or a read that repairs.
        operation: u32,
        /// Under which key.
        key: i64,
        /// The write to keep.
        copy: u32,
        /// The replica for which the receiver stands in, if it does.
        stands_in_for: Option<NodeId>,
    },
    /// It is kept.
    Written {
        /// The operation that asked.
        operation: u32,
    },
    /// This I kept for you.
    HandOff {
        /// Under which key.
        key: i64,
        /// Which write.
        copy: u32,
    },
    /// I have it.
    Taken {
        /// Under which key.
        key: i64,
        /// Which write.
        copy: u32,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time for the next operation.
    Next,
    /// Some replicas have not answered in time.
    NoAnswer,
    /// Time to give up.
    GiveUp,
    /// Time to hand over what was kept for others.
    HandOff,
}

/// What is kept on disk: a write, by its number.
pub type Record = Slot<u32>;
