//! Multi-leader replication: every replica accepts writes and passes them on, and conflicts are settled afterwards.
//!
//! Each replica has a copy of every key. It writes each write that it accepts to its disk, and then answers its client
//! and sends the write to the other replicas, once. What that leaves out, *anti-entropy* repairs: each replica tells the
//! others in turn which writes it knows, by a version vector, and is sent those that it lacks, at most 32 per message, in
//! the order in which their replicas accepted them (the prefix property of Petersen et al., *Flexible update propagation
//! for weakly consistent replication*, SOSP 1997; Demers et al., *Epidemic algorithms for replicated database
//! maintenance*, PODC 1987). So two writes to a key can arrive in either order, and yet all copies must end up the same.
//! There are three ways to settle that:
//!
//! - *Last write wins*: each write gets a timestamp, and the write with the larger timestamp stays (the Thomas write
//!   rule; Johnson and Thomas, RFC 677, 1975; Cassandra does it with wall clocks). The other write is gone, even if it
//!   was acknowledged.
//! - With a hybrid logical clock instead of the wall clock, a write never loses to a write that it followed
//!   ([`HybridClock`]).
//! - With *version vectors*, a write replaces the versions that its writer had read, and no others. Writes that did not
//!   know about each other are kept side by side, as siblings, until a client that has read them writes (DeCandia et
//!   al., *Dynamo*, SOSP 2007, section 4.4; dotted as in Preguica et al., *Dotted version vectors*, 2010).
//!
//! | module | its subject |
//! | --- | --- |
//! | `copy` | what a replica keeps under a key, and what settles conflicts |
//! | `log` | the writes that a replica knows, on disk |
//! | `lost` | what a replica must hear whose disk may have been replaced |
//! | `replica` | accepts writes, passes them on, sets its clock |
//! | `client` | reads, thinks, writes |
//! | `settings` | what scenarios must know about it |

mod client;
mod copy;
mod log;
mod lost;
mod replica;
mod settings;
#[cfg(test)]
mod tests;

pub use settings::ENTRY;

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::{Context, NodeId, Protocol};

use crate::describe::roles::{Role, roles};
use crate::parts::clocks::logical_time::{HybridClock, HybridTime, VersionVector};
use client::Client;
use copy::Version;
use replica::Replica;

/// A node. It has a hybrid clock, which learns from each message it receives and travels with each message it sends.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Reads, thinks and writes.
    Client(Client),
    /// Accepts writes and passes them on.
    Replica(Box<Replica>),
    /// Tells replicas the time.
    TimeServer(TimeServer),
}

/// The time server, which tells replicas the time.
#[derive(Clone, Debug, Default, Hash)]
pub struct TimeServer {
    clock: HybridClock,
}

/// What the nodes send to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    /// The latest time that the sender's hybrid clock knows about.
    clock: HybridTime,
    says: Says,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Says {
    /// What is under this key?
    Read { ask: u32, key: i64 },
    /// These versions are under the key. `context` is what a client knows that has read them.
    Value {
        ask: u32,
        key: i64,
        versions: Vec<u32>,
        context: VersionVector,
    },
    /// Put this write under the key. `context` is what the writer had read.
    Write {
        operation: u32,
        key: i64,
        context: VersionVector,
    },
    /// The write is stored.
    Written { operation: u32 },
    /// I have accepted this write.
    Replicate { version: Version },
    /// I know these writes. `wants` says what I want to hear.
    Known { known: VersionVector, wants: Wants },
    /// What time is it? The sender's clock showed `asked`.
    WhatTime { asked: i64 },
    /// It was `told` when I received the question of `asked`.
    Time { asked: i64, told: i64 },
    /// I know these writes, and you lack some of them: here are the first. `nonce` is that of the question, if it had one.
    Lacks {
        known: VersionVector,
        versions: Vec<Version>,
        nonce: Option<i64>,
    },
}

/// What a replica wants to hear that says which writes it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Wants {
    /// Nothing.
    Nothing,
    /// The writes that it lacks, if it lacks any.
    Missing,
    /// The same, and an answer in any case: it may have lost writes that it accepted. Its life names the question, so that no
    /// answer to an earlier life counts.
    Answer { nonce: i64 },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time to read and write.
    Begin,
    /// Time to write.
    Write,
    /// No answer has come in time.
    NoAnswer,
    /// Time to compare with another replica.
    Compare,
    /// Time to set the clock.
    SetClock,
}

