//! What servers tell each other.

use sim::NodeId;
use sim::protocol::{MessageSort, MessageWord};

use super::log::Entry;
use crate::describe::words::word;
use crate::parts::caller::Request;

/// What servers tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        /// The term of the last entry of the candidate's log, and its length: the larger is the newer.
        last: (i64, u32),
    },
    /// You have my vote.
    Vote {
        /// In this term.
        term: i64,
    },
    /// Would you vote for me?
    Sound {
        /// The term of the last entry of my log, and its length.
        last: (i64, u32),
    },
    /// I would, in a later term.
    Would {
        /// Than this, the highest that I know of.
        term: i64,
    },
}

/// Entries of a leader's log; without any it is a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The leader's term.
    pub term: i64,
    /// How many entries precede these.
    pub behind: u32,
    /// The term of the last entry that precedes them; 0 if there is none.
    pub previous: i64,
    /// The entries.
    pub entries: Vec<Entry>,
    /// How many entries have taken effect.
    pub committed: u32,
    /// When it was sent, by the leader's monotonic clock.
    pub sent: i64,
}

/// A follower's answer to entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Which of [`MESSAGES`] a message is, and its numbers.
pub fn gist(message: &Message) -> (u8, [i64; 3]) {
    match message {
        Message::Forward(_, request) => (0, [i64::from(request.operation), 0, 0]),
        Message::Append(Append { term, entries, .. }) => {
            let operation = entries.iter().rev().find_map(|entry| entry.request);
            match operation {
                Some(last) => (1, [i64::from(last.operation), *term, entries.len() as i64]),
                None => (2, [*term, 0, 0]),
            }
        }
        Message::Appended(appended) if appended.is_alike => {
            (3, [i64::from(appended.length), appended.term, 0])
        }
        Message::Appended(appended) => (4, [appended.term, 0, 0]),
        Message::Stand { term, .. } => (5, [*term, 0, 0]),
        Message::Vote { term } => (6, [*term, 0, 0]),
        Message::Sound { .. } => (7, [0; 3]),
        Message::Would { term } => (8, [*term, 0, 0]),
    }
}

/// The words for what servers tell each other.
pub const MESSAGES: [MessageWord; 9] = [
    word(
        "forward",
        "#{0}",
        "a client asks for #{0}",
        MessageSort::Request,
    ),
    word(
        "append",
        "copy #{0}",
        "keep {2} entries, the last of them #{0}, says the leader of term {1}",
        MessageSort::Replication,
    ),
    word(
        "heartbeat",
        "",
        "I am the leader of term {0}",
        MessageSort::Heartbeat,
    ),
    word(
        "appended",
        "ack",
        "I have your {0} entries, in term {1}",
        MessageSort::Acknowledgement,
    ),
    word(
        "not-alike",
        "no: term {0}",
        "I cannot accept that: my term is {0}, and our logs may differ",
        MessageSort::Refusal,
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
        "sound",
        "vote for me?",
        "would you vote for me?",
        MessageSort::Request,
    ),
    word(
        "would",
        "I would",
        "I would vote for you in a term after {0}",
        MessageSort::Acknowledgement,
    ),
];
