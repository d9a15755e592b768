//! Calls to a server that retries can overwhelm: the metastable failure.
//!
//! Users ask clients at a steady rate, whatever happens, and each of their requests becomes a call to one server.
//! A call that is not answered in time is made again. When the server stalls for a moment, the calls of that moment and
//! their retries pile up before it; it works through them in order, and everyone it answers has stopped waiting and
//! asked again. The overload outlives its cause, and feeds itself (Bronson, Aghayev, Charapko and Zhu, *Metastable
//! failures in distributed systems*, HotOS 2021).
//!
//! A backoff alone does not end it: users go on asking, so every call is still made as often as it may, only later. What
//! ends it takes load away: a bound on open calls together with a backoff, a budget for retries, a circuit breaker
//! (Brooker, *What is backoff for?*, 2022; Huang et al., *Metastable failures in the wild*, OSDI 2022).
//!
//! An answer counts only for the attempt that is open: an attempt that timed out is cancelled, as in gRPC, and its
//! connection is closed, as in HTTP.
//!
//! | module | its subject |
//! | --- | --- |
//! | `client` | who calls, and when it calls again |
//! | `server` | who answers |

mod client;
mod server;
#[cfg(test)]
mod tests;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, count, defence, many, milliseconds, one, share};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use client::Client;
use server::Server;

/// Retries, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "retries",
    "Clients call a server at a steady rate, and call again when no answer comes in time.",
    &Node::VOCABULARY,
    build,
)
.mended(&[
    "A backoff held up all calls of a client at once, and a bound on open calls was always on.",
    "A circuit breaker that had cooled down took what became of a call from before for the outcome of its trial.",
]);

choices! {
    /// What a scenario chooses for retries.
    struct Choices {
        roles {
            clients: Vec<NodeId> = many("client", 1..=12).speaks_to(&["server"]),
            server: NodeId = one("server"),
        }
        parameters {
            every: SimDuration = milliseconds("every", "A call every", 240, 5..=60_000,
                "How often users ask each client for something."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 600, 1..=60_000,
                "How long a client waits for an answer before it calls again."),
            attempts: u32 = count("attempts", "Attempts", 4, 1..=100,
                "The most attempts that a client makes for one call."),
            pool: u32 = count("pool", "Open calls", 8, 1..=1000,
                "How many calls a client may have open if it has a bound; further calls are turned away."),
            backoff_base: SimDuration = milliseconds("backoff-base", "First backoff", 500, 1..=60_000,
                "How long the first backoff is."),
            backoff_cap: SimDuration = milliseconds("backoff-cap", "Longest backoff", 4000, 1..=600_000,
                "No backoff is longer."),
            budget: f64 = share("budget", "Retry budget", 0.1, 0.0..=1.0,
                "The largest share of calls that may be retries, after the 3 retries that a client has at the start."),
            cool_down: SimDuration = milliseconds("cool-down", "Cool-down", 1000, 1..=60_000,
                "How long an open circuit breaker lets nothing through."),
        }
        defences {
            has_backoff: bool = defence("backoff", "Exponential backoff",
                "After a timeout a call waits before its retry, and twice as long after each further timeout."),
            has_jitter: bool = defence("jitter", "Jitter",
                "Each backoff has a random length, so that calls that timed out together do not come back together."),
            has_bulkhead: bool = defence("bulkhead", "Bound on open calls",
                "A client keeps only so many calls open, and turns further ones away."),
            has_budget: bool = defence("retry-budget", "Retry budget",
                "After a first handful, retries are a small share of calls, and cannot multiply the load."),
            has_breaker: bool = defence("circuit-breaker", "Circuit breaker",
                "When too many calls fail, a client makes none for a while, and then one, to try."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let clients = choices.clients.iter().enumerate();
    let clients = clients.map(|(place, node)| {
        let client = Client::new(&choices, place);
        (*node, Node::Client(Box::new(client)))
    });
    let server = (choices.server, Node::Server(Server::default()));
    world(setup, clients.chain([server]))
}

/// A node of the service.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Someone who calls.
    Client(Box<Client>),
    /// Someone who answers.
    Server(Server),
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Please do this.
    Call {
        /// The call's number, unique in the run.
        call: u32,
        /// Which attempt this is, from 1.
        attempt: u32,
    },
    /// It is done.
    Answer {
        /// The call's number.
        call: u32,
        /// Which attempt is answered.
        attempt: u32,
    },
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A user asks for something.
    Asked,
    /// An attempt has not been answered in time.
    NoAnswer {
        /// The call's number.
        call: u32,
    },
    /// A call's backoff is over.
    BackoffOver {
        /// The call's number.
        call: u32,
    },
    /// The circuit breaker has been open for long enough.
    CooledDown,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    sim::vocabulary! {
        messages {
            Message::Call { call, attempt } => Request "call" [call, attempt] {
                label: "call #{0}",
                says: "please do call #{0} (attempt {1})",
            }
            Message::Answer { call, attempt } => Reply "answer" [call, attempt] {
                label: "answer #{0}",
                says: "call #{0} is done (attempt {1})",
            }
        }
        timers {
            Timer::Asked => "a user asks for something",
            Timer::NoAnswer { .. } => timeout "this attempt times out",
            Timer::BackoffOver { .. } => "the call's backoff is over",
            Timer::CooledDown => "the circuit breaker lets one call try",
        }
        operations {
            "call": "Make one more call" by ["client"] => Node::Client => Client::asked,
        }
    }

    roles! { Node::Client, Node::Server }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Server(server), Message::Call { call, attempt }) => {
                server.call(from, call, attempt, context);
            }
            (Node::Client(client), Message::Answer { call, attempt }) => {
                client.answer(call, attempt, context);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            match timer {
                Timer::Asked => client.asked_again(context),
                Timer::NoAnswer { call } => client.no_answer(call, context),
                Timer::BackoffOver { call } => client.attempt_again(call, context),
                Timer::CooledDown => client.cooled_down(),
            }
        }
    }
}
