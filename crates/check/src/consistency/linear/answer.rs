//! Whether a history is linearizable, and what shows it.

use crate::consistency::budget::Unknown;
use crate::consistency::conclusion::Violation;
use crate::history::{OpId, Time};
use crate::value::Value;

/// What is concluded about a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Linearizability {
    /// It is linearizable: for each object, an order that shows it.
    Linearizable(Vec<Witness>),
    /// It is not.
    Violated(Counterexample),
    /// The search ended without an answer.
    Unknown(Unknown),
}

/// An order of operations in which they may have taken effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The object.
    pub key: Option<Value>,
    /// Its operations in order, without those that need not have taken effect.
    pub order: Vec<OpId>,
}

/// Why a history is not linearizable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexample {
    /// The object.
    pub key: Option<Value>,
    /// The number of the entry from which it was certain: the history before is linearizable.
    pub event: u32,
    /// When that was.
    pub at: Time,
    /// The operation that returned then and cannot be placed.
    pub op: OpId,
    /// The operations that it contradicts; none where it would take too long to tell.
    pub against: Vec<OpId>,
    /// There: what came before, or was under way.
    pub before: Option<Vec<OpId>>,
    /// The longest ways to place the operations before it.
    pub partial: Vec<Partial>,
    /// The reason in one sentence.
    pub because: String,
}

impl Counterexample {
    /// The operation that cannot be placed, and those that it contradicts.
    pub fn violation(&self) -> Violation {
        let mut operations = vec![self.op];
        operations.extend(self.against.iter().filter(|&&op| op != self.op));
        let because = self.because.clone();
        Violation {
            at: self.at,
            event: self.event,
            operations,
            before: self.before.clone(),
            because,
        }
    }
}

/// As much of a history as can be put in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// The operations that could be placed, in order.
    pub order: Vec<OpId>,
    /// What the object holds then, in words.
    pub state: String,
    /// The operations that were under way and could not be placed.
    pub unplaced: Vec<OpId>,
}
