//! A client that makes one transaction after another.

use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function};
use sim::{Context, NodeId, SimDuration};

use super::{Choices, Message, Node, Timer, in_seconds};
use crate::describe::roles::Role;
use crate::parts::numbers::Numbers;
use crate::parts::open::Open;
use crate::parts::spread;

/// How a client behaves.
#[derive(Clone, Debug)]
struct Habits {
    /// The shards, which it uses in turn.
    shards: Vec<NodeId>,
    /// How many transactions it makes.
    transactions: u32,
    /// How long it rests after a transaction, on average.
    rest: SimDuration,
    /// How long it waits for an answer before it asks again.
    timeout: SimDuration,
}

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    habits: Habits,
    numbers: Numbers,
    committed: u32,
    /// The transaction that has no answer yet, and its shard.
    open: Option<Open<NodeId>>,
    /// The timestamp of its latest transaction.
    latest: Option<i64>,
}

impl Client {
    /// The client at `place` among the clients.
    pub(super) fn new(choices: &Choices, place: usize) -> Client {
        Client {
            habits: Habits {
                shards: choices.shards.clone(),
                transactions: choices.transactions,
                rest: choices.rest,
                timeout: choices.timeout,
            },
            numbers: Numbers::new(place, choices.clients.len()),
            committed: 0,
            open: None,
            latest: None,
        }
    }

    fn rest(&self, context: &mut Context<'_, Node>) {
        if self.numbers.given() < self.habits.transactions {
            let rest = spread::around(self.habits.rest, context);
            context.set_timer(rest, Timer::Next);
        }
    }

    pub fn begin(&mut self, context: &mut Context<'_, Node>) {
        // A different shard each time, so that two transactions in a row get their timestamps from different clocks.
        let turn = (self.numbers.first() + self.numbers.given()) as usize;
        let shard = self.habits.shards[turn % self.habits.shards.len()];
        let operation = self.numbers.next_number();
        context.record(Fact::Invoked {
            operation,
            function: Function::Write,
            key: i64::from(shard.0),
            value: 0,
        });
        self.ask(Open::new(operation, shard, context), context);
    }

    fn ask(&mut self, mut open: Open<NodeId>, context: &mut Context<'_, Node>) {
        let (operation, shard) = (open.operation, open.request);
        context.send(shard, Message::Commit { operation });
        open.wait(self.habits.timeout, Timer::NoAnswer, context);
        self.open = Some(open);
    }

    pub fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        if let Some(open) = self.open.take() {
            self.ask(open, context);
        }
    }

    pub fn committed(&mut self, operation: u32, stamp: i64, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take_if(|open| open.operation == operation) else {
            return;
        };
        open.answered(stamp, context);
        self.committed += 1;
        self.latest = Some(stamp);
        self.rest(context);
    }
}

impl Role<Node> for Client {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        self.rest(context);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let belief = match self.open {
            Some(open) => format!(
                "I do not know yet whether #{} is committed: {} has not answered.",
                open.operation,
                (outlook.name)(open.request)
            ),
            None => "Every transaction that I have requested is committed.".to_owned(),
        };
        let mut state = vec![("committed".to_owned(), self.committed.to_string())];
        let latest = self.latest.map(in_seconds);
        state.extend(
            latest
                .iter()
                .map(|stamp| ("latest timestamp".to_owned(), stamp.clone())),
        );
        Description {
            badge: latest.map_or_else(String::new, |stamp| format!("as of {stamp}")),
            state,
            beliefs: vec![belief],
        }
    }
}
