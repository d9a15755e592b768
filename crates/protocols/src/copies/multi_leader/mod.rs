//! Multi-leader replication: every replica accepts writes and passes them on, and conflicts are settled afterwards.
//!
//! Each replica has a copy of every key and answers its clients at once. It sends the writes that it has accepted to the
//! other replicas until they confirm them, in the order in which it accepted them (the prefix property of Petersen et
//! al., *Flexible update propagation for weakly consistent replication*, SOSP 1997). So two writes to a key can arrive in
//! either order, and yet all copies must end up the same. There are three ways to settle that:
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
//! | `replica` | accepts writes, passes them on, sets its clock |
//! | `client` | reads, thinks, writes |
//! | `settings` | what scenarios must know about it |

mod client;
mod copy;
mod replica;
mod settings;

pub use settings::ENTRY;

use sim::protocol::{Description, Outlook};
use sim::{Context, NodeId, Protocol};

use crate::describe::roles::{Role, roles};
use crate::parts::logical_time::{HybridClock, HybridTime, VersionVector};
use client::Client;
use copy::Version;
use replica::Replica;

/// A node: its part, and a hybrid clock that learns from each message it receives and travels with each message it sends.
#[derive(Clone, Debug)]
pub struct Node {
    clock: HybridClock,
    part: Part,
}

#[derive(Clone, Debug)]
enum Part {
    Client(Client),
    Replica(Box<Replica>),
    TimeServer(TimeServer),
}

/// The time server, which tells replicas the time.
#[derive(Clone, Debug)]
struct TimeServer;

/// What the nodes send to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The latest time that the sender's hybrid clock knows about.
    clock: HybridTime,
    says: Says,
}

#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// I have accepted this write, and it is number `number` of all writes that I have accepted.
    Replicate { number: u32, version: Version },
    /// I know all writes that you have accepted, up to this number.
    Known { number: u32 },
    /// What time is it? The sender's clock showed `asked`.
    WhatTime { asked: i64 },
    /// It was `told` when I received the question of `asked`.
    Time { asked: i64, told: i64 },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time to read and write.
    Begin,
    /// Time to write.
    Write,
    /// No answer has come in time.
    NoAnswer,
    /// Time to pass on again the writes that others have not confirmed.
    PassOn,
    /// Time to set the clock.
    SetClock,
}

impl Node {
    fn send(&self, to: NodeId, says: Says, context: &mut Context<'_, Node>) {
        let clock = self.clock.latest();
        context.send(to, Message { clock, says });
    }

    fn send_all(&self, outbox: Outbox, context: &mut Context<'_, Node>) {
        for (to, says) in outbox {
            self.send(to, says, context);
        }
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
    type Record = ();

    sim::vocabulary! {
        messages {
            Message { says: Says::Read { key, .. }, .. } => Request "read" [key] {
                label: "read",
                says: "what is under key {0}?",
            }
            Message { says: Says::Value { key, versions, .. }, .. }
                => Reply "value" [key, versions.last().copied().unwrap_or(0), versions.len()] {
                label: "#{1}",
                says: "write #{1} is under key {0}; versions: {2}",
            }
            Message { says: Says::Write { operation, key, .. }, .. } => Request "write" [operation, key] {
                label: "write #{0}",
                says: "put write #{0} under key {1}",
            }
            Message { says: Says::Written { operation }, .. } => Reply "written" [operation] {
                label: "ok #{0}",
                says: "write #{0} is stored",
            }
            Message { says: Says::Replicate { version, .. }, .. }
                => Replication "replicate" [version.operation, version.key] {
                label: "copy #{0}",
                says: "I have accepted write #{0} under key {1}",
            }
            Message { says: Says::Known { number }, .. } => Acknowledgement "known" [number] {
                label: "known",
                says: "I know all your writes up to number {0}",
            }
            Message { says: Says::WhatTime { .. }, .. } => Request "what-time" [] {
                label: "time?",
                says: "what time is it?",
            }
            Message { says: Says::Time { told, .. }, .. } => Reply "time" [0, told / 1_000_000] {
                label: "time",
                says: "it is {1} ms past the epoch",
            }
        }
        timers {
            Timer::Begin => "time to read and write",
            Timer::Write => "time to write",
            Timer::NoAnswer => timeout "no answer in time",
            Timer::PassOn => "time to pass on unconfirmed writes again",
            Timer::SetClock => "time to set the clock",
        }
    }

    roles! { Part::Client, Part::Replica, Part::TimeServer; in part }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        self.clock.hear(message.clock);
        let outbox = match (&mut self.part, message.says) {
            (Part::Client(client), says) => {
                client.hear(says, context);
                Outbox::new()
            }
            (Part::Replica(replica), says) => replica.hear(from, says, &mut self.clock, context),
            (Part::TimeServer(_), Says::WhatTime { asked }) => {
                let told = context.wall();
                vec![(from, Says::Time { asked, told })]
            }
            (Part::TimeServer(_), _) => Outbox::new(),
        };
        self.send_all(outbox, context);
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        let outbox = match &mut self.part {
            Part::Client(client) => client.wake(timer, context),
            Part::Replica(replica) => replica.wake(timer, context),
            Part::TimeServer(_) => Outbox::new(),
        };
        self.send_all(outbox, context);
    }
}

impl Role<Node> for TimeServer {
    fn role(&self) -> &'static str {
        "time-server"
    }

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
