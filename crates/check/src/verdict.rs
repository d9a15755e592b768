//! What a check says.

use crate::budget::Unknown;
use crate::history::{OpId, Time};

/// The answer of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verdict<V = Violation> {
    /// Nothing was wrong, as far as the check was told.
    #[default]
    Holds,
    /// Something was certainly wrong.
    Violated(V),
    /// There is no answer.
    Unknown(Unknown),
}

impl<V> Verdict<V> {
    /// Whether something was certainly wrong.
    pub fn is_violated(&self) -> bool {
        matches!(self, Self::Violated(_))
    }

    /// What was wrong, if something was.
    pub fn violation(&self) -> Option<&V> {
        match self {
            Self::Violated(violation) => Some(violation),
            Self::Holds | Self::Unknown(_) => None,
        }
    }

    /// The same verdict with what was wrong told otherwise.
    pub fn map<U>(self, tell: impl FnOnce(V) -> U) -> Verdict<U> {
        match self {
            Self::Holds => Verdict::Holds,
            Self::Violated(violation) => Verdict::Violated(tell(violation)),
            Self::Unknown(why) => Verdict::Unknown(why),
        }
    }
}

/// What was wrong with a history, from when on that is certain, and with which operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// When it was certain.
    pub at: Time,
    /// The number of the history's entry with which it was certain.
    pub event: u32,
    /// The operations that contradict each other, in the order in which they are spoken of.
    pub operations: Vec<OpId>,
    /// The reason in one sentence.
    pub because: String,
}
