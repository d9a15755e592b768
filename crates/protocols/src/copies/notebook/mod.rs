//! A server that keeps notes, and says when they are saved: at once, or when its disk has them, or when others do.
//!
//! What is written to a disk is in memory until it is synced. A crash loses what was not synced, and if the server has
//! already said *saved*, it said so too early (Pillai et al., *All file systems are not created equal*, OSDI 2014, on what
//! applications believe is durable). Two things make a note last. The server can wait for each of them before it answers,
//! or do it now and then, for many notes at once:
//!
//! - *Syncing*: `fsync` before the answer (`appendfsync always` in Redis, `synchronous_commit` in PostgreSQL), or every
//!   flush interval.
//! - *Copying* to other servers: a majority has the note before the answer, or the copies are sent at the flush interval.
//!   A server that comes back asks the others for the notes that it has forgotten, and serves nobody until so many have
//!   answered that each note of a majority must be among their notes (the recovery protocol of Liskov and Cowling,
//!   *Viewstamped replication revisited*, MIT-CSAIL-TR-2012-021, section 4.3).
//!
//! Copies in memory alone rely on not all servers forgetting at once: Kafka answers so, by default.
//!
//! Each note has a key of its own and is written once, so the order of notes does not matter, and the notes of two
//! servers are joined by their union.
//!
//! - `message.rs`: what the nodes tell each other and wait for
//! - `server.rs`: keeps the notes
//! - `office.rs`: what the server knows that clients ask
//! - the clients are [`Caller`]s

mod message;
mod office;
mod server;
#[cfg(test)]
mod tests;

use sim::protocol::{Description, Gist, OperationWord, Outlook, Vocabulary};
use sim::trace::Function;
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::parts::caller::{Caller, Habit, Manner, Wake};
use message::{MESSAGES, TIMERS};
pub use message::{Message, Timer};
use server::{Rules, Server};

/// How many of its latest notes a client reads back, one at a time.
const LATEST: usize = 8;

/// The notebook, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "notebook",
    about: "Clients write notes to a server, which says when they are saved; other servers may have copies.",
    roles: &[
        RoleSpec {
            id: "server",
            fewest: 1,
            most: 1,
        },
        RoleSpec {
            id: "copy",
            fewest: 0,
            most: 6,
        },
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 7,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "write-every",
            label: "Pause",
            about: "How long a client rests between two notes, or between a note and reading one back.",
            quantity: Quantity::Duration,
            default: ms(200),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits before it retries.",
            quantity: Quantity::Duration,
            default: ms(700),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "flush",
            label: "Flush every",
            about: "How often the server syncs and copies the notes for which no answer waits.",
            quantity: Quantity::Duration,
            default: ms(2000),
            min: ms(10),
            max: ms(600_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "sync-before-ack",
            label: "Sync before the answer",
            protects: "A server that says that a note is saved has the note on disk.",
        },
        DefenceSpec {
            id: "replicate-before-ack",
            label: "Copy before the answer",
            protects: "When a note is reported as saved, a majority of the servers has it, and not all of them crash.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let servers = plan.nodes("server");
    let copies = plan.nodes("copy");
    let clients = plan.nodes("client");
    let rules = Rules::of(plan);
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(|node| {
        if let Some(place) = clients.iter().position(|client| *client == node) {
            let manner = Manner {
                servers: servers.clone(),
                first: 0,
                pause: plan.duration("write-every"),
                timeout: plan.duration("timeout"),
                attempts: None,
                operations: None,
                habit: Habit::Notes(LATEST),
            };
            Node::Client(Box::new(Caller::new(manner, place, clients.len())))
        } else if servers.contains(&node) {
            Node::Server(Box::new(Server::primary(rules, copies.clone())))
        } else {
            Node::Server(Box::new(Server::copy(rules, servers[0])))
        }
    });
    Box::new(World::new(setup, nodes.collect()))
}

/// A node of the notebook.
#[derive(Clone, Debug)]
pub enum Node {
    /// One that keeps notes.
    Server(Box<Server>),
    /// One that writes them.
    Client(Box<Caller>),
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    /// A note's place is its number; its text does not matter.
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: MESSAGES,
        timers: TIMERS,
        operations: &[OperationWord {
            name: "next",
            does: "Write the next note, or read one back, at once",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::Server(server) => server.start(context),
            Node::Client(client) => client.start(context),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Server(server), message) => server.message(from, message, context),
            (Node::Client(client), Message::Tell(reply)) => client.answered(reply, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Server(server), Timer::Flush) => server.flush(context),
            (Node::Server(server), Timer::Recall) => server.recall(context),
            (Node::Client(client), Timer::Client(wake)) => client.wake(wake, context),
            _ => {}
        }
    }

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        if let Node::Server(server) = self {
            server.synced(token, context);
        }
    }

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.begin(context);
        }
    }

    fn gist(message: &Message) -> Gist {
        let number = |operation: u32| i64::from(operation);
        let batch = |notes: &[u32]| {
            let last = notes.last().copied().map_or(0, number);
            [last, notes.len() as i64, 0]
        };
        let (kind, args) = match message {
            Message::Ask(request) if request.function == Function::Read => {
                (1, [request.key, number(request.operation), 0])
            }
            Message::Ask(request) => (0, [number(request.operation), 0, 0]),
            Message::Tell(reply) => match (reply.to.function, reply.value) {
                (Function::Read, 0) => (8, [reply.to.key, 0, 0]),
                (Function::Read, _) => (3, [reply.to.key, 0, 0]),
                _ => (2, [number(reply.to.operation), 0, 0]),
            },
            Message::Copy(notes) => (4, batch(notes)),
            Message::Kept(notes) => (5, batch(notes)),
            Message::Recall => (6, [0; 3]),
            Message::Recalled(notes) => (7, batch(notes)),
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::Client(Wake::Next) => 0,
            Timer::Client(Wake::NoAnswer) => 1,
            Timer::Flush => 2,
            Timer::Recall => 3,
        }
    }

    fn memory(&self) -> usize {
        size_of_val(self)
            + match self {
                Node::Server(server) => server.memory(),
                Node::Client(client) => size_of::<Caller>() + client.memory(),
            }
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Server(server) if server.is_copy() => "copy",
            Node::Server(_) => "server",
            Node::Client(_) => "client",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Server(server) => server.describe(outlook),
            Node::Client(client) => client.describe(outlook),
        }
    }
}
