//! A client: it moves money between the banks, or pays at one of them by card.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function};
use sim::{Context, NodeId, SimDuration};

use super::message::{Decision, Message, Timer};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::parts::numbers::Numbers;
use crate::parts::open;

/// What a client wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Wish {
    /// To move money from one bank to the others.
    Transfer,
    /// To pay from the account at one bank.
    Card,
}

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    wish: Wish,
    /// Whom it can ask, and whom it asks now, by place.
    servers: Vec<NodeId>,
    asks: usize,
    pause: SimDuration,
    timeout: SimDuration,
    numbers: Numbers,
    done: u32,
    refused: u32,
    open: Option<Open>,
    /// The life of the server as it has last heard of it.
    life: i64,
}

/// An operation that is under way, and the server's life in which it was begun.
type Open = open::Open<i64>;

impl Client {
    /// A client that moves money, at `place` among all clients.
    pub(super) fn sender(choices: &Choices, place: usize) -> Client {
        let all = &choices.coordinators;
        let known = if choices.replicates { all.len() } else { 1 };
        Client::new(Wish::Transfer, all[..known].to_vec(), choices, place)
    }

    /// A client that pays by card at the first bank, at `place` among all clients.
    pub(super) fn card(choices: &Choices, place: usize) -> Client {
        Client::new(Wish::Card, vec![choices.banks[0]], choices, place)
    }

    fn new(wish: Wish, servers: Vec<NodeId>, choices: &Choices, place: usize) -> Client {
        Client {
            wish,
            servers,
            asks: 0,
            pause: choices.pause,
            timeout: choices.timeout,
            numbers: Numbers::new(place, choices.senders.len() + choices.cards.len()),
            done: 0,
            refused: 0,
            open: None,
            life: 0,
        }
    }

    /// Begins the next operation, if none is under way.
    pub(super) fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() {
            return;
        }
        let number = self.numbers.next_number();
        context.record(Fact::Invoked {
            operation: number,
            function: Function::Pay,
            key: i64::from(context.me().0),
            value: AMOUNT,
        });
        self.ask(Open::new(number, self.life, context), context);
    }

    fn ask(&mut self, mut open: Open, context: &mut Context<'_, Node>) {
        let (number, life) = (open.operation, open.request);
        let message = match self.wish {
            Wish::Transfer => Message::Transfer { number, life },
            Wish::Card => Message::Card { number, life },
        };
        context.send(self.servers[self.asks], message);
        open.wait(self.timeout, Timer::NoAnswer, context);
        self.open = Some(open);
    }

    /// An answer. What is refused is refused for good: it was begun in one life of the server, and no other will do it.
    pub(super) fn answer(
        &mut self,
        number: u32,
        decision: Decision,
        life: i64,
        context: &mut Context<'_, Node>,
    ) {
        self.life = self.life.max(life);
        let Some(open) = self.open.take_if(|open| open.operation == number) else {
            return;
        };
        if decision.commits() {
            self.done += 1;
            open.answered(AMOUNT, context);
        } else {
            self.refused += 1;
            open.refused(context);
        }
        context.set_timer(self.pause, Timer::Next);
    }

    /// It asks until it is answered: the same server, or the next one if there are several.
    pub(super) fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        if let Some(mut open) = self.open.take() {
            self.asks = (self.asks + 1) % self.servers.len();
            open.retry(context);
            self.ask(open, context);
        }
    }

    fn belief(&self, outlook: &Outlook<'_>) -> String {
        let server = (outlook.name)(self.servers[self.asks]);
        let Some(open) = &self.open else {
            return format!("I wait for nothing from {server}.");
        };
        let (number, waited) = (open.operation, open.waited(outlook.monotonic));
        match self.wish {
            Wish::Transfer => format!(
                "I have waited {waited} for transfer #{number}, and do not know whether the money has moved."
            ),
            Wish::Card => format!("I have waited {waited} to pay #{number} by card."),
        }
    }
}

/// How much is moved or paid.
pub(super) const AMOUNT: i64 = 30;

impl Role<Node> for Client {
    fn held(&self, by: Measure) -> usize {
        self.servers.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        context.set_timer(self.numbers.within(self.pause), Timer::Next);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        Description {
            badge: format!("{} done, {} refused", self.done, self.refused),
            state: vec![
                ("done".to_owned(), self.done.to_string()),
                ("refused".to_owned(), self.refused.to_string()),
            ],
            beliefs: vec![self.belief(outlook)],
        }
    }
}
