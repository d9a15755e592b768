//! Who asks, and waits no longer than it has to.

use sim::network::Distribution;
use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration, TimerId};

use super::{Message, Node, Request, Timer};
use crate::describe::entry::Plan;
use crate::parts::incarnation;

/// A client: it asks at a steady rate, whatever happens, and waits for each answer on its own.
#[derive(Clone, Debug)]
pub struct Client {
    switch: NodeId,
    every: SimDuration,
    patience: SimDuration,
    /// Its requests' numbers are `place + 1`, `place + 1 + stride`, ...
    place: u32,
    stride: u32,
    /// Requests that were begun, or more if the client was restarted.
    asked: u32,
    /// When each open request was made, and what ends the wait.
    open: Map<u32, (i64, TimerId)>,
    answered: u32,
    given_up: u32,
    too_late: u32,
    /// How long the latest answer that came in time took, in nanoseconds.
    latest: Option<i64>,
}

impl Client {
    pub(super) fn new(plan: &Plan, switch: NodeId, place: u32, stride: u32) -> Client {
        Client {
            switch,
            every: plan.duration("ask-every"),
            patience: plan.duration("patience"),
            place,
            stride,
            asked: 0,
            open: Map::new(),
            answered: 0,
            given_up: 0,
            too_late: 0,
            latest: None,
        }
    }

    /// Clients do not begin in step: each waits its share of the interval.
    pub(super) fn start(&mut self, context: &mut Context<'_, Node>) {
        self.asked = incarnation::first_number(context);
        let share = 1000 * (self.place + 1) / self.stride;
        context.set_timer(self.every.scaled_permille(share), Timer::Next);
    }

    pub(super) fn next(&mut self, context: &mut Context<'_, Node>) {
        let next = context.draw(Distribution::Uniform {
            low: self.every.scaled_permille(900),
            high: self.every.scaled_permille(1100),
        });
        context.set_timer(next, Timer::Next);
        let operation = self.place + 1 + self.asked * self.stride;
        self.asked += 1;
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
        context.send(self.switch, Message::Request(request));
        let timer = context.set_timer(self.patience, Timer::GiveUp { operation });
        self.open.insert(operation, (context.monotonic(), timer));
    }

    pub(super) fn answer(&mut self, operation: u32, context: &mut Context<'_, Node>) {
        let Some((since, timer)) = self.open.remove(&operation) else {
            self.too_late += 1;
            return context.record(Fact::Learned {
                operation,
                outcome: Outcome::Ok,
            });
        };
        context.cancel_timer(timer);
        self.answered += 1;
        self.latest = Some(context.monotonic() - since);
        self.returned(operation, Outcome::Ok, context);
    }

    pub(super) fn give_up(&mut self, operation: u32, context: &mut Context<'_, Node>) {
        if self.open.remove(&operation).is_some() {
            self.given_up += 1;
            self.returned(operation, Outcome::Unknown, context);
        }
    }

    fn returned(&self, operation: u32, outcome: Outcome, context: &mut Context<'_, Node>) {
        context.record(Fact::Returned {
            operation,
            outcome,
            value: 0,
        });
    }

    pub(super) fn memory(&self) -> usize {
        self.open.len() * 2 * size_of::<(u32, (i64, TimerId))>()
    }

    pub(super) fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let longest = self.open.values().map(|(since, _)| *since).min();
        let belief = match (longest, self.latest) {
            (Some(since), _) => format!(
                "I have waited {:.1} s. The network may be busy, or the server, or nobody has heard me.",
                (outlook.monotonic - since) as f64 / 1e9
            ),
            (None, Some(latest)) => format!("The last answer took {:.2} s.", latest as f64 / 1e9),
            (None, None) => "I have had no answer yet.".to_owned(),
        };
        let badge = match self.latest {
            Some(latest) => format!("answer in {:.2} s", latest as f64 / 1e9),
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
