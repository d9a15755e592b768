//! A distributed log: services that pass work along, and a collector that tells what happened before what.
//!
//! Each service writes a line when it has done its part of an order, gives it a timestamp, and sends it to the
//! collector, which puts lines in order by their timestamps. What these are worth is the question:
//!
//! - Readings of *wall clocks* say nothing about order where clocks differ by more than a message takes.
//! - A *Lamport clock* counts, and goes along with every message, so that an effect always has a larger timestamp than
//!   its cause (Lamport, *Time, clocks, and the ordering of events in a distributed system*, CACM 21(7), 1978). The
//!   reverse does not hold: of two lines that knew nothing of each other one still has the larger timestamp.
//! - A *vector clock* holds a count for each service, and so tells these two cases apart (Fidge 1988; Mattern, *Virtual
//!   time and global states of distributed systems*, 1988). It is as long as there are services.
//!
//! A service keeps its clock on disk, and sends nothing before it is durable: a clock that a crash sets back would give
//! an effect a smaller timestamp than its cause.
//!
//! | module | its subject |
//! | --- | --- |
//! | `stamp` | the three timestamps, and what each says of two lines |
//! | `service` | does its part of each order, and passes it on |
//! | `collector` | puts lines in order |

mod collector;
mod service;
mod stamp;

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
    about: "Services pass orders along and log what they do; a collector puts the lines in order by their timestamps.",
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
            about: "How long it is from order to order, on average.",
            quantity: Quantity::Duration,
            default: ms(900),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "compared",
            label: "Lines compared",
            about: "With how many of the latest lines the collector compares a new one.",
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
            protects: "A line that another one caused never comes before it.",
        },
        DefenceSpec {
            id: "vector-clock",
            label: "Vector clock",
            protects: "Lines that knew nothing of each other are told apart from cause and effect.",
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
        width: services
            .iter()
            .map(|service| service.0 + 1)
            .max()
            .unwrap_or(0),
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
    /// Does its part of each order.
    Service(Service),
    /// Puts lines in order.
    Collector(Collector),
}

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Do your part of this order. What the sender's clock knows goes along.
    Order {
        /// The order's number.
        order: u32,
        /// The sender's clock.
        clock: Clock,
    },
    /// This happened, at that time.
    Line {
        /// What: ten times the order's number, and the place of the service from 1.
        item: u32,
        /// When.
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
                says: "order {0} is yours",
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
            says: "an order comes in",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::trace::Fact;
    use sim::{Action, Target};

    /// The timestamps that the second of two services gives, which is down from 3 s to 4 s.
    fn stamps(defence: &'static str) -> Vec<(u64, i64)> {
        let second = Target::Node(NodeId(1));
        let facts = Trial::new(&ENTRY, &["service", "service", "collector"])
            .on(defence)
            .act(3000, Action::Crash(second))
            .act(4000, Action::Restart(second))
            .facts(8000);
        let stamped = facts.into_iter().filter_map(|(ms, node, fact)| match fact {
            Fact::Stamped { stamp, .. } if node == 1 => Some((ms, stamp)),
            _ => None,
        });
        stamped.collect()
    }

    #[test]
    fn a_logical_clock_does_not_count_back_when_its_service_restarts() {
        for defence in ["lamport-clock", "vector-clock"] {
            let stamps = stamps(defence);
            assert!(stamps.is_sorted_by(|a, b| a.1 < b.1), "{stamps:?}");
            let before = stamps.iter().filter(|(ms, _)| *ms < 3000).count();
            assert!(before > 1 && stamps.len() > before + 1, "{stamps:?}");
        }
    }
}
