//! Two systems side by side on the same network: a bank's account and a timeline's counter of likes.
//!
//! Both are a number to which clients add, replicated on some servers. When the servers are cut in two, a server can do
//! one of two things for clients that reach no majority: refuse, or answer from what it has and be wrong (Gilbert and
//! Lynch, *Brewer's conjecture and the feasibility of consistent, available, partition-tolerant web services*, SIGACT News
//! 33(2), 2002). Each system chooses one of them:
//!
//! - by majority: a [`replicated_log`], which is linearizable;
//! - alone: a [`Replica`] that answers at once and is joined with the others later.
//!
//! The files:
//!
//! - `message.rs`: what the nodes tell each other and wait for
//! - `system.rs`: one of the two systems, its servers and its clients
//! - `replica.rs`: a server that answers alone

mod message;
mod replica;
mod system;
#[cfg(test)]
mod tests;

use sim::protocol::{Description, Gist, OperationWord, Outlook, Vocabulary};
use sim::trace::Function;
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::parts::caller::{Caller, Wake};
use crate::parts::replicated_log::{self, Record, Server};
pub use message::{Gossip, Message, Timer};
use message::{MESSAGES, TIMERS};
use replica::Replica;
use system::System;

/// The key of the bank's account, and that of the timeline's likes.
const ACCOUNT: i64 = 0;
const LIKES: i64 = 1;

