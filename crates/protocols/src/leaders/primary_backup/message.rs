//! What the nodes tell each other, wait for, and keep on disk.

use sim::sorted::Map;
use sim::{NodeId, Protocol};

use crate::parts::caller::{Reply, Request, Wake};
use crate::parts::disk::two_slots::{self, Slot};
use crate::parts::election::{self, Ballot};
use crate::parts::hosts;

/// A server's copy of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Copy {
    /// The term in which it was written, and its place among the writes of that term: the higher is the newer.
    pub version: (i64, u32),
    /// The operation that wrote it; 0 before the first.
    pub operation: u32,
    /// The last write of each client that is in it, or that was overwritten: the clients' sessions. Each client's numbers
    /// only grow.
    pub sessions: Map<NodeId, u32>,
}

impl Copy {
    /// The number of the last write of a client; 0 before the first.
    pub fn last_of(&self, client: NodeId) -> u32 {
        self.sessions.get(&client).copied().unwrap_or(0)
    }
}

/// What is kept on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// The term, and the vote in it.
    Ballot(Ballot),
    /// The register.
    Copy(Copy),
}

impl<P: Protocol<Record = Slot<Record>>> two_slots::Hosts<Record> for P {
    fn slot(stored: &Slot<Record>) -> Option<&Slot<Record>> {
        Some(stored)
    }
}

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A client asks: please write.
    Write(Request),
    /// This client asked me for a write; I do not lead.
    Forward(NodeId, Request),
    /// It is written.
    Done {
        /// The answer to the client.
        reply: Reply,
        /// The term in which it took effect.
        term: i64,
    },
    /// Please vote for me.
    Stand {
        /// In this term.
        term: i64,
        /// How new the candidate's copy is.
        version: (i64, u32),
    },
    /// You have my vote.
    Vote {
        /// In this term.
        term: i64,
    },
    /// I lead.
    Heartbeat {
        /// In this term.
        term: i64,
    },
    /// Please keep this copy.
    Replicate {
        /// The leader's term.
        term: i64,
        /// The copy.
        copy: Copy,
    },
    /// I have that copy.
    Ack {
        /// The leader's term.
        term: i64,
        /// Which copy.
        version: (i64, u32),
    },
    /// Your term is over.
    Stale {
        /// The sender's term.
        term: i64,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A server's.
    Server(election::Timer),
    /// A client's.
    Client(Wake),
}

hosts! {
    Message { Write(Request) }
    Timer { Server(election::Timer), Client(Wake) }
}
