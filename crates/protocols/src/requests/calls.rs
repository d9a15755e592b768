//! Remote calls: a client asks a server to do something, and hears an answer or nothing.
//!
//! The server does what it is asked and says so. Of four things that can go wrong (the request is lost, the server is
//! down, the answer is lost, the server is slow) each looks the same to the client: nothing comes. No waiting time
//! tells them apart (Waldo, Wyant, Wollrath and Kendall, *A Note on Distributed Computing*, Sun TR-94-29, 1994, on
//! partial failure; Birrell and Nelson, *Implementing remote procedure calls*, ACM TOCS 2(1), 1984, on what a caller
//! knows after an exception). What is left to choose is how long to wait, and what to call the outcome then: gRPC's *deadline exceeded* says of itself
//! that the call may have succeeded.

use sim::sorted::Set;

use sim::protocol::{
    Description, Gist, MessageSort, MessageWord, OperationWord, Outlook, TimerWord, Vocabulary,
};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration, TimerId, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::parts::incarnation::first_number;

/// Remote calls, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "calls",
    about: "Clients call a server, one call after the other, each waiting for its answer.",
    roles: &[
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 12,
        },
        RoleSpec {
            id: "server",
            fewest: 1,
            most: 1,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "calls",
            label: "Calls",
            about: "How many calls each client makes.",
            quantity: Quantity::Count,
            default: 20.0,
            min: 1.0,
            max: 1000.0,
        },
        ParameterSpec {
            id: "pause",
            label: "Pause",
            about: "How long a client rests between two calls.",
            quantity: Quantity::Duration,
            default: ms(500),
            min: 0.0,
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits for an answer.",
            quantity: Quantity::Duration,
            default: ms(1000),
            min: ms(1),
            max: ms(60_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "timeout",
            label: "Timeout",
            protects: "A client that hears nothing goes on after a while.",
        },
        DefenceSpec {
            id: "unknown-outcome",
            label: "Admit not knowing",
            protects: "After a timeout the outcome is called unknown, not failed.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let server = plan.nodes("server")[0];
    let clients = plan.nodes("client");
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(
        |node| match clients.iter().position(|client| *client == node) {
            Some(place) => Node::Client(Client {
                server,
                timeout: plan.has("timeout").then(|| plan.duration("timeout")),
                outcome_of_silence: if plan.has("unknown-outcome") {
                    Outcome::Unknown
                } else {
                    Outcome::Fail
                },
                calls: plan.count("calls"),
                pause: plan.duration("pause"),
                first: place as u32 + 1,
                stride: clients.len() as u32,
                generation: 0,
                begun: 0,
                answered: 0,
                silent: 0,
                open: None,
                given_up: Set::new(),
                late: None,
            }),
            None => Node::Server(Server { done: 0 }),
        },
    );
    Box::new(World::new(setup, nodes.collect()))
}

/// A node of the service.
#[derive(Clone, Debug)]
pub enum Node {
    /// Someone who calls.
    Client(Client),
    /// Who is called.
    Server(Server),
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time for the next call.
    Next,
    /// The answer has not come in time.
    Silence,
}

/// A client that makes one call after the other.
#[derive(Clone, Debug)]
pub struct Client {
    server: NodeId,
    /// How long it waits; without an end if there is none.
    timeout: Option<SimDuration>,
    /// What it calls the outcome of a call that was not answered in time.
    outcome_of_silence: Outcome,
    calls: u32,
    pause: SimDuration,
    /// The number of its first call, and how far its numbers lie apart.
    first: u32,
    stride: u32,
    /// How many of its numbers earlier lives may have used.
    generation: u32,
    begun: u32,
    answered: u32,
    silent: u32,
    open: Option<Open>,
    /// The calls that were not answered in time, nor since.
    given_up: Set<u32>,
    /// The latest call whose answer came when it was no longer waited for.
    late: Option<u32>,
}

/// A call without an answer yet.
#[derive(Clone, Copy, Debug)]
struct Open {
    call: u32,
    /// When it was made, by the client's monotonic clock.
    since: i64,
    timer: Option<TimerId>,
}

/// A server that does what it is asked to do.
#[derive(Clone, Debug)]
pub struct Server {
    done: u32,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "request",
                label: "do #{0}",
                says: "please do #{0}",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "answer",
                label: "done #{0}",
                says: "#{0} is done",
                sort: MessageSort::Reply,
            },
        ],
        timers: &[
            TimerWord {
                says: "time for the next call",
                is_timeout: false,
            },
            TimerWord {
                says: "no answer in time",
                is_timeout: true,
            },
        ],
        operations: &[OperationWord {
            name: "call",
            does: "Make the next call at once",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.generation = first_number(context);
            // Clients do not begin in step: each waits its share of the pause.
            let share = client
                .pause
                .scaled_permille(1000 * client.first / (client.stride + 1));
            context.set_timer(share, Timer::Next);
        }
    }

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

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.begin(context);
        }
    }

    fn gist(message: &Message) -> Gist {
        let (kind, call) = match *message {
            Message::Request { call } => (0, call),
            Message::Answer { call } => (1, call),
        };
        Gist {
            kind,
            args: [i64::from(call), 0, 0],
        }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        *timer as u8
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Client(_) => "client",
            Node::Server(_) => "server",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Client(client) => client.describe(outlook),
            Node::Server(server) => server.describe(),
        }
    }
}

