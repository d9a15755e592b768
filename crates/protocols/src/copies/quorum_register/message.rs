//! What the nodes tell each other and wait for.

use sim::NodeId;
use sim::protocol::{MessageSort, MessageWord, TimerWord};

use crate::describe::words::{timer, word};

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        /// For whom, if the receiver stands in for another.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
pub type Record = u32;

pub(super) const MESSAGES: &[MessageWord] = &[
    word(
        "read",
        "?",
        "what is under key {1}? asks read #{0}",
        MessageSort::Request,
    ),
    word(
        "value",
        "#{0}",
        "I have #{0}, in answer to read #{1}",
        MessageSort::Reply,
    ),
    word(
        "write",
        "write #{0}",
        "keep write #{0}",
        MessageSort::Request,
    ),
    word(
        "repair",
        "repair #{0}",
        "keep write #{0}, which read #{1} has found",
        MessageSort::Replication,
    ),
    word(
        "stand-in",
        "for another: #{0}",
        "keep write #{0} for one that does not answer",
        MessageSort::Replication,
    ),
    word(
        "written",
        "ok #{0}",
        "kept, as #{0} asked",
        MessageSort::Acknowledgement,
    ),
    word(
        "hand-off",
        "yours: #{0}",
        "I kept write #{0} for you",
        MessageSort::Replication,
    ),
    word(
        "taken",
        "thanks",
        "I have write #{0} now",
        MessageSort::Acknowledgement,
    ),
];

pub(super) const TIMERS: &[TimerWord] = &[
    timer("time for the next operation", false),
    timer("some replicas have not answered", true),
    timer("time to give up", true),
    timer("time to hand over what is kept for others", false),
];
