//! Leases: a service lends a lock for a limited time, so that a holder that crashes cannot keep the lock forever.
//!
//! A holder may use what the lock guards until its lease ends, and the service lends the lock again after that. Both
//! measure the same length of time, each by its own clock (Gray and Cheriton, *Leases: an efficient fault-tolerant
//! mechanism for distributed file cache consistency*, SOSP 1989). The holder counts from the moment when it asked, and
//! the service from the moment when it granted, which is later. So with equal clocks the holder lets go first.
//!
//! Two things break this. Clocks drift, and a margin for the drift repairs that (ibid., section 5). And a holder can be
//! paused between reading its clock and acting. No clock repairs that: the guarded resource itself must refuse requests
//! of an old lease, by a *fencing token* that grows with every grant (Burrows, *The Chubby lock service*, OSDI 2006,
//! section 2.4, "sequencers"; Kleppmann, *Designing data-intensive applications*, chapter 8).
//!
//! | module | its subject |
//! | --- | --- |
//! | `service` | lends the lock |
//! | `tenure` | what a holder knows about its lease |
//! | `client` | asks for the lock, and uses it |
//! | `storage` | keeps the file that the lock guards |
//! | `lines` | the lines of that file |
//! | `entries` | the two protocols that scenarios know: a lock alone, and a lock that guards a file |

mod client;
mod entries;
mod lines;
mod service;
mod storage;
mod tenure;
#[cfg(test)]
mod tests;

pub use entries::{file, lock};

use sim::{Context, NodeId, Protocol, SimDuration};

use crate::describe::roles::roles;
use crate::parts::disk::two_slots::{Hosts, Slot};
use client::Client;
use lines::Lines;
use service::Service;
use storage::{File, Storage};

/// The only lock, and the only key that it guards.
const LOCK: i64 = 0;

/// A node of the lease protocols.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A client, which needs the lock.
    Client(Box<Client>),
    /// The service, which lends the lock.
    Service(Service),
    /// The storage, which keeps the file that the lock guards.
    Storage(Storage),
}

/// What the nodes send to each other. `ask` numbers a client's questions, so that the client knows when it asked the
/// question that an answer belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Lend me the lock.
    Acquire {
        /// The question.
        ask: u32,
    },
    /// Lend me the lock for longer.
    Renew {
        /// The question.
        ask: u32,
        /// The lease's token.
        token: i64,
    },
    /// The lock is yours.
    Granted {
        /// The question.
        ask: u32,
        /// The lease's token, which grows with every grant.
        token: i64,
        /// How long the lease lasts.
        length: SimDuration,
    },
    /// The lock is lent to another client.
    Busy {
        /// The question.
        ask: u32,
    },
    /// I no longer need the lock.
    Release {
        /// The lease's token.
        token: i64,
    },
    /// Show me the file. I hold the lock with this token.
    Open {
        /// The question.
        ask: u32,
        /// The token.
        token: i64,
    },
    /// This is the file.
    Contents {
        /// The question.
        ask: u32,
        /// The token with which the client opened the file.
        token: i64,
        /// The lines of the file.
        lines: Lines,
    },
    /// Replace the file by these lines.
    Write {
        /// The token.
        token: i64,
        /// The operation that adds the last line.
        operation: u32,
        /// The new lines.
        lines: Lines,
    },
    /// The file is replaced.
    Written {
        /// The operation.
        operation: u32,
    },
    /// Your token is old.
    Fenced {
        /// The operation; 0 for opening the file.
        operation: u32,
        /// The token that was refused.
        token: i64,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time to ask for the lock.
    Ask,
    /// Time to renew the lease.
    Renew,
    /// The lease ends.
    TermEnds {
        /// The lease's token.
        token: i64,
    },
    /// Time for the next write.
    NextWrite,
    /// The next write is ready to be sent.
    Prepared,
    /// The storage has not answered in time.
    NoAnswer,
}

/// What is on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// The latest token that was granted.
    Token(i64),
    /// The file.
    File(File),
}

impl Hosts<Record> for Node {
    fn slot(stored: &Slot<Record>) -> Option<&Slot<Record>> {
        Some(stored)
    }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Slot<Record>;

    sim::vocabulary! {
        messages {
            Message::Acquire { .. } => Request "acquire" [] {
                label: "lock?",
                says: "may I have the lock?",
            }
            Message::Renew { token, .. } => Request "renew" [token] {
                label: "longer?",
                says: "may I keep the lock longer? (token {0})",
            }
            Message::Granted { token, length, .. } => Reply "granted" [token, length.as_nanos() / 1_000_000] {
                label: "yours, token {0}",
                says: "the lock is yours for {1} ms (token {0})",
            }
            Message::Busy { .. } => Refusal "busy" [] {
                label: "busy",
                says: "another client has the lock",
            }
            Message::Release { token } => Request "release" [token] {
                label: "done, token {0}",
                says: "I no longer need the lock (token {0})",
            }
            Message::Open { token, .. } => Request "open" [token] {
                label: "open, token {0}",
                says: "show me the file (token {0})",
            }
            Message::Contents { token, lines, .. } => Reply "contents" [token, lines.len()] {
                label: "{1 line}",
                says: "the file has {1 line}",
            }
            Message::Write { token, operation, lines } => Request "write" [operation, token, lines.len()] {
                label: "write #{0}, token {1}",
                says: "replace the file with {2 line} (write #{0}, token {1})",
            }
            Message::Written { operation } => Reply "written" [operation] {
                label: "ok #{0}",
                says: "write #{0} has replaced the file",
            }
            Message::Fenced { operation, token } => Refusal "fenced" [operation, token] {
                label: "token {1} is old",
                says: "token {1} is too old",
            }
        }
        timers {
            Timer::Ask => "time to ask for the lock",
            Timer::Renew => "time to renew the lease",
            Timer::TermEnds { .. } => timeout "my lease ends",
            Timer::NextWrite => "time for the next write",
            Timer::Prepared => "the next write is ready",
            Timer::NoAnswer => timeout "no answer from the storage",
        }
    }

    roles! { Node::Client, Node::Service, Node::Storage }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match self {
            Node::Client(client) => client.hear(message, context),
            Node::Service(service) => service.hear(from, message, context),
            Node::Storage(storage) => storage.hear(from, message, context),
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.wake(timer, context);
        }
    }

    fn bytes(message: &Message) -> u32 {
        match message {
            Message::Contents { lines, .. } | Message::Write { lines, .. } => {
                200 + 80 * lines.len() as u32
            }
            _ => 200,
        }
    }
}
