//! Who writes.

use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration, TimerId};

use super::{Message, Node, Timer, Write};
use crate::describe::entry::Plan;
use crate::parts::incarnation;

/// A client: one write after the other, each until it is answered.
#[derive(Clone, Debug)]
pub struct Client {
    servers: Vec<NodeId>,
    /// Which server it asks, by place: the nearest at first, and whoever answers after that.
    asks: usize,
    pause: SimDuration,
    timeout: SimDuration,
    /// Its operations' numbers are `place + 1`, `place + 1 + stride`, ...
    place: u32,
    stride: u32,
    /// Writes that were begun, or more if the client was restarted.
    begun: u32,
    done: u32,
    open: Option<Open>,
}

/// A write without an answer.
#[derive(Clone, Copy, Debug)]
struct Open {
    operation: u32,
    attempt: u32,
    since: i64,
    timer: TimerId,
}

impl Client {
    /// The client at `place` among `count`; their nearest servers are spread evenly.
    pub(super) fn new(plan: &Plan, servers: &[NodeId], place: usize, count: usize) -> Client {
        Client {
            servers: servers.to_vec(),
            asks: place * servers.len() / count,
            pause: plan.duration("write-every"),
            timeout: plan.duration("timeout"),
            place: place as u32,
            stride: count as u32,
            begun: 0,
            done: 0,
            open: None,
        }
    }

    /// Clients do not begin in step, and not before somebody leads.
    pub(super) fn start(&mut self, context: &mut Context<'_, Node>) {
        self.begun = incarnation::first_number(context);
        let share = 1000 + 1000 * self.place / self.stride;
        context.set_timer(self.pause.scaled_permille(share), Timer::Next);
    }

    pub(super) fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() {
            return;
        }
        let operation = self.place + 1 + self.begun * self.stride;
        self.begun += 1;
        context.record(Fact::Invoked {
            operation,
            function: Function::Write,
            key: 0,
            value: i64::from(operation),
        });
        self.ask(operation, 1, context.monotonic(), context);
    }

    fn ask(&mut self, operation: u32, attempt: u32, since: i64, context: &mut Context<'_, Node>) {
        let write = Write {
            operation,
            client: context.me(),
        };
        let is_forwarded = false;
        let message = Message::Write {
            write,
            is_forwarded,
        };
        context.send(self.servers[self.asks], message);
        let timer = context.set_timer(self.timeout, Timer::NoAnswer);
        self.open = Some(Open {
            operation,
            attempt,
            since,
            timer,
        });
    }

    pub(super) fn done(&mut self, operation: u32, context: &mut Context<'_, Node>) {
        let answered = |open: &mut Open| open.operation == operation;
        let Some(open) = self.open.take_if(answered) else {
            return;
        };
        context.cancel_timer(open.timer);
        self.done += 1;
        context.record(Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            value: i64::from(operation),
        });
        context.set_timer(self.pause, Timer::Next);
    }

    /// The next server may know more.
    pub(super) fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take() else {
            return;
        };
        self.asks = (self.asks + 1) % self.servers.len();
        let attempt = open.attempt + 1;
        context.record(Fact::Retried {
            operation: open.operation,
            attempt: i64::from(attempt),
        });
        self.ask(open.operation, attempt, open.since, context);
    }

    pub(super) fn memory(&self) -> usize {
        self.servers.len() * size_of::<NodeId>()
    }

    pub(super) fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let server = (outlook.name)(self.servers[self.asks]);
        let belief = match self.open {
            Some(open) => {
                let waited = (outlook.monotonic - open.since) as f64 / 1e9;
                format!(
                    "I have waited {waited:.1} s for #{}. Whether it is written, I cannot know.",
                    open.operation
                )
            }
            None => "Everything I wrote is written: I was told so.".to_owned(),
        };
        Description {
            badge: format!("{} written", self.done),
            state: vec![
                ("written".to_owned(), self.done.to_string()),
                ("asks".to_owned(), server),
            ],
            beliefs: vec![belief],
        }
    }
}
