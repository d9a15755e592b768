//! Setting a clock over a network: NTP with its clock filter and its selection of servers.
//!
//! A client asks several servers for the time. An exchange gives four readings. From them the client computes the
//! *delay* of the round trip, and the *offset* of the server as if the answer had taken half of the round trip. Nobody
//! can know how a round trip splits into its two ways, so the offset can be wrong by half the delay, and is wrong by half
//! the difference between the two ways. Two defences keep bad samples out (Mills et al., RFC 5905):
//!
//! - The *clock filter* (section 10) uses the sample with the smallest delay among the last eight samples of a server. A
//!   message that waited in a queue has a larger delay.
//! - The *selection* (section 11.2.1; after Marzullo, *Maintaining the time in a distributed system*, 1984) treats each
//!   offset as an interval, by half the delay and the other known errors to each side, and rejects the *falsetickers*:
//!   servers whose interval does not agree with a majority. Among the remaining servers, the more precise ones have more
//!   weight (section 11.2.3).
//!
//! Three parts of NTP are left out: the clustering of the remaining servers (section 11.2.2), the discipline of the
//! clock's frequency (section 11.3), and polls that become rarer (section 13). None of them decides which samples count.
//!
//! The client measures with its monotonic clock and keeps samples relative to that clock, so that setting the wall clock
//! does not spoil them. A large error is corrected by a jump, a small one slowly. The client says how wrong its clock can be
//! by what it knows: half the round trips, the drift since, the errors that servers admit, and what it has yet to correct.
//! The exchanges and the selection are those of [`time_samples`](crate::parts::clocks::time_samples).
//!
//! | module | its subject |
//! | --- | --- |
//! | `server` | tells its time |
//! | `client` | asks, filters, selects, sets its clock |

mod client;
mod server;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds, share};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use client::Client;
use server::Server;

/// NTP, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "ntp",
    "Clients ask servers for the time and set their wall clocks by the answers.",
    &Node::VOCABULARY,
    build,
)
.mended(&[
    "The bound that a client stated left out what it had yet to correct, and one server alone passed for a majority.",
    "Time servers that were silent counted as wrong ones.",
]);

choices! {
    /// What a scenario chooses for NTP.
    struct Choices {
        roles {
            clients: Vec<NodeId> = many("client", 1..=6).speaks_to(&["server"]),
            servers: Vec<NodeId> = many("server", 1..=9).speaks_to(&["client"]),
        }
        parameters {
            poll: SimDuration = milliseconds("poll", "Poll", 2000, 100..=3_600_000,
                "The time between two questions of a client to its servers."),
            burst: SimDuration = milliseconds("burst", "Burst", 250, 10..=60_000,
                "The time between the eight questions that a client asks first."),
            step_threshold: SimDuration = milliseconds("step-threshold", "Step threshold", 128, 0..=3_600_000,
                "A client corrects a larger offset by a jump, and a smaller one slowly."),
            max_drift: f64 = share("max-drift", "Assumed drift", 0.0002, 0.0..=0.5,
                "The most by which clocks are assumed to drift apart."),
            server_error: SimDuration = milliseconds("server-error", "Server error", 5, 0..=60_000,
                "The most by which the clock of a right server is assumed to be wrong."),
        }
        defences {
            filters: bool = defence("minimum-delay-filter", "Minimum-delay filter",
                "Of a server's last eight samples, the quickest counts."),
            selects: bool = defence("reject-outliers", "Reject outliers",
                "A server whose time does not agree with a majority does not count."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let client = Node::Client(Client::new(&choices));
    let clients = choices.clients.iter().map(|node| (*node, client.clone()));
    let server = Node::Server(Server::default());
    let servers = choices.servers.iter().map(|node| (*node, server.clone()));
    world(setup, clients.chain(servers))
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A client, which sets its clock.
    Client(Client),
    /// A server, which tells the time.
    Server(Server),
}

/// What the nodes send to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// What time is it?
    Ask {
        /// The question's number.
        ask: u32,
    },
    /// It is this time.
    Tell {
        /// The question's number.
        ask: u32,
        /// The reading of the server's clock when it received the question and sent the answer, both at once.
        told: i64,
    },
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time to ask.
    Ask,
    /// Time to set the clock by the answers.
    Set,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    sim::vocabulary! {
        messages {
            Message::Ask { ask } => Request "ask" [ask] {
                label: "time?",
                says: "what time is it?",
            }
            Message::Tell { ask, told } => Reply "tell" [ask, told / 1_000_000] {
                label: "{1t}",
                says: "it is {1t}",
            }
        }
        timers {
            Timer::Ask => "time to ask for the time",
            Timer::Set => "time to set the clock",
        }
    }

    roles! { Node::Client, Node::Server }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Server(server), Message::Ask { ask }) => server.asked(from, ask, context),
            (Node::Client(client), Message::Tell { ask, told }) => {
                client.told(from, ask, told, context);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            match timer {
                Timer::Ask => client.ask(context),
                Timer::Set => client.set_clock(context),
            }
        }
    }

    fn bytes(_message: &Message) -> u32 {
        76
    }
}
