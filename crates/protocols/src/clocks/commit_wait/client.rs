//! A client that makes one transaction after another; an author is one whose transactions are blocks and photos.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function};
use sim::{Context, NodeId, SimDuration};

use super::{Choices, Item, Kind, Message, Node, Timer, shown};
use crate::describe::roles::Role;
use crate::parts::numbers::Numbers;
use crate::parts::open::Open;
use crate::parts::spread;

/// What a client's transactions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// Anything; each on another shard, so that two in a row get their timestamps from different clocks.
    Anything,
    /// Photos, and before each of them the block that keeps readers from it.
    Photos,
}

/// How a client behaves.
#[derive(Clone, Debug, Hash)]
struct Habits {
    work: Work,
    shards: Vec<NodeId>,
    /// How many transactions it makes.
    transactions: u32,
    /// How long it rests after a transaction, on average.
    rest: SimDuration,
    /// How long it waits for an answer before it asks again.
    timeout: SimDuration,
}

/// What a client asks for.
#[derive(Clone, Copy, Debug, Hash)]
struct Request {
    shard: NodeId,
    /// The block or the photo that it commits; nothing where transactions have no meaning.
    item: Option<Item>,
}

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    habits: Habits,
    numbers: Numbers,
    committed: u32,
    /// The transaction that has no answer yet.
    open: Option<Open<Request>>,
    /// Its latest transaction, with its timestamp.
    latest: Option<(u32, i64)>,
}

impl Client {
    /// The client at `place` among all who ask for something.
    pub(super) fn new(choices: &Choices, place: usize, work: Work) -> Client {
        Client {
            habits: Habits {
                work,
                shards: choices.shards.clone(),
                transactions: choices.transactions,
                rest: choices.rest,
                timeout: choices.timeout,
            },
            numbers: Numbers::new(place, choices.callers()),
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

    /// Time for the next transaction.
    pub fn begin(&mut self, context: &mut Context<'_, Node>) {
        match self.habits.work {
            Work::Anything => self.begin_any(context),
            Work::Photos => {
                let photo = self.numbers.next_number();
                let kind = Kind::Block;
                self.begin_item(photo, Item { kind, photo }, context);
            }
        }
    }

    fn begin_any(&mut self, context: &mut Context<'_, Node>) {
        let turn = (self.numbers.first() + self.numbers.given()) as usize;
        let shard = self.habits.shards[turn % self.habits.shards.len()];
        let operation = self.numbers.next_number();
        context.record(Fact::Invoked {
            operation,
            function: Function::Write,
            key: i64::from(shard.0),
            value: 0,
        });
        let request = Request { shard, item: None };
        self.ask(Open::new(operation, request, context), context);
    }

    fn begin_item(&mut self, operation: u32, item: Item, context: &mut Context<'_, Node>) {
        context.record(Fact::Invoked {
            operation,
            function: Function::Write,
            key: i64::from(item.photo),
            value: i64::from(operation),
        });
        let request = Request {
            shard: item.shard(&self.habits.shards),
            item: Some(item),
        };
        self.ask(Open::new(operation, request, context), context);
    }

    fn ask(&mut self, mut open: Open<Request>, context: &mut Context<'_, Node>) {
        let (operation, request) = (open.operation, open.request);
        let message = match request.item {
            None => Message::Commit { operation },
            Some(item) => item.message(operation),
        };
        context.send(request.shard, message);
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
        self.latest = Some((operation, stamp));
        match open.request.item {
            // The photo follows as soon as the block is confirmed.
            Some(Item {
                kind: Kind::Block,
                photo,
            }) => {
                let kind = Kind::Photo;
                let operation = self.numbers.next_number();
                self.begin_item(operation, Item { kind, photo }, context);
            }
            _ => self.rest(context),
        }
    }
}

impl Client {
    fn badge(&self) -> String {
        let item = self
            .open
            .and_then(|open| Some((open.operation, open.request.item?)));
        match (item, self.latest) {
            (Some((operation, item)), _) => match item.kind {
                Kind::Block => format!("blocks him: #{operation}"),
                Kind::Photo => format!("blocked him; posts #{operation}"),
            },
            (None, Some((operation, stamp))) => match self.habits.work {
                Work::Photos => format!("posted #{operation}"),
                Work::Anything => format!("as of {}", shown(stamp)),
            },
            (None, None) => String::new(),
        }
    }
}

impl Role<Node> for Client {
    fn held(&self, by: Measure) -> usize {
        self.habits.shards.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        self.rest(context);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let belief = match self.open {
            Some(open) => format!(
                "I do not know yet whether #{} is committed: {} has not answered.",
                open.operation,
                (outlook.name)(open.request.shard)
            ),
            None => "Every transaction that I have requested is committed.".to_owned(),
        };
        let mut state = vec![("committed".to_owned(), self.committed.to_string())];
        let latest = self.latest.map(|(_, stamp)| shown(stamp));
        state.extend(
            latest
                .iter()
                .map(|stamp| ("latest timestamp".to_owned(), stamp.clone())),
        );
        Description {
            badge: self.badge(),
            state,
            beliefs: vec![belief],
        }
    }
}
