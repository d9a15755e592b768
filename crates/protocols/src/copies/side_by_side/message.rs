//! What the nodes tell each other and wait for.

use sim::protocol::{MessageSort, MessageWord, TimerWord};

use crate::describe::words::{timer, word};
use crate::parts::caller::{Reply, Request, Wake};
use crate::parts::replicated_log;

/// What servers that answer alone tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gossip {
    /// I have taken these.
    Takes(Vec<Request>),
    /// I have the operations with these numbers, in order.
    Has(Vec<u32>),
    /// These you lack.
    Lacks(Vec<Request>),
}

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A client's request.
    Ask(Request),
    /// The answer.
    Tell(Reply),
    /// Among servers that ask a majority.
    Log(replicated_log::Message),
    /// Among servers that answer alone.
    Gossip(Gossip),
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A client's.
    Client(Wake),
    /// A server's that asks a majority.
    Log(replicated_log::Timer),
    /// Time to compare.
    Compare,
}

impl From<Request> for Message {
    fn from(request: Request) -> Message {
        Message::Ask(request)
    }
}

impl From<Reply> for Message {
    fn from(reply: Reply) -> Message {
        Message::Tell(reply)
    }
}

impl From<replicated_log::Message> for Message {
    fn from(message: replicated_log::Message) -> Message {
        Message::Log(message)
    }
}

impl From<Wake> for Timer {
    fn from(wake: Wake) -> Timer {
        Timer::Client(wake)
    }
}

impl From<replicated_log::Timer> for Timer {
    fn from(timer: replicated_log::Timer) -> Timer {
        Timer::Log(timer)
    }
}

const LOG: [MessageWord; 9] = replicated_log::MESSAGES;

pub(super) const MESSAGES: &[MessageWord] = &[
    word(
        "add",
        "+{1}",
        "please add {1}, as #{0}",
        MessageSort::Request,
    ),
    word(
        "read",
        "?",
        "how many are there? asks #{0}",
        MessageSort::Request,
    ),
    word("added", "ok", "#{0} is done", MessageSort::Reply),
    word("number", "{0}", "there are {0}", MessageSort::Reply),
    word(
        "refused",
        "not now",
        "I refuse #{0}: I reach no majority",
        MessageSort::Refusal,
    ),
    word(
        "takes",
        "copy #{0}",
        "I have taken #{0}",
        MessageSort::Replication,
    ),
    word(
        "has",
        "I have {0}",
        "I have {0} additions: which ones do I lack?",
        MessageSort::Heartbeat,
    ),
    word(
        "lacks",
        "you lack {0}",
        "here are {0} that you lack",
        MessageSort::Replication,
    ),
    LOG[0],
    LOG[1],
    LOG[2],
    LOG[3],
    LOG[4],
    LOG[5],
    LOG[6],
    LOG[7],
    LOG[8],
];

pub(super) const TIMERS: &[TimerWord] = &[
    timer("time for the next operation", false),
    timer("no answer in time", true),
    timer("time to compare", false),
    replicated_log::TIMERS[0],
    replicated_log::TIMERS[1],
];
