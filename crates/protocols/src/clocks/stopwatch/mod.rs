//! A client that times its requests and gives up on them, by one of its two clocks.
//!
//! A computer has a wall clock, which tells the date, and a monotonic clock, which tells lengths of time. The wall clock is
//! set: by NTP, by an operator, by a leap second. Between two readings of it any time may seem to have passed, even less
//! than none. The monotonic clock only ever goes forward, at nearly the right rate, until the computer restarts. It means
//! nothing on other computers, nor in another life of its own.
//! Lengths and deadlines that are measured with the wall clock are wrong whenever it is set meanwhile (POSIX
//! `clock_gettime`, `CLOCK_REALTIME` and `CLOCK_MONOTONIC`; Kleppmann, *Designing data-intensive applications*, chapter 8).
//!
//! The client keeps a deadline as an absolute reading of its clock and looks at the clock every so often, as a timer of
//! the operating system on that clock does.
//!
//! | module | its subject |
//! | --- | --- |
//! | `client` | asks, and measures how long the answer takes |

mod client;
#[cfg(test)]
mod tests;

use sim::protocol::{Description, Outlook};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds, one};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::{Role, roles};
use crate::describe::world::world;
use client::Client;

/// Timed requests, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "stopwatch",
    "Clients ask a server, time how long the answer takes, and give up after a while.",
    &Node::VOCABULARY,
    build,
);

choices! {
    /// What a scenario chooses for timed requests.
    struct Choices {
        roles {
            clients: Vec<NodeId> = many("client", 1..=12).speaks_to(&["server", "time-server"]),
            server: NodeId = one("server"),
            time_servers: Vec<NodeId> = many("time-server", 0..=4),
        }
        parameters {
            timeout: SimDuration = milliseconds("timeout", "Timeout", 1000, 1..=600_000,
                "How long a client waits for an answer."),
            pause: SimDuration = milliseconds("pause", "Pause", 200, 1..=60_000,
                "How long a client rests between two requests."),
            look: SimDuration = milliseconds("look", "Look", 50, 1..=10_000,
                "How often a client that waits looks at its clock."),
        }
        defences {
            is_monotonic: bool = defence("monotonic-clock", "Monotonic clock",
                "Lengths and deadlines are measured with a clock that nobody sets."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let clients = choices.clients.iter().enumerate();
    let clients = clients.map(|(place, node)| (*node, Node::Client(Client::new(&choices, place))));
    let server = (choices.server, Node::Server(Server { answered: 0 }));
    let time_servers = choices.time_servers.iter();
    let time_servers = time_servers.map(|node| (*node, Node::TimeServer(TimeServer)));
    world(setup, clients.chain([server]).chain(time_servers))
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// It asks, and times the answers.
    Client(Client),
    /// It answers.
    Server(Server),
    /// Others set their clocks by its clock.
    TimeServer(TimeServer),
}

/// A server: it answers at once.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    /// How many requests it has answered.
    answered: u32,
}

/// A time server: the network's own synchronisation asks its clock, so it does nothing.
#[derive(Clone, Debug, Hash)]
pub struct TimeServer;

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A request, by its number.
    Request(u32),
    /// The answer to it.
    Answer(u32),
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time for the next request.
    Next,
    /// Time to look at the clock, for this request.
    Look(u32),
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    sim::vocabulary! {
        messages {
            Message::Request(request) => Request "request" [request] {
                label: "request #{0}",
                says: "please answer request #{0}",
            }
            Message::Answer(request) => Reply "answer" [request] {
                label: "answer #{0}",
                says: "the answer to request #{0}",
            }
        }
        timers {
            Timer::Next => "time for the next request",
            Timer::Look(_) => "looks at its clock",
        }
    }

    roles! { Node::Client, Node::Server, Node::TimeServer }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Server(server), Message::Request(request)) => {
                server.answered += 1;
                context.send(from, Message::Answer(request));
            }
            (Node::Client(client), Message::Answer(request)) => client.answer(request, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            match timer {
                Timer::Next => client.ask(context),
                Timer::Look(request) => client.look(request, context),
            }
        }
    }
}

impl Role<Node> for Server {
    fn describe(&self, _: &Outlook<'_>) -> Description {
        Description {
            badge: format!("{} answered", self.answered),
            state: Vec::new(),
            beliefs: vec!["I answer every request at once.".to_owned()],
        }
    }
}

impl Role<Node> for TimeServer {
    fn describe(&self, _: &Outlook<'_>) -> Description {
        Description {
            badge: "tells the time".to_owned(),
            state: Vec::new(),
            beliefs: vec![
                "Others set their clocks by mine. I cannot know whether it is right.".to_owned(),
            ],
        }
    }
}
