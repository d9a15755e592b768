//! Remote calls: a client asks a server to do something, and hears an answer or nothing.
//!
//! The server does what it is asked to do, and says so. Four things can go wrong: the request is lost, the server is down,
//! the answer is lost, or the server is slow. Each looks the same to the client: nothing comes. No waiting time tells
//! them apart (Waldo, Wyant, Wollrath and Kendall, *A Note on Distributed Computing*, Sun TR-94-29, 1994, on partial
//! failure; Birrell and Nelson, *Implementing remote procedure calls*, ACM TOCS 2(1), 1984, on what a caller knows after
//! an exception). What is left to choose is how long to wait, and which outcome to report then. gRPC's *deadline
//! exceeded* says of itself that the call may have succeeded.
//!
//! | module | its subject |
//! | --- | --- |
//! | `client` | calls, and reports an outcome |
//! | `server` | does what it is asked to do |

mod client;
mod server;
#[cfg(test)]
mod tests;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds, one, operations};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use client::Client;
use server::Server;

/// Remote calls, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "calls",
    "Clients call a server, one call after the other, each waiting for its answer.",
    &Node::VOCABULARY,
    build,
);

choices! {
    /// What a scenario chooses for calls.
    struct Choices {
        roles {
            clients: Vec<NodeId> = many("client", 1..=12).speaks_to(&["server"]),
            server: NodeId = one("server"),
        }
        parameters {
            calls: u32 = operations("calls", "Calls", 20, 1..=1000,
                "How many calls each client makes."),
            pause: SimDuration = milliseconds("pause", "Pause", 500, 0..=60_000,
                "How long a client rests between two calls."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 1000, 1..=60_000,
                "How long a client waits for an answer."),
        }
        defences {
            has_timeout: bool = defence("timeout", "Timeout",
                "A client that hears nothing stops waiting after a while."),
            admits_ignorance: bool = defence("unknown-outcome", "Admit not knowing",
                "After a timeout the outcome is reported as unknown, not as failed."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let clients = choices.clients.iter().enumerate();
    let clients = clients.map(|(place, node)| (*node, Node::Client(Client::new(&choices, place))));
    let server = (choices.server, Node::Server(Server::default()));
    world(setup, clients.chain([server]))
}

/// A node of the service.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// It calls.
    Client(Client),
    /// It is called.
    Server(Server),
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Please do this.
    Request {
        /// The call's number, unique in the run.
        call: u32,
    },
    /// It is done.
    Answer {
        /// The call's number.
        call: u32,
    },
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time for the next call.
    Next,
    /// The answer has not come in time.
    Silence,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    sim::vocabulary! {
        messages {
            Message::Request { call } => Request "request" [call] {
                label: "call #{0}",
                says: "please do call #{0}",
            }
            Message::Answer { call } => Reply "answer" [call] {
                label: "done #{0}",
                says: "call #{0} is done",
            }
        }
        timers {
            Timer::Next => "time for the next call",
            Timer::Silence => timeout "no answer in time",
        }
        operations {
            "call": "Make the next call at once" by ["client"] => Node::Client => Client::begin,
        }
    }

    roles! { Node::Client, Node::Server }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Server(server), Message::Request { call }) => server.serve(from, call, context),
            (Node::Client(client), Message::Answer { call }) => client.answer(call, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            match timer {
                Timer::Next => client.begin(context),
                Timer::Silence => client.silence(context),
            }
        }
    }
}