impl Client {
    fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() || self.begun == self.calls {
            return;
        }
        let call = self.first + (self.generation + self.begun) * self.stride;
        self.begun += 1;
        context.record(Fact::Invoked {
            operation: call,
            function: Function::Request,
            key: i64::from(context.me().0),
            value: 1,
        });
        context.send(self.server, Message::Request { call });
        self.open = Some(Open {
            call,
            since: context.monotonic(),
            timer: self
                .timeout
                .map(|timeout| context.set_timer(timeout, Timer::Silence)),
        });
    }

    fn answer(&mut self, call: u32, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take_if(|open| open.call == call) else {
            return self.late_answer(call, context);
        };
        if let Some(timer) = open.timer {
            context.cancel_timer(timer);
        }
        self.answered += 1;
        self.end(call, Outcome::Ok, context);
    }

    /// What it had called the outcome is on record, and was acted on: the truth comes too late to change that.
    fn late_answer(&mut self, call: u32, context: &mut Context<'_, Node>) {
        if self.given_up.remove(&call) {
            self.late = Some(call);
            context.record(Fact::Learned {
                operation: call,
                outcome: Outcome::Ok,
            });
        }
    }

    fn silence(&mut self, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take() else { return };
        self.silent += 1;
        self.given_up.insert(open.call);
        self.end(open.call, self.outcome_of_silence, context);
    }

    fn end(&mut self, call: u32, outcome: Outcome, context: &mut Context<'_, Node>) {
        context.record(Fact::Returned {
            operation: call,
            outcome,
            value: 0,
        });
        context.set_timer(self.pause, Timer::Next);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let silent = match self.outcome_of_silence {
            Outcome::Fail => "failed",
            _ => "unknown",
        };
        let mut beliefs = vec![self.belief(&(outlook.name)(self.server), outlook.monotonic)];
        if let Some(call) = self.late {
            beliefs.push(format!(
                "I had called #{call} {silent}; then its answer came: it was done."
            ));
        }
        Description {
            badge: format!("{} done, {} {silent}", self.answered, self.silent),
            state: vec![
                (
                    "answered".to_owned(),
                    format!("{} of {}", self.answered, self.calls),
                ),
                (silent.to_owned(), self.silent.to_string()),
            ],
            beliefs,
        }
    }

    fn belief(&self, server: &str, now: i64) -> String {
        let Some(open) = self.open else {
            return if self.begun == self.calls {
                "All my calls are behind me.".to_owned()
            } else {
                format!("{server} owes me no answer.")
            };
        };
        let waited = (now - open.since) as f64 / 1e9;
        format!(
            "I asked {server} for #{} and have heard nothing for {waited:.1} s. My request is lost, or {server} is \
             down, or slow, or its answer is lost: from here that is all one silence.",
            open.call
        )
    }
}

