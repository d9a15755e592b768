//! One question, one answer: does this text hold a consistent history?

use crate::consistency::budget::{Budget, Meter, Unknown};
use crate::consistency::causal::{self, Level};
use crate::consistency::conclusion::{Conclusion, Violation};
use crate::consistency::convergence;
use crate::consistency::effects::Effect;
use crate::consistency::linear::{self, Counterexample, Linearizability, Partial};
use crate::consistency::sequential::{self, Sequential};
use crate::consistency::session::{self, Guarantee};
use crate::format::{Document, Keyed, Position, read};
use crate::history::History;
use crate::model::{BadOperation, Model, ModelName};
use crate::names::{listed, named};
use std::str::FromStr;

/// What may be asked of a history: consistency, from strong to weak, and what must be true of effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// See [`linear`].
    Linearizable,
    /// See [`sequential`].
    Sequential,
    /// See [`causal`].
    Causal(Level),
    /// See [`session`].
    Session(Guarantee),
    /// See [`convergence::last_reads`].
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
    fn model(self) -> Option<ModelName> {
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
#[error("unknown consistency `{0}`: one of {all}", all = listed(Consistency::ALL))]
pub struct UnknownConsistency(pub String);

impl FromStr for Consistency {
    type Err = UnknownConsistency;

    fn from_str(name: &str) -> Result<Self, UnknownConsistency> {
        named(Self::ALL, name).ok_or_else(|| UnknownConsistency(name.to_owned()))
    }
}

/// What is asked of a text.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// What the operations are operations on.
    pub model: ModelName,
    /// What must hold.
    pub consistency: Consistency,
    /// Whether values are pairs of key and value.
    pub keyed: Keyed,
    /// What the answer may cost.
    pub budget: Budget,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It holds.
    Valid {
        /// How many operations there were.
        operations: usize,
    },
    /// It does not.
    Invalid(Invalid),
    /// The text, or an operation in it, makes no sense.
    BadInput {
        /// Where.
        at: Position,
        /// Why.
        problem: String,
    },
    /// There is no answer.
    Unknown(Unknown),
}

/// Why a history is not consistent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// What was wrong.
    pub violation: Violation,
    /// As much of the history as can be ordered, where an order was looked for.
    pub partial: Vec<Partial>,
    /// The history, and where its entries are in the text.
    pub document: Document,
}

impl Answer {
    /// The answer in a word: `valid`, `invalid`, `bad-input` or `unknown`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Valid { .. } => "valid",
            Self::Invalid(_) => "invalid",
            Self::BadInput { .. } => "bad-input",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// Answers a question about a text.
pub fn verify(text: &str, question: Question) -> Answer {
    verify_cancellable(text, question, &|| false)
}

/// Answers a question about a text, unless `cancelled` says that nobody wants the answer.
pub fn verify_cancellable(text: &str, question: Question, cancelled: &dyn Fn() -> bool) -> Answer {
    let document = match read(text, question.keyed) {
        Ok(document) => document,
        Err(error) => {
            return Answer::BadInput {
                at: error.at,
                problem: error.problem.to_string(),
            };
        }
    };
    let first = Position { line: 1, column: 1 };
    if let Some(of) = question.consistency.model()
        && of != question.model
    {
        return Answer::BadInput {
            at: first,
            problem: format!("that is asked of a {of}, not of a {}", question.model),
        };
    }
    let model = match question.model.for_history(&document.history) {
        Ok(model) => model,
        Err(error) => {
            return Answer::BadInput {
                at: first,
                problem: error.to_string(),
            };
        }
    };
    let mut meter = Meter::cancellable(question.budget, cancelled);
    match judge(&document.history, &model, question.consistency, &mut meter) {
        Ok(judged) => answer(document, judged),
        Err(BadOperation { op, misfit }) => Answer::BadInput {
            at: document.position_of(op).unwrap_or(first),
            problem: misfit.to_string(),
        },
    }
}

type Judged = Conclusion<(Violation, Vec<Partial>)>;

fn answer(document: Document, judged: Judged) -> Answer {
    match judged {
        Conclusion::Holds => Answer::Valid {
            operations: document.history.operations().len(),
        },
        Conclusion::Violated((violation, partial)) => Answer::Invalid(Invalid {
            violation,
            partial,
            document,
        }),
        Conclusion::Unknown(why) => Answer::Unknown(why),
    }
}

fn judge(
    history: &History,
    model: &Model,
    consistency: Consistency,
    meter: &mut Meter<'_>,
) -> Result<Judged, BadOperation> {
    let alone = |violation| (violation, Vec::new());
    Ok(match consistency {
        Consistency::Linearizable => match linear::check_metered(history, model, meter)? {
            Linearizability::Linearizable(_) => Conclusion::Holds,
            Linearizability::Violated(found) => Conclusion::Violated(told(found)),
            Linearizability::Unknown(why) => Conclusion::Unknown(why),
        },
        Consistency::Sequential => match sequential::check_metered(history, model, meter)? {
            Sequential::Consistent(_) => Conclusion::Holds,
            Sequential::Violated(violation, partial) => {
                Conclusion::Violated((violation, vec![partial]))
            }
            Sequential::Unknown(why) => Conclusion::Unknown(why),
        },
        Consistency::Causal(level) => causal::check(history, level).map(alone),
        Consistency::Session(guarantee) => session::check(history, guarantee).map(alone),
        Consistency::Convergent => convergence::last_reads(history).map(alone),
        Consistency::Effect(effect) => {
            let verdict = effect.check(history, model);
            verdict
                .expect("the model is the one that it is asked of")
                .map(alone)
        }
    })
}

fn told(found: Counterexample) -> (Violation, Vec<Partial>) {
    let violation = found.violation();
    (violation, found.partial)
}
