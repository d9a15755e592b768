//! A client that makes one transaction after another.

use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration, TimerId};

use super::{Choices, Message, Node, Timer, in_seconds};
use crate::parts::numbering::Numbering;
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
    numbers: Numbering,
    /// The place of the shard that it uses first.
    first_shard: u32,
    begun: u32,
    committed: u32,
    open: Option<Open>,
    /// The timestamp of its latest transaction.
    latest: Option<i64>,
}

/// A transaction that has no answer yet.
#[derive(Clone, Copy, Debug)]
struct Open {
    operation: u32,
    shard: NodeId,
    timer: TimerId,
}

impl Client {
    /// The client at `place` among the clients.
    pub(super) fn new(choices: &Choices, place: u32) -> Client {
        Client {
            habits: Habits {
                shards: choices.shards.clone(),
                transactions: choices.transactions,
                rest: choices.rest,
                timeout: choices.timeout,
            },
            numbers: Numbering::new(place, choices.clients.len() as u32),
            first_shard: place + 1,
            begun: 0,
            committed: 0,
            open: None,
            latest: None,
        }
    }

    pub fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        self.rest(context);
    }

    fn rest(&self, context: &mut Context<'_, Node>) {
        if self.begun < self.habits.transactions {
            let rest = spread::around(self.habits.rest, context);
            context.set_timer(rest, Timer::Next);
        }
    }

    pub fn begin(&mut self, context: &mut Context<'_, Node>) {
        let operation = self.numbers.new_number();
        // A different shard each time, so that two transactions in a row get their timestamps from different clocks.
        let turn = (self.first_shard + self.begun) as usize;
        let shard = self.habits.shards[turn % self.habits.shards.len()];
        self.begun += 1;
        context.record(Fact::Invoked {
            operation,
            function: Function::Write,
            key: i64::from(shard.0),
            value: 0,
        });
        self.ask(operation, shard, context);
    }

    fn ask(&mut self, operation: u32, shard: NodeId, context: &mut Context<'_, Node>) {
        context.send(shard, Message::Commit { operation });
        let timer = context.set_timer(self.habits.timeout, Timer::NoAnswer);
        self.open = Some(Open {
            operation,
            shard,
            timer,
        });
    }

    pub fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        if let Some(open) = self.open.take() {
            self.ask(open.operation, open.shard, context);
        }
    }

    pub fn committed(&mut self, operation: u32, stamp: i64, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take_if(|open| open.operation == operation) else {
            return;
        };
        context.cancel_timer(open.timer);
        self.committed += 1;
        self.latest = Some(stamp);
        context.record(Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            value: stamp,
        });
        self.rest(context);
    }

    pub fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let belief = match self.open {
            Some(open) => format!(
                "I do not know yet whether #{} is committed: {} has not answered.",
                open.operation,
                (outlook.name)(open.shard)
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
