//! Two systems side by side on the same network: a bank's account and a timeline's counter of likes.
//!
//! Both are a number to which clients add, replicated on some servers. When the servers are cut in two, a server can do
//! one of two things for clients that reach no majority: refuse, or answer from what it has and be wrong (Gilbert and
//! Lynch, *Brewer's conjecture and the feasibility of consistent, available, partition-tolerant web services*, SIGACT News
//! 33(2), 2002). Each system chooses one of them:
//!
//! - by majority: a [`replicated_log`](crate::parts::replicated_log), which is linearizable;
//! - alone: a replica that answers at once and is joined with the others later.
//!
//! The files:
//!
//! | module | its subject |
//! | --- | --- |
//! | `message` | what the nodes tell each other and wait for |
//! | `numbered` | which operations a replica has |
//! | `system` | one of the two systems, its servers and its clients |
//! | `replica` | a server that answers alone |

mod message;
mod numbered;
mod replica;
mod system;
#[cfg(test)]
mod tests;

use sim::held::{Held, Measure};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds, operations};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use crate::parts::caller::{Caller, Request, Wake};
use crate::parts::replicated_log::{Record, Server, Servers};
pub use message::{Gossip, Message, Timer};
use replica::Replica;
use system::System;

/// Bank and timeline, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "side-by-side",
    "A bank and a timeline on the same network, each with a number that its clients add to and read.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.mended(&[
    "The bank could do what it had refused for certain, a torn write ended a server for good, and a crash could take back \
     likes that the timeline had counted.",
    "A restarted server did not put on record again what its disk holds.",
    "A server that had been cut off for long was sent all that it lacked in one message, again and again.",
]);

choices! {
    /// What a scenario chooses for the bank and the timeline.
    struct Choices {
        roles {
            banks: Vec<NodeId> = many("bank", 1..=7).speaks_to(&["bank", "teller"]),
            timelines: Vec<NodeId> = many("timeline", 1..=7).speaks_to(&["timeline", "reader"]),
            tellers: Vec<NodeId> = many("teller", 0..=7).speaks_to(&["bank"]),
            readers: Vec<NodeId> = many("reader", 0..=7).speaks_to(&["timeline"]),
        }
        parameters {
            heartbeat: SimDuration = milliseconds("heartbeat", "Heartbeat every", 250, 5..=60_000,
                "How often a leader says that it leads."),
            patience: SimDuration = milliseconds("patience", "Patience", 1000, 20..=600_000,
                "How long a server hears no leader before it stands for election; up to twice that, at random."),
            pause: SimDuration = milliseconds("pause", "Pause", 400, 1..=60_000,
                "How long a client rests between two operations."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 800, 1..=60_000,
                "How long a client waits for an answer before it gives up."),
            operations: u32 = operations("operations", "Operations", 40, 1..=1000,
                "How many operations each client begins."),
            compare: SimDuration = milliseconds("compare", "Compare every", 1000, 10..=600_000,
                "How often servers that answer alone compare their additions."),
        }
        defences {
            bank_by_majority: bool = defence("bank-by-majority", "The bank asks a majority",
                "The account is never wrong; a client that reaches no majority is refused."),
            timeline_alone: bool = defence("timeline-alone", "The timeline answers alone",
                "Every client is answered, whichever server it reaches; the number can be wrong."),
            has_anti_entropy: bool = defence("anti-entropy", "Anti-entropy",
                "Servers that answer alone agree again once they reach each other."),
            asks_others: bool = defence("ask-another", "Ask another server",
                "A client that is refused or not answered in time asks the next server, up to six times."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let (bank, timeline) = (System::bank(&choices), System::timeline(&choices));
    world(setup, bank.cast().chain(timeline.cast()))
}

/// A node of either system.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A server that asks a majority.
    ByMajority(Box<Server>),
    /// A server that answers alone.
    Alone(Box<Replica>),
    /// A client.
    Client(Box<Caller>),
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    fn held_by_message(message: &Message) -> usize {
        match message {
            Message::Log(message) => message.held(),
            Message::Gossip(Gossip::Takes(requests) | Gossip::Lacks(requests)) => {
                size_of_val(&**requests)
            }
            Message::Gossip(Gossip::Has(numbers)) => numbers.held(Measure::Taken),
            Message::Ask(_) | Message::Tell(_) => 0,
        }
    }

    sim::vocabulary! {
        messages {
            Message::Ask(request) if !request.is_read() => Request "add" [request.operation, request.value] {
                label: "+{1}",
                says: "please add {1} (addition #{0})",
            }
            Message::Ask(request) => Request "read" [request.operation] {
                label: "read #{0}",
                says: "what is the number? (read #{0})",
            }
            Message::Tell(reply) if reply.is_done && !reply.to.is_read() => Reply "added" [reply.to.operation] {
                label: "ok",
                says: "#{0} is done",
            }
            Message::Tell(reply) if reply.is_done => Reply "number" [reply.value, reply.to.operation] {
                label: "{0}",
                says: "the number is {0}",
            }
            Message::Tell(reply) => Refusal "refused" [reply.to.operation] {
                label: "not now",
                says: "I refuse #{0}: I reach no majority",
            }
            Message::Gossip(Gossip::Takes(additions)) => Replication "takes" [last(additions)] {
                label: "copy #{0}",
                says: "I have accepted addition #{0}",
            }
            Message::Gossip(Gossip::Has(has)) => Heartbeat "has" [has.len()] {
                label: "I have {0}",
                says: "I have {0 addition}: which ones do I lack?",
            }
            Message::Gossip(Gossip::Lacks(additions)) => Replication "lacks" [additions.len()] {
                label: "you lack {0}",
                says: "you lack {0 addition}: here you are",
            }
        }
        timers {
            Timer::Client(Wake::Next) => "time for the next operation",
            Timer::Client(Wake::NoAnswer) => timeout "no answer in time",
            Timer::Compare => "time to compare",
        }
        operations {
            "next": "Begin the next operation at once" by ["teller", "reader"] => Node::Client => Caller::begin,
        }
        part Servers { Message::Log, Timer::Log }
    }

    roles! { Node::ByMajority, Node::Alone, Node::Client }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::ByMajority(server), Message::Log(message)) => {
                server.message(from, message, context);
            }
            (Node::ByMajority(server), Message::Ask(request)) => {
                server.asked(from, request, context);
            }
            (Node::Alone(replica), Message::Gossip(gossip)) => {
                replica.hears(from, gossip, context);
            }
            (Node::Alone(replica), Message::Ask(request)) => {
                replica.asked(from, request, context);
            }
            (Node::Client(caller), Message::Tell(reply)) => caller.answered(reply, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::ByMajority(server), Timer::Log(timer)) => server.wake(timer, context),
            (Node::Alone(replica), Timer::Compare) => replica.compare(context),
            (Node::Client(caller), Timer::Client(wake)) => caller.wake(wake, context),
            _ => {}
        }
    }
}

/// The number of the last addition; 0 if there is none.
fn last(additions: &[Request]) -> u32 {
    additions.last().map_or(0, |addition| addition.operation)
}
