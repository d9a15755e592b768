//! The words that facts use.

use crate::trace::coded::coded;
use crate::trace::detail::coded_fields;

/// How much a fact weighs in pictures of a run over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactSort {
    /// A node takes on or gives up what one node has at a time: the lead, or a lock.
    Role,
    /// A node does something that shows outside of it.
    Deed,
    /// A node notes something; words alone tell of it.
    Note,
}

coded! {
    /// How an operation ended, as its client saw it.
    pub enum Outcome {
        /// It took effect.
        Ok = 0,
        /// It certainly took no effect.
        Fail = 1,
        /// The client gave up and does not know.
        Unknown = 2,
    }
}

coded! {
    /// What an operation asks for.
    pub enum Function {
        /// Read a key.
        Read = 0,
        /// Write a value to a key.
        Write = 1,
        /// Pay: an effect that must happen exactly once.
        Pay = 2,
        /// Append a value to a key's list.
        Append = 3,
        /// Add to a key.
        Add = 4,
        /// Take a lock.
        Acquire = 5,
        /// Give a lock back.
        Release = 6,
        /// Any other request that wants an answer.
        Request = 7,
        /// Write a value to a key if the key holds another: both in one number, the expected value in its upper 32 bits.
        CompareAndSet = 8,
    }
}

coded! {
    /// How two things that happened are ordered.
    pub enum Relation {
        /// The first came before the second.
        Before = 0,
        /// Neither could know of the other.
        Concurrent = 1,
    }
}

coded_fields!(Function, Outcome, Relation);