/// Sends messages, with the time that the sender's hybrid clock knows about.
fn send_all(
    clock: HybridClock,
    outbox: impl IntoIterator<Item = (NodeId, Says)>,
    context: &mut Context<'_, Node>,
) {
    let clock = clock.latest();
    for (to, says) in outbox {
        context.send(to, Message { clock, says });
    }
}

/// Writes in words, as in *#1 and #2*.
fn listed(operations: &[u32]) -> String {
    let numbers: Vec<String> = operations.iter().map(|it| format!("#{it}")).collect();
    numbers.join(" and ")
}

/// The messages to send.
type Outbox = Vec<(NodeId, Says)>;

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = log::Record;

    fn held_by_message(message: &Message) -> usize {
        let by = Measure::Grown;
        let contexts = |versions: &[Version]| {
            let contexts = versions.iter().map(|version| version.held(by));
            size_of_val(versions) + contexts.sum::<usize>()
        };
        match &message.says {
            Says::Value {
                versions, context, ..
            } => size_of_val(&**versions) + context.held(by),
            Says::Write { context, .. } => context.held(by),
            Says::Replicate { version } => version.held(by),
            Says::Known { known, .. } => known.held(by),
            Says::Lacks {
                known, versions, ..
            } => known.held(by) + contexts(versions),
            _ => 0,
        }
    }

    fn held_by_record(record: &log::Record) -> usize {
        match record {
            log::Record::Write(version) => version.held(Measure::Grown),
            log::Record::Disk { .. } => 0,
        }
    }

    sim::vocabulary! {
        messages {
            Message { says: Says::Read { key, .. }, .. } => Request "read" [key] {
                label: "read",
                says: "what is under key {0}?",
            }
            Message { says: Says::Value { key, versions, .. }, .. }
                => Reply "value" [key, versions.last().copied().unwrap_or(0), versions.len()] {
                label: "edit #{1}",
                says: "edit #{1} is under key {0}; versions: {2}",
            }
            Message { says: Says::Write { operation, key, .. }, .. } => Request "write" [operation, key] {
                label: "edit #{0}",
                says: "put edit #{0} under key {1}",
            }
            Message { says: Says::Written { operation }, .. } => Reply "written" [operation] {
                label: "ok #{0}",
                says: "edit #{0} is stored",
            }
            Message { says: Says::Replicate { version, .. }, .. }
                => Replication "replicate" [version.operation, version.key] {
                label: "copy #{0}",
                says: "I have accepted edit #{0} under key {1}",
            }
            Message { says: Says::Known { known, .. }, .. } => Acknowledgement "known" [known.total()] {
                label: "knows {0}",
                says: "I know {0 edit}",
            }
            Message { says: Says::WhatTime { .. }, .. } => Request "what-time" [] {
                label: "time?",
                says: "what time is it?",
            }
            Message { says: Says::Time { told, .. }, .. } => Reply "time" [0, told / 1_000_000] {
                label: "time",
                says: "it is {1t}",
            }
            Message { says: Says::Lacks { versions, .. }, .. } => Replication "lacks"
                [versions.last().map_or(0, |version| version.operation), versions.len()] {
                label: "{1 edit}",
                says: "you lack {1 edit}, up to #{0}",
            }
        }
        timers {
            Timer::Begin => "time to read and edit",
            Timer::Write => "time to save the edit",
            Timer::NoAnswer => timeout "no answer in time",
            Timer::Compare => "time to compare with another replica",
            Timer::SetClock => "time to set the clock",
        }
    }

    roles! { Node::Client, Node::Replica, Node::TimeServer }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match self {
            Node::Client(client) => client.hear(message, context),
            Node::Replica(replica) => replica.hear(from, message, context),
            Node::TimeServer(server) => server.hear(from, message, context),
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match self {
            Node::Client(client) => client.wake(timer, context),
            Node::Replica(replica) => replica.wake(timer, context),
            Node::TimeServer(_) => {}
        }
    }
}

impl TimeServer {
    fn hear(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Node>) {
        self.clock.hear(message.clock);
        if let Says::WhatTime { asked } = message.says {
            let told = context.wall();
            send_all(self.clock, [(from, Says::Time { asked, told })], context);
        }
    }
}

impl Role<Node> for TimeServer {
    fn describe(&self, _: &Outlook<'_>) -> Description {
        Description {
            badge: "time".to_owned(),
            state: Vec::new(),
            beliefs: vec![
                "I tell the time by my own clock. I cannot know whether it is right.".to_owned(),
            ],
        }
    }
}
