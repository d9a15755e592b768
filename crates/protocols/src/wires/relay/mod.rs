//! A record that is written and read through a relay, with a checksum on each hop, and one from end to end.
//!
//! The transport's checksum is the Internet's 16-bit sum (RFC 1071): the sender of a message makes it, and the receiver
//! checks it. It finds every single flipped bit. It does not find two flips that cancel out, or two halves that
//! change places, since a sum does not depend on order. Nor does it look inside a relay, which checks what arrives, copies
//! it in its own memory, and makes a new sum of whatever is there then (Saltzer, Reed and Clark, *End-to-end arguments in
//! system design*, ACM TOCS 2(4), 1984, tell of a gateway that swapped bytes; Stone and Partridge, *When the CRC and TCP
//! checksum disagree*, SIGCOMM 2000, found such packets on real networks). A CRC-32 that the writer makes, and that only
//! the store and the reader check, covers the whole way.
//!
//! | module | its subject |
//! | --- | --- |
//! | `record` | a record and its checksums |
//! | `client` | writes records, or reads them |
//! | `hop` | the relay, which passes messages on |
//! | `store` | keeps the records |

mod client;
mod hop;
mod record;
mod store;
#[cfg(test)]
mod tests;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, faults, many, milliseconds, one};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use client::Client;
use hop::Relay;
use record::Record;
use store::Store;

/// The relayed record, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "relay",
    "Writers keep records in a store and readers read them, all through a relay.",
    &Node::VOCABULARY,
    build,
);

choices! {
    /// What a scenario chooses for the relayed record.
    struct Choices {
        roles {
            writers: Vec<NodeId> = many("writer", 1..=6).speaks_to(&["relay"]),
            readers: Vec<NodeId> = many("reader", 1..=6).speaks_to(&["relay"]),
            relay: NodeId = one("relay"),
            store: NodeId = one("store").speaks_to(&["relay"]),
        }
        parameters {
            pause: SimDuration = milliseconds("pause", "Pause", 400, 1..=60_000,
                "How long writers and readers rest between two requests."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 800, 1..=60_000,
                "How long they wait for an answer before they ask again."),
            bad_memory: f64 = faults("bad-memory", "Bad memory", 0.02,
                "The share of records of which the relay's memory swaps the halves."),
        }
        defences {
            checks_hops: bool = defence("hop-checksum", "Checksum on each hop",
                "Most damage on a link is detected at its end."),
            checks_ends: bool = defence("checksum", "End-to-end checksum",
                "The store and the reader detect damage from anywhere on the way."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let all = choices.writers.iter().chain(&choices.readers).enumerate();
    let clients = all.map(|(place, node)| {
        let client = Client::new(&choices, place, *node);
        (*node, Node::Client(client))
    });
    let relay = (choices.relay, Node::Relay(Relay::new(&choices)));
    let store = (choices.store, Node::Store(Store::new(&choices)));
    world(setup, clients.chain([relay, store]))
}

/// A node on the way of a record, or at its ends.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// It writes records, or reads them.
    Client(Client),
    /// It passes messages on.
    Relay(Relay),
    /// It keeps the records.
    Store(Store),
}

/// A request or its answer. Both go through the relay, so they name the client that they belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    /// The operation's number, unique in the run.
    operation: u32,
    /// The client that has begun the operation.
    client: NodeId,
    body: Body,
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    /// Keep this.
    Write(Record),
    /// It is kept.
    Written,
    /// What is kept under this key?
    Read(NodeId),
    /// This is kept; `None` if nothing is.
    Found(Option<Record>),
}

impl Body {
    fn record(&self) -> Option<Record> {
        match *self {
            Body::Write(record) => Some(record),
            Body::Found(record) => record,
            Body::Written | Body::Read(_) => None,
        }
    }

    fn with(self, record: Record) -> Body {
        match self {
            Body::Write(_) => Body::Write(record),
            Body::Found(Some(_)) => Body::Found(Some(record)),
            other => other,
        }
    }

    /// Whether it is on its way to the store.
    fn is_request(&self) -> bool {
        matches!(self, Body::Write(_) | Body::Read(_))
    }
}

/// What a writer or reader waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time for the next request.
    Next,
    /// The answer has not come in time.
    NoAnswer,
}

/// The value of a record; 0 if there is none.
fn value(record: Option<Record>) -> u32 {
    record.map_or(0, |record| record.value)
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    sim::vocabulary! {
        messages {
            Message { operation, body: Body::Write(record), .. } => Request "write" [operation, record.value] {
                label: "{1}",
                says: "keep {1} (write #{0})",
            }
            Message { operation, body: Body::Written, .. } => Acknowledgement "written" [operation] {
                label: "kept",
                says: "the value of write #{0} is kept",
            }
            Message { operation, body: Body::Read(_), .. } => Request "read" [operation] {
                label: "how much?",
                says: "which value is kept? (read #{0})",
            }
            Message { operation, body: Body::Found(found), .. } => Reply "found" [operation, value(*found)] {
                label: "{1}",
                says: "{1} is kept (read #{0})",
            }
        }
        timers {
            Timer::Next => "time for the next request",
            Timer::NoAnswer => timeout "no answer in time",
        }
        operations {
            "ask": "Make the next request at once" by ["writer", "reader"] => Node::Client => Client::begin,
        }
    }

    roles! { Node::Client, Node::Relay, Node::Store }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match self {
            Node::Client(client) => client.answer(message, context),
            Node::Relay(relay) => relay.pass(message, context),
            Node::Store(store) => store.serve(from, message, context),
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            match timer {
                Timer::Next => client.begin(context),
                Timer::NoAnswer => client.no_answer(context),
            }
        }
    }

    /// Flips one to three bits of the value.
    fn corrupt(message: &mut Message, random: u64) {
        if let Some(mut record) = message.body.record() {
            for flip in 0..=random % 3 {
                record.value ^= 1 << (random >> (8 + 8 * flip) & 31);
            }
            message.body = message.body.with(record);
        }
    }
}
