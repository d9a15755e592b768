//! A service: does its part of each order, logs it, and passes the order on.

use std::collections::VecDeque;

use sim::network::Distribution;
use sim::protocol::{Description, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored};

use crate::parts::incarnation::first_number;

use super::stamp::{Clock, Stamp};
use super::{Message, Node};

/// Where the clock is on disk.
const CLOCK_PLACE: u64 = 0;

/// What a service has to do.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Who comes after it: the last one's is the first.
    pub next: NodeId,
    /// Its place among the services, from 0.
    pub place: u32,
    /// Who gets the lines of its log.
    pub collector: NodeId,
    /// How many orders come in here.
    pub orders: u32,
    /// How long it is from order to order.
    pub every: SimDuration,
    /// How many counts of a vector are worth showing.
    pub width: u16,
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    habits: Habits,
    clock: Clock,
    /// Where its orders' numbers begin, so that no two of its lives give the same one.
    generation: u32,
    begun: u32,
    /// Lines that are not durable yet.
    waiting: VecDeque<Line>,
    lines: u32,
    latest: u32,
}

/// A line, and what leaves with it: the clock as it was then.
#[derive(Clone, Debug)]
struct Line {
    order: u32,
    item: u32,
    stamp: Stamp,
    clock: Clock,
}

impl Service {
    /// A service that has done nothing.
    pub fn new(habits: Habits, clock: Clock) -> Service {
        Service {
            habits,
            clock,
            generation: 0,
            begun: 0,
            waiting: VecDeque::new(),
            lines: 0,
            latest: 0,
        }
    }

    pub fn start(&mut self, context: &mut Context<'_, Node>) {
        self.generation = first_number(context);
        if let Some(Stored::Whole(clock)) = context.read(CLOCK_PLACE) {
            self.clock = clock.clone();
        }
        self.await_order(context);
    }

    fn await_order(&self, context: &mut Context<'_, Node>) {
        if self.begun < self.habits.orders {
            let half = self.habits.every.scaled_permille(500);
            let high = self.habits.every;
            let low = SimDuration::ZERO;
            let wait = half + context.draw(Distribution::Uniform { low, high });
            context.set_timer(wait, ());
        }
    }

    /// An order comes in from outside.
    pub fn begin(&mut self, context: &mut Context<'_, Node>) {
        self.begun += 1;
        self.log(self.generation + self.begun, context);
        self.await_order(context);
    }

    /// An order comes from the service before.
    pub fn hear(&mut self, order: u32, clock: &Clock, context: &mut Context<'_, Node>) {
        self.clock.hear(clock);
        // One that has come round is done.
        if self.habits.place > 0 {
            self.log(order, context);
        } else {
            context.write(CLOCK_PLACE, self.clock.clone());
            context.sync(0);
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
        context.sync(u64::from(item));
        self.waiting.push_back(Line {
            order,
            item,
            stamp,
            clock,
        });
    }

    /// The line with this number is durable, and all before it.
    pub fn synced(&mut self, item: u64, context: &mut Context<'_, Node>) {
        let place = self
            .waiting
            .iter()
            .position(|line| u64::from(line.item) == item);
        for line in self.waiting.drain(..place.map_or(0, |place| place + 1)) {
            self.lines += 1;
            self.latest = line.item;
            let (item, stamp) = (line.item, line.stamp);
            context.send(self.habits.collector, Message::Line { item, stamp });
            let (order, clock) = (line.order, line.clock);
            context.send(self.habits.next, Message::Order { order, clock });
        }
    }

    pub fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let shown = self.clock.words(outlook.wall, self.habits.width);
        let belief = match self.clock {
            Clock::Wall => "My clock tells when something happens.",
            Clock::Lamport(_) => {
                "Whatever I have heard of has a smaller number than what I do next."
            }
            Clock::Vector(_) => "I know how much of each service's work I have heard of.",
        };
        Description {
            badge: if self.lines > 0 {
                format!("logged #{}", self.latest)
            } else {
                String::new()
            },
            state: vec![
                ("lines".to_owned(), self.lines.to_string()),
                ("clock".to_owned(), shown),
            ],
            beliefs: vec![belief.to_owned()],
        }
    }
}
