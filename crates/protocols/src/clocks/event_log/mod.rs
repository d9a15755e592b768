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
//! A service keeps its clock on disk, and sends nothing before the clock is durable. Otherwise a crash could set the
//! clock back, and an effect would get a smaller timestamp than its cause.
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

use sim::protocol::{Description, Gist, MessageSort, MessageWord, Outlook, TimerWord, Vocabulary};
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use collector::Collector;
use service::{Habits, Service};
use stamp::{Clock, Stamp, Stamping};

/// The distributed log, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "event-log",
    about: "Services pass orders along and log what they do. A collector puts the lines in order by their timestamps.",
    roles: &[
        RoleSpec {
            id: "service",
            fewest: 2,
            most: 9,
        },
        RoleSpec {
            id: "collector",
            fewest: 1,
            most: 1,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "orders",
            label: "Orders",
            about: "How many orders come in.",
            quantity: Quantity::Count,
            default: 40.0,
            min: 1.0,
            max: 1000.0,
        },
        ParameterSpec {
            id: "every",
            label: "An order every",
            about: "The mean time between two orders.",
            quantity: Quantity::Duration,
            default: ms(900),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "compared",
            label: "Lines compared",
            about: "The number of latest lines that the collector compares a new line with.",
            quantity: Quantity::Count,
            default: 5.0,
            min: 1.0,
            max: 50.0,
        },
    ],
    defences: &[
        DefenceSpec {
            id: "lamport-clock",
            label: "Lamport clock",
            protects: "An effect always comes after its cause in the log.",
        },
        DefenceSpec {
            id: "vector-clock",
            label: "Vector clock",
            protects: "The log tells independent lines apart from cause and effect.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let stamping = if plan.has("vector-clock") {
        Stamping::Vector
    } else if plan.has("lamport-clock") {
        Stamping::Lamport
    } else {
        Stamping::Wall
    };
    let services = plan.nodes("service");
    let collector = plan.nodes("collector")[0];
    let habits = |place: usize| Habits {
        next: services[(place + 1) % services.len()],
        place: place as u32,
        collector,
        orders: if place == 0 { plan.count("orders") } else { 0 },
        every: plan.duration("every"),
        width: services.iter().map(|it| it.0 + 1).max().unwrap_or(0),
    };
    let node = |node: NodeId| match services.iter().position(|service| *service == node) {
        Some(place) => Node::Service(Service::new(habits(place), Clock::new(stamping))),
        None => Node::Collector(Collector::new(plan.count("compared") as usize)),
    };
    let nodes = (0..plan.roles.len() as u16).map(NodeId).map(node);
    Box::new(World::new(setup, nodes.collect()))
}

/// A node.
#[derive(Clone, Debug)]
pub enum Node {
    /// A service, which does its part of each order.
    Service(Service),
    /// The collector, which puts lines in order.
    Collector(Collector),
}

/// What the nodes send to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
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

impl Protocol for Node {
    type Message = Message;
    type Timer = ();
    type Record = Clock;

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "order",
                label: "order {0}",
                says: "do your part of order {0}",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "line",
                label: "#{0}",
                says: "log that #{0} happened",
                sort: MessageSort::Replication,
            },
        ],
        timers: &[TimerWord {
            says: "a new order arrives",
            is_timeout: false,
        }],
        operations: &[],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if let Node::Service(service) = self {
            service.start(context);
        }
    }

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

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        if let Node::Service(service) = self {
            service.synced(token, context);
        }
    }

    fn gist(message: &Message) -> Gist {
        let (kind, number) = match message {
            Message::Order { order, .. } => (0, *order),
            Message::Line { item, .. } => (1, *item),
        };
        Gist {
            kind,
            args: [i64::from(number), 0, 0],
        }
    }

    fn timer_kind((): &()) -> u8 {
        0
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Service(_) => "service",
            Node::Collector(_) => "collector",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Service(service) => service.describe(outlook),
            Node::Collector(collector) => collector.describe(outlook),
        }
    }
}
