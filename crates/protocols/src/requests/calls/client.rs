//! Calls, and reports an outcome.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::sorted::Set;
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration};

use super::{Choices, Message, Node, Timer};
use crate::describe::roles::Role;
use crate::parts::numbers::Numbers;
use crate::parts::open::Open;

/// A client that makes one call after the other.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    server: NodeId,
    /// How long it waits; forever if nothing is set.
    timeout: Option<SimDuration>,
    /// The outcome that it reports for a call that was not answered in time.
    outcome_of_silence: Outcome,
    calls: u32,
    pause: SimDuration,
    numbers: Numbers,
    answered: u32,
    silent: u32,
    /// The call that has no answer yet.
    open: Option<Open<()>>,
    /// The calls that were not answered in time, nor since.
    given_up: Set<u32>,
    /// The latest call whose answer came after the client had given it up.
    late: Option<u32>,
}

impl Client {
    /// The client at `place` among the clients.
    pub(super) fn new(choices: &Choices, place: usize) -> Client {
        Client {
            server: choices.server,
            timeout: choices.has_timeout.then_some(choices.timeout),
            outcome_of_silence: match choices.admits_ignorance {
                true => Outcome::Unknown,
                false => Outcome::Fail,
            },
            calls: choices.calls,
            pause: choices.pause,
            numbers: Numbers::new(place, choices.clients.len()),
            answered: 0,
            silent: 0,
            open: None,
            given_up: Set::new(),
            late: None,
        }
    }

    /// Makes the next call, if none is under way and not all are made.
    pub(super) fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() || self.has_begun_all() {
            return;
        }
        let call = self.numbers.next_number();
        context.record(Fact::Invoked {
            operation: call,
            function: Function::Request,
            key: i64::from(context.me().0),
            value: 1,
        });
        context.send(self.server, Message::Request { call });
        let mut open = Open::new(call, (), context);
        if let Some(timeout) = self.timeout {
            open.wait(timeout, Timer::Silence, context);
        }
        self.open = Some(open);
    }

    fn has_begun_all(&self) -> bool {
        self.numbers.given() == self.calls
    }

    pub(super) fn answer(&mut self, call: u32, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take_if(|open| open.operation == call) else {
            return self.late_answer(call, context);
        };
        self.answered += 1;
        open.answered(0, context);
        context.set_timer(self.pause, Timer::Next);
    }

    /// The outcome that it reported is on record, and others have acted on it: the truth comes too late to change that.
    fn late_answer(&mut self, call: u32, context: &mut Context<'_, Node>) {
        if self.given_up.remove(&call) {
            self.late = Some(call);
            context.record(Fact::Learned {
                operation: call,
                outcome: Outcome::Ok,
            });
        }
    }

    pub(super) fn silence(&mut self, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take() else { return };
        self.silent += 1;
        self.given_up.insert(open.operation);
        open.given_up(self.outcome_of_silence, context);
        context.set_timer(self.pause, Timer::Next);
    }

    fn belief(&self, server: &str, now: i64) -> String {
        match self.open {
            Some(open) => format!(
                "I asked {server} for call #{} and have heard nothing for {}. My request may be lost, {server} may be down or \
                 slow, or its answer may be lost: from here it all looks the same.",
                open.operation,
                open.waited(now)
            ),
            None if self.has_begun_all() => "I have made all my calls.".to_owned(),
            None => format!("I wait for nothing from {server}."),
        }
    }
}

impl Role<Node> for Client {
    fn held(&self, by: Measure) -> usize {
        self.given_up.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        context.set_timer(self.numbers.within(self.pause), Timer::Next);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let silent = match self.outcome_of_silence {
            Outcome::Fail => "failed",
            Outcome::Ok | Outcome::Unknown => "unknown",
        };
        let mut beliefs = vec![self.belief(&(outlook.name)(self.server), outlook.monotonic)];
        if let Some(call) = self.late {
            beliefs.push(format!(
                "I had reported call #{call} as {silent}. Then its answer came: it was done."
            ));
        }
        let answered = format!("{} of {}", self.answered, self.calls);
        Description {
            badge: format!("{} done, {} {silent}", self.answered, self.silent),
            state: vec![
                ("answered".to_owned(), answered),
                (silent.to_owned(), self.silent.to_string()),
            ],
            beliefs,
        }
    }
}
