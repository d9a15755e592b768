//! A register that is written from afar: phones set the temperature of their rooms on a hub, at least once.
//!
//! A phone sends its setting, and sends it again when no confirmation comes in time. So a setting may reach the hub
//! more than once, and a copy that was delayed may reach it when a newer setting is already in force. A hub that takes
//! every write as it comes then goes back to the old setting. A sequence number in each write tells the hub which of two
//! is newer; it ignores a setting that is older than the one it has. This is how a broker treats an idempotent producer
//! (Apache Kafka, KIP-98: producer id, epoch and sequence number), and how a replicated state machine treats its
//! clients (Ongaro, *Consensus: bridging theory and practice*, 2014, section 6.3).
//!
//! The hub keeps each setting in two places on its disk, so that a write that a crash leaves half done takes nothing away.
//!
//! The numbers of a phone that restarts go on above those of its earlier life, as with the epoch of Kafka's transactional
//! producers.
//!
//! | module | its subject |
//! | --- | --- |
//! | `client` | a phone that sets its room's temperature |
//! | `hub` | keeps the settings of all rooms |

mod client;
mod hub;
#[cfg(test)]
mod tests;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds, one, operations};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use crate::parts::disk::two_slots::{Hosts, Slot};
use client::Client;
use hub::Hub;

/// The thermostat, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "thermostat",
    "Phones set the temperature of their rooms on a hub, each one setting after the other.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.mended(&[
    "A crash in the middle of a write could take a confirmed setting off the hub's disk.",
    "A restarted hub did not put on record again what its disk holds.",
]);

choices! {
    /// What a scenario chooses for the thermostat.
    struct Choices {
        roles {
            clients: Vec<NodeId> = many("client", 1..=12).speaks_to(&["hub"]),
            hub: NodeId = one("hub"),
        }
        parameters {
            settings: u32 = operations("settings", "Settings", 20, 1..=1000,
                "How many times each client changes its room's temperature."),
            pause: SimDuration = milliseconds("pause", "Pause", 500, 0..=60_000,
                "How long a client rests between two settings."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 500, 1..=60_000,
                "How long a client waits for a confirmation before it sends its setting again."),
        }
        defences {
            has_sequence_numbers: bool = defence("sequence-number", "Sequence number",
                "A setting that arrives after a newer one is ignored."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let clients = choices.clients.iter().enumerate();
    let clients = clients.map(|(place, node)| (*node, Node::Client(Client::new(&choices, place))));
    let hub = (choices.hub, Node::Hub(Hub::new(&choices)));
    world(setup, clients.chain([hub]))
}

/// A node of the house.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A phone that sets its room's temperature.
    Client(Client),
    /// The hub that keeps all rooms' settings.
    Hub(Hub),
}

/// A write to a room's register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Setting {
    /// The setting's number, unique in the run.
    pub operation: u32,
    /// Its number among its client's settings: the later, the larger.
    pub sequence: u32,
    /// The temperature.
    pub degrees: i64,
}

impl Hosts<Setting> for Node {
    fn slot(stored: &Slot<Setting>) -> Option<&Slot<Setting>> {
        Some(stored)
    }
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Keep my room at this temperature.
    Set(Setting),
    /// I do.
    Confirm(Setting),
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time for the next setting.
    Next,
    /// The confirmation has not come in time.
    Unconfirmed,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Slot<Setting>;

    sim::vocabulary! {
        messages {
            Message::Set(Setting { operation, degrees, sequence }) => Request "set" [operation, degrees, sequence] {
                label: "set {1}° (#{0})",
                says: "keep my room at {1}° (setting #{0})",
            }
            Message::Confirm(Setting { operation, degrees, sequence }) => Reply "confirm" [operation, degrees, sequence] {
                label: "is {1}° (#{0})",
                says: "setting #{0} has arrived: {1}°",
            }
        }
        timers {
            Timer::Next => "time for another temperature",
            Timer::Unconfirmed => timeout "no confirmation in time",
        }
        operations {
            "set": "Change the temperature at once" by ["client"] => Node::Client => Client::begin,
        }
    }

    roles! { Node::Client, Node::Hub }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Hub(hub), Message::Set(setting)) => hub.set(from, setting, context),
            (Node::Client(client), Message::Confirm(setting)) => client.confirm(setting, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            match timer {
                Timer::Next => client.begin(context),
                Timer::Unconfirmed => client.unconfirmed(context),
            }
        }
    }
}
