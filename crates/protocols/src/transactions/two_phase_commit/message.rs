//! What the nodes tell each other, wait for and keep on disk.

use crate::parts::caller::Reply;
use crate::parts::disk::two_slots::Slot;
use crate::parts::election::Ballot;
use crate::parts::hosts;
use crate::parts::replicated_log;

/// How a transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Every participant does its part.
    Commit,
    /// No participant does.
    Abort,
}

impl Decision {
    /// Whether it is to commit.
    pub fn commits(self) -> bool {
        self == Decision::Commit
    }
}

/// What the nodes tell each other. A transaction has the number of the operation that asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A client asks a coordinator for a transfer.
    Transfer {
        /// The transaction.
        number: u32,
        /// The life of the coordinator in which the client began it, as far as the client knows.
        life: i64,
    },
    /// A client asks a bank for money from the account there.
    Card {
        /// The operation.
        number: u32,
        /// The life of the bank in which the client began it, as far as the client knows.
        life: i64,
    },
    /// The answer to either.
    Answer {
        /// What was asked for.
        number: u32,
        /// What became of it.
        decision: Decision,
        /// The life in which the sender says so.
        life: i64,
    },
    /// A coordinator asks for a vote.
    Prepare {
        /// The transaction.
        number: u32,
    },
    /// A participant votes.
    Vote {
        /// On this transaction.
        number: u32,
        /// Whether it promises to commit if it is told to.
        is_yes: bool,
    },
    /// This is decided.
    Decided {
        /// The transaction.
        number: u32,
        /// How it ends.
        decision: Decision,
    },
    /// The decision is carried out.
    Done {
        /// The transaction.
        number: u32,
    },
    /// A participant in doubt asks what was decided.
    Inquire {
        /// The transaction.
        number: u32,
    },
    /// A participant in doubt answers another one that it does not know either.
    Unsure {
        /// The transaction.
        number: u32,
    },
    /// The leader of the replicated log answers the coordinator that had something decided.
    Told(Reply),
    /// Among the servers of the replicated log.
    Log(replicated_log::Message),
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A client: time for the next operation.
    Next,
    /// A client: no answer in time.
    NoAnswer,
    /// A coordinator: a transaction should have been decided by now.
    Undecided {
        /// The transaction.
        number: u32,
    },
    /// A coordinator: participants should have carried out a decision by now.
    NotDone {
        /// The transaction.
        number: u32,
    },
    /// A participant: a decision should have come by now.
    InDoubt {
        /// The transaction.
        number: u32,
    },
    /// Time to sync what nobody waits for.
    Flush,
    /// A server of the replicated log.
    Log(replicated_log::Timer),
}

/// What is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// A coordinator asks for votes from here on.
    Begun,
    /// A decision: at a coordinator, or at a participant that carries it out.
    Decided(Decision),
    /// A coordinator: all participants have carried the decision out.
    Ended,
    /// A participant votes yes from here on.
    Prepared,
    /// Of the replicated log.
    Log(replicated_log::Record),
}

hosts! {
    Message { Told(Reply), Log(replicated_log::Message) }
    Timer { Log(replicated_log::Timer) }
    Record { Log(replicated_log::Record) }
}

impl From<Slot<Ballot>> for Record {
    fn from(ballot: Slot<Ballot>) -> Record {
        Record::Log(ballot.into())
    }
}

impl replicated_log::Carries for Record {
    fn carried(&self) -> Option<&replicated_log::Record> {
        match self {
            Record::Log(record) => Some(record),
            _ => None,
        }
    }
}
