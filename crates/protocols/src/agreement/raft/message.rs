//! What the nodes tell each other and wait for.

use std::sync::Arc;

use sim::NodeId;

use super::log::Entry;
use super::machine::Item;
use super::members::{Group, Members};
use crate::parts::caller::Request;
use crate::parts::log::Mark;

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A client asks.
    Ask(Ask),
    /// A server answers a client.
    Tell(Answer),
    /// Please vote for me.
    Stand(Stand),
    /// You have my vote, or not.
    Vote(Vote),
    /// I lead, and these are entries of my log.
    Append(Append),
    /// What became of your entries.
    Appended(Appended),
    /// I lead, and this is a part of my snapshot.
    Chunk(Chunk),
    /// So much of your snapshot is here.
    Received(Received),
    /// I lead; stand for election at once.
    TimeoutNow {
        /// In this term.
        term: i64,
    },
    /// A client asked me to read: how far is the log committed?
    ReadIndex {
        /// The client.
        client: NodeId,
        /// The client's operation.
        operation: u32,
    },
    /// At least so far, and I led when you asked.
    ReadAt {
        /// The client's operation.
        operation: u32,
        /// The place up to which the reader has to apply the log.
        index: u32,
    },
    /// An operator wants this of the leader.
    Wish(Wish),
}

/// What a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    /// The operation.
    pub request: Request,
    /// Whether a server that does not lead shall answer it, too.
    pub is_for_anyone: bool,
}

/// An answer to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    /// The operation.
    pub operation: u32,
    /// What became of it.
    pub told: Told,
}

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Told {
    /// It is done, and this is its answer.
    Done(i64),
    /// It was not taken here; this server may lead.
    Elsewhere(Option<NodeId>),
    /// It was taken, and then the lead was lost: nobody knows yet.
    Lost,
}

/// A candidate's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stand {
    /// The term in which it stands, or would stand.
    pub term: i64,
    /// The last entry of its log.
    pub last: Mark,
    /// Whether it only asks whether it would be elected (*pre-vote*, section 9.6).
    pub is_trial: bool,
    /// Whether the leader told it to stand.
    pub is_told: bool,
}

/// The answer to a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Vote {
    /// The term of the request if it is granted, otherwise the voter's.
    pub term: i64,
    /// Whether it answers a trial.
    pub is_trial: bool,
    /// Whether the voter votes, or would vote, for the candidate.
    pub is_granted: bool,
}

/// Entries of a leader's log; without any it is a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Append {
    /// The leader's term.
    pub term: i64,
    /// The entry behind which these belong.
    pub previous: Mark,
    /// The entries.
    pub entries: Vec<Entry>,
    /// How far the leader's log is committed.
    pub commit: u32,
    /// When it was sent, by the leader's monotonic clock.
    pub sent: i64,
}

/// A follower's answer to entries, or to a snapshot that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Appended {
    /// The follower's term.
    pub term: i64,
    /// What became of the entries.
    pub result: Result,
    /// What is answered.
    pub to: Sent,
}

/// When a leader sent something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sent {
    /// In which term. A server that has crashed leads in a later one, and its clock has begun anew.
    pub term: i64,
    /// By its monotonic clock.
    pub at: i64,
}

/// What became of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Result {
    /// The follower's log is the leader's up to this place.
    Stored(u32),
    /// The logs differ.
    Differs {
        /// At this place, behind which the entries belonged.
        at: u32,
        /// The follower's term there, if its log is so long.
        term: Option<i64>,
        /// The place to try next: that of its first entry of that term, or the first that it lacks.
        hint: u32,
    },
    /// The sender's term is over.
    Stale,
}

impl Result {
    /// The place that it is about; 0 if it is about none.
    pub fn place(&self) -> u32 {
        match *self {
            Result::Stored(place) | Result::Differs { at: place, .. } => place,
            Result::Stale => 0,
        }
    }
}

/// A part of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chunk {
    /// The leader's term.
    pub term: i64,
    /// Of which snapshot: the last entry that it stands for.
    pub last: Mark,
    /// The configuration there.
    pub members: Members,
    /// How many pieces come before.
    pub offset: u32,
    /// These pieces.
    pub items: Vec<Item>,
    /// Whether they are the last.
    pub is_end: bool,
    /// When it was sent, by the leader's monotonic clock.
    pub sent: i64,
}

/// How much of a snapshot has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Received {
    /// The follower's term.
    pub term: i64,
    /// Of the snapshot that stands for the log up to this place.
    pub index: u32,
    /// How many pieces.
    pub have: u32,
    /// When what is answered was sent.
    pub sent: i64,
}

/// What an operator wants. Servers are told by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    /// This server shall become a member.
    Add(u8),
    /// This one shall not be one any more.
    Remove(u8),
    /// These shall be all members.
    Members(Group),
    /// This one shall lead.
    Lead(u8),
}

/// A snapshot: what the entries up to a place lead to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Snapshot {
    /// The last entry that it stands for.
    pub last: Mark,
    /// The configuration there.
    pub members: Members,
    /// The state machine, in pieces.
    pub items: Vec<Item>,
}

/// A snapshot that several hold.
pub type Shared = Arc<Snapshot>;

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// No leader has been heard for too long.
    Election,
    /// Time for the next heartbeat.
    Beat {
        /// Of the leader of this term.
        term: i64,
    },
    /// A client's next operation.
    Next,
    /// No answer has come in time.
    NoAnswer,
    /// Time to ask again.
    Again,
}
