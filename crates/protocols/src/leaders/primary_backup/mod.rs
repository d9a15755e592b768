//! A register with a primary, its backups, and elections.
//!
//! One server leads: it takes writes, and copies its register to the others. Its heartbeats keep them quiet; when they
//! have been silent for long enough, another stands for election, and leads if a majority votes for it (Oki and Liskov,
//! *Viewstamped replication*, PODC 1988; terms as in Ongaro and Ousterhout, *In search of an understandable consensus
//! algorithm*, USENIX ATC 2014). A server talks only to servers that it believes are alive. So a leader that is believed
//! dead is not told that it has a successor.
//!
//! Raft does not do that: a candidate asks every server, so a leader that is taken for dead hears of the new term, and
//! steps down.
//!
//! An election alone does not stop the previous leader: it may not know. With majority acknowledgements a write takes
//! effect only when a majority has a copy of it, and the majority that has elected another leader gives none (`acks=all`
//! with `min.insync.replicas` in Kafka). A vote goes only to a candidate whose copy is not older than the voter's, so what
//! a majority had is what the next leader begins with. No clock decides what is safe.
//!
//! The register is copied whole, as one value, so there is no log. With the value go the clients' sessions: the last write
//! of each client (Ongaro, *Consensus: bridging theory and practice*, 2014, section 6.3). A client that hears nothing
//! retries, and a retry or a copy that arrives late is not written again.
//!
//! The ballot and the register have [two places](crate::parts::disk::two_slots) on disk each, so a crash in the middle of a
//! write destroys neither. Without its disk a server has forgotten its vote and its copy: a wiped disk can undo a write.
//!
//! | module | its subject |
//! | --- | --- |
//! | `message` | what the nodes tell each other, wait for, and keep on disk |
//! | `server` | what a server knows, and how it votes |
//! | `leader` | what a leader does |
//! | `office` | what a leader knows |
//!
//! The clients are [`Caller`]s.

mod leader;
mod message;
mod office;
mod server;
#[cfg(test)]
mod tests;

use sim::held::{Held, Measure};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::{group, world};
use crate::parts::caller::{Caller, Habit, Manner, Wake, callers};
use crate::parts::disk::two_slots::Slot;
use crate::parts::election;
pub use message::{Copy, Message, Record, Timer};
use server::{Rules, Server};

/// Primary and backups, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "primary-backup",
    "Servers elect one of them by majority; it takes the clients' writes and copies them to the others.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.recording_trust()
.mended(&[
    "A leader did nothing if a round trip took longer than its patience, a torn write ended a server for good, and a write that was repeated late was made again.",
    "A restarted server did not put on record again what its disk holds.",
]);

choices! {
    /// What a scenario chooses for a primary and its backups.
    struct Choices {
        roles {
            servers: Vec<NodeId> = many("server", 2..=9),
            clients: Vec<NodeId> = many("client", 1..=7).speaks_to(&["server"]),
        }
        parameters {
            heartbeat: SimDuration = milliseconds("heartbeat", "Heartbeat every", 300, 5..=60_000,
                "How often a leader says that it leads."),
            patience: SimDuration = milliseconds("patience", "Patience", 1200, 20..=600_000,
                "How long a server hears no leader before it stands for election; up to twice that, at random."),
            pause: SimDuration = milliseconds("write-every", "Pause", 500, 1..=60_000,
                "How long a client rests between two writes."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 1000, 1..=60_000,
                "How long a client waits before it asks the next server."),
        }
        defences {
            needs_majority: bool = defence("majority-acks", "Majority acknowledgements",
                "A write takes effect only once a majority has it, so a leader that has a successor cannot act."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let rules = Rules::of(&choices);
    let servers = group(&choices.servers).map(|(node, rank, peers)| {
        let server = Server::new(rules, rank, peers);
        (node, Node::Server(Box::new(server)))
    });
    let (pause, timeout) = (choices.pause, choices.timeout);
    let manner = Manner::endless(&choices.servers, pause, timeout, Habit::Writes);
    let clients = callers(&choices.clients, &manner);
    let clients = clients.map(|(node, caller)| (node, Node::Client(caller)));
    world(setup, servers.chain(clients))
}

/// A server or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A server, which has a copy of the register.
    Server(Box<Server>),
    /// A client, which writes.
    Client(Box<Caller>),
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Slot<Record>;

    fn held_by_message(message: &Message) -> usize {
        match message {
            Message::Replicate { copy, .. } => copy.sessions.held(Measure::Grown),
            _ => 0,
        }
    }

    sim::vocabulary! {
        messages {
            Message::Write(request) | Message::Forward(_, request) => Request "write" [request.operation] {
                label: "write #{0}",
                says: "please write #{0}",
            }
            Message::Done { reply, term } => Reply "done" [reply.to.operation, term] {
                label: "done #{0}",
                says: "write #{0} is done (term {1})",
            }
            Message::Stand { term, .. } => Request "stand" [term] {
                label: "vote for me, term {0}",
                says: "vote for me in term {0}",
            }
            Message::Vote { term } => Acknowledgement "vote" [term] {
                label: "my vote",
                says: "you have my vote in term {0}",
            }
            Message::Heartbeat { term } => Heartbeat "heartbeat" [term] {
                label: "",
                says: "I am the leader of term {0}",
            }
            Message::Replicate { term, copy, .. } => Replication "replicate" [copy.operation, term] {
                label: "copy #{0}",
                says: "keep a copy of write #{0} (term {1})",
            }
            Message::Ack { term, version, .. } => Acknowledgement "ack" [version.1, term] {
                label: "ack",
                says: "I have your copy number {0} of term {1}",
            }
            Message::Stale { term } => Refusal "stale" [term] {
                label: "term {0}!",
                says: "your term is over: this is term {0}",
            }
        }
        timers {
            Timer::Server(election::Timer::NoLeader) => timeout "no leader heard for too long",
            Timer::Server(election::Timer::Beat { .. }) => "time for a heartbeat",
            Timer::Client(Wake::Next) => "time for the next write",
            Timer::Client(Wake::NoAnswer) => timeout "no answer in time",
        }
        operations {
            "write": "Begin the next write at once" by ["client"] => Node::Client => Caller::begin,
        }
    }

    roles! { Node::Server, Node::Client }

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
}
