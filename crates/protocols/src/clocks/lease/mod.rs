//! Leases: a lock that a service lends for a time, so that a holder that dies cannot keep it for ever.
//!
//! A holder may use what the lock guards until its lease ends, and the service lends the lock anew after that: both
//! measure the same length of time, each by a clock of its own (Gray and Cheriton, *Leases: an efficient fault-tolerant
//! mechanism for distributed file cache consistency*, SOSP 1989). A holder counts from when it asked, the service from
//! when it granted, which is later; so with equal clocks the holder lets go first.
//!
//! Two things break that. Clocks drift; a margin for the drift mends it (ibid., section 5). And a holder can be paused
//! between looking at its clock and acting: no clock mends that, and the guarded resource itself must refuse what comes
//! under an old lease, by a *fencing token* that grows with every grant (Burrows, *The Chubby lock service*, OSDI 2006,
//! section 2.4, "sequencers"; Kleppmann, *Designing data-intensive applications*, chapter 8).
//!
//! | module | its subject |
//! | --- | --- |
//! | `service` | lends the lock |
//! | `tenure` | what a holder knows of its lease |
//! | `client` | asks for the lock, and uses it |
//! | `storage` | the file that the lock guards |
//! | `entries` | the two protocols that scenarios know: a lock alone, and a lock that guards a file |

mod client;
mod entries;
mod service;
mod storage;
mod tenure;

pub use entries::{FILE_ENTRY, LOCK_ENTRY};

use sim::protocol::{Description, Gist, MessageSort, MessageWord, Outlook, TimerWord, Vocabulary};
use sim::{Context, NodeId, Protocol, SimDuration};

use client::Client;
use service::Service;
use storage::{File, Storage};

/// The one lock there is, and the one key that it guards.
const LOCK: i64 = 0;

/// A node of the lease protocols.
#[derive(Clone, Debug)]
pub enum Node {
    /// Someone who needs the lock.
    Client(Box<Client>),
    /// Lends the lock.
    Service(Service),
    /// Keeps the file that the lock guards.
    Storage(Storage),
}

/// What the nodes tell each other. `ask` numbers a client's questions, so that an answer finds the time of its question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Lend me the lock.
    Acquire {
        /// The question.
        ask: u32,
    },
    /// Lend it for longer.
    Renew {
        /// The question.
        ask: u32,
        /// The lease's token.
        token: i64,
    },
    /// It is yours.
    Granted {
        /// The question.
        ask: u32,
        /// Grows with every grant.
        token: i64,
        /// For so long.
        length: SimDuration,
    },
    /// It is lent to another.
    Busy {
        /// The question.
        ask: u32,
    },
    /// I need it no longer.
    Release {
        /// The lease's token.
        token: i64,
    },
    /// Show me the file; I hold the lock under this token.
    Open {
        /// The token.
        token: i64,
    },
    /// The file.
    Contents {
        /// The token it was opened under.
        token: i64,
        /// What is in it: the operations that wrote its lines, in order.
        lines: Vec<u32>,
    },
    /// Replace the file.
    Write {
        /// The token.
        token: i64,
        /// The operation that adds the last line.
        operation: u32,
        /// What the file shall hold.
        lines: Vec<u32>,
    },
    /// The file is replaced.
    Written {
        /// The operation.
        operation: u32,
    },
    /// Your token is old.
    Fenced {
        /// The operation; 0 for an opening.
        operation: u32,
        /// The token that was refused.
        token: i64,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time to ask for the lock, again.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// The latest token that was granted.
    Token(i64),
    /// The file.
    File(File),
}

const fn word(
    name: &'static str,
    label: &'static str,
    says: &'static str,
    sort: MessageSort,
) -> MessageWord {
    MessageWord {
        name,
        label,
        says,
        sort,
    }
}

const fn timer(says: &'static str, is_timeout: bool) -> TimerWord {
    TimerWord { says, is_timeout }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            word(
                "acquire",
                "lock?",
                "may I have the lock?",
                MessageSort::Request,
            ),
            word(
                "renew",
                "longer?",
                "may I keep the lock longer, token {0}?",
                MessageSort::Request,
            ),
            word(
                "granted",
                "yours, {0}",
                "the lock is yours for {1} ms, token {0}",
                MessageSort::Reply,
            ),
            word("busy", "busy", "another has the lock", MessageSort::Refusal),
            word(
                "release",
                "done, {0}",
                "I need the lock no longer, token {0}",
                MessageSort::Request,
            ),
            word(
                "open",
                "open, {0}",
                "show me the file, token {0}",
                MessageSort::Request,
            ),
            word(
                "contents",
                "{1} lines",
                "the file has {1} lines",
                MessageSort::Reply,
            ),
            word(
                "write",
                "write #{0}, {1}",
                "replace the file: {2} lines, the last of write #{0}, token {1}",
                MessageSort::Request,
            ),
            word(
                "written",
                "ok #{0}",
                "the file is replaced by write #{0}",
                MessageSort::Reply,
            ),
            word(
                "fenced",
                "too old: {1}",
                "token {1} is too old",
                MessageSort::Refusal,
            ),
        ],
        timers: &[
            timer("time to ask for the lock", false),
            timer("time to renew the lease", false),
            timer("my lease ends", true),
            timer("time for the next write", false),
            timer("the next write is ready", false),
            timer("no answer from the storage", true),
        ],
        operations: &[],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::Client(client) => client.start(context),
            Node::Service(service) => service.start(context),
            Node::Storage(storage) => storage.start(context),
        }
    }

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

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        match self {
            Node::Client(_) => {}
            Node::Service(service) => service.synced(token, context),
            Node::Storage(storage) => storage.synced(token, context),
        }
    }

    fn gist(message: &Message) -> Gist {
        let (kind, args) = match message {
            Message::Acquire { .. } => (0, [0; 3]),
            Message::Renew { token, .. } => (1, [*token, 0, 0]),
            Message::Granted { token, length, .. } => {
                (2, [*token, (length.as_nanos() / 1_000_000) as i64, 0])
            }
            Message::Busy { .. } => (3, [0; 3]),
            Message::Release { token } => (4, [*token, 0, 0]),
            Message::Open { token } => (5, [*token, 0, 0]),
            Message::Contents { token, lines } => (6, [*token, lines.len() as i64, 0]),
            Message::Write {
                token,
                operation,
                lines,
            } => (7, [i64::from(*operation), *token, lines.len() as i64]),
            Message::Written { operation } => (8, [i64::from(*operation), 0, 0]),
            Message::Fenced { operation, token } => (9, [i64::from(*operation), *token, 0]),
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::Ask => 0,
            Timer::Renew => 1,
            Timer::TermEnds { .. } => 2,
            Timer::NextWrite => 3,
            Timer::Prepared => 4,
            Timer::NoAnswer => 5,
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

    fn role(&self) -> &'static str {
        match self {
            Node::Client(_) => "client",
            Node::Service(_) => "lock",
            Node::Storage(_) => "storage",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Client(client) => client.describe(outlook),
            Node::Service(service) => service.describe(outlook),
            Node::Storage(storage) => storage.describe(outlook),
        }
    }
}
