//! What servers tell each other.

use sim::NodeId;
use sim::vocabulary::Part;

use super::journal::Entry;
use crate::parts::caller::Request;
use crate::parts::election::Timer;
use crate::parts::log::Mark;

/// What servers tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A client asked me for this; I do not lead.
    Forward(NodeId, Request),
    /// I lead, and these are entries of my log.
    Append(Append),
    /// Up to here my log is yours.
    Appended(Appended),
    /// Please vote for me.
    Stand {
        /// In this term.
        term: i64,
        /// The last entry of the candidate's log.
        last: Mark,
    },
    /// You have my vote.
    Vote {
        /// In this term.
        term: i64,
    },
    /// Would you vote for me?
    Sound {
        /// The last entry of my log.
        last: Mark,
    },
    /// I would, in a later term.
    Would {
        /// Than this, the highest that I know of.
        term: i64,
    },
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
    /// How many entries have taken effect.
    pub committed: u32,
    /// When it was sent, by the leader's monotonic clock.
    pub sent: i64,
}

impl Message {
    /// Bytes that it takes on the heap, when it has just been made.
    pub(crate) fn held(&self) -> usize {
        match self {
            Message::Append(append) => size_of_val(&*append.entries),
            _ => 0,
        }
    }
}

impl Append {
    /// The number of the last operation among the entries.
    fn last_operation(&self) -> Option<u32> {
        let last = self.entries.iter().rev().find_map(|entry| entry.content);
        last.map(|request| request.operation)
    }
}

/// A follower's answer to entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Appended {
    /// The follower's term.
    pub term: i64,
    /// If the logs are alike, for how many entries; otherwise how many entries can be alike at most.
    pub length: u32,
    /// Whether the logs are alike.
    pub is_alike: bool,
    /// When the answered entries were sent.
    pub sent: i64,
}

/// The servers of a log, as the part of a protocol that hosts them.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Servers;

impl Part for Servers {
    type Message = Message;
    type Timer = Timer;

    sim::vocabulary! {
        messages {
            Message::Forward(_, request) => Request "forward" [request.operation] {
                label: "asked for #{0}",
                says: "a client asks for #{0}",
            }
            Message::Append(append) if append.last_operation().is_some() => Replication "append" [
                append.last_operation().unwrap_or_default(), append.term, append.entries.len(),
            ] {
                label: "copy #{0}",
                says: "keep {2 entry}, up to #{0} (term {1})",
            }
            Message::Append(append) => Heartbeat "heartbeat" [append.term] {
                label: "",
                says: "I am the leader of term {0}",
            }
            Message::Appended(Appended { is_alike: true, length, term, .. }) => Acknowledgement "appended" [length, term] {
                label: "ack",
                says: "I have {0 entry} from you (term {1})",
            }
            Message::Appended(Appended { term, .. }) => Refusal "not-alike" [term] {
                label: "no: term {0}",
                says: "I cannot accept that: my term is {0}, and our logs may differ",
            }
            Message::Stand { term, .. } => Request "stand" [term] {
                label: "vote for me, term {0}",
                says: "vote for me in term {0}",
            }
            Message::Vote { term } => Acknowledgement "vote" [term] {
                label: "my vote",
                says: "you have my vote in term {0}",
            }
            Message::Sound { .. } => Request "sound" [] {
                label: "would you vote for me?",
                says: "would you vote for me?",
            }
            Message::Would { term } => Acknowledgement "would" [term] {
                label: "I would vote for you",
                says: "I would vote for you in a term after {0}",
            }
        }
        timers {
            Timer::NoLeader => timeout "no leader heard for too long",
            Timer::Beat { .. } => "time for a heartbeat",
        }
    }
}
