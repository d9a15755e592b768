//! Snapshot isolation: each transaction reads the rows as they were when it began, and of two that change the same row at the
//! same time, the first to commit wins (Berenson, Bernstein, Gray, Melton, O'Neil and O'Neil, *A critique of ANSI SQL isolation
//! levels*, SIGMOD 1995).
//!
//! So no update is lost, and no transaction sees half of another one. Yet it is not serializable: two transactions may read the
//! same rows, and then change different ones. Had one come after the other, it would have read the other one's change, and done
//! something else. That is *write skew*.
//!
//! What each cure is good for:
//!
//! - *Serializable snapshot isolation* marks what is read, and aborts a *pivot*: a transaction that has read what another one
//!   changes, and changes what another one has read (Cahill, Röhm and Fekete, *Serializable isolation for snapshot databases*,
//!   SIGMOD 2008). Nobody waits.
//! - *Strict two-phase locking*: a transaction that has read the list keeps it locked, shared, until it is over, so nobody can
//!   change what was read. Two that have both read and both want to change it wait for each other; the one that closes the
//!   circle in the wait-for graph is aborted. The lock is on the list as a whole: with locks only on the rows that were found,
//!   others can change those that were not (*phantoms*: Eswaran, Gray, Lorie and Traiger, *The notions of consistency and
//!   predicate locks in a database system*, CACM 19(11), 1976).
//! - A *materialised conflict*: each change also updates a row that is about the shift, so that two of them do change the same
//!   row (Kleppmann, *Designing data-intensive applications*, 2017, chapter 7).
//!
//! The log is always forced: before a commit is durable, no snapshot includes it and nobody hears of it. A transaction is begun
//! in one life of the database and has its client's next number, so late copies of its messages neither begin it again nor
//! commit it once it was aborted. The database remembers of each client how the latest transaction ended, so that a client
//! whose answer was lost can ask again. A client that hears nothing in the end says that it does not know.
//!
//! | module | its subject |
//! | --- | --- |
//! | `message` | what the nodes tell each other, wait for and keep on disk |
//! | `database` | the versions of the rows, and which transactions commit |
//! | `client` | a doctor's tablet, or the ward's |

mod client;
mod database;
mod message;
#[cfg(test)]
mod tests;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, count, defence, many, milliseconds, one};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use client::Client;
use database::Database;
pub use message::{Change, Ending, Message, Record, Row, Timer};

/// Snapshot isolation, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "snapshot-isolation",
    "Doctors go off call and come back, in transactions of a database that shows each of them a snapshot.",
    &Node::VOCABULARY,
    build,
)
.with_disks();

