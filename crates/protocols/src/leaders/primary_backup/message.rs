//! What the nodes tell each other, wait for, and keep on disk.

use sim::NodeId;
use sim::protocol::{MessageSort, MessageWord, TimerWord};

use crate::describe::words::{timer, word};
use crate::parts::caller::{Reply, Request, Wake};
use crate::parts::election::{self, Ballot};

/// A server's copy of the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copy {
    /// The term in which it was written, and its place among the writes of that term: the higher is the newer.
    pub version: (i64, u32),
    /// The operation that wrote it; 0 before the first.
    pub operation: u32,
}

/// What is kept on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// The term, and the vote in it.
    Ballot(Ballot),
    /// The register.
    Copy(Copy),
}

impl From<Ballot> for Record {
    fn from(ballot: Ballot) -> Record {
        Record::Ballot(ballot)
    }
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        /// How many times the leader has begun to send it.
        round: u32,
    },
    /// I have that copy.
    Ack {
        /// The leader's term.
        term: i64,
        /// Which copy.
        version: (i64, u32),
        /// In which round it was asked for.
        round: u32,
    },
    /// Your term is over.
    Stale {
        /// The sender's term.
        term: i64,
    },
}

impl From<Request> for Message {
    fn from(request: Request) -> Message {
        Message::Write(request)
    }
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A server's.
    Server(election::Timer),
    /// A client's.
    Client(Wake),
}

impl From<election::Timer> for Timer {
    fn from(timer: election::Timer) -> Timer {
        Timer::Server(timer)
    }
}

impl From<Wake> for Timer {
    fn from(wake: Wake) -> Timer {
        Timer::Client(wake)
    }
}

pub(super) const MESSAGES: &[MessageWord] = &[
    word(
        "write",
        "write #{0}",
        "please write #{0}",
        MessageSort::Request,
    ),
    word(
        "done",
        "done #{0}",
        "#{0} is written, in term {1}",
        MessageSort::Reply,
    ),
    word(
        "stand",
        "vote for me, term {0}",
        "vote for me in term {0}",
        MessageSort::Request,
    ),
    word(
        "vote",
        "my vote",
        "you have my vote in term {0}",
        MessageSort::Acknowledgement,
    ),
    word(
        "heartbeat",
        "",
        "I am the leader of term {0}",
        MessageSort::Heartbeat,
    ),
    word(
        "replicate",
        "copy #{0}",
        "keep a copy of #{0}, says the leader of term {1}",
        MessageSort::Replication,
    ),
    word(
        "ack",
        "ack",
        "I have your copy number {0} of term {1}",
        MessageSort::Acknowledgement,
    ),
    word(
        "stale",
        "term {0}!",
        "your term is over: this is term {0}",
        MessageSort::Refusal,
    ),
];

pub(super) const TIMERS: &[TimerWord] = &[
    election::TIMERS[0],
    election::TIMERS[1],
    timer("time for the next write", false),
    timer("no answer in time", true),
];