/// Bank and timeline, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "side-by-side",
    about: "A bank and a timeline on the same network, each with a number that its clients add to and read.",
    roles: &[
        servers("bank"),
        servers("timeline"),
        clients("teller"),
        clients("reader"),
    ],
    parameters: &[
        ParameterSpec {
            id: "heartbeat",
            label: "Heartbeat every",
            about: "How often a leader says that it leads.",
            quantity: Quantity::Duration,
            default: ms(250),
            min: ms(5),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "patience",
            label: "Patience",
            about: "How long a server hears no leader before it stands for election; up to twice that, by chance.",
            quantity: Quantity::Duration,
            default: ms(1000),
            min: ms(20),
            max: ms(600_000),
        },
        ParameterSpec {
            id: "pause",
            label: "Pause",
            about: "How long a client rests between two operations.",
            quantity: Quantity::Duration,
            default: ms(400),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits for an answer before it gives up.",
            quantity: Quantity::Duration,
            default: ms(800),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "operations",
            label: "Operations",
            about: "How many operations each client begins.",
            quantity: Quantity::Count,
            default: 40.0,
            min: 1.0,
            max: 1000.0,
        },
        ParameterSpec {
            id: "compare",
            label: "Compare every",
            about: "How often servers that answer alone compare their additions.",
            quantity: Quantity::Duration,
            default: ms(1000),
            min: ms(10),
            max: ms(600_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "bank-by-majority",
            label: "The bank asks a majority",
            protects: "The account is never wrong; a client that reaches no majority is refused.",
        },
        DefenceSpec {
            id: "timeline-alone",
            label: "The timeline answers alone",
            protects: "Every client is answered, whichever server it reaches; the number can be wrong.",
        },
        DefenceSpec {
            id: "anti-entropy",
            label: "Anti-entropy",
            protects: "Servers that answer alone come to agree once they reach each other.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

const fn servers(id: &'static str) -> RoleSpec {
    RoleSpec {
        id,
        fewest: 1,
        most: 7,
    }
}

const fn clients(id: &'static str) -> RoleSpec {
    RoleSpec {
        id,
        fewest: 0,
        most: 7,
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let systems = [
        System::of(
            plan,
            "bank",
            "teller",
            plan.has("bank-by-majority"),
            ACCOUNT,
        ),
        System::of(
            plan,
            "timeline",
            "reader",
            !plan.has("timeline-alone"),
            LIKES,
        ),
    ];
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(|node| {
        let node = systems.iter().find_map(|system| system.node(node, plan));
        node.expect("every node has one of the four roles")
    });
    Box::new(World::new(setup, nodes.collect()))
}

/// A node of either system.
#[derive(Clone, Debug)]
pub enum Node {
    /// A server that asks a majority.
    ByMajority {
        /// Of which system.
        role: &'static str,
        /// The server.
        server: Box<Server>,
    },
    /// A server that answers alone.
    Alone {
        /// Of which system.
        role: &'static str,
        /// The server.
        replica: Box<Replica>,
    },
    /// A client.
    Client {
        /// Of which system.
        role: &'static str,
        /// The client.
        caller: Box<Caller>,
    },
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: MESSAGES,
        timers: TIMERS,
        operations: &[OperationWord {
            name: "next",
            does: "Begin the next operation at once",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::ByMajority { server, .. } => server.start(context),
            Node::Alone { replica, .. } => replica.start(context),
            Node::Client { caller, .. } => caller.start(context),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::ByMajority { server, .. }, Message::Log(message)) => {
                server.message(from, message, context);
            }
            (Node::ByMajority { server, .. }, Message::Ask(request)) => {
                server.asked(from, request, context);
            }
            (Node::Alone { replica, .. }, Message::Gossip(gossip)) => {
                replica.hears(from, gossip, context);
            }
            (Node::Alone { replica, .. }, Message::Ask(request)) => {
                replica.asked(from, request, context);
            }
            (Node::Client { caller, .. }, Message::Tell(reply)) => caller.answered(reply, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::ByMajority { server, .. }, Timer::Log(timer)) => server.wake(timer, context),
            (Node::Alone { replica, .. }, Timer::Compare) => replica.compare(context),
            (Node::Client { caller, .. }, Timer::Client(wake)) => caller.wake(wake, context),
            _ => {}
        }
    }

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        match self {
            Node::ByMajority { server, .. } => server.synced(token, context),
            Node::Alone { replica, .. } => replica.synced(token, context),
            Node::Client { .. } => {}
        }
    }

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        if let Node::Client { caller, .. } = self {
            caller.begin(context);
        }
    }

    fn gist(message: &Message) -> Gist {
        let number = |operation: u32| i64::from(operation);
        let (kind, args) = match message {
            Message::Ask(request) if request.function == Function::Read => {
                (1, [number(request.operation), 0, 0])
            }
            Message::Ask(request) => (0, [number(request.operation), request.value, 0]),
            Message::Tell(reply) if !reply.is_done => (4, [number(reply.to.operation), 0, 0]),
            Message::Tell(reply) if reply.to.function == Function::Read => {
                (3, [reply.value, number(reply.to.operation), 0])
            }
            Message::Tell(reply) => (2, [number(reply.to.operation), 0, 0]),
            Message::Gossip(Gossip::Takes(additions)) => {
                let last = additions.last().map_or(0, |one| one.operation);
                (5, [number(last), 0, 0])
            }
            Message::Gossip(Gossip::Has(has)) => (6, [has.len() as i64, 0, 0]),
            Message::Gossip(Gossip::Lacks(additions)) => (7, [additions.len() as i64, 0, 0]),
            Message::Log(message) => {
                let (kind, args) = replicated_log::gist(message);
                (8 + kind, args)
            }
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::Client(Wake::Next) => 0,
            Timer::Client(Wake::NoAnswer) => 1,
            Timer::Compare => 2,
            Timer::Log(timer) => 3 + replicated_log::timer_kind(*timer),
        }
    }

    fn leads(&self) -> bool {
        matches!(self, Node::ByMajority { server, .. } if server.leads())
    }

    fn memory(&self) -> usize {
        size_of_val(self)
            + match self {
                Node::ByMajority { server, .. } => size_of::<Server>() + server.memory(),
                Node::Alone { replica, .. } => size_of::<Replica>() + replica.memory(),
                Node::Client { caller, .. } => size_of::<Caller>() + caller.memory(),
            }
    }

    fn role(&self) -> &'static str {
        match self {
            Node::ByMajority { role, .. }
            | Node::Alone { role, .. }
            | Node::Client { role, .. } => role,
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::ByMajority { server, .. } => server.describe(outlook),
            Node::Alone { replica, .. } => replica.describe(outlook),
            Node::Client { caller, .. } => caller.describe(outlook),
        }
    }
}
