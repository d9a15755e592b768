//! What the nodes tell each other and wait for.

use sim::protocol::{MessageSort, MessageWord, TimerWord};

use crate::describe::words::{timer, word};
use crate::parts::caller::{Reply, Request, Wake};

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

impl From<Request> for Message {
    fn from(request: Request) -> Message {
        Message::Ask(request)
    }
}

impl From<Wake> for Timer {
    fn from(wake: Wake) -> Timer {
        Timer::Client(wake)
    }
}

pub(super) const MESSAGES: &[MessageWord] = &[
    word(
        "save",
        "save #{0}",
        "please save note #{0}",
        MessageSort::Request,
    ),
    word("read", "#{0}?", "what is note #{0}?", MessageSort::Request),
    word(
        "saved",
        "saved #{0}",
        "note #{0} is saved",
        MessageSort::Reply,
    ),
    word("note", "#{0}", "here is note #{0}", MessageSort::Reply),
    word(
        "copy",
        "copy #{0}",
        "keep copies of {1} notes, the last of them #{0}",
        MessageSort::Replication,
    ),
    word(
        "kept",
        "kept",
        "I keep those {1} notes, the last of them #{0}",
        MessageSort::Acknowledgement,
    ),
    word(
        "recall",
        "what do you have?",
        "I may have forgotten notes: what do you have?",
        MessageSort::Request,
    ),
    word(
        "recalled",
        "{1} notes",
        "I have {1} notes, the last of them #{0}",
        MessageSort::Replication,
    ),
    word(
        "never-heard",
        "#{0}? never heard",
        "there is no note #{0}",
        MessageSort::Refusal,
    ),
];

pub(super) const TIMERS: &[TimerWord] = &[
    timer("time for the next note", false),
    timer("no answer in time", true),
    timer("time to sync and copy", false),
    timer(
        "time to ask again for the notes that it has forgotten",
        true,
    ),
];
