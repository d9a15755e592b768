//! What a checker concludes about a history.

use super::budget::Unknown;
use crate::history::{OpId, Operation, Time};

/// What a checker concludes about a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Conclusion<V = Violation> {
    /// Nothing is wrong with the entries so far.
    #[default]
    Holds,
    /// Something is certainly wrong.
    Violated(V),
    /// There is no answer.
    Unknown(Unknown),
}

impl<V> Conclusion<V> {
    /// Whether something is certainly wrong.
    pub fn is_violated(&self) -> bool {
        matches!(self, Self::Violated(_))
    }

    /// What is wrong, if something is.
    pub fn violation(&self) -> Option<&V> {
        match self {
            Self::Violated(violation) => Some(violation),
            Self::Holds | Self::Unknown(_) => None,
        }
    }

    /// The same conclusion with what is wrong told otherwise.
    pub fn map<U>(self, tell: impl FnOnce(V) -> U) -> Conclusion<U> {
        match self {
            Self::Holds => Conclusion::Holds,
            Self::Violated(violation) => Conclusion::Violated(tell(violation)),
            Self::Unknown(why) => Conclusion::Unknown(why),
        }
    }
}

/// What was wrong with a history, since when that is certain, and which operations show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// When it was certain.
    pub at: Time,
    /// The number of the history's entry with which it was certain.
    pub event: u32,
    /// The operations that contradict each other, in the order in which `because` mentions them; or those that fit nowhere,
    /// where it would take too long to tell what contradicts them.
    pub operations: Vec<OpId>,
    /// There: what came before, or was under way.
    pub before: Option<Vec<OpId>>,
    /// The reason in one sentence.
    pub because: String,
}

impl Violation {
    /// All operations that it tells of.
    pub(crate) fn told(&self) -> impl Iterator<Item = OpId> {
        self.operations
            .iter()
            .chain(self.before.iter().flatten())
            .copied()
    }

    /// A violation that is certain once `operation` has ended.
    pub(super) fn at_end_of(
        operation: &Operation,
        operations: Vec<OpId>,
        because: String,
    ) -> Violation {
        Violation {
            at: operation.ended.at().unwrap_or_default(),
            event: operation.ended.event().unwrap_or(operation.invoke_event),
            operations,
            before: None,
            because,
        }
    }
}
