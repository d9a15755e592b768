//! Asks, and gives up after a while.

use sim::held::{Held, Measure};
use sim::network::Distribution;
use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration};

use super::{Choices, Message, Node, Packet, Request, Timer};
use crate::describe::roles::Role;
use crate::describe::words::seconds;
use crate::parts::numbers::Numbers;
use crate::parts::open::Open;

/// A client: it asks at a steady rate, whatever happens, and waits for each answer on its own.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    switch: NodeId,
    every: SimDuration,
    patience: SimDuration,
    numbers: Numbers,
    /// The requests that are not answered yet, by number.
    open: Map<u32, Open<()>>,
    answered: u32,
    given_up: u32,
    too_late: u32,
    /// How long the latest answer that came in time took, in nanoseconds.
    latest: Option<i64>,
}

impl Client {
    /// The client at `place` among the clients.
    pub(super) fn new(choices: &Choices, place: usize) -> Client {
        Client {
            switch: choices.switch,
            every: choices.ask_every,
            patience: choices.patience,
            numbers: Numbers::new(place, choices.clients.len()),
            open: Map::new(),
            answered: 0,
            given_up: 0,
            too_late: 0,
            latest: None,
        }
    }

    pub(super) fn next(&mut self, context: &mut Context<'_, Node>) {
        let next = context.draw(Distribution::Uniform {
            low: self.every.scaled_permille(900),
            high: self.every.scaled_permille(1100),
        });
        context.set_timer(next, Timer::Next);
        let operation = self.numbers.next_number();
        context.record(Fact::Invoked {
            operation,
            function: Function::Request,
            key: i64::from(context.me().0),
            value: 0,
        });
        let request = Request {
            operation,
            client: context.me(),
            until: context.wall() + self.patience.as_nanos() as i64,
        };
        let packet = Packet::Request(request);
        context.send(self.switch, Message::Packet(packet));
        let mut open = Open::new(operation, (), context);
        open.wait(self.patience, Timer::GiveUp { operation }, context);
        self.open.insert(operation, open);
    }

    pub(super) fn answer(&mut self, operation: u32, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.remove(&operation) else {
            self.too_late += 1;
            return context.record(Fact::Learned {
                operation,
                outcome: Outcome::Ok,
            });
        };
        self.answered += 1;
        self.latest = Some(open.age(context.monotonic()));
        open.answered(0, context);
    }

    pub(super) fn give_up(&mut self, operation: u32, context: &mut Context<'_, Node>) {
        if let Some(open) = self.open.remove(&operation) {
            self.given_up += 1;
            open.given_up(Outcome::Unknown, context);
        }
    }
}

impl Role<Node> for Client {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        context.set_timer(self.numbers.up_to(self.every), Timer::Next);
    }

    fn held(&self, by: Measure) -> usize {
        self.open.held(by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let ages = self.open.values().map(|open| open.age(outlook.monotonic));
        let belief = match (ages.max(), self.latest) {
            (Some(age), _) => format!(
                "I have waited {}. The network may be busy, or the server, or my request may be lost.",
                seconds(age)
            ),
            (None, Some(latest)) => format!("The last answer took {:.2} s.", latest as f64 / 1e9),
            (None, None) => "I have had no answer yet.".to_owned(),
        };
        let badge = match self.latest {
            Some(latest) => format!("last answer in {:.2} s", latest as f64 / 1e9),
            None => String::new(),
        };
        Description {
            badge,
            state: vec![
                ("answered".to_owned(), self.answered.to_string()),
                ("given up".to_owned(), self.given_up.to_string()),
                ("answered too late".to_owned(), self.too_late.to_string()),
            ],
            beliefs: vec![belief],
        }
    }
}
