//! What the nodes send to each other and wait for.

use super::{Item, Kind};

/// What the nodes send to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Commit this transaction.
    Commit {
        /// The number of the transaction.
        operation: u32,
    },
    /// This transaction is committed.
    Committed {
        /// The number of the transaction.
        operation: u32,
        /// The timestamp of the transaction.
        stamp: i64,
    },
    /// What time is it?
    AskTime {
        /// The question's number.
        ask: u32,
    },
    /// It is this time.
    TellTime {
        /// The question's number.
        ask: u32,
        /// The reading of the server's clock.
        told: i64,
    },
    /// Commit that readers are blocked from this photo.
    Block {
        /// The number of the transaction.
        operation: u32,
        /// Which photo.
        photo: u32,
    },
    /// Commit this photo.
    Post {
        /// The number of the transaction.
        operation: u32,
        /// Which photo.
        photo: u32,
    },
    /// There is a new photo.
    NewPhoto {
        /// The number of the transaction.
        operation: u32,
        /// Which photo.
        photo: u32,
        /// Its timestamp.
        stamp: i64,
    },
    /// Which item of this sort was committed as of this time?
    Read {
        /// The read's number.
        read: u32,
        /// What is read.
        item: Item,
        /// As of which time.
        at: i64,
    },
    /// This transaction was, or none.
    Found {
        /// The read's number.
        read: u32,
        /// What was read.
        kind: Kind,
        /// The transaction that committed it.
        operation: Option<u32>,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time for the next transaction.
    Next,
    /// No answer has come in time.
    NoAnswer,
    /// The first timestamp that the shard waits for may have passed.
    Passed,
    /// Time to ask the time servers.
    AskTime,
    /// The time that a snapshot is read at may have passed.
    Safe,
}
