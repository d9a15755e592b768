//! What the nodes tell each other and wait for.

use crate::parts::caller::{Reply, Request, Wake};
use crate::parts::hosts;

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A client's request.
    Ask(Request),
    /// The answer.
    Tell(Reply),
    /// Keep copies of these notes.
    Copy(Vec<u32>),
    /// These are kept.
    Kept(Vec<u32>),
    /// I have forgotten: what is there?
    Recall,
    /// This is all that I have.
    Recalled(Vec<u32>),
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A client's.
    Client(Wake),
    /// Time to sync and copy.
    Flush,
    /// Time to ask again for forgotten notes.
    Recall,
}

hosts! {
    Message { Ask(Request) }
    Timer { Client(Wake) }
}
