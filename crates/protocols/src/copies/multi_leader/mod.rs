//! Multi-leader replication: every replica takes writes and passes them on, and conflicts are settled afterwards.
//!
//! Each replica has a copy of every key and answers its clients at once. What it has taken it sends to the others until
//! they confirm it, in the order in which it took it (the prefix property of Petersen et al., *Flexible update
//! propagation for weakly consistent replication*, SOSP 1997). Two writes to a key can then meet in either order, and
//! all copies must come to the same end. How, is a choice:
//!
//! - *Last write wins*: each write gets a timestamp, and the larger one stays (the Thomas write rule; Johnson and
//!   Thomas, RFC 677, 1975; Cassandra does it with wall clocks). What loses is gone, acknowledged or not.
//! - With a hybrid logical clock in the wall clock's place, a write at least never loses to one that it followed
//!   ([`HybridClock`]).
//! - With *version vectors*, a write replaces what its writer had read, and no more: writes that did not know of each
//!   other are kept side by side, as siblings, until somebody who has read them writes (DeCandia et al., *Dynamo*, SOSP
//!   2007, section 4.4; dotted as in Preguica et al., *Dotted version vectors*, 2010).
//!
//! | module | its subject |
//! | --- | --- |
//! | `copy` | what a replica keeps under a key, and what settles conflicts |
//! | `replica` | takes writes, passes them on, sets its clock |
//! | `client` | reads, thinks, writes |
//! | `settings` | what scenarios must know |

mod client;
mod copy;
mod replica;
mod settings;

pub use settings::ENTRY;

use sim::protocol::{Description, Gist, MessageSort, MessageWord, Outlook, TimerWord, Vocabulary};
use sim::{Context, NodeId, Protocol};

use crate::parts::hybrid_clock::{HybridClock, HybridTime};
use crate::parts::version_vector::VersionVector;
use client::Client;
use copy::Version;
use replica::Replica;

/// A node: what it does, and the hybrid clock that goes along with all it hears and says.
#[derive(Clone, Debug)]
pub struct Node {
    clock: HybridClock,
    part: Part,
}

#[derive(Clone, Debug)]
enum Part {
    Client(Client),
    Replica(Box<Replica>),
    /// Tells the time to replicas that ask.
    TimeServer,
}

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The latest time that its sender's hybrid clock knows of.
    clock: HybridTime,
    says: Says,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Says {
    /// What is there?
    Read { ask: u32, key: i64 },
    /// This is, in as many versions as there are, and so much it knows of.
    Value {
        ask: u32,
        key: i64,
        versions: Vec<u32>,
        context: VersionVector,
    },
    /// Put this there; whoever wrote it knew so much.
    Write {
        operation: u32,
        key: i64,
        context: VersionVector,
    },
    /// It is there.
    Written { operation: u32 },
    /// This was written here, as number `number` of all that was written here.
    Replicate { number: u32, version: Version },
    /// All that was written there up to this number is known here.
    Known { number: u32 },
    /// What time is it? Asked when the asker's clock showed this.
    WhatTime { asked: i64 },
    /// It was this, when asked at that.
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
    /// Time to pass on again what others have not confirmed.
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

/// What is to be sent.
type Outbox = Vec<(NodeId, Says)>;

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
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            word(
                "read",
                "read",
                "what is under key {0}?",
                MessageSort::Request,
            ),
            word(
                "value",
                "#{1}",
                "write #{1} is under key {0}; versions: {2}",
                MessageSort::Reply,
            ),
            word(
                "write",
                "write #{0}",
                "put write #{0} under key {1}",
                MessageSort::Request,
            ),
            word(
                "written",
                "ok #{0}",
                "write #{0} is stored",
                MessageSort::Reply,
            ),
            word(
                "replicate",
                "copy #{0}",
                "I have write #{0} under key {1}",
                MessageSort::Replication,
            ),
            word(
                "known",
                "known",
                "I know all your writes up to the {0}th",
                MessageSort::Acknowledgement,
            ),
            word(
                "what-time",
                "time?",
                "what time is it?",
                MessageSort::Request,
            ),
            word(
                "time",
                "time",
                "it is {1} ms past the epoch",
                MessageSort::Reply,
            ),
        ],
        timers: &[
            timer("time to read and write", false),
            timer("time to write", false),
            timer("no answer in time", true),
            timer("time to pass on what is not confirmed", false),
            timer("time to set the clock", false),
        ],
        operations: &[],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match &mut self.part {
            Part::Client(client) => client.start(context),
            Part::Replica(replica) => replica.start(context),
            Part::TimeServer => {}
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        self.clock.hear(message.clock);
        let outbox = match (&mut self.part, message.says) {
            (Part::Client(client), says) => {
                client.hear(says, context);
                Outbox::new()
            }
            (Part::Replica(replica), says) => replica.hear(from, says, &mut self.clock, context),
            (Part::TimeServer, Says::WhatTime { asked }) => {
                let told = context.wall();
                vec![(from, Says::Time { asked, told })]
            }
            (Part::TimeServer, _) => Outbox::new(),
        };
        self.send_all(outbox, context);
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        let outbox = match &mut self.part {
            Part::Client(client) => client.wake(timer, context),
            Part::Replica(replica) => replica.wake(timer, context),
            Part::TimeServer => Outbox::new(),
        };
        self.send_all(outbox, context);
    }

    fn gist(message: &Message) -> Gist {
        let (kind, args) = match &message.says {
            Says::Read { key, .. } => (0, [*key, 0, 0]),
            Says::Value { key, versions, .. } => {
                let latest = versions.last().copied().unwrap_or(0);
                (1, [*key, i64::from(latest), versions.len() as i64])
            }
            Says::Write { operation, key, .. } => (2, [i64::from(*operation), *key, 0]),
            Says::Written { operation } => (3, [i64::from(*operation), 0, 0]),
            Says::Replicate { version, .. } => (4, [i64::from(version.operation), version.key, 0]),
            Says::Known { number } => (5, [i64::from(*number), 0, 0]),
            Says::WhatTime { .. } => (6, [0; 3]),
            Says::Time { told, .. } => (7, [0, *told / 1_000_000, 0]),
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        *timer as u8
    }

    fn role(&self) -> &'static str {
        match &self.part {
            Part::Client(_) => "client",
            Part::Replica(_) => "replica",
            Part::TimeServer => "time-server",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match &self.part {
            Part::Client(client) => client.describe(outlook),
            Part::Replica(replica) => replica.describe(outlook),
            Part::TimeServer => Description {
                badge: "time".to_owned(),
                state: Vec::new(),
                beliefs: vec!["My clock is right: others set theirs by mine.".to_owned()],
            },
        }
    }
}
