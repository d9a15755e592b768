//! Raft, whole, and each of its rules on a switch.
//!
//! Servers keep copies of one log; a leader writes it, and what a majority has stored is committed and takes effect, in the
//! same order everywhere. The algorithm is that of Ongaro, *Consensus: bridging theory and practice*, Stanford, 2014; sections
//! and chapters below are of that dissertation. It extends Ongaro and Ousterhout, *In search of an understandable consensus
//! algorithm*, USENIX ATC 2014.
//!
//! The state machine is a store of registers which clients read, write, and compare and set. What clients are told is judged
//! from outside, as for any store; votes, logs and what is applied are put on record as facts, so that checks can hold
//! Raft to its properties (figure 3.2) without a word of its own.
//!
//! Each rule is one condition, at the place where it is followed (`Choices` lists them all). With all of them, Raft keeps
//! its promises under any loss, delay, crash and pause, and if a disk loses nothing that was synced. Clocks decide nothing,
//! except in reads by lease.
//!
//! | module | its subject |
//! | --- | --- |
//! | `server` | a server's state, its terms, what it does with what it hears |
//! | `election` | how a server comes to lead |
//! | `replication` | how entries reach the followers |
//! | `commit` | when they are committed, and take effect |
//! | `requests`, `reads` | what becomes of what clients ask for |
//! | `changes`, `transfer` | other members, another leader |
//! | `snapshots` | what stands for the beginning of the log |
//! | `members`, `log`, `machine`, `office` | what a server holds: configurations, entries, registers and sessions, what it knows as the leader |
//! | `words` | what it shows and believes, in words |
//! | `storage` | its disk |
//! | `client` | the clients |
//! | `message` | what all of them tell each other and wait for |

mod changes;
mod client;
mod commit;
mod election;
mod log;
mod machine;
mod members;
mod message;
mod office;
mod reads;
mod replication;
mod requests;
mod server;
mod snapshots;
mod storage;
#[cfg(test)]
mod tests;
mod transfer;
mod words;

use std::sync::Arc;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, count, defence, many, milliseconds, share};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use client::Client;
use members::{Group, Members};
pub use message::{Message, Timer};
use message::{Told, Wish};
use server::Server;
pub use storage::Record;

/// Raft, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "raft",
    "Servers agree on one log by Raft; clients read, write, and compare and set registers that follow from it.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.publishes(
    "Raft",
    &[
        ("Votes", 5),
        ("Terms", 2),
        ("The log", 4),
        ("Commit", 2),
        ("Reads", 4),
        ("Members", 5),
        ("Snapshots", 4),
        ("Clients", 2),
    ],
)
.mended(&[
    "A leader that had crashed took late answers to what it sent in its earlier life for proof that it still led, and answered reads without asking.",
    "A client followed each copy of an answer that sent it on, and asked again for each: a network that copies messages was flooded.",
    "A leader that handed over the lead told the next one so with each acknowledgement, many times within a round trip.",
    "Servers that had been removed sent clients to a leader that was gone; a log that outgrew its room on disk lost entries, or nobody led any more; a torn write could take acknowledged entries away; a new server that did not catch up kept all others out; leases were too long for some bounds on drift.",
    "A new server was given up while a long snapshot was still coming; a late copy of a read put the client's next read out.",
    "A new server that started again and again kept all others out; one that lacked nothing could be given up after a short silence.",
    "Without *Changes count at once* a server forgot a change of the members that its log had lost; it now keeps it, and goes by it once as much is committed.",
]);

