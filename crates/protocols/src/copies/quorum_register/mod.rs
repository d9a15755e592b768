//! Registers that are replicated by quorums, as in Dynamo, and what it takes to make them behave like one copy.
//!
//! Each key has N replicas: the first N nodes on a ring from the key's place on. The client coordinates, as Dynamo's
//! clients may (DeCandia et al., *Dynamo: Amazon's highly available key-value store*, SOSP 2007, section 6.4): it sends a
//! write to all N and is done when W have it; it asks all N and is done when R have answered, and the newest of what they
//! say is what it reads. A key has one writer, whose operations' numbers are the versions.
//!
//! - *Overlap*: with R + W > N, each read hears of each write that was done before it (Gifford 1979). A replica answers
//!   from what is durable, and confirms what is durable: otherwise a crash takes the write from the place where the two
//!   quorums meet.
//! - *Write-back*: that is not linearizable yet. A write that has reached one replica is read by one client, and missed by
//!   the next. A reader that first makes sure that W replicas have what it is about to return closes the gap (Attiya,
//!   Bar-Noy and Dolev, *Sharing memory robustly in message-passing systems*, JACM 42(1), 1995). It is read repair, waited
//!   for.
//! - *Sloppy quorums*: when a replica does not answer, the next node on the ring stands in, and hands over what it was
//!   given for the other one when that is back (hinted handoff; Dynamo, section 4.6). Then quorums of R and W nodes need
//!   not overlap, whatever their sizes.
//!
//! | module | its subject |
//! | --- | --- |
//! | `message` | what the nodes tell each other and wait for |
//! | `replica` | keeps copies |
//! | `client` | reads and writes, and coordinates |
//! | `operation` | a client's operation that has not ended |

mod client;
mod message;
mod operation;
mod replica;
#[cfg(test)]
mod tests;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, count, defence, many, milliseconds};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use crate::parts::disk::two_slots::{Hosts, Slot};
use client::{Client, Rules};
pub use message::{Message, Record, Timer};
use replica::Replica;

/// Replicated registers, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "quorum-register",
    "Clients write to W of N replicas and read from R of them.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.mended(&[
    "A replica answered reads from copies that a crash could take back, and a torn write destroyed the copy before it.",
]);

choices! {
    /// What a scenario chooses for the registers.
    struct Choices {
        roles {
            replicas: Vec<NodeId> = many("replica", 1..=9),
            clients: Vec<NodeId> = many("client", 1..=7).speaks_to(&["replica"]),
        }
        parameters {
            n: u32 = count("n", "N", 3, 1..=9, "How many replicas a key has."),
            r: u32 = count("r", "R", 1, 1..=9, "How many replicas a reader waits for; at most N."),
            w: u32 = count("w", "W", 1, 1..=9, "How many replicas a writer waits for; at most N."),
            writers: u32 = count("writers", "Writers", 1, 1..=7,
                "How many of the clients write, each under a key of its own; all of them read."),
            pause: SimDuration = milliseconds("pause", "Pause", 250, 1..=60_000,
                "How long a client rests between two operations, on average."),
            patience: SimDuration = milliseconds("patience", "Patience", 400, 1..=60_000,
                "How long a client waits for a replica before it asks again, or asks a node that stands in for the replica."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 1500, 1..=60_000,
                "How long a client tries before it gives up."),
        }
        defences {
            quorums_overlap: bool = defence("quorum-overlap", "R + W > N",
                "R and W are raised until each read asks a replica that has the latest write."),
            has_read_repair: bool = defence("read-repair", "Read repair",
                "A reader first brings the write that it found to W replicas, and only then returns it."),
            is_sloppy: bool = defence("sloppy-quorum", "Sloppy quorum",
                "Other nodes stand in for replicas that a client cannot reach."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let (rules, ring) = (Rules::of(&choices), &choices.replicas);
    let replicas = ring
        .iter()
        .map(|node| (*node, Node::Replica(Replica::new(choices.patience))));
    let count = choices.clients.len() as u32;
    let clients = (0..).zip(&choices.clients).map(|(place, node)| {
        let client = Client::new(rules, ring.clone(), place, count);
        (*node, Node::Client(Box::new(client)))
    });
    world(setup, replicas.chain(clients))
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A replica, which keeps copies.
    Replica(Replica),
    /// A client, which reads and writes.
    Client(Box<Client>),
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    sim::vocabulary! {
        messages {
            Message::Read { operation, key } => Request "read" [operation, key] {
                label: "read #{0}",
                says: "what is under key {1}? (read #{0})",
            }
            Message::Value { operation, copy } => Reply "value" [copy, operation] {
                label: "has #{0}",
                says: "I have write #{0} (for read #{1})",
            }
            Message::Write { operation, copy, stands_in_for: None, .. } if operation == copy => Request "write"
                [copy, operation]
            {
                label: "write #{0}",
                says: "keep write #{0}",
            }
            Message::Write { operation, copy, stands_in_for: None, .. } => Replication "repair" [copy, operation] {
                label: "repair #{0}",
                says: "keep write #{0}, found by read #{1}",
            }
            Message::Write { operation, copy, .. } => Replication "stand-in" [copy, operation] {
                label: "for another: #{0}",
                says: "keep write #{0} for a replica that does not answer",
            }
            Message::Written { operation } => Acknowledgement "written" [operation] {
                label: "ok #{0}",
                says: "I have kept what #{0} asked for",
            }
            Message::HandOff { key, copy } => Replication "hand-off" [copy, key] {
                label: "yours: #{0}",
                says: "I kept write #{0} for you",
            }
            Message::Taken { key, copy } => Acknowledgement "taken" [copy, key] {
                label: "thanks",
                says: "I have write #{0} now",
            }
        }
        timers {
            Timer::Next => "time for the next operation",
            Timer::NoAnswer => timeout "some replicas have not answered",
            Timer::GiveUp => timeout "time to give up",
            Timer::HandOff => "time to hand over the writes that it keeps for others",
        }
        operations {
            "next": "Begin the next operation at once" by ["client"] => Node::Client => Client::begin,
        }
    }

    roles! { Node::Replica, Node::Client }

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
}

impl Hosts<u32> for Node {
    fn slot(stored: &Record) -> Option<&Slot<u32>> {
        Some(stored)
    }
}
