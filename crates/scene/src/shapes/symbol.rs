//! What shapes stand for: the entries of a legend.

use sim::protocol::MessageSort;

/// A kind of mark, as a legend explains it. What draws such a mark says so to the picture that it draws on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symbol {
    /// A message of a sort, on its way.
    Message(MessageSort),
    /// A copy of a message, which the network made.
    Copy,
    /// A message whose bits have flipped.
    Damaged,
    /// Where a message died.
    Lost,
    /// A node that is paused.
    Paused,
    /// A node that has crashed.
    Crashed,
    /// A node of which the node in whose perspective the run is seen knows nothing.
    Unseen,
    /// A node that believes it leads.
    Leader,
    /// A node with writes that are not durable.
    Unsaved,
    /// What waits at a node.
    Waiting,
    /// Room for so many and no more.
    Room,
    /// The face of a wall clock.
    WallClock,
    /// The true time on it.
    TrueTime,
    /// How much of a round a monotonic clock has counted.
    MonotonicClock,
    /// A link that is cut both ways.
    Cut,
    /// A link that is cut one way.
    OneWayCut,
    /// A cut that holds messages until it heals.
    HoldingCut,
    /// The line between nodes that cannot reach each other.
    Partition,
    /// What a violated check accuses.
    Accused,
    /// A belief that another node's belief has made wrong.
    WrongBelief,
}

/// Symbols, each once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Symbols(u32);

impl Symbol {
    /// All of them, in the order of a legend.
    pub const ALL: [Symbol; 25] = [
        Symbol::Accused,
        Symbol::WrongBelief,
        Symbol::Partition,
        Symbol::Cut,
        Symbol::OneWayCut,
        Symbol::HoldingCut,
        Symbol::Message(MessageSort::Request),
        Symbol::Message(MessageSort::Reply),
        Symbol::Message(MessageSort::Refusal),
        Symbol::Message(MessageSort::Replication),
        Symbol::Message(MessageSort::Acknowledgement),
        Symbol::Message(MessageSort::Heartbeat),
        Symbol::Copy,
        Symbol::Damaged,
        Symbol::Lost,
        Symbol::Paused,
        Symbol::Crashed,
        Symbol::Unseen,
        Symbol::Leader,
        Symbol::Unsaved,
        Symbol::Waiting,
        Symbol::Room,
        Symbol::WallClock,
        Symbol::TrueTime,
        Symbol::MonotonicClock,
    ];

    fn bit(self) -> u32 {
        let place = match self {
            Symbol::Message(sort) => sort as u32,
            Symbol::Copy => 6,
            Symbol::Damaged => 7,
            Symbol::Lost => 8,
            Symbol::Paused => 9,
            Symbol::Crashed => 10,
            Symbol::Unseen => 11,
            Symbol::Leader => 12,
            Symbol::Unsaved => 13,
            Symbol::Waiting => 14,
            Symbol::Room => 15,
            Symbol::WallClock => 16,
            Symbol::TrueTime => 17,
            Symbol::MonotonicClock => 18,
            Symbol::Cut => 19,
            Symbol::OneWayCut => 20,
            Symbol::HoldingCut => 21,
            Symbol::Partition => 22,
            Symbol::Accused => 23,
            Symbol::WrongBelief => 24,
        };
        1 << place
    }
}

impl Symbols {
    /// Takes in one more.
    pub fn insert(&mut self, symbol: Symbol) {
        self.0 |= symbol.bit();
    }

    /// Whether it is among them.
    pub fn contains(self, symbol: Symbol) -> bool {
        self.0 & symbol.bit() != 0
    }

    /// All of them, in the order of a legend.
    pub fn iter(self) -> impl Iterator<Item = Symbol> {
        Symbol::ALL
            .into_iter()
            .filter(move |symbol| self.contains(*symbol))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_symbol_is_apart_from_all_others() {
        for symbol in Symbol::ALL {
            let mut symbols = Symbols::default();
            symbols.insert(symbol);
            assert!(symbols.iter().eq([symbol]), "{symbol:?}");
        }
    }
}
