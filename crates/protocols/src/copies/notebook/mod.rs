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
//!   *Viewstamped replication revisited*, MIT-CSAIL-TR-2012-021, section 4.3). Its question carries a nonce, so that no
//!   answer to an earlier recovery counts: that one may be older than notes which were saved since. A copy that has
//!   forgotten notes itself does not count either, until the primary has told it all of them: its memory is gone with each
//!   crash, its disk only if it was replaced.
//!
//! A note is read only when it would be reported as saved: what a client has seen must not be gone the next time.
//!
//! So while more than a minority has forgotten, and one server has not, the primary waits, as in section 4.3. Once all have
//! said that they have, waiting brings nothing back: then the primary goes on with what is left, where the paper's protocol would
//! wait for ever. Copies in memory alone rely on not all servers forgetting at once: Kafka answers so, by default.
//!
//! Each note has a key of its own and is written once, so the order of notes does not matter, and the notes of two
//! servers are joined by their union.
//!
//! | module | its subject |
//! | --- | --- |
//! | `message` | what the nodes tell each other and wait for |
//! | `server` | keeps the notes |
//! | `office` | what the server knows that clients ask |
//!
//! The clients are [`Caller`]s.

mod message;
mod office;
mod server;
#[cfg(test)]
mod tests;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds, one};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use crate::parts::caller::{Caller, Habit, Manner, Wake, callers};
pub use message::{Message, Timer};
use server::{Rules, Server};

/// How many of its latest notes a client reads back, one at a time.
const LATEST: usize = 8;

/// The notebook, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "notebook",
    "Clients write notes to a server, which says when they are saved; other servers may have copies.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.mended(&[
    "A restarted server took an old answer for one to its present question, and read out notes that a crash could take back.",
    "A restarted server counted the answers of copies that had restarted themselves, and had forgotten notes.",
]);

choices! {
    /// What a scenario chooses for the notebook.
    struct Choices {
        roles {
            server: NodeId = one("server"),
            copies: Vec<NodeId> = many("copy", 0..=6),
            clients: Vec<NodeId> = many("client", 1..=7).speaks_to(&["server", "copy"]),
        }
        parameters {
            pause: SimDuration = milliseconds("write-every", "Pause", 200, 1..=60_000,
                "How long a client rests between two notes, or between a note and reading one back."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 700, 1..=60_000,
                "How long a client waits before it retries."),
            flush: SimDuration = milliseconds("flush", "Flush every", 2000, 10..=600_000,
                "How often the server syncs and copies the notes for which no answer waits."),
        }
        defences {
            syncs_first: bool = defence("sync-before-ack", "Sync before the answer",
                "A server that says that a note is saved has the note on disk."),
            copies_first: bool = defence("replicate-before-ack", "Copy before the answer",
                "A server says that a note is saved once a majority of the servers has it."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let rules = Rules::of(&choices);
    let server = Server::primary(rules, choices.copies.clone());
    let copies = choices
        .copies
        .iter()
        .map(|copy| (*copy, Server::copy(rules, choices.server)));
    let servers = copies.chain([(choices.server, server)]);
    let servers = servers.map(|(node, server)| (node, Node::Server(Box::new(server))));
    let (pause, timeout) = (choices.pause, choices.timeout);
    let manner = Manner::endless(&[choices.server], pause, timeout, Habit::Notes(LATEST));
    let clients = callers(&choices.clients, &manner);
    let clients = clients.map(|(node, caller)| (node, Node::Client(caller)));
    world(setup, servers.chain(clients))
}

/// A node of the notebook.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A server, which keeps notes.
    Server(Box<Server>),
    /// A client, which writes notes.
    Client(Box<Caller>),
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    /// A note's place on disk is its number; its text does not matter.
    type Record = ();

    fn held_by_message(message: &Message) -> usize {
        match message {
            Message::Copy(notes)
            | Message::Kept { notes, .. }
            | Message::Recalled { notes, .. } => size_of_val(&**notes),
            Message::Ask(_) | Message::Tell(_) | Message::Recall { .. } => 0,
        }
    }

    sim::vocabulary! {
        messages {
            Message::Ask(request) if !request.is_read() => Request "save" [request.operation] {
                label: "save #{0}",
                says: "please save note #{0}",
            }
            Message::Ask(request) => Request "read" [request.key, request.operation] {
                label: "note #{0}?",
                says: "what is note #{0}?",
            }
            Message::Tell(reply) if !reply.to.is_read() => Reply "saved" [reply.to.operation] {
                label: "saved #{0}",
                says: "note #{0} is saved",
            }
            Message::Tell(reply) if reply.value != 0 => Reply "note" [reply.to.key] {
                label: "note #{0}",
                says: "here is note #{0}",
            }
            Message::Copy(notes) => Replication "copy" [last(notes), notes.len()] {
                label: "copy #{0}",
                says: "keep a copy of {1 note}, up to #{0}",
            }
            Message::Kept { notes, .. } => Acknowledgement "kept" [last(notes), notes.len()] {
                label: "kept",
                says: "I keep {1 note}, up to #{0}",
            }
            Message::Recall { .. } => Request "recall" [] {
                label: "what do you have?",
                says: "I may have forgotten notes: what do you have?",
            }
            Message::Recalled { notes, is_whole: false, .. } => Replication "forgotten" [last(notes), notes.len()] {
                label: "forgotten, too",
                says: "I have forgotten notes, too; I have {1}, the last of them #{0}",
            }
            Message::Recalled { notes, .. } => Replication "recalled" [last(notes), notes.len()] {
                label: "{1 note}",
                says: "I have {1 note}, up to #{0}",
            }
            Message::Tell(reply) => Refusal "never-heard" [reply.to.key] {
                label: "no note #{0}",
                says: "there is no note #{0}",
            }
        }
        timers {
            Timer::Client(Wake::Next) => "time for the next note",
            Timer::Client(Wake::NoAnswer) => timeout "no answer in time",
            Timer::Flush => "time to sync and copy",
            Timer::Recall => timeout "time to ask again for forgotten notes",
        }
        operations {
            "next": "Write the next note, or read one back, at once" by ["client"] => Node::Client => Caller::begin,
        }
    }

    roles! { Node::Server, Node::Client }

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
}

/// The number of the last note; 0 if there is none.
fn last(notes: &[u32]) -> u32 {
    notes.last().copied().unwrap_or(0)
}
