//! A client: reads, thinks, writes, and rests.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration, TimerId};

use super::{Message, Node, Says, Timer, listed, send_all};
use crate::describe::roles::Role;
use crate::parts::clocks::logical_time::{HybridClock, VersionVector};
use crate::parts::numbers::Numbers;
use crate::parts::open::returned;
use crate::parts::spread;

/// How a client behaves.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Habits {
    /// The replica that it reads from and writes to.
    pub replica: NodeId,
    /// How many keys there are.
    pub keys: u32,
    /// How many writes it makes.
    pub writes: u32,
    /// How long it thinks between reading and writing.
    pub think: SimDuration,
    /// How long it rests after a write, on average.
    pub rest: SimDuration,
    /// How long it waits for an answer.
    pub timeout: SimDuration,
}

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    habits: Habits,
    clock: HybridClock,
    /// The numbers of its writes.
    numbers: Numbers,
    stored: u32,
    asks: u32,
    stage: Stage,
    timeout: Option<TimerId>,
    /// The writes that it read last, or its own last write.
    latest: Vec<u32>,
}

#[derive(Clone, Debug, Hash)]
enum Stage {
    Resting,
    Reading { ask: u32 },
    Thinking { key: i64, read: VersionVector },
    Writing { operation: u32 },
}

impl Client {
    /// The client at `place` (from 0) of `count`.
    pub fn new(habits: Habits, place: usize, count: usize) -> Client {
        Client {
            habits,
            clock: HybridClock::default(),
            numbers: Numbers::new(place, count),
            stored: 0,
            asks: 0,
            stage: Stage::Resting,
            timeout: None,
            latest: Vec::new(),
        }
    }

    fn rest(&mut self, context: &mut Context<'_, Node>) {
        self.stage = Stage::Resting;
        if self.numbers.given() < self.habits.writes {
            let rest = spread::around(self.habits.rest, context);
            context.set_timer(rest, Timer::Begin);
        }
    }

    /// One of its timers fires.
    pub fn wake(&mut self, timer: Timer, context: &mut Context<'_, Node>) {
        let says = match timer {
            Timer::Begin => self.read(context),
            Timer::Write => self.write(context),
            Timer::NoAnswer => {
                self.give_up(context);
                None
            }
            Timer::Compare | Timer::SetClock => None,
        };
        let outbox = says.map(|says| (self.habits.replica, says));
        send_all(self.clock, outbox, context);
    }

    /// An answer of its replica.
    pub fn hear(&mut self, message: Message, context: &mut Context<'_, Node>) {
        self.clock.hear(message.clock);
        match (message.says, &self.stage) {
            (
                Says::Value {
                    ask,
                    key,
                    versions,
                    context: read,
                },
                Stage::Reading { ask: open },
            ) if *open == ask => {
                self.answered(context);
                self.latest = versions;
                self.stage = Stage::Thinking { key, read };
                context.set_timer(self.habits.think, Timer::Write);
            }
            (Says::Written { operation }, Stage::Writing { operation: open })
                if *open == operation =>
            {
                self.answered(context);
                self.end(operation, Outcome::Ok, context);
            }
            _ => {}
        }
    }

    fn read(&mut self, context: &mut Context<'_, Node>) -> Option<Says> {
        self.asks += 1;
        let key = spread::below(self.habits.keys, context).into();
        let ask = self.asks;
        self.stage = Stage::Reading { ask };
        self.timeout = Some(context.set_timer(self.habits.timeout, Timer::NoAnswer));
        Some(Says::Read { ask, key })
    }

    fn write(&mut self, context: &mut Context<'_, Node>) -> Option<Says> {
        let Stage::Thinking { key, read } = &self.stage else {
            return None;
        };
        let (key, read) = (*key, read.clone());
        let operation = self.numbers.next_number();
        self.stage = Stage::Writing { operation };
        context.record(Fact::Invoked {
            operation,
            function: Function::Write,
            key,
            value: i64::from(operation),
        });
        self.timeout = Some(context.set_timer(self.habits.timeout, Timer::NoAnswer));
        Some(Says::Write {
            operation,
            key,
            context: read,
        })
    }

    fn answered(&mut self, context: &mut Context<'_, Node>) {
        if let Some(timer) = self.timeout.take() {
            context.cancel_timer(timer);
        }
    }

    fn end(&mut self, operation: u32, outcome: Outcome, context: &mut Context<'_, Node>) {
        if outcome == Outcome::Ok {
            self.stored += 1;
            self.latest = vec![operation];
        }
        returned(operation, outcome, operation.into(), context);
        self.rest(context);
    }

    fn give_up(&mut self, context: &mut Context<'_, Node>) {
        match self.stage {
            Stage::Writing { operation } => self.end(operation, Outcome::Unknown, context),
            _ => self.rest(context),
        }
    }

    fn belief(&self, outlook: &Outlook<'_>) -> String {
        let replica = (outlook.name)(self.habits.replica);
        let latest = listed(&self.latest);
        match &self.stage {
            Stage::Reading { .. } => format!("I have asked {replica} which edits it has."),
            Stage::Thinking { .. } if self.latest.is_empty() => {
                "The key has no value yet: mine will be the first.".to_owned()
            }
            Stage::Thinking { .. } => format!("I have read {latest}. My next edit follows it."),
            Stage::Writing { operation } => {
                format!("I do not know yet whether edit #{operation} is stored.")
            }
            Stage::Resting if self.latest.is_empty() => "I know of no edit yet.".to_owned(),
            Stage::Resting => format!("{replica} has told me that {latest} is stored."),
        }
    }
}

impl Role<Node> for Client {
    fn held(&self, by: Measure) -> usize {
        self.latest.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        self.asks = self.numbers.place();
        self.rest(context);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let stored = format!("{} of {}", self.stored, self.habits.writes);
        Description {
            badge: format!("{} stored", self.stored),
            state: vec![("acknowledged".to_owned(), stored)],
            beliefs: vec![self.belief(outlook)],
        }
    }
}
