//! A client that times its requests and gives up on them, by one of its two clocks.
//!
//! A computer has a clock that tells the date and one that tells lengths. The first is set: by NTP, by an operator, by a
//! leap second; between two readings of it any time may seem to have gone by, also less than none. The second only ever
//! goes forward, at nearly the right rate, and means nothing elsewhere. Lengths and deadlines that are measured with the
//! first are wrong whenever it is set meanwhile (POSIX `clock_gettime`, `CLOCK_REALTIME` and `CLOCK_MONOTONIC`;
//! Kleppmann, *Designing data-intensive applications*, chapter 8).
//!
//! The client keeps a deadline as an absolute reading of its clock and looks at the clock every so often, as a timer of
//! the operating system on that clock does.

use sim::protocol::{Description, Gist, MessageSort, MessageWord, Outlook, TimerWord, Vocabulary};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::parts::incarnation::first_number;

/// Timed requests, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "stopwatch",
    about: "Clients ask a server, time how long the answer takes, and give up after a while.",
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
        RoleSpec {
            id: "time-server",
            fewest: 0,
            most: 4,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits for an answer.",
            quantity: Quantity::Duration,
            default: ms(1000),
            min: ms(1),
            max: ms(600_000),
        },
        ParameterSpec {
            id: "pause",
            label: "Pause",
            about: "How long a client rests between two requests.",
            quantity: Quantity::Duration,
            default: ms(200),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "look",
            label: "Look",
            about: "How often a client that waits looks at its clock.",
            quantity: Quantity::Duration,
            default: ms(50),
            min: ms(1),
            max: ms(10_000),
        },
    ],
    defences: &[DefenceSpec {
        id: "monotonic-clock",
        label: "Monotonic clock",
        protects: "Lengths and deadlines are measured with a clock that is never set.",
    }],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let server = plan.nodes("server")[0];
    let clients = plan.nodes("client");
    let client = |place: usize| Client {
        server,
        clock: if plan.has("monotonic-clock") {
            ClockUsed::Monotonic
        } else {
            ClockUsed::Wall
        },
        timeout: plan.duration("timeout"),
        pause: plan.duration("pause"),
        look: plan.duration("look"),
        first: place as u32 + 1,
        stride: clients.len() as u32,
        begun: 0,
        open: None,
        answered: 0,
        given_up: 0,
        shortest: None,
        longest: None,
    };
    let node = |node: NodeId| match plan.roles[node.index()] {
        "server" => Node::Server { answered: 0 },
        "time-server" => Node::TimeServer,
        _ => {
            let place = clients.iter().position(|client| *client == node);
            Node::Client(client(place.unwrap_or_default()))
        }
    };
    let nodes = (0..plan.roles.len() as u16).map(NodeId).map(node);
    Box::new(World::new(setup, nodes.collect()))
}

/// A node.
#[derive(Clone, Debug)]
pub enum Node {
    /// Someone who asks.
    Client(Client),
    /// Answers.
    Server {
        /// How often it has.
        answered: u32,
    },
    /// Does nothing: others set their clocks by its clock.
    TimeServer,
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// A request, by its number.
    Request(u32),
    /// The answer to it.
    Answer(u32),
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time for the next request.
    Next,
    /// Time to look at the clock, for this request.
    Look(u32),
}

/// Which clock a client measures with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClockUsed {
    Wall,
    Monotonic,
}

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    server: NodeId,
    clock: ClockUsed,
    timeout: SimDuration,
    pause: SimDuration,
    look: SimDuration,
    /// The number of its first request, and how far its numbers lie apart.
    first: u32,
    stride: u32,
    /// How many requests it has begun, counted from where no earlier life of this node came to.
    begun: u32,
    open: Option<Open>,
    answered: u32,
    given_up: u32,
    shortest: Option<i64>,
    longest: Option<i64>,
}

/// A request without an answer yet.
#[derive(Clone, Copy, Debug)]
struct Open {
    request: u32,
    /// When it was sent, by the clock that is used.
    sent: i64,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "request",
                label: "#{0}?",
                says: "please answer request #{0}",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "answer",
                label: "#{0}",
                says: "the answer to request #{0}",
                sort: MessageSort::Reply,
            },
        ],
        timers: &[
            TimerWord {
                says: "time for the next request",
                is_timeout: false,
            },
            TimerWord {
                says: "looks at its clock",
                is_timeout: false,
            },
        ],
        operations: &[],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.begun = first_number(context);
            // Clients do not begin in step.
            let share = 1000 * client.first / (client.stride + 1);
            context.set_timer(client.pause.scaled_permille(share), Timer::Next);
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Server { answered }, Message::Request(request)) => {
                *answered += 1;
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

    fn gist(message: &Message) -> Gist {
        let (kind, request) = match *message {
            Message::Request(request) => (0, request),
            Message::Answer(request) => (1, request),
        };
        Gist {
            kind,
            args: [i64::from(request), 0, 0],
        }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::Next => 0,
            Timer::Look(_) => 1,
        }
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Client(_) => "client",
            Node::Server { .. } => "server",
            Node::TimeServer => "time-server",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Client(client) => client.describe(outlook),
            Node::Server { answered } => Description {
                badge: format!("{answered} answered"),
                state: Vec::new(),
                beliefs: vec!["I answer whoever asks, at once.".to_owned()],
            },
            Node::TimeServer => Description {
                badge: "tells the time".to_owned(),
                state: Vec::new(),
                beliefs: vec!["My clock is right: others set theirs by mine.".to_owned()],
            },
        }
    }
}

