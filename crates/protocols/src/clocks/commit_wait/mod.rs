//! Transactions with timestamps, and a wait that makes the timestamps true.
//!
//! Each shard gives its transactions timestamps by its own clock, so that a reader can ask for a snapshot of all shards
//! *as of* a time. This is only right if a transaction that begins after another one has ended gets the larger
//! timestamp, even on another shard. Clocks differ, so a shard takes the latest time that it can be by its interval
//! clock, and reports the commit to nobody before that time has certainly passed: *commit wait* (Corbett et al.,
//! *Spanner: Google's globally-distributed database*, OSDI 2012, sections 3 and 4.1.2). The wait takes about twice the
//! uncertainty of the clock.
//!
//! The wait is only as good as the interval. An interval that is assumed too narrow, because the clocks were good when
//! somebody measured them, brings the fault back.
//!
//! | module | its subject |
//! | --- | --- |
//! | `client` | makes one transaction after another |
//! | `shard` | gives timestamps, waits, and reports commits |

mod client;
mod shard;
#[cfg(test)]
mod tests;

use sim::protocol::{Description, Gist, MessageSort, MessageWord, Outlook, TimerWord, Vocabulary};
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use client::{Client, Habits};
use shard::Shard;

/// Transactions with timestamps, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "commit-wait",
    about: "Clients make transactions on shards. Each shard gives timestamps by its own clock.",
    roles: &[
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 12,
        },
        RoleSpec {
            id: "shard",
            fewest: 1,
            most: 9,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "transactions",
            label: "Transactions",
            about: "How many transactions each client makes.",
            quantity: Quantity::Count,
            default: 40.0,
            min: 1.0,
            max: 1000.0,
        },
        ParameterSpec {
            id: "rest",
            label: "Rest",
            about: "How long a client rests after a transaction, on average.",
            quantity: Quantity::Duration,
            default: ms(300),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits for an answer before it asks again.",
            quantity: Quantity::Duration,
            default: ms(2000),
            min: ms(1),
            max: ms(600_000),
        },
        ParameterSpec {
            id: "assumed-error",
            label: "Assumed error",
            about: "The clock error that shards assume when they have no honest bound.",
            quantity: Quantity::Duration,
            default: ms(10),
            min: 0.0,
            max: ms(60_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "commit-wait",
            label: "Commit wait",
            protects: "A shard reports no commit before its timestamp has certainly passed.",
        },
        DefenceSpec {
            id: "honest-bound",
            label: "Honest bound",
            protects: "The bound of the interval clock is never smaller than the error of the clock.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let clients = plan.nodes("client");
    let habits = Habits {
        shards: plan.nodes("shard"),
        transactions: plan.count("transactions"),
        rest: plan.duration("rest"),
        timeout: plan.duration("timeout"),
    };
    let assumed = (!plan.has("honest-bound")).then(|| plan.duration("assumed-error"));
    let node = |node: NodeId| match clients.iter().position(|client| *client == node) {
        Some(place) => {
            let count = clients.len() as u32;
            Node::Client(Client::new(habits.clone(), place as u32, count))
        }
        None => Node::Shard(Shard::new(plan.has("commit-wait"), assumed)),
    };
    let nodes = (0..plan.roles.len() as u16).map(NodeId).map(node);
    Box::new(World::new(setup, nodes.collect()))
}

/// A node.
#[derive(Clone, Debug)]
pub enum Node {
    /// A client, which makes transactions.
    Client(Client),
    /// A shard, which commits transactions.
    Shard(Shard),
}

/// What the nodes send to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Commit this transaction.
    Commit {
        /// The number of the transaction.
        operation: u32,
    },
    /// This transaction is committed.
    Committed {
        /// The number of the transaction.
        operation: u32,
        /// The timestamp of the transaction.
        stamp: i64,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time for the next transaction.
    Next,
    /// No answer has come in time.
    NoAnswer,
    /// The first timestamp that the shard waits for may have passed.
    Passed,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "commit",
                label: "commit #{0}",
                says: "commit transaction #{0}",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "committed",
                label: "#{0} at {1} ms",
                says: "transaction #{0} is committed, as of {1} ms past the epoch",
                sort: MessageSort::Reply,
            },
        ],
        timers: &[
            TimerWord {
                says: "time for the next transaction",
                is_timeout: false,
            },
            TimerWord {
                says: "no answer in time",
                is_timeout: true,
            },
            TimerWord {
                says: "has the timestamp passed?",
                is_timeout: false,
            },
        ],
        operations: &[],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.start(context);
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Shard(shard), Message::Commit { operation }) => {
                shard.commit(from, operation, context);
            }
            (Node::Client(client), Message::Committed { operation, stamp }) => {
                client.committed(operation, stamp, context);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Client(client), Timer::Next) => client.begin(context),
            (Node::Client(client), Timer::NoAnswer) => client.no_answer(context),
            (Node::Shard(shard), Timer::Passed) => shard.report(context),
            _ => {}
        }
    }

    fn gist(message: &Message) -> Gist {
        match *message {
            Message::Commit { operation } => Gist {
                kind: 0,
                args: [i64::from(operation), 0, 0],
            },
            Message::Committed { operation, stamp } => Gist {
                kind: 1,
                args: [i64::from(operation), stamp / 1_000_000, 0],
            },
        }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        *timer as u8
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Client(_) => "client",
            Node::Shard(_) => "shard",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Client(client) => client.describe(outlook),
            Node::Shard(shard) => shard.describe(outlook),
        }
    }
}

/// A timestamp in words.
fn in_seconds(stamp: i64) -> String {
    format!("{:.3} s", stamp as f64 / 1e9)
}
