//! A distributed log: services pass work along, and a collector says which event happened before which.
//!
//! When a service has done its part of an order, it writes a line with a timestamp and sends the line to the collector.
//! The collector puts the lines in order by their timestamps. What the order is worth depends on the clock:
//!
//! - *Wall clocks* say nothing about the order of two events if the clocks differ by more than a message takes.
//! - A *Lamport clock* counts events, and its count travels with every message, so that an effect always has a larger
//!   timestamp than its cause (Lamport, *Time, clocks, and the ordering of events in a distributed system*, CACM 21(7),
//!   1978). The reverse does not hold: of two lines that are independent, one still has the larger timestamp.
//! - A *vector clock* holds a count for each service, and so tells these two cases apart (Fidge 1988; Mattern, *Virtual
//!   time and global states of distributed systems*, 1988). Its length is the number of services.
//!
//! A service keeps its clock on disk, and sends no line before the line and the clock are durable. Otherwise a crash could
//! set the clock back, and an effect would get a smaller timestamp than its cause. It also keeps which orders it has logged:
//! the network may duplicate an order, and an order is logged once.
//!
//! | module | its subject |
//! | --- | --- |
//! | `stamp` | the three clocks, and what their timestamps say about two lines |
//! | `service` | does its part of each order, and passes it on |
//! | `collector` | puts lines in order |

mod collector;
mod service;
mod stamp;
#[cfg(test)]
mod tests;

use sim::held::{Held, Measure};
use sim::sorted::Set;
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, count, defence, many, milliseconds, one, operations};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use crate::parts::disk::two_slots::{Hosts, Slot};
use collector::Collector;
use service::{Habits, Service};
use stamp::{Clock, Stamp, Stamping};

/// The distributed log, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "event-log",
    "Services pass orders along and log what they do. A collector puts the lines in order by their timestamps.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.mended(&["A message carried the clock of when its line was written, not of when it was sent, and duplicated orders were logged twice."]);

choices! {
    /// What a scenario chooses for the distributed log.
    struct Choices {
        roles {
            services: Vec<NodeId> = many("service", 2..=9),
            collector: NodeId = one("collector"),
        }
        parameters {
            orders: u32 = operations("orders", "Orders", 40, 1..=1000,
                "How many orders arrive from outside."),
            every: SimDuration = milliseconds("every", "An order every", 900, 1..=60_000,
                "The mean time between two orders."),
            compared: u32 = count("compared", "Lines compared", 5, 1..=50,
                "The number of latest lines that the collector compares a new line with."),
        }
        defences {
            has_lamport_clock: bool = defence("lamport-clock", "Lamport clock",
                "An effect always comes after its cause in the log."),
            has_vector_clock: bool = defence("vector-clock", "Vector clock",
                "The log tells independent lines apart from cause and effect."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let stamping = Stamping::of(&choices);
    let services = choices.services.iter().enumerate();
    let services = services.map(|(place, node)| {
        let service = Service::new(Habits::of(&choices, place), Clock::new(stamping));
        (*node, Node::Service(service))
    });
    let collector = Node::Collector(Collector::new(choices.compared as usize));
    world(setup, services.chain([(choices.collector, collector)]))
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A service, which does its part of each order.
    Service(Service),
    /// The collector, which puts lines in order.
    Collector(Collector),
}

/// What the nodes send to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Do your part of this order.
    Order {
        /// The order's number.
        order: u32,
        /// The clock of the sender.
        clock: Clock,
    },
    /// Log this line.
    Line {
        /// The number of the line: ten times the number of the order, plus the place of the service, from 1.
        item: u32,
        /// The timestamp of the line.
        stamp: Stamp,
    },
}

/// What a service keeps on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    clock: Clock,
    /// The orders that it has logged.
    done: Set<u32>,
}

impl State {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.clock.held(by) + self.done.held(by)
    }

    fn new(clock: Clock) -> State {
        State {
            clock,
            done: Set::new(),
        }
    }
}

impl Hosts<State> for Node {
    fn slot(stored: &Slot<State>) -> Option<&Slot<State>> {
        Some(stored)
    }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = ();
    type Record = Slot<State>;

    fn held_by_message(message: &Message) -> usize {
        match message {
            Message::Order { clock, .. } => clock.held(Measure::Grown),
            Message::Line { stamp, .. } => stamp.held(Measure::Grown),
        }
    }

    fn held_by_record(slot: &Slot<State>) -> usize {
        slot.record().held(Measure::Grown)
    }

    sim::vocabulary! {
        messages {
            Message::Order { order, .. } => Request "order" [order] {
                label: "order #{0}",
                says: "do your part of order #{0}",
            }
            Message::Line { item, .. } => Replication "line" [item] {
                label: "line #{0}",
                says: "please log line #{0}",
            }
        }
        timers {
            () => "a new order arrives",
        }
    }

    roles! { Node::Service, Node::Collector }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Service(service), Message::Order { order, clock }) => {
                service.hear(order, &clock, context);
            }
            (Node::Collector(collector), Message::Line { item, stamp }) => {
                collector.hear(from, item, stamp, context);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, (): (), context: &mut Context<'_, Self>) {
        if let Node::Service(service) = self {
            service.begin(context);
        }
    }
}
