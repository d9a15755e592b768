//! Three kinds of clocks, and what their timestamps say about two lines.

use sim::held::{Held, Measure};
use sim::trace::Relation;

use super::Choices;
use crate::parts::clocks::logical_time::{Dot, VersionVector};

/// Which clock gives the timestamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stamping {
    /// The wall clock.
    Wall,
    /// A Lamport clock.
    Lamport,
    /// A vector clock.
    Vector,
}

impl Stamping {
    pub(super) fn of(choices: &Choices) -> Stamping {
        if choices.has_vector_clock {
            Stamping::Vector
        } else if choices.has_lamport_clock {
            Stamping::Lamport
        } else {
            Stamping::Wall
        }
    }
}

/// The clock of a service, which travels with its messages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Clock {
    /// The wall clock, which is read when it is needed. Nothing travels with messages.
    Wall,
    /// The largest count that this clock has given or heard of.
    Lamport(i64),
    /// How many events of each service are known.
    Vector(VersionVector),
}

/// The timestamp of a line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stamp {
    /// A reading of a wall clock or a Lamport clock, and the number of the service, which breaks ties.
    Scalar {
        /// The reading.
        reading: i64,
        /// The service.
        node: u16,
    },
    /// The event of the line, and the events that were known when the line was written.
    Vector {
        /// The event.
        dot: Dot,
        /// The known events, including this one.
        known: VersionVector,
    },
}

impl Clock {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        match self {
            Clock::Vector(known) => known.held(by),
            Clock::Wall | Clock::Lamport(_) => 0,
        }
    }

    /// A clock that has given no timestamp yet.
    pub fn new(stamping: Stamping) -> Clock {
        match stamping {
            Stamping::Wall => Clock::Wall,
            Stamping::Lamport => Clock::Lamport(0),
            Stamping::Vector => Clock::Vector(VersionVector::new()),
        }
    }

    /// A timestamp for an event at `node` while its wall clock shows `wall`.
    pub fn stamp(&mut self, node: u16, wall: i64) -> Stamp {
        match self {
            Clock::Wall => Stamp::Scalar {
                reading: wall,
                node,
            },
            Clock::Lamport(count) => {
                *count += 1;
                let reading = *count;
                Stamp::Scalar { reading, node }
            }
            Clock::Vector(known) => Stamp::Vector {
                dot: known.tick(node),
                known: known.clone(),
            },
        }
    }

    /// Begins a life of `node` that counts its events from above `count`, if the clock has not counted further already.
    pub fn skip_to(&mut self, node: u16, count: u32) {
        if let Clock::Vector(known) = self
            && count > 0
        {
            let origin = u32::from(node);
            known.learn(Dot { origin, count });
        }
    }

    /// Learns from the clock that came with a message.
    pub fn hear(&mut self, other: &Clock) {
        match (self, other) {
            (Clock::Lamport(count), Clock::Lamport(other)) => *count = (*count).max(*other),
            (Clock::Vector(known), Clock::Vector(other)) => known.merge(other),
            _ => {}
        }
    }

    /// What the clock shows, in words.
    pub fn words(&self, wall: i64, nodes: u16) -> String {
        match self {
            Clock::Wall => format!("{:.2} s", wall as f64 / 1e9),
            Clock::Lamport(count) => count.to_string(),
            Clock::Vector(known) => known.words(nodes),
        }
    }
}

impl Stamp {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        match self {
            Stamp::Vector { known, .. } => known.held(by),
            Stamp::Scalar { .. } => 0,
        }
    }

    /// The order of the line with this timestamp and the line with the other one. Scalar timestamps never say that two
    /// lines are concurrent.
    pub fn compare(&self, other: &Stamp) -> Comparison {
        match (self, other) {
            (
                Stamp::Scalar { reading, node },
                Stamp::Scalar {
                    reading: others,
                    node: at,
                },
            ) if (reading, node) < (others, at) => Comparison::Before,
            (Stamp::Vector { dot, .. }, Stamp::Vector { known, .. }) if known.knows(*dot) => {
                Comparison::Before
            }
            (Stamp::Vector { known, .. }, Stamp::Vector { dot, .. }) if known.knows(*dot) => {
                Comparison::After
            }
            (Stamp::Vector { .. }, Stamp::Vector { .. }) => Comparison::Concurrent,
            _ => Comparison::After,
        }
    }

    /// The timestamp as two numbers. If it is logical, no effect comes before its cause in the order of these numbers.
    pub fn numbers(&self) -> (i64, i64) {
        match self {
            Stamp::Scalar { reading, node } => (*reading, i64::from(*node)),
            Stamp::Vector { dot, known } => (known.total(), i64::from(dot.origin)),
        }
    }
}

/// What two timestamps say about their lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// The first line came before the second.
    Before,
    /// The first line came after the second.
    After,
    /// Neither line knew about the other.
    Concurrent,
}

impl Comparison {
    /// The comparison as a relation: the two lines in the order that it needs, and their relation.
    pub fn relation(self, first: i64, second: i64) -> (i64, i64, Relation) {
        match self {
            Comparison::Before => (first, second, Relation::Before),
            Comparison::After => (second, first, Relation::Before),
            Comparison::Concurrent => (first, second, Relation::Concurrent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Node 0 writes a line and sends a message to node 1, which writes another line; node 2 writes a line by itself. What
    /// the timestamps say about cause and effect, and about two independent lines.
    fn told(stamping: Stamping) -> (Comparison, Comparison) {
        let mut clocks = [0, 1, 2].map(|_| Clock::new(stamping));
        let cause = clocks[0].stamp(0, 500);
        let sent = clocks[0].clone();
        clocks[1].hear(&sent);
        let effect = clocks[1].stamp(1, 200);
        let apart = clocks[2].stamp(2, 300);
        (cause.compare(&effect), cause.compare(&apart))
    }

    #[test]
    fn only_a_vector_clock_tells_all_three_cases_apart() {
        for (stamping, comparisons) in [
            (Stamping::Wall, (Comparison::After, Comparison::After)),
            (Stamping::Lamport, (Comparison::Before, Comparison::Before)),
            (
                Stamping::Vector,
                (Comparison::Before, Comparison::Concurrent),
            ),
        ] {
            assert_eq!(told(stamping), comparisons, "{stamping:?}");
        }
    }

    #[test]
    fn the_sum_of_a_vector_orders_cause_and_effect() {
        let mut clock = Clock::new(Stamping::Vector);
        let first = clock.stamp(0, 0);
        let mut other = Clock::new(Stamping::Vector);
        other.hear(&clock);
        assert!(first.numbers() < other.stamp(1, 0).numbers());
    }
}
