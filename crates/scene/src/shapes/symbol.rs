//! What shapes stand for: the entries of a legend.

use sim::protocol::MessageSort;

/// A kind of mark, as a legend explains it. What draws such a mark says so to the picture that it draws on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symbol {
    /// A message of a sort, on its way.
    Message(MessageSort),
    /// In a node's perspective: a message that it has just sent.
    Sent,
    /// One that it has just got.
    Got,
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
    /// How much of its patience a node has used up that waits with a timeout.
    Patience,
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
    /// What the story tells of, or what is selected.
    Halo,
    /// A belief that another node's belief has made wrong.
    WrongBelief,
    /// A round trip by which a node knows another node's clock.
    RoundTrip,
    /// The way of a message of a sort through time.
    Arrow(MessageSort),
    /// The way of a copy.
    ArrowCopy,
    /// The way of a message that was lost.
    ArrowLost,
    /// How long a message waits in an inbox.
    Inbox,
    /// For how long a node is paused.
    PausedRow,
    /// The moment at which a node crashes.
    Crash,
    /// The moment at which a node stops waiting.
    Timeout,
    /// The moment at which a node does something.
    Deed,
    /// The event in which a violation became certain.
    Violation,
    /// An event that is selected, or is tied to the selected one.
    Lit,
    /// An operation from its call to its answer.
    Bar,
    /// An operation without an answer yet.
    OpenBar,
    /// An operation that its client gave up.
    GivenUpBar,
    /// An operation that failed.
    FailedBar,
    /// An operation that a violated check is about.
    AccusedBar,
    /// The moment at which an operation took effect.
    Effect,
    /// The moment at which a violation became certain.
    ViolationLine,
    /// An entry of a log that its server has applied.
    AppliedEntry,
    /// An entry that it has not applied.
    PendingEntry,
    /// An entry that is not on its server's disk.
    UnsavedEntry,
    /// An entry that sets who the members are.
    MembersEntry,
    /// An entry that a violated check names.
    AccusedEntry,
    /// What stands for the beginning of a log.
    Snapshot,
}

/// Symbols, each once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Symbols(u64);

impl Symbol {
    /// All of them, in the order of a legend.
    pub const ALL: [Symbol; 58] = [
        Symbol::Accused,
        Symbol::Violation,
        Symbol::AccusedBar,
        Symbol::ViolationLine,
        Symbol::AccusedEntry,
        Symbol::WrongBelief,
        Symbol::Halo,
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
        Symbol::Sent,
        Symbol::Got,
        Symbol::Copy,
        Symbol::Damaged,
        Symbol::Lost,
        Symbol::Paused,
        Symbol::Crashed,
        Symbol::Unseen,
        Symbol::Leader,
        Symbol::Unsaved,
        Symbol::Patience,
        Symbol::Waiting,
        Symbol::Room,
        Symbol::WallClock,
        Symbol::TrueTime,
        Symbol::MonotonicClock,
        Symbol::RoundTrip,
        Symbol::Arrow(MessageSort::Request),
        Symbol::Arrow(MessageSort::Reply),
        Symbol::Arrow(MessageSort::Refusal),
        Symbol::Arrow(MessageSort::Replication),
        Symbol::Arrow(MessageSort::Acknowledgement),
        Symbol::Arrow(MessageSort::Heartbeat),
        Symbol::ArrowCopy,
        Symbol::ArrowLost,
        Symbol::Inbox,
        Symbol::PausedRow,
        Symbol::Crash,
        Symbol::Timeout,
        Symbol::Deed,
        Symbol::Lit,
        Symbol::Bar,
        Symbol::OpenBar,
        Symbol::GivenUpBar,
        Symbol::FailedBar,
        Symbol::Effect,
        Symbol::AppliedEntry,
        Symbol::PendingEntry,
        Symbol::UnsavedEntry,
        Symbol::MembersEntry,
        Symbol::Snapshot,
    ];

    fn bit(self) -> u64 {
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
            Symbol::RoundTrip => 47,
            Symbol::Halo => 48,
            Symbol::Arrow(sort) => 25 + sort as u32,
            Symbol::ArrowCopy => 31,
            Symbol::ArrowLost => 32,
            Symbol::Inbox => 33,
            Symbol::PausedRow => 34,
            Symbol::Crash => 35,
            Symbol::Timeout => 36,
            Symbol::Deed => 37,
            Symbol::Violation => 38,
            Symbol::Lit => 39,
            Symbol::Bar => 40,
            Symbol::OpenBar => 41,
            Symbol::GivenUpBar => 42,
            Symbol::FailedBar => 43,
            Symbol::AccusedBar => 44,
            Symbol::Effect => 45,
            Symbol::ViolationLine => 46,
            Symbol::AppliedEntry => 49,
            Symbol::PendingEntry => 50,
            Symbol::AccusedEntry => 51,
            Symbol::Snapshot => 52,
            Symbol::Patience => 53,
            Symbol::UnsavedEntry => 54,
            Symbol::MembersEntry => 55,
            Symbol::Sent => 56,
            Symbol::Got => 57,
        };
        1 << place
    }
}

impl Symbols {
    /// Takes in one more.
    pub fn insert(&mut self, symbol: Symbol) {
        debug_assert!(
            Symbol::ALL.contains(&symbol),
            "a legend would leave out {symbol:?}: put it into Symbol::ALL"
        );
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
