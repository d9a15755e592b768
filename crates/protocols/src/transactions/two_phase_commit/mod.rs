//! Two-phase commit: several banks do their parts of one transfer, or none of them does.
//!
//! A coordinator asks each participant to *prepare*: to vote yes only if it will be able to commit whatever happens, and to
//! lock what the transaction is about until it knows the decision. If all vote yes the decision is to commit, otherwise to
//! abort (Gray, *Notes on data base operating systems*, 1978; Bernstein, Hadzilacos and Goodman, *Concurrency control and
//! recovery in database systems*, 1987, chapter 7). Between its yes and the decision a participant is *in doubt*: another
//! one may have committed, or aborted, so it can do neither alone. A coordinator that dies then leaves locks behind.
//!
//! What each part is good for:
//!
//! - The *forced log*: a yes, a commit and what follows from it are durable before anybody hears of them. Without it a node
//!   forgets in a crash what it has promised or decided; here such a log is synced every 1.2 s.
//! - *Presumed abort* (Mohan, Lindsay and Obermarck, *Transaction management in the R\* distributed database management
//!   system*, TODS 11(4), 1986): who has no record of a transaction takes it for aborted. So the beginning of a transaction and
//!   an abort need no forced record, and an abort need not be acknowledged. It rests on the log: where a commit can be
//!   forgotten, that presumption is wrong. Without it a coordinator forces a record before it asks for votes, and tells an
//!   abort until each participant has acknowledged it; of what it has no record, it says nothing.
//! - The *cooperative termination protocol* (Bernstein, Hadzilacos and Goodman, section 7.4): who is in doubt asks the other
//!   participants, too. One that knows the decision tells it, and one that has not voted aborts. If all have voted yes and
//!   none knows, they stay in doubt.
//! - The *replicated coordinator*: a decision is an entry in a [replicated log](crate::parts::replicated_log), the first one
//!   about a transaction counts, and each coordinator can have one written: an abort, if a participant in doubt asks and there
//!   is none yet. So no single crash blocks the participants (Gray and Lamport, *Consensus on transaction commit*, TODS 31(1),
//!   2006, who replicate the votes instead, which saves a message delay).
//!
//! A bank that has its account locked refuses every other transfer at once, so there are no deadlocks; payments wait. A
//! transaction is begun in one life of its coordinator. A later life, which may have forgotten it, does not begin it again, so
//! what was refused does not happen after all, however late a copy of the request arrives.
//!
//! | module | its subject |
//! | --- | --- |
//! | `message` | what the nodes tell each other, wait for and keep on disk |
//! | `coordinator` | asks for votes, decides, and tells |
//! | `ledger` | where decisions are written for good |
//! | `bank` | a participant |
//! | `client` | moves money, or pays by card |
//! | `disk` | a log that is forced, or not |

mod bank;
mod client;
mod coordinator;
mod disk;
mod ledger;
mod message;
#[cfg(test)]
mod tests;

use sim::trace::Outcome;
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::{group, world};
use crate::parts::replicated_log::{Rules, Server, Servers};
use bank::Bank;
use client::Client;
use coordinator::Coordinator;
use ledger::Ledger;
pub use message::{Decision, Message, Record, Timer};

/// Two-phase commit, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "two-phase-commit",
    "Clients move money between banks, and a coordinator sees to it that all of them do their part or none does.",
    &Node::VOCABULARY,
    build,
)
.with_disks();

