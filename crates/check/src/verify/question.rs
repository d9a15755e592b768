//! What may be asked of a text.

use crate::consistency::budget::Budget;
use crate::consistency::causal::Level;
use crate::consistency::effects::Effect;
use crate::consistency::session::Guarantee;
use crate::format::Keyed;
use crate::model::ModelName;
use crate::names::{listed, named};
use crate::quoted::Quoted;
use crate::value::Value;
use std::str::FromStr;

/// What may be asked of a history: consistency, from strong to weak, and what must be true of effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// See [`linear`](crate::consistency::linear).
    Linearizable,
    /// See [`sequential`](crate::consistency::sequential).
    Sequential,
    /// See [`causal`](crate::consistency::causal).
    Causal(Level),
    /// See [`session`](crate::consistency::session).
    Session(Guarantee),
    /// See [`last_reads`](crate::consistency::convergence::last_reads).
    Convergent,
    /// See [`effects`](crate::consistency::effects).
    Effect(Effect),
}

impl Consistency {
    /// Every consistency that can be asked for, and its name on the command line.
    pub const ALL: &[(&'static str, Self)] = &[
        ("linearizable", Self::Linearizable),
        ("sequential", Self::Sequential),
        ("causal", Self::Causal(Level::Causal)),
        ("causal-convergent", Self::Causal(Level::Convergent)),
        ("read-your-writes", Self::Session(Guarantee::ReadYourWrites)),
        ("monotonic-reads", Self::Session(Guarantee::MonotonicReads)),
        (
            "monotonic-writes",
            Self::Session(Guarantee::MonotonicWrites),
        ),
        (
            "writes-follow-reads",
            Self::Session(Guarantee::WritesFollowReads),
        ),
        ("convergent", Self::Convergent),
        ("lost-writes", Self::Effect(Effect::LostAdds)),
        (
            "resurrected-deletes",
            Self::Effect(Effect::ResurrectedDeletes),
        ),
        ("money-conserved", Self::Effect(Effect::MoneyConserved)),
        ("queue-order", Self::Effect(Effect::QueueOrder)),
    ];

    /// The model of which it can be asked, if not of every model.
    pub(super) fn model(self) -> Option<ModelName> {
        match self {
            Self::Effect(effect) => Some(effect.model()),
            Self::Linearizable
            | Self::Sequential
            | Self::Causal(_)
            | Self::Session(_)
            | Self::Convergent => None,
        }
    }
}

/// No consistency has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown consistency `{}`: one of {all}", Quoted(.0), all = listed(Consistency::ALL))]
pub struct UnknownConsistency(pub String);

impl FromStr for Consistency {
    type Err = UnknownConsistency;

    fn from_str(name: &str) -> Result<Self, UnknownConsistency> {
        named(Self::ALL, name).ok_or_else(|| UnknownConsistency(name.to_owned()))
    }
}

/// What is asked of a text.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What the operations are operations on.
    pub model: ModelName,
    /// What must hold.
    pub consistency: Consistency,
    /// Whether values are pairs of key and value.
    pub keyed: Keyed,
    /// What registers hold at the start, if not nil, or the opening balances of a bank.
    pub initial: Option<&'a Value>,
    /// What the answer may cost.
    pub budget: Budget,
}
