//! What the nodes tell each other and wait for.

use super::numbered::Numbered;
use crate::parts::caller::{Reply, Request, Wake};
use crate::parts::hosts;
use crate::parts::replicated_log;

/// What servers that answer alone tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Gossip {
    /// I have taken these.
    Takes(Vec<Request>),
    /// I have these operations.
    Has(Numbered),
    /// These you lack.
    Lacks(Vec<Request>),
}

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A client's.
    Client(Wake),
    /// A server's that asks a majority.
    Log(replicated_log::Timer),
    /// Time to compare.
    Compare,
}

hosts! {
    Message { Ask(Request), Tell(Reply), Log(replicated_log::Message) }
    Timer { Client(Wake), Log(replicated_log::Timer) }
}