impl Server {
    fn serve(&mut self, from: NodeId, call: u32, context: &mut Context<'_, Node>) {
        self.done += 1;
        context.record(Fact::Effect {
            operation: call,
            amount: 1,
            total: i64::from(self.done),
        });
        context.send(from, Message::Answer { call });
    }

    fn describe(&self) -> Description {
        Description {
            badge: format!("{} done", self.done),
            state: vec![("done".to_owned(), self.done.to_string())],
            beliefs: vec!["What I did, I said. Whether it was heard, I cannot know.".to_owned()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::network::LinkProfile;
    use sim::random::Probability;
    use sim::{Action, Target};

    /// A client, then a server, and one call, which begins at 250 ms.
    fn trial() -> Trial {
        Trial::new(&ENTRY, &["client", "server"]).set("calls", 1.0)
    }

    /// When the call had its effect, how the client called it and when, and when it learnt better.
    #[derive(Debug, Default, PartialEq)]
    struct Ending {
        effect: Option<u64>,
        returned: Option<(u64, Outcome)>,
        learned: Option<u64>,
    }

    fn ending(trial: &Trial) -> Ending {
        let mut ending = Ending::default();
        for (ms, _, fact) in trial.facts(60_000) {
            match fact {
                Fact::Effect { .. } => ending.effect = Some(ms),
                Fact::Returned { outcome, .. } => ending.returned = Some((ms, outcome)),
                Fact::Learned { .. } => ending.learned = Some(ms),
                _ => {}
            }
        }
        ending
    }

    fn lossy() -> LinkProfile {
        LinkProfile {
            loss: Probability::ALWAYS,
            ..LinkProfile::ideal(SimDuration::from_millis(100))
        }
    }

    #[test]
    fn lost_requests_and_lost_answers_end_alike_for_the_client() {
        let server = Target::Node(NodeId(1));
        let cases = [
            (trial().link(0, 1, lossy()), None),
            (trial().act(0, Action::Crash(server)), None),
            (trial().link(1, 0, lossy()), Some(350)),
        ];
        for (trial, effect) in cases {
            let silent = Ending {
                effect,
                ..Ending::default()
            };
            assert_eq!(ending(&trial), silent);
            let timed_out = Ending {
                effect,
                returned: Some((1250, Outcome::Fail)),
                learned: None,
            };
            assert_eq!(ending(&trial.on("timeout")), timed_out);
        }
    }

    #[test]
    fn a_late_answer_tells_the_client_what_it_had_called_failed() {
        let slow = trial().on("timeout").slow_link(1, 0, 1500);
        let late = |outcome| Ending {
            effect: Some(350),
            returned: Some((1250, outcome)),
            learned: Some(1850),
        };
        assert_eq!(ending(&slow), late(Outcome::Fail));
        assert_eq!(ending(&slow.on("unknown-outcome")), late(Outcome::Unknown));
    }

    #[test]
    fn a_restarted_client_gives_its_calls_new_numbers() {
        let client = Target::Node(NodeId(0));
        let facts = trial()
            .set("calls", 5.0)
            .act(1000, Action::Crash(client))
            .act(1500, Action::Restart(client))
            .facts(60_000);
        let numbers = facts.iter().filter_map(|(_, _, fact)| match fact {
            Fact::Invoked { operation, .. } => Some(*operation),
            _ => None,
        });
        let numbers: Vec<u32> = numbers.collect();
        assert!(numbers.len() > 5);
        assert_eq!(numbers.iter().collect::<Set<_>>().len(), numbers.len());
    }
}
