//! A primary and its backups, which take over when it is silent; and what prevents two primaries.
//!
//! Clients write notes and read them back. A primary that is cut off or paused is not dead, but its backups cannot tell
//! the difference: one of them takes over, while the old primary goes on. Two mechanisms of the [`replicated_log`] decide
//! what comes of that. Without election by majority, a backup that lacks acknowledged writes can take over and undo them.
//! Without fencing by term, the old primary goes on acknowledging writes that no server will keep (Davidson,
//! Garcia-Molina and Skeen, *Consistency in partitioned networks*, ACM Computing Surveys 17(3), 1985). With both it is
//! Raft: no clock decides what is safe, and an entry takes effect when a majority has it.

#[cfg(test)]
mod tests;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::{group, world};
use crate::parts::caller::{Caller, Habit, Manner, Reply, Request, Wake, callers};
use crate::parts::hosts;
use crate::parts::replicated_log::{self, Record, Rules, Server, Servers};

/// How many of its latest notes a client reads back, one at a time.
const LATEST: usize = 6;

/// Failover, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "failover",
    "A primary takes the clients' notes and copies them to its backups; one of the backups takes over when it is silent.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.mended(&[
    "With both defences a leader committed nothing if a round trip took longer than its patience, a torn write ended a server for good, and a refused note could be saved after all.",
    "A restarted server did not put on record again what its disk holds.",
    "A server that had been cut off for long was sent all that it lacked in one message, again and again.",
]);

choices! {
    /// What a scenario chooses for failover.
    struct Choices {
        roles {
            servers: Vec<NodeId> = many("server", 2..=9),
            clients: Vec<NodeId> = many("client", 1..=7).speaks_to(&["server"]),
        }
        parameters {
            heartbeat: SimDuration = milliseconds("heartbeat", "Heartbeat every", 200, 5..=60_000,
                "How often a primary says that it leads."),
            patience: SimDuration = milliseconds("patience", "Patience", 1000, 20..=600_000,
                "How long a backup hears no primary before it acts; up to twice that."),
            pause: SimDuration = milliseconds("write-every", "Pause", 100, 1..=60_000,
                "How long a client rests between a note and reading one back."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 1000, 1..=60_000,
                "How long a client waits before it asks the next server."),
        }
        defences {
            has_election: bool = defence("majority-election", "Election by majority",
                "The server that takes over has every write that a majority has accepted, and each term has one primary."),
            has_fencing: bool = defence("epoch-fencing", "Fencing by term",
                "A write is done when a majority has accepted it; a server that knows a later term refuses it."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let rules = Rules {
        heartbeat: choices.heartbeat,
        patience: choices.patience,
        is_elected: choices.has_election,
        is_fenced: choices.has_fencing,
        shows: None,
    };
    let servers = group(&choices.servers).map(|(node, rank, peers)| {
        let server = Server::new(rules, rank, peers);
        (node, Node::Server(Box::new(server)))
    });
    let (pause, timeout) = (choices.pause, choices.timeout);
    let manner = Manner::endless(&choices.servers, pause, timeout, Habit::Notes(LATEST));
    let clients = callers(&choices.clients, &manner);
    let clients = clients.map(|(node, caller)| (node, Node::Client(caller)));
    world(setup, servers.chain(clients))
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A server that can be the primary.
    Server(Box<Server>),
    /// A client.
    Client(Box<Caller>),
}

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A client's request.
    Ask(Request),
    /// The answer.
    Tell(Reply),
    /// Among servers.
    Log(replicated_log::Message),
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A client's.
    Client(Wake),
    /// A server's.
    Log(replicated_log::Timer),
}

hosts! {
    Message { Ask(Request), Tell(Reply), Log(replicated_log::Message) }
    Timer { Client(Wake), Log(replicated_log::Timer) }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    fn held_by_message(message: &Message) -> usize {
        match message {
            Message::Log(message) => message.held(),
            Message::Ask(_) | Message::Tell(_) => 0,
        }
    }

    sim::vocabulary! {
        messages {
            Message::Ask(request) if !request.is_read() => Request "write" [request.operation] {
                label: "save #{0}",
                says: "please save note #{0}",
            }
            Message::Ask(request) => Request "read" [request.key, request.operation] {
                label: "note #{0}?",
                says: "what is note #{0}?",
            }
            Message::Tell(reply) if reply.is_done && !reply.to.is_read() => Reply "saved" [reply.to.operation] {
                label: "saved #{0}",
                says: "note #{0} is saved",
            }
            Message::Tell(reply) if reply.is_done && reply.value != 0 => Reply "note" [reply.to.key] {
                label: "note #{0}",
                says: "here is note #{0}",
            }
            Message::Tell(reply) if reply.is_done => Refusal "never-heard" [reply.to.key] {
                label: "no note #{0}",
                says: "there is no note #{0}",
            }
            Message::Tell(reply) => Refusal "refused" [reply.to.operation] {
                label: "not now: #{0}",
                says: "I cannot do #{0}: I reach no majority",
            }
        }
        timers {
            Timer::Client(Wake::Next) => "time for the next note",
            Timer::Client(Wake::NoAnswer) => timeout "no answer in time",
        }
        operations {
            "next": "Write the next note, or read one back, at once" by ["client"] => Node::Client => Caller::begin,
        }
        part Servers { Message::Log, Timer::Log }
    }

    roles! { Node::Server, Node::Client }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Server(server), Message::Log(message)) => server.message(from, message, context),
            (Node::Server(server), Message::Ask(request)) => server.asked(from, request, context),
            (Node::Client(client), Message::Tell(reply)) => client.answered(reply, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Server(server), Timer::Log(timer)) => server.wake(timer, context),
            (Node::Client(client), Timer::Client(wake)) => client.wake(wake, context),
            _ => {}
        }
    }
}
