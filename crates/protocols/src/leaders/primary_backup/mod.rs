//! A register with a primary, its backups, and elections.
//!
//! One server leads: it takes writes, and copies its register to the others. Its heartbeats keep them quiet; when they
//! have been silent for long enough, another stands for election, and leads if a majority votes for it (Oki and Liskov,
//! *Viewstamped replication*, PODC 1988; terms as in Ongaro and Ousterhout, *In search of an understandable consensus
//! algorithm*, USENIX ATC 2014). A server talks only to servers that it believes are alive, as brokers of Kafka talk to
//! the brokers in the controller's view. So a leader that is believed dead is not told that it has a successor.
//!
//! An election alone does not stop the previous leader: it may not know. With majority acknowledgements a write takes
//! effect only when a majority has a copy of it, and the majority that has elected another leader gives none (`acks=all`
//! with `min.insync.replicas` in Kafka). Three rules make that strict: a vote goes only to a candidate whose copy is not
//! older than the voter's; a server that has heard its leader recently votes for nobody; and a leader counts only
//! acknowledgements of what it sent less than that time ago. So a leader acts before its successor can be elected, or
//! not at all.
//!
//! The register is copied whole, as one value, so there is no log. A client that hears nothing retries, so its write may
//! be made twice; both times it writes the same value.
//!
//! - `message.rs`: what the nodes tell each other, wait for, and keep on disk
//! - `server.rs`: what a server knows, and how it votes
//! - `leader.rs`: what a leader does
//! - `office.rs`: what a leader knows
//! - the clients are [`Caller`]s

mod leader;
mod message;
mod office;
mod server;
#[cfg(test)]
mod tests;

use sim::protocol::{Description, Gist, OperationWord, Outlook, Vocabulary};
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::parts::caller::{Caller, Habit, Manner, Wake};
use crate::parts::election;
pub use message::{Copy, Message, Record, Timer};
use message::{MESSAGES, TIMERS};
use server::{Rules, Server};

/// Primary and backups, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "primary-backup",
    about: "Servers elect one of them by majority; it takes the clients' writes and copies them to the others.",
    roles: &[
        RoleSpec {
            id: "server",
            fewest: 2,
            most: 9,
        },
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 7,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "heartbeat",
            label: "Heartbeat every",
            about: "How often a leader says that it leads.",
            quantity: Quantity::Duration,
            default: ms(300),
            min: ms(5),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "patience",
            label: "Patience",
            about: "How long a server hears no leader before it stands for election; up to twice that, by chance.",
            quantity: Quantity::Duration,
            default: ms(1200),
            min: ms(20),
            max: ms(600_000),
        },
        ParameterSpec {
            id: "write-every",
            label: "Pause",
            about: "How long a client rests between two writes.",
            quantity: Quantity::Duration,
            default: ms(500),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits before it asks the next server.",
            quantity: Quantity::Duration,
            default: ms(1000),
            min: ms(1),
            max: ms(60_000),
        },
    ],
    defences: &[DefenceSpec {
        id: "majority-acks",
        label: "Majority acknowledgements",
        protects: "A write takes effect only once a majority has it, so no leader can act that has been succeeded.",
    }],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let servers = plan.nodes("server");
    let clients = plan.nodes("client");
    let rules = Rules::of(plan);
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(|node| {
        if let Some(rank) = servers.iter().position(|server| *server == node) {
            let peers = servers.iter().copied().filter(|peer| *peer != node);
            Node::Server(Box::new(Server::new(rules, rank as u32, peers.collect())))
        } else {
            let place = clients.iter().position(|client| *client == node);
            let (place, count) = (place.unwrap_or_default(), clients.len());
            let manner = Manner {
                first: place * servers.len() / count,
                servers: servers.clone(),
                pause: plan.duration("write-every"),
                timeout: plan.duration("timeout"),
                attempts: None,
                operations: None,
                habit: Habit::Writes,
            };
            Node::Client(Box::new(Caller::new(manner, place, count)))
        }
    });
    Box::new(World::new(setup, nodes.collect()))
}

/// A server or a client.
#[derive(Clone, Debug)]
pub enum Node {
    /// One that has a copy of the register.
    Server(Box<Server>),
    /// One that writes.
    Client(Box<Caller>),
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: MESSAGES,
        timers: TIMERS,
        operations: &[OperationWord {
            name: "write",
            does: "Begin the next write at once",
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
            (Node::Client(client), Message::Done { reply, .. }) => client.answered(reply, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Server(server), Timer::Server(timer)) => server.wake(timer, context),
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
        let (kind, args) = match *message {
            Message::Write(request) | Message::Forward(_, request) => {
                (0, [i64::from(request.operation), 0, 0])
            }
            Message::Done { reply, term } => (1, [i64::from(reply.to.operation), term, 0]),
            Message::Stand { term, .. } => (2, [term, 0, 0]),
            Message::Vote { term } => (3, [term, 0, 0]),
            Message::Heartbeat { term } => (4, [term, 0, 0]),
            Message::Replicate { term, copy, .. } => (5, [i64::from(copy.operation), term, 0]),
            Message::Ack { term, version, .. } => (6, [i64::from(version.1), term, 0]),
            Message::Stale { term } => (7, [term, 0, 0]),
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::Server(timer) => election::timer_kind(*timer),
            Timer::Client(Wake::Next) => 2,
            Timer::Client(Wake::NoAnswer) => 3,
        }
    }

    fn leads(&self) -> bool {
        matches!(self, Node::Server(server) if server.leads())
    }

    fn memory(&self) -> usize {
        size_of_val(self)
            + match self {
                Node::Server(server) => size_of::<Server>() + server.memory(),
                Node::Client(client) => size_of::<Caller>() + client.memory(),
            }
    }

    fn role(&self) -> &'static str {
        match self {
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
