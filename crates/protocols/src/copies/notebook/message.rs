//! What the nodes tell each other and wait for.

use crate::parts::caller::{Reply, Request, Wake};
use crate::parts::hosts;

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A client's request.
    Ask(Request),
    /// The answer.
    Tell(Reply),
    /// Keep copies of these notes.
    Copy(Vec<u32>),
    /// These are kept.
    Kept {
        /// The life in which the copy says so.
        life: i64,
        /// Which notes.
        notes: Vec<u32>,
    },
    /// I have forgotten: what is there?
    Recall {
        /// Names the recovery, so that no answer to an earlier one counts.
        nonce: i64,
    },
    /// This is all that I keep.
    Recalled {
        /// The recovery that asked; nothing if nobody did, and the copy says it because it has restarted.
        nonce: Option<i64>,
        /// The life in which the sender says so.
        life: i64,
        /// Which notes.
        notes: Vec<u32>,
        /// Whether the sender keeps all that it ever said it keeps; not while it has forgotten notes itself.
        is_whole: bool,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