impl Client {
    fn now(&self, context: &Context<'_, Node>) -> i64 {
        match self.clock {
            ClockUsed::Wall => context.wall(),
            ClockUsed::Monotonic => context.monotonic(),
        }
    }

    fn ask(&mut self, context: &mut Context<'_, Node>) {
        let request = self.first + self.begun * self.stride;
        self.begun += 1;
        context.record(Fact::Invoked {
            operation: request,
            function: Function::Request,
            key: 0,
            value: 0,
        });
        context.record(Fact::MeasureBegins {
            measure: i64::from(request),
        });
        let sent = self.now(context);
        self.open = Some(Open { request, sent });
        context.send(self.server, Message::Request(request));
        context.set_timer(self.look, Timer::Look(request));
    }

    fn look(&mut self, request: u32, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.filter(|open| open.request == request) else {
            return;
        };
        let deadline = open.sent + self.timeout.as_nanos() as i64;
        if self.now(context) < deadline {
            context.set_timer(self.look, Timer::Look(request));
        } else {
            self.given_up += 1;
            self.end(open, Outcome::Unknown, context);
        }
    }

    fn answer(&mut self, request: u32, context: &mut Context<'_, Node>) {
        // An answer that comes after its request was given up is no use any more.
        if let Some(open) = self.open.filter(|open| open.request == request) {
            self.answered += 1;
            let took = self.end(open, Outcome::Ok, context);
            self.shortest = Some(self.shortest.map_or(took, |shortest| shortest.min(took)));
            self.longest = Some(self.longest.map_or(took, |longest| longest.max(took)));
        }
    }

    /// Ends a request, and returns how long it took by the clock that is used.
    fn end(&mut self, open: Open, outcome: Outcome, context: &mut Context<'_, Node>) -> i64 {
        let length = self.now(context) - open.sent;
        self.open = None;
        context.record(Fact::Returned {
            operation: open.request,
            outcome,
            value: 0,
        });
        context.record(Fact::MeasureEnds {
            measure: i64::from(open.request),
            length,
        });
        context.set_timer(self.pause, Timer::Next);
        length
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let (now, clock) = match self.clock {
            ClockUsed::Wall => (outlook.wall, "wall clock"),
            ClockUsed::Monotonic => (outlook.monotonic, "monotonic clock"),
        };
        let mut beliefs = vec![format!("I measure with my {clock}.")];
        if let Some(open) = self.open {
            beliefs.push(format!(
                "I have waited {} for the answer to #{}, and give up after {}.",
                shown(now - open.sent),
                open.request,
                shown(self.timeout.as_nanos() as i64)
            ));
        }
        let mut state = vec![
            ("answered".to_owned(), self.answered.to_string()),
            ("given up".to_owned(), self.given_up.to_string()),
        ];
        if let (Some(shortest), Some(longest)) = (self.shortest, self.longest) {
            state.push(("fastest answer".to_owned(), shown(shortest)));
            state.push(("slowest answer".to_owned(), shown(longest)));
        }
        Description {
            badge: match self.shortest {
                Some(shortest) => format!("fastest: {}", shown(shortest)),
                None => String::new(),
            },
            state,
            beliefs,
        }
    }
}

/// A length in words.
fn shown(nanos: i64) -> String {
    if nanos.unsigned_abs() < 10_000_000_000 {
        format!("{:.0} ms", nanos as f64 / 1e6)
    } else {
        format!("{:.0} s", nanos as f64 / 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::{Action, Target};

    const CLIENT: Target = Target::Node(NodeId(0));
    const HOUR: i64 = 3_600_000_000_000;

    /// The lengths that a client measures whose first request is under way from 0.10 s to 0.30 s, and whose wall clock
    /// jumps by `step` at 0.20 s.
    fn measured(trial: Trial, step: i64) -> Vec<i64> {
        let facts = trial.act(200, Action::StepClock(CLIENT, step)).facts(500);
        let lengths = facts.into_iter().filter_map(|(_, _, fact)| match fact {
            Fact::MeasureEnds { length, .. } => Some(length),
            _ => None,
        });
        lengths.collect()
    }

    fn trial() -> Trial {
        Trial::new(&ENTRY, &["client", "server"])
    }

    #[test]
    fn a_clock_that_is_set_back_gives_a_negative_length() {
        assert_eq!(measured(trial(), -300_000_000)[0], -100_000_000);
    }

    #[test]
    fn a_clock_that_is_set_forward_ends_a_wait_early() {
        // The looks are 50 ms apart: the first one after the step, at 0.25 s, finds the deadline past.
        assert_eq!(measured(trial(), HOUR)[0], HOUR + 150_000_000);
    }

    #[test]
    fn the_monotonic_clock_measures_what_has_gone_by() {
        for step in [-300_000_000, HOUR] {
            let trial = trial().on("monotonic-clock");
            assert_eq!(measured(trial, step)[0], 200_000_000);
        }
    }
}
