//! Writes records, or reads them.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function};
use sim::{Context, NodeId, SimDuration};

use super::record::{Checks, Record};
use super::{Body, Choices, Message, Node, Timer, value};
use crate::describe::roles::Role;
use crate::parts::numbers::Numbers;
use crate::parts::open::Open;

/// A writer of its own record, or a reader of the writers' records in turn.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    relay: NodeId,
    checks: Checks,
    /// Whether it writes; if not, it reads.
    writes: bool,
    /// The records it writes or reads.
    keys: Vec<NodeId>,
    pause: SimDuration,
    timeout: SimDuration,
    numbers: Numbers,
    /// The record that was written or read last.
    latest: Option<(NodeId, u32)>,
    /// The request that is not answered yet.
    open: Option<Open<Body>>,
}

/// The amount that the `count`-th write of a writer says: two digits and two zeros.
fn amount(count: u32) -> u32 {
    100 * (11 + count * 37 % 88)
}

impl Client {
    /// The writer or reader `node`, at `place` among all of them.
    pub(super) fn new(choices: &Choices, place: usize, node: NodeId) -> Client {
        let writes = choices.writers.contains(&node);
        Client {
            relay: choices.relay,
            checks: Checks::of(choices),
            writes,
            keys: match writes {
                true => vec![node],
                false => choices.writers.clone(),
            },
            pause: choices.pause,
            timeout: choices.timeout,
            numbers: Numbers::new(place, choices.writers.len() + choices.readers.len()),
            latest: None,
            open: None,
        }
    }

    /// Begins the next request, if none is under way.
    pub(super) fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() {
            return;
        }
        let key = self.keys[self.numbers.given() as usize % self.keys.len()];
        let count = self.numbers.place() + self.numbers.first();
        let operation = self.numbers.next_number();
        let (function, value, body) = if self.writes {
            let value = amount(count);
            let body = Body::Write(Record::new(key, value));
            (Function::Write, i64::from(value), body)
        } else {
            (Function::Read, 0, Body::Read(key))
        };
        context.record(Fact::Invoked {
            operation,
            function,
            key: i64::from(key.0),
            value,
        });
        self.ask(Open::new(operation, body, context), context);
    }

    fn ask(&mut self, mut open: Open<Body>, context: &mut Context<'_, Node>) {
        let message = Message {
            operation: open.operation,
            client: context.me(),
            body: open.request,
        };
        context.send(self.relay, message);
        open.wait(self.timeout, Timer::NoAnswer, context);
        self.open = Some(open);
    }

    pub(super) fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        if let Some(mut open) = self.open.take() {
            open.retry(context);
            self.ask(open, context);
        }
    }

    pub(super) fn answer(&mut self, message: Message, context: &mut Context<'_, Node>) {
        let record = message.body.record();
        if record.is_some_and(|record| !record.is_intact(self.checks)) {
            // As if it had never come: its timer will ask again.
            context.record(Fact::Damaged {
                operation: message.operation,
            });
            return;
        }
        let is_open = |open: &mut Open<Body>| open.operation == message.operation;
        let Some(open) = self.open.take_if(is_open) else {
            return;
        };
        let settled = record.or(open.request.record());
        self.latest = settled.map(|record| (record.key, record.value));
        open.answered(i64::from(value(settled)), context);
        context.set_timer(self.pause, Timer::Next);
    }

    /// What it believes of the record that was written or read last: whose it is, and its value.
    fn belief(&self, latest: Option<&(String, String)>) -> String {
        match latest {
            None => "I have had no answer yet.".to_owned(),
            Some((_, value)) if self.writes => {
                format!("{value} is kept as I wrote it: the store says so.")
            }
            Some((key, value)) if self.checks.ends => {
                format!("{key} wrote {value}: the checksum that {key} made fits it.")
            }
            Some((key, value)) if self.checks.hops => format!(
                "{key} wrote {value}: the checksum of the message that brought it was right."
            ),
            Some((key, value)) => format!("{key} wrote {value}: that is what arrived."),
        }
    }
}

impl Role<Node> for Client {
    fn held(&self, by: Measure) -> usize {
        self.keys.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        context.set_timer(self.numbers.within(self.pause), Timer::Next);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let verb = if self.writes { "wrote" } else { "read" };
        let latest = self
            .latest
            .map(|(key, value)| ((outlook.name)(key), value.to_string()));
        let belief = self.belief(latest.as_ref());
        let value = latest.map_or_else(|| "nothing yet".to_owned(), |(_, value)| value);
        Description {
            badge: format!("{verb} {value}"),
            state: vec![(verb.to_owned(), value)],
            beliefs: vec![belief],
        }
    }
}
