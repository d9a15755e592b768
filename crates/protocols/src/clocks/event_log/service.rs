//! A service: does its part of each order, logs a line, and passes the order on.

use sim::held::Measure;
use sim::protocol::{Description, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use crate::describe::roles::Role;
use crate::parts::disk::two_slots::TwoSlots;
use crate::parts::numbers::first_number;
use crate::parts::spread;

use super::stamp::{Clock, Stamp};
use super::{Choices, Message, Node, State};

/// The name of the state on disk.
const STATE: u64 = 0;

/// How a service behaves.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Habits {
    /// The service that gets its orders next. After the last service comes the first.
    pub next: NodeId,
    /// The place of this service among the services, from 0.
    pub place: u32,
    /// The collector, which gets the lines of its log.
    pub collector: NodeId,
    /// How many orders arrive at this service from outside.
    pub orders: u32,
    /// The mean time between two of these orders.
    pub every: SimDuration,
    /// How many counts of a vector clock to show.
    pub width: u16,
}

impl Habits {
    /// The habits of the service at this place. Orders arrive from outside at the first service only.
    pub(super) fn of(choices: &Choices, place: usize) -> Habits {
        let services = &choices.services;
        Habits {
            next: services[(place + 1) % services.len()],
            place: place as u32,
            collector: choices.collector,
            orders: if place == 0 { choices.orders } else { 0 },
            every: choices.every,
            width: services.iter().map(|it| it.0 + 1).max().unwrap_or(0),
        }
    }
}

/// A service.
#[derive(Clone, Debug, Hash)]
pub struct Service {
    habits: Habits,
    state: State,
    /// Where the numbers of its orders begin, so that no two of its lives give the same number.
    generation: u32,
    begun: u32,
    /// The lines that are not durable yet.
    disk: TwoSlots<State, Line>,
    lines: u32,
    latest: u32,
}

/// A line of the log.
#[derive(Clone, Debug, Hash)]
struct Line {
    order: u32,
    item: u32,
    stamp: Stamp,
}

impl Service {
    /// A service that has done nothing yet.
    pub fn new(habits: Habits, clock: Clock) -> Service {
        Service {
            habits,
            state: State::new(clock),
            generation: 0,
            begun: 0,
            disk: TwoSlots::default(),
            lines: 0,
            latest: 0,
        }
    }

    fn await_order(&self, context: &mut Context<'_, Node>) {
        if self.begun < self.habits.orders {
            let wait = spread::around(self.habits.every, context);
            context.set_timer(wait, ());
        }
    }

    /// An order arrives from outside.
    pub fn begin(&mut self, context: &mut Context<'_, Node>) {
        self.begun += 1;
        self.log(self.generation + self.begun, context);
        self.await_order(context);
    }

    /// An order arrives from the previous service. The network may have duplicated it.
    pub fn hear(&mut self, order: u32, clock: &Clock, context: &mut Context<'_, Node>) {
        self.state.clock.hear(clock);
        // An order that arrives at the first service has passed all services.
        if self.habits.place > 0 && !self.state.done.contains(&order) {
            self.log(order, context);
        } else {
            // Nothing is told that depends on it, so it may wait for the next line's sync.
            self.disk.save(STATE, self.state.clone());
        }
    }

    fn log(&mut self, order: u32, context: &mut Context<'_, Node>) {
        let item = order * 10 + self.habits.place + 1;
        let stamp = self.state.clock.stamp(context.me().0, context.wall());
        let (reading, tie) = stamp.numbers();
        context.record(Fact::Stamped {
            item: i64::from(item),
            stamp: reading,
            tie,
        });
        self.state.done.insert(order);
        self.disk.save(STATE, self.state.clone());
        self.disk.owe(Line { order, item, stamp }, context);
    }
}

impl Role<Node> for Service {
    fn held(&self, by: Measure) -> usize {
        self.state.held(by) + self.disk.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.generation = first_number(context);
        if let Some(state) = self.disk.start(context).remove(&STATE) {
            self.state = state;
        }
        // Messages may have carried counts of an earlier life that no disk has.
        self.state.clock.skip_to(context.me().0, self.generation);
        self.await_order(context);
    }

    /// The lines that a sync made durable are sent, and their orders are passed on.
    ///
    /// A message carries the clock as it is when the message leaves: the service has logged and heard more since the
    /// line was written, and all of that comes before what the message causes.
    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        for Line { order, item, stamp } in self.disk.synced(token, context) {
            self.lines += 1;
            self.latest = item;
            context.send(self.habits.collector, Message::Line { item, stamp });
            let clock = self.state.clock.clone();
            context.send(self.habits.next, Message::Order { order, clock });
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let clock = self.state.clock.words(outlook.wall, self.habits.width);
        let belief = match self.state.clock {
            Clock::Wall => "My clock says when an event happens.",
            Clock::Lamport(_) => {
                "My next event gets a larger number than every event that I know about."
            }
            Clock::Vector(_) => "My clock counts the events of each service that I know about.",
        };
        let latest = (self.lines > 0).then(|| format!("logged #{}", self.latest));
        Description {
            badge: latest.unwrap_or_default(),
            state: vec![
                ("lines".to_owned(), self.lines.to_string()),
                ("clock".to_owned(), clock),
            ],
            beliefs: vec![belief.to_owned()],
        }
    }
}
