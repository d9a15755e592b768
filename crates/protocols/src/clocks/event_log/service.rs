//! A service: does its part of each order, logs a line, and passes the order on.

use sim::protocol::{Description, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored};

use crate::describe::roles::Role;
use crate::parts::after_sync::AfterSync;
use crate::parts::numbers::first_number;
use crate::parts::spread;

use super::stamp::{Clock, Stamp};
use super::{Choices, Message, Node};

/// The place of the clock on disk.
const CLOCK_PLACE: u64 = 0;

/// How a service behaves.
#[derive(Clone, Copy, Debug)]
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
#[derive(Clone, Debug)]
pub struct Service {
    habits: Habits,
    clock: Clock,
    /// Where the numbers of its orders begin, so that no two of its lives give the same number.
    generation: u32,
    begun: u32,
    /// The lines that are not durable yet.
    waiting: AfterSync<Line>,
    lines: u32,
    latest: u32,
}

/// A line, and the clock as it was when the line was written.
#[derive(Clone, Debug)]
struct Line {
    order: u32,
    item: u32,
    stamp: Stamp,
    clock: Clock,
}

impl Service {
    /// A service that has done nothing yet.
    pub fn new(habits: Habits, clock: Clock) -> Service {
        Service {
            habits,
            clock,
            generation: 0,
            begun: 0,
            waiting: AfterSync::default(),
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

    /// An order arrives from the previous service.
    pub fn hear(&mut self, order: u32, clock: &Clock, context: &mut Context<'_, Node>) {
        self.clock.hear(clock);
        // An order that arrives at the first service has passed all services.
        if self.habits.place > 0 {
            self.log(order, context);
        } else {
            context.write(CLOCK_PLACE, self.clock.clone());
            self.waiting.sync(context);
        }
    }

    fn log(&mut self, order: u32, context: &mut Context<'_, Node>) {
        let item = order * 10 + self.habits.place + 1;
        let stamp = self.clock.stamp(context.me().0, context.wall());
        let (reading, tie) = stamp.numbers();
        context.record(Fact::Stamped {
            item: i64::from(item),
            stamp: reading,
            tie,
        });
        let clock = self.clock.clone();
        context.write(CLOCK_PLACE, clock.clone());
        let line = Line {
            order,
            item,
            stamp,
            clock,
        };
        self.waiting.owe(line, context);
    }
}

impl Role<Node> for Service {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.generation = first_number(context);
        if let Some(Stored::Whole(clock)) = context.read(CLOCK_PLACE) {
            self.clock = clock.clone();
        }
        self.await_order(context);
    }

    /// The disk has synced. If that made a line durable, the line and the order are sent.
    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        let Some(line) = self.waiting.due(token) else {
            return;
        };
        self.lines += 1;
        self.latest = line.item;
        let (item, stamp) = (line.item, line.stamp);
        context.send(self.habits.collector, Message::Line { item, stamp });
        let (order, clock) = (line.order, line.clock);
        context.send(self.habits.next, Message::Order { order, clock });
    }

    fn role(&self) -> &'static str {
        "service"
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let clock = self.clock.words(outlook.wall, self.habits.width);
        let belief = match self.clock {
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