choices! {
    /// What a scenario chooses for snapshot isolation.
    struct Choices {
        roles {
            database: NodeId = one("database"),
            doctors: Vec<NodeId> = many("doctor", 1..=5).speaks_to(&["database"]),
            wards: Vec<NodeId> = many("ward", 0..=2).speaks_to(&["database"]),
        }
        parameters {
            pause: SimDuration = milliseconds("pause", "Pause", 1500, 1..=60_000,
                "How long a client rests after a transaction, give or take half of it."),
            think: SimDuration = milliseconds("think", "Look at the list", 400, 0..=60_000,
                "How long a client looks at what it has read before it goes on, give or take half of it."),
            again: SimDuration = milliseconds("again", "Try again after", 400, 1..=60_000,
                "How long a client rests after an abort, give or take half of it."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 800, 1..=60_000,
                "How long a client waits for an answer before it asks again."),
            attempts: u32 = count("attempts", "Attempts", 5, 1..=100,
                "How often a client asks before it gives up."),
            idle: SimDuration = milliseconds("idle", "Roll back after", 3000, 10..=600_000,
                "How long the database waits for a silent client before it aborts the client's transaction."),
        }
        defences {
            detects_pivots: bool = defence("serializable-snapshot", "Serializable snapshots",
                "A transaction is aborted if what it has read may be out of date, and another one has missed what it writes."),
            locks_reads: bool = defence("two-phase-locking", "Two-phase locking",
                "What a transaction has read, nobody changes before it is over."),
            locks_list: bool = defence("predicate-lock", "Lock the whole list",
                "Locks for reading are also on rows that were not found; without it only on doctors who are on call."),
            materialises: bool = defence("materialised-conflict", "Materialised conflict",
                "Each change also updates a row of the shift, so that two changes at the same time meet there."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let database = Node::Database(Box::new(Database::new(&choices)));
    let doctors = choices.doctors.iter().map(|node| (node, true));
    let wards = choices.wards.iter().map(|node| (node, false));
    let clients = doctors.chain(wards).enumerate();
    let clients = clients.map(|(place, (node, is_doctor))| {
        let client = Client::new(&choices, is_doctor, place);
        (*node, Node::Client(Box::new(client)))
    });
    world(
        setup,
        std::iter::once((choices.database, database)).chain(clients),
    )
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// The database.
    Database(Box<Database>),
    /// A client.
    Client(Box<Client>),
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    fn held_by_message(message: &Message) -> usize {
        match message {
            Message::Rows { rows, .. } => size_of_val(&**rows),
            _ => 0,
        }
    }

    sim::vocabulary! {
        messages {
            Message::Begin { number, .. } => Request "begin" [number] {
                label: "who is on call? #{0}",
                says: "please begin #{0}: who is on call?",
            }
            Message::Rows { number, .. } => Reply "rows" [number] {
                label: "list for #{0}",
                says: "this is the list, in the snapshot of #{0}",
            }
            Message::Commit { number, change: None } => Request "no-change" [number] {
                label: "end #{0}",
                says: "please commit #{0}, which changes nothing",
            }
            Message::Commit { number, change: Some(message::OFF_CALL) } => Request "go-off" [number] {
                label: "I go off: #{0}",
                says: "please put me off call, and commit #{0}",
            }
            Message::Commit { number, .. } => Request "come-back" [number] {
                label: "I am back: #{0}",
                says: "please put me on call, and commit #{0}",
            }
            Message::Ended { number, ending: Ending::Committed, .. } => Acknowledgement "committed" [number] {
                label: "committed: #{0}",
                says: "#{0} is committed",
            }
            Message::Ended { number, ending: Ending::Conflict, .. } => Refusal "conflict" [number] {
                label: "conflict: #{0}",
                says: "#{0} is aborted: another transaction was first to change a row that it changes",
            }
            Message::Ended { number, ending: Ending::Pivot, .. } => Refusal "pivot" [number] {
                label: "pivot: #{0}",
                says: "#{0} is aborted: with it, the transactions may have no order",
            }
            Message::Ended { number, ending: Ending::Deadlock, .. } => Refusal "deadlock" [number] {
                label: "deadlock: #{0}",
                says: "#{0} is aborted: it would wait for a transaction that waits for it",
            }
            Message::Ended { number, ending: Ending::RolledBack, .. } => Refusal "rolled-back" [number] {
                label: "too late: #{0}",
                says: "#{0} is aborted: I have not heard from you for too long",
            }
            Message::Ended { number, ending: Ending::Forgotten, .. } => Refusal "forgotten" [number] {
                label: "unknown: #{0}",
                says: "#{0} is aborted: I have restarted, and know nothing of it",
            }
        }
        timers {
            Timer::Next => "time for the next transaction",
            Timer::NoAnswer => timeout "no answer in time",
            Timer::Thought { .. } => "has looked at the list",
            Timer::Idle { .. } => "time to look after a silent client",
        }
        operations {
            "next": "Begin the next transaction at once" by ["doctor", "ward"] => Node::Client => Client::begin,
        }
    }

    roles! { Node::Database, Node::Client }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Database(database), message) => database.message(from, message, context),
            (Node::Client(client), Message::Rows { number, rows }) => {
                client.rows(number, &rows, context);
            }
            (
                Node::Client(client),
                Message::Ended {
                    number,
                    ending,
                    life,
                },
            ) => client.ended(number, ending, life, context),
            (Node::Client(_), _) => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Database(database), Timer::Idle { number }) => database.idle(number, context),
            (Node::Client(client), Timer::Next) => client.begin(context),
            (Node::Client(client), Timer::NoAnswer) => client.no_answer(context),
            (Node::Client(client), Timer::Thought { number }) => client.thought(number, context),
            _ => {}
        }
    }
}
