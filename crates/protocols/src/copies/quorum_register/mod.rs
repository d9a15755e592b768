//! Registers that are replicated by quorums, as in Dynamo, and what it takes to make them behave like one copy.
//!
//! Each key has N replicas: the first N nodes on a ring from the key's place on. The client coordinates, as Dynamo's
//! clients may (DeCandia et al., *Dynamo: Amazon's highly available key-value store*, SOSP 2007, section 6.4): it sends a
//! write to all N and is done when W have it; it asks all N and is done when R have answered, and the newest of what they
//! say is what it reads. A key has one writer, whose operations' numbers are the versions.
//!
//! - *Overlap*: with R + W > N, each read hears of each write that was done before it (Gifford 1979).
//! - *Write-back*: that is not linearizable yet. A write that has reached one replica is read by one client, and missed by
//!   the next. A reader that first makes sure that W replicas have what it is about to return closes the gap (Attiya,
//!   Bar-Noy and Dolev, *Sharing memory robustly in message-passing systems*, JACM 42(1), 1995). It is read repair, waited
//!   for.
//! - *Sloppy quorums*: when a replica does not answer, the next node on the ring stands in, and hands over what it was
//!   given for the other one when that is back (hinted handoff; Dynamo, section 4.6). Then quorums of R and W nodes need
//!   not overlap, whatever their sizes.
//!
//! - `message.rs`: what the nodes tell each other and wait for
//! - `replica.rs`: keeps copies
//! - `client.rs`: reads and writes, and coordinates
//! - `operation.rs`: a client's operation that has not ended

mod client;
mod message;
mod operation;
mod replica;
#[cfg(test)]
mod tests;

use sim::protocol::{Description, Gist, OperationWord, Outlook, Vocabulary};
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use client::{Client, Rules};
use message::{MESSAGES, TIMERS};
pub use message::{Message, Record, Timer};
use replica::Replica;

/// Replicated registers, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "quorum-register",
    about: "Clients write to W of N replicas and read from R of them.",
    roles: &[
        RoleSpec {
            id: "replica",
            fewest: 1,
            most: 9,
        },
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 7,
        },
    ],
    parameters: &[
        count("n", "N", "How many replicas a key has.", 3.0, 9.0),
        count(
            "r",
            "R",
            "How many replicas a reader waits for; at most N.",
            1.0,
            9.0,
        ),
        count(
            "w",
            "W",
            "How many replicas a writer waits for; at most N.",
            1.0,
            9.0,
        ),
        count(
            "writers",
            "Writers",
            "How many of the clients write, each under a key of its own; all of them read.",
            1.0,
            7.0,
        ),
        ParameterSpec {
            id: "pause",
            label: "Pause",
            about: "How long a client rests between two operations, on average.",
            quantity: Quantity::Duration,
            default: ms(250),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "patience",
            label: "Patience",
            about: "How long a client waits for a replica before it asks again, or asks who stands in for it.",
            quantity: Quantity::Duration,
            default: ms(400),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client tries before it gives up.",
            quantity: Quantity::Duration,
            default: ms(1500),
            min: ms(1),
            max: ms(60_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "quorum-overlap",
            label: "R + W > N",
            protects: "A read shares a replica with each write that was done before; R and W are raised until it does.",
        },
        DefenceSpec {
            id: "read-repair",
            label: "Read repair",
            protects: "What a reader returns, W replicas have before it returns it: no later read finds something older.",
        },
        DefenceSpec {
            id: "sloppy-quorum",
            label: "Sloppy quorum",
            protects: "Who cannot reach a key's replicas is served by others that stand in for them.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

const fn count(
    id: &'static str,
    label: &'static str,
    about: &'static str,
    default: f64,
    max: f64,
) -> ParameterSpec {
    ParameterSpec {
        id,
        label,
        about,
        quantity: Quantity::Count,
        default,
        min: 1.0,
        max,
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let replicas = plan.nodes("replica");
    let clients = plan.nodes("client");
    let rules = Rules::of(plan, replicas.len() as u16);
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(
        |node| match clients.iter().position(|client| *client == node) {
            Some(place) => Node::Client(Box::new(Client::new(
                rules,
                replicas.clone(),
                place as u32,
                clients.len() as u32,
            ))),
            None => Node::Replica(Replica::new(plan.duration("patience"))),
        },
    );
    Box::new(World::new(setup, nodes.collect()))
}

/// A node.
#[derive(Clone, Debug)]
pub enum Node {
    /// One that keeps copies.
    Replica(Replica),
    /// One that reads and writes.
    Client(Box<Client>),
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: MESSAGES,
        timers: TIMERS,
        operations: &[OperationWord {
            name: "next",
            does: "Begin the next operation at once",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::Replica(replica) => replica.start(context),
            Node::Client(client) => client.start(context),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match self {
            Node::Replica(replica) => replica.message(from, message, context),
            Node::Client(client) => client.message(from, message, context),
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Replica(replica), Timer::HandOff) => replica.hand_off(context),
            (Node::Client(client), Timer::Next) => client.begin(context),
            (Node::Client(client), Timer::NoAnswer) => client.no_answer(context),
            (Node::Client(client), Timer::GiveUp) => client.give_up(context),
            _ => {}
        }
    }

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        if let Node::Replica(replica) = self {
            replica.synced(token, context);
        }
    }

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.begin(context);
        }
    }

    fn gist(message: &Message) -> Gist {
        let number = |number: u32| i64::from(number);
        let (kind, args) = match *message {
            Message::Read { operation, key } => (0, [number(operation), key, 0]),
            Message::Value { operation, copy } => (1, [number(copy), number(operation), 0]),
            Message::Write {
                operation,
                copy,
                stands_in_for,
                ..
            } => {
                let kind = match stands_in_for {
                    Some(_) => 4,
                    None if operation == copy => 2,
                    None => 3,
                };
                (kind, [number(copy), number(operation), 0])
            }
            Message::Written { operation } => (5, [number(operation), 0, 0]),
            Message::HandOff { key, copy } => (6, [number(copy), key, 0]),
            Message::Taken { key, copy } => (7, [number(copy), key, 0]),
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        *timer as u8
    }

    fn memory(&self) -> usize {
        size_of_val(self)
            + match self {
                Node::Replica(replica) => replica.memory(),
                Node::Client(client) => client.memory(),
            }
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Replica(_) => "replica",
            Node::Client(_) => "client",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Replica(replica) => replica.describe(outlook),
            Node::Client(client) => client.describe(outlook),
        }
    }
}
