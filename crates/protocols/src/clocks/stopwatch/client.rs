//! Asks, and measures how long the answer takes.

use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration};

use super::{Choices, Message, Node, Timer};
use crate::describe::roles::Role;
use crate::parts::numbers::Numbers;
use crate::parts::open::returned;

/// Which clock a client measures with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum ClockUsed {
    Wall,
    Monotonic,
}

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    server: NodeId,
    clock: ClockUsed,
    timeout: SimDuration,
    pause: SimDuration,
    look: SimDuration,
    numbers: Numbers,
    open: Option<Open>,
    answered: u32,
    given_up: u32,
    shortest: Option<i64>,
    longest: Option<i64>,
}

/// A request without an answer yet.
#[derive(Clone, Copy, Debug, Hash)]
struct Open {
    request: u32,
    /// When it was sent, by the clock that is used.
    sent: i64,
}

impl Client {
    /// The client at `place` among the clients.
    pub(super) fn new(choices: &Choices, place: usize) -> Client {
        Client {
            server: choices.server,
            clock: match choices.is_monotonic {
                true => ClockUsed::Monotonic,
                false => ClockUsed::Wall,
            },
            timeout: choices.timeout,
            pause: choices.pause,
            look: choices.look,
            numbers: Numbers::new(place, choices.clients.len()),
            open: None,
            answered: 0,
            given_up: 0,
            shortest: None,
            longest: None,
        }
    }

    fn now(&self, context: &Context<'_, Node>) -> i64 {
        match self.clock {
            ClockUsed::Wall => context.wall(),
            ClockUsed::Monotonic => context.monotonic(),
        }
    }

    pub(super) fn ask(&mut self, context: &mut Context<'_, Node>) {
        let request = self.numbers.next_number();
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

    pub(super) fn look(&mut self, request: u32, context: &mut Context<'_, Node>) {
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

    pub(super) fn answer(&mut self, request: u32, context: &mut Context<'_, Node>) {
        // An answer to a request that was given up is thrown away.
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
        returned(open.request, outcome, 0, context);
        context.record(Fact::MeasureEnds {
            measure: i64::from(open.request),
            length,
        });
        context.set_timer(self.pause, Timer::Next);
        length
    }
}

impl Role<Node> for Client {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        context.set_timer(self.numbers.within(self.pause), Timer::Next);
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
    let sign = if nanos < 0 { "\u{2212}" } else { "" };
    let size = nanos.unsigned_abs();
    if size < 10_000_000_000 {
        format!("{sign}{:.0} ms", size as f64 / 1e6)
    } else {
        format!("{sign}{:.0} s", size as f64 / 1e9)
    }
}