choices! {
    /// What a scenario chooses for Raft.
    struct Choices {
        roles {
            servers: Vec<NodeId> = many("server", 3..=7),
            clients: Vec<NodeId> = many("client", 1..=8).speaks_to(&["server"]),
        }
        parameters {
            members: u32 = count("members", "Members at first", 7, 1..=7,
                "How many of the servers are members at first: the first ones. Others can be added."),
            heartbeat: SimDuration = milliseconds("heartbeat", "Heartbeat every", 50, 5..=60_000,
                "How often a leader says that it leads."),
            patience: SimDuration = milliseconds("patience", "Patience", 300, 20..=600_000,
                "How long a server hears no leader before it stands for election; up to twice that, by chance."),
            batch: u32 = count("batch", "Entries per message", 16, 1..=1000,
                "How many entries a leader sends in one message at most."),
            snapshot_every: u32 = count("snapshot-every", "Snapshot every", 100, 4..=10_000,
                "After how many entries a server takes a snapshot, and drops them from its log."),
            chunk: u32 = count("chunk", "Pieces per message", 4, 1..=1000,
                "How many registers and sessions of a snapshot a leader sends in one message."),
            leases: u32 = count("leases", "Reads by lease", 0, 0..=1,
                "1 if a leader that a majority has heard recently answers reads without asking again; 0 if it asks each time."),
            drift: f64 = share("drift-bound", "Bound on drift", 0.01, 0.0..=0.5,
                "By how much at most clocks run too fast or too slow, as leases assume."),
            keys: u32 = count("keys", "Registers", 2, 1..=64,
                "How many registers the clients use."),
            reads: f64 = share("reads", "Reads", 0.5, 0.0..=1.0,
                "Which share of the operations are reads."),
            readers: u32 = count("readers", "Clients that only read", 0, 0..=8,
                "How many of the clients never write: the first ones."),
            compares: f64 = share("compares", "Compare and set", 0.2, 0.0..=1.0,
                "Which share of the writes happen only if the register holds what the client last saw there."),
            elsewhere: f64 = share("reads-elsewhere", "Reads at any server", 0.0, 0.0..=1.0,
                "Which share of the reads any server answers, and not the leader alone."),
            pause: SimDuration = milliseconds("pause", "Pause", 50, 1..=60_000,
                "How long a client rests between two operations."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 500, 1..=60_000,
                "How long a client waits before it asks the next server."),
            attempts: u32 = count("attempts", "Attempts", 10, 1..=1000,
                "How often a client asks before it gives up, and does not know the outcome."),
        }
        defences {
            persists_vote: bool = defence("persist-vote", "Term and vote on disk",
                "A server that restarts knows whom it voted for, so each term has one leader."),
            compares_logs: bool = defence("up-to-date-vote", "Votes for newer logs only",
                "A server votes for no candidate with an older log."),
            randomises_timeouts: bool = defence("randomised-timeouts", "Random election timeouts",
                "Servers seldom stand at the same time and split the votes."),
            asks_before_standing: bool = defence("pre-vote", "Pre-vote",
                "A server stands only if a majority would vote for it and hears no leader: a server that comes back deposes nobody."),
            checks_quorum: bool = defence("check-quorum", "Leader checks its majority",
                "A leader that hears no majority steps down, so that others can lead; and nobody votes while a leader is heard."),
            steps_down: bool = defence("step-down", "Stepping down",
                "A leader that hears of a later term leads no longer."),
            ignores_stale_terms: bool = defence("ignore-stale-terms", "Old answers are ignored",
                "An answer from an earlier term counts neither as a vote nor as a copy."),
            persists_log: bool = defence("persist-log", "Entries on disk first",
                "A server says that it has an entry once the entry is durable."),
            checks_previous: bool = defence("previous-entry-check", "Check of the previous entry",
                "An entry is stored only behind the one before it."),
            truncates_on_conflict_only: bool = defence("truncate-on-conflict-only", "Drops only what differs",
                "An old message that arrives late removes no entry that came after it."),
            counts_what_is_stored: bool = defence("match-from-request", "Count what is stored",
                "A leader counts the entries that a server says it has stored, not all that were sent to it."),
            commits_own_term_only: bool = defence("current-term-only", "Commit entries of the own term",
                "A leader counts copies of its own entries only; older entries are committed with them."),
            caps_commit: bool = defence("commit-capped", "Commit what is known alike",
                "A server commits no further than its log is known to be the leader's."),
            confirms_reads: bool = defence("read-index", "Reads are confirmed",
                "A leader answers a read once a majority has confirmed that it still leads."),
            commits_before_reading: bool = defence("read-after-own-commit", "Reads after an own commit",
                "A new leader answers reads once it has committed an entry of its term, and so knows what is committed."),
            waits_for_apply: bool = defence("wait-for-apply", "Reads wait for the log",
                "A server answers a read once it has applied all that was committed when the read began."),
            bounds_lease: bool = defence("lease-needs-clock-bound", "Leases within the clocks' bound",
                "A lease counts from the sending, by the clock that never jumps, and ends before the fastest clock lets anybody vote; handing over the lead ends it."),
            changes_jointly: bool = defence("joint-consensus", "Joint consensus",
                "While all members change, the old and the new majority must both agree."),
            changes_one_at_a_time: bool = defence("one-change-at-a-time", "One change at a time",
                "A change of the members waits until the one before is committed."),
            commits_before_changing: bool = defence("own-entry-before-change", "Changes after an own commit",
                "A new leader changes the members once it has committed an entry of its term."),
            configures_on_append: bool = defence("config-on-append", "Changes count at once",
                "A server goes by the latest set of members in its log, committed or not."),
            learners_catch_up: bool = defence("learners-catch-up", "New members catch up first",
                "A new server votes once it has the log, so that a majority does not wait for it."),
            saves_before_truncating: bool = defence("snapshot-before-truncate", "Snapshot before truncation",
                "A server drops entries once the snapshot that stands for them is durable."),
            snapshots_keep_term: bool = defence("snapshot-keeps-term", "Snapshots keep the term",
                "A snapshot knows the term of its last entry."),
            takes_newer_snapshots_only: bool = defence("newer-snapshot-only", "Newer snapshots only",
                "A snapshot that arrives late does not take a server back."),
            snapshots_are_whole: bool = defence("snapshot-has-sessions-and-config", "Snapshots keep sessions and members",
                "A snapshot knows what each client asked for last, and who the members are."),
            has_sessions: bool = defence("sessions", "Sessions",
                "A command that is sent again is carried out once."),
            knows_unknown: bool = defence("unknown-is-unknown", "Unknown is not failed",
                "A client whose leader lost the lead asks again, and does not report its command as failed."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let rules = Arc::new(Choices::of(plan));
    let count = rules.servers.len().min(rules.members as usize) as u8;
    let first = Members::voting(Group::of(0..count));
    let servers = (0..).zip(&rules.servers).map(|(place, node)| {
        // A server that joins later learns from the log who the members are.
        let known = if place < count {
            first
        } else {
            Members::default()
        };
        let server = Server::new(Arc::clone(&rules), place, known);
        (*node, Node::Server(Box::new(server)))
    });
    let clients = rules.clients.iter().enumerate().map(|(place, node)| {
        let client = Client::new(Arc::clone(&rules), place);
        (*node, Node::Client(Box::new(client)))
    });
    world(setup, servers.chain(clients))
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A server.
    Server(Box<Server>),
    /// A client.
    Client(Box<Client>),
}

impl Node {
    /// An operator wants something of the leader; servers are told by their number among the servers, from 1.
    fn wish(&mut self, wish: Option<Wish>, context: &mut Context<'_, Node>) {
        if let (Node::Server(server), Some(wish)) = (self, wish) {
            server.wish(wish, context);
        }
    }

    fn place(&self, number: i64) -> Option<u8> {
        let Node::Server(server) = self else {
            return None;
        };
        let servers = server.rules.servers.len() as i64;
        (1..=servers).contains(&number).then(|| number as u8 - 1)
    }

    fn add(&mut self, number: i64, context: &mut Context<'_, Node>) {
        self.wish(self.place(number).map(Wish::Add), context);
    }

    fn remove(&mut self, number: i64, context: &mut Context<'_, Node>) {
        self.wish(self.place(number).map(Wish::Remove), context);
    }

    fn hand_over(&mut self, number: i64, context: &mut Context<'_, Node>) {
        self.wish(self.place(number).map(Wish::Lead), context);
    }

    /// Each digit is the number of a server.
    fn set_members(&mut self, digits: i64, context: &mut Context<'_, Node>) {
        let digits = digits.to_string();
        let digits = digits.chars().map(|digit| digit.to_digit(10));
        let places = digits.map(|digit| self.place(digit?.into()));
        let all: Option<Vec<u8>> = places.collect();
        self.wish(all.map(|all| Wish::Members(Group::of(all))), context);
    }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    sim::vocabulary! {
        messages {
            Message::Ask(ask) if ask.request.is_read() => Request "read" [ask.request.operation, ask.request.key] {
                label: "read #{0}",
                says: "what is under key {1}? (read #{0})",
            }
            Message::Ask(ask) => Request "write" [ask.request.operation, ask.request.key] {
                label: "write #{0}",
                says: "please do write #{0}, to key {1}",
            }
            Message::Tell(answer) if matches!(answer.told, Told::Done(_)) => Reply "done" [answer.operation] {
                label: "ok #{0}",
                says: "#{0} is done",
            }
            Message::Tell(answer) if matches!(answer.told, Told::Lost) => Refusal "lost" [answer.operation] {
                label: "unknown: #{0}",
                says: "I no longer lead, and do not know what becomes of #{0}",
            }
            Message::Tell(answer) => Refusal "elsewhere" [answer.operation] {
                label: "not me",
                says: "I cannot do #{0}: I do not lead",
            }
            Message::Stand(stand) if stand.is_trial => Request "would-you" [stand.term, stand.last.index, stand.last.term] {
                label: "would you vote for me?",
                says: "would you vote for me in term {0}? My log ends at index {1}, with an entry of term {2}",
            }
            Message::Stand(stand) => Request "stand" [stand.term, stand.last.index, stand.last.term] {
                label: "vote for me, term {0}",
                says: "vote for me in term {0}: my log ends at index {1}, with an entry of term {2}",
            }
            Message::Vote(vote) if vote.is_granted && vote.is_trial => Acknowledgement "would" [vote.term] {
                label: "I would vote for you",
                says: "I would vote for you in term {0}",
            }
            Message::Vote(vote) if vote.is_granted => Acknowledgement "vote" [vote.term] {
                label: "my vote",
                says: "you have my vote in term {0}",
            }
            Message::Vote(vote) => Refusal "no-vote" [vote.term] {
                label: "no",
                says: "you do not have my vote; I know term {0}",
            }
            Message::Append(append) if append.entries.is_empty() => Heartbeat "heartbeat" [append.term, append.commit] {
                label: "",
                says: "I am the leader of term {0}, and know that the log is committed up to index {1}",
            }
            Message::Append(append) => Replication "append" [append.previous.index + 1, append.entries.len(), append.term] {
                label: "entries from {0}",
                says: "{1 entry} to store, from index {0} on (term {2})",
            }
            Message::Appended(answer) if matches!(answer.result, message::Result::Stored(_)) => Acknowledgement "stored" [answer.result.place(), answer.term] {
                label: "stored up to {0}",
                says: "my log is like yours up to index {0} (term {1})",
            }
            Message::Appended(answer) if matches!(answer.result, message::Result::Differs { .. }) => Refusal "differs" [answer.result.place(), answer.term] {
                label: "differs at {0}",
                says: "our logs differ at index {0}, or mine is shorter",
            }
            Message::Appended(answer) => Refusal "stale" [answer.term] {
                label: "no: term {0}",
                says: "your term is over: I know term {0}",
            }
            Message::Chunk(chunk) => Replication "snapshot" [chunk.last.index, chunk.offset, chunk.items.len()] {
                label: "snapshot {0}",
                says: "take {2 piece} of my snapshot, which stands for the log up to index {0}",
            }
            Message::Received(received) => Acknowledgement "received" [received.index, received.have] {
                label: "{1 piece}",
                says: "I have {1 piece} of your snapshot",
            }
            Message::TimeoutNow { term } => Request "timeout-now" [term] {
                label: "lead!",
                says: "stand for election at once; I led term {0}",
            }
            Message::ReadIndex { operation, .. } => Request "read-index" [operation] {
                label: "how far, for read #{0}?",
                says: "how far is the log committed? A client reads, #{0}",
            }
            Message::ReadAt { operation, index } => Reply "read-at" [operation, index] {
                label: "from {1} on",
                says: "you may answer #{0} once you have applied index {1}",
            }
            Message::Wish(_) => Request "wish" [] {
                label: "members",
                says: "an operator wants this of the leader",
            }
        }
        timers {
            Timer::Election => timeout "no leader heard for too long",
            Timer::Beat { .. } => "time for a heartbeat",
            Timer::Next => "time for the next operation",
            Timer::NoAnswer => timeout "no answer in time",
            Timer::Again => "time to ask another server",
        }
        operations {
            "next": "Begin the next operation at once" by ["client"] => Node::Client => Client::begin,
            "add": "Add a server to the members" by ["server"] takes Node => Node::add,
            "remove": "Remove a server from the members" by ["server"] takes Node => Node::remove,
            "members": "Make these servers the members" by ["server"] takes Nodes => Node::set_members,
            "lead": "Hand the lead to a server" by ["server"] takes Node => Node::hand_over,
        }
    }

    roles! { Node::Server, Node::Client }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Client(client), Message::Tell(answer)) => client.answered(from, answer, context),
            (Node::Client(_), _) => {}
            (Node::Server(server), message) => server.message(from, message, context),
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match self {
            Node::Server(server) => server.wake(timer, context),
            Node::Client(client) => client.wake(timer, context),
        }
    }

    fn held_by_message(message: &Message) -> usize {
        match message {
            Message::Append(append) => size_of_val(&append.entries[..]),
            Message::Chunk(chunk) => size_of_val(&chunk.items[..]),
            _ => 0,
        }
    }

    fn held_by_record(record: &Record) -> usize {
        record.held()
    }

    /// A header, and what it carries: an entry takes 40 bytes, a piece of a snapshot 20.
    fn bytes(message: &Message) -> u32 {
        match message {
            Message::Append(append) => 100 + 40 * append.entries.len() as u32,
            Message::Chunk(chunk) => 100 + 20 * chunk.items.len() as u32,
            _ => 100,
        }
    }
}