choices! {
    /// What a scenario chooses for two-phase commit.
    struct Choices {
        roles {
            coordinators: Vec<NodeId> = many("coordinator", 1..=5),
            banks: Vec<NodeId> = many("bank", 2..=5),
            senders: Vec<NodeId> = many("sender", 1..=5).speaks_to(&["coordinator"]),
            cards: Vec<NodeId> = many("card", 0..=5).speaks_to(&["bank"]),
        }
        parameters {
            pause: SimDuration = milliseconds("pause", "Pause", 400, 1..=60_000,
                "How long a client rests between two operations."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 1000, 1..=60_000,
                "How long a client waits before it asks again."),
            wait: SimDuration = milliseconds("wait", "Wait for participants", 1000, 10..=60_000,
                "How long a coordinator waits for votes before it aborts, and for an acknowledgement before it repeats a decision."),
            patience: SimDuration = milliseconds("doubt", "Ask when in doubt", 700, 10..=60_000,
                "How long a participant is in doubt before it asks what was decided, and asks again."),
            heartbeat: SimDuration = milliseconds("heartbeat", "Heartbeat every", 100, 5..=60_000,
                "How often the leader of a replicated coordinator says that it leads."),
            takeover: SimDuration = milliseconds("takeover", "Take over after", 500, 20..=600_000,
                "How long the others hear no leader before one of them takes over; up to twice that."),
        }
        defences {
            forces_log: bool = defence("forced-log", "Forced log",
                "A node that crashes still knows what it has promised and decided."),
            presumes_abort: bool = defence("presumed-abort", "Presumed abort",
                "No record means abort: fewer forced writes, and an abort that nobody has to acknowledge."),
            asks_peers: bool = defence("termination-protocol", "Ask each other",
                "A participant in doubt learns the decision from another one that knows it."),
            replicates: bool = defence("replicated-coordinator", "Replicated coordinator",
                "When a coordinator dies, another one knows what was decided, or decides."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let coordinators = group(&choices.coordinators).map(|(node, rank, peers)| {
        let ledger = ledger(&choices, rank, peers);
        let coordinator = Coordinator::new(&choices, ledger);
        (node, Node::Coordinator(Box::new(coordinator)))
    });
    let banks = group(&choices.banks)
        .map(|(node, _, peers)| (node, Node::Bank(Box::new(Bank::new(&choices, peers)))));
    let senders = choices.senders.iter().map(|node| (node, true));
    let cards = choices.cards.iter().map(|node| (node, false));
    let clients = senders.chain(cards).enumerate();
    let clients = clients.map(|(place, (node, is_sender))| {
        let client = if is_sender {
            Client::sender(&choices, place)
        } else {
            Client::card(&choices, place)
        };
        (*node, Node::Client(Box::new(client)))
    });
    world(setup, coordinators.chain(banks).chain(clients))
}

/// The ledger of the coordinator that is in line at `rank`. Without replication the first one alone decides.
fn ledger(choices: &Choices, rank: u32, peers: Vec<NodeId>) -> Ledger {
    if choices.replicates {
        let rules = Rules {
            heartbeat: choices.heartbeat,
            patience: choices.takeover,
            is_elected: true,
            is_fenced: true,
            shows: None,
        };
        Ledger::together(Server::new(rules, rank, peers))
    } else if rank == 0 {
        Ledger::alone(choices)
    } else {
        Ledger::nowhere()
    }
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A coordinator.
    Coordinator(Box<Coordinator>),
    /// A participant.
    Bank(Box<Bank>),
    /// A client.
    Client(Box<Client>),
}

/// How a decision is put on record.
fn outcome(decision: Decision) -> Outcome {
    match decision {
        Decision::Commit => Outcome::Ok,
        Decision::Abort => Outcome::Fail,
    }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    fn held_by_message(message: &Message) -> usize {
        match message {
            Message::Log(message) => message.held(),
            _ => 0,
        }
    }

    sim::vocabulary! {
        messages {
            Message::Transfer { number, .. } => Request "transfer" [number] {
                label: "move #{0}",
                says: "please carry out transfer #{0}",
            }
            Message::Card { number, .. } => Request "card" [number] {
                label: "pay #{0}",
                says: "please pay #{0} from the account",
            }
            Message::Answer { number, decision: Decision::Commit, .. } => Reply "accepted" [number] {
                label: "done: #{0}",
                says: "#{0} is done",
            }
            Message::Answer { number, decision: Decision::Abort, .. } => Refusal "refused" [number] {
                label: "refused: #{0}",
                says: "#{0} is refused, and has no effect",
            }
            Message::Prepare { number } => Request "prepare" [number] {
                label: "can you do #{0}?",
                says: "prepare #{0}: will you be able to commit it?",
            }
            Message::Vote { number, is_yes: true } => Acknowledgement "yes" [number] {
                label: "yes to #{0}",
                says: "yes: I will commit #{0} if you say so, and cannot go back",
            }
            Message::Vote { number, is_yes: false } => Refusal "no" [number] {
                label: "no to #{0}",
                says: "no: I cannot commit #{0}",
            }
            Message::Decided { number, decision: Decision::Commit } => Replication "commit" [number] {
                label: "commit #{0}",
                says: "#{0} is decided: commit",
            }
            Message::Decided { number, decision: Decision::Abort } => Replication "abort" [number] {
                label: "abort #{0}",
                says: "#{0} is decided: abort",
            }
            Message::Done { number } => Acknowledgement "done" [number] {
                label: "ack #{0}",
                says: "I have carried out what was decided about #{0}",
            }
            Message::Inquire { number } => Request "inquire" [number] {
                label: "what of #{0}?",
                says: "I am in doubt: what was decided about #{0}?",
            }
            Message::Unsure { number } => Refusal "unsure" [number] {
                label: "no idea of #{0}",
                says: "I have voted yes on #{0}, too, and do not know what was decided",
            }
            Message::Told(reply) if reply.is_done => Reply "written" [reply.to.operation] {
                label: "written: #{0}",
                says: "the log has a decision about #{0}",
            }
            Message::Told(reply) => Refusal "not-written" [reply.to.operation] {
                label: "not now: #{0}",
                says: "I cannot have #{0} decided: I reach no majority",
            }
        }
        timers {
            Timer::Next => "time for the next operation",
            Timer::NoAnswer => timeout "no answer in time",
            Timer::Undecided { .. } => "time for a decision",
            Timer::NotDone { .. } => "time to repeat a decision",
            Timer::InDoubt { .. } => "time to ask for the decision",
            Timer::Flush => "time to sync the log",
        }
        operations {
            "next": "Begin the next transfer or payment at once" by ["sender", "card"] => Node::Client => Client::begin,
        }
        part Servers { Message::Log, Timer::Log }
    }

    roles! { Node::Coordinator, Node::Bank, Node::Client }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Coordinator(coordinator), message) => {
                coordinator.message(from, message, context);
            }
            (Node::Bank(bank), message) => bank.message(from, message, context),
            (
                Node::Client(client),
                Message::Answer {
                    number,
                    decision,
                    life,
                },
            ) => client.answer(number, decision, life, context),
            (Node::Client(_), _) => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Coordinator(coordinator), timer) => coordinator.wake(timer, context),
            (Node::Bank(bank), Timer::InDoubt { number }) => bank.in_doubt(number, context),
            (Node::Bank(bank), Timer::Flush) => bank.flush(context),
            (Node::Client(client), Timer::Next) => client.begin(context),
            (Node::Client(client), Timer::NoAnswer) => client.no_answer(context),
            _ => {}
        }
    }
}
