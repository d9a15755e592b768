//! One question, one answer: does this text hold a consistent history?
//!
//! | file | its subject |
//! | --- | --- |
//! | `question` | what may be asked of a text |
//! | `judge` | the answer for one history, one model, one consistency |
//! | `notes` | what an answer took for granted |

mod judge;
mod notes;
mod question;

use crate::consistency::budget::{HISTORY, Meter, Unknown};
use crate::consistency::conclusion::{Conclusion, Violation};
use crate::consistency::effects::Effect;
use crate::consistency::linear::Partial;
use crate::format::drains::{Taken, Undrained, without_drains};
use crate::format::{Document, Position, Problem, ReadError, read_within};
use crate::history::{Function, History};
use crate::model::reads_have_its_form;
use crate::model::{BadOperation, Bank, BankError, InitialError, Misfit, Model, ModelName};
pub use question::{Consistency, Question, UnknownConsistency};

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It holds.
    Valid {
        /// How many operations there were.
        operations: usize,
    },
    /// It does not.
    Invalid(Box<Invalid>),
    /// The text, or an operation in it, makes no sense.
    BadInput {
        /// Where.
        at: Position,
        /// Why.
        problem: String,
    },
    /// An option of the question makes no sense for the history.
    BadQuestion {
        /// Which one, and why.
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
            Self::BadInput { .. } | Self::BadQuestion { .. } => "bad-input",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// An answer, and what was left out or taken for granted on the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The answer.
    pub answer: Answer,
    /// One sentence each.
    pub notes: Vec<String>,
}

/// Answers a question about a text.
pub fn verify(text: &str, question: Question<'_>) -> Answer {
    verify_cancellable(text, question, &|| false).answer
}

/// Answers a question about a text, unless `cancelled` says that nobody wants the answer.
pub fn verify_cancellable(
    text: &str,
    question: Question<'_>,
    cancelled: &dyn Fn() -> bool,
) -> Verified {
    verify_read(read_for(text, question), question, cancelled)
}

/// Reads a text for a question, within the memory that the question has for it.
///
/// # Errors
/// The first thing that is wrong with the text, and where.
pub fn read_for(text: &str, question: Question<'_>) -> Result<Document, ReadError> {
    read_within(text, question.keyed, question.budget.history_bytes())
}

/// Answers a question about what was read for it: the text itself is not needed any more.
pub fn verify_read(
    read: Result<Document, ReadError>,
    question: Question<'_>,
    cancelled: &dyn Fn() -> bool,
) -> Verified {
    let mut notes = Vec::new();
    let mut meter = Meter::cancellable(question.budget, cancelled);
    let answer = answer(read, question, &mut meter, &mut notes);
    let answer = answer.unwrap_or_else(|(at, problem)| Answer::BadInput { at, problem });
    Verified { answer, notes }
}

type Bad = (Position, String);

fn answer(
    read: Result<Document, ReadError>,
    question: Question<'_>,
    meter: &mut Meter<'_>,
    notes: &mut Vec<String>,
) -> Result<Answer, Bad> {
    let mut document = match read {
        Ok(document) => document,
        Err(ReadError {
            problem: Problem::TooLarge(bytes),
            ..
        }) => return Ok(Answer::Unknown(Unknown::Large(bytes))),
        Err(error) => return Err((error.at, told(error.problem, question))),
    };
    if let Some(of) = question.consistency.model()
        && of != question.model
    {
        let problem = format!(
            "--consistency: this is asked of {}, not of {}",
            of.with_article(),
            question.model.with_article()
        );
        return Ok(Answer::BadQuestion { problem });
    }
    notes.append(&mut document.notes);
    if let Some(why) =
        drained(&mut document, question, notes).map_err(|bad| placed(&document, bad))?
    {
        return Ok(Answer::Unknown(why));
    }
    let history = &document.history;
    let bad = |bad| placed(&document, bad);
    understood(history, question.model).map_err(bad)?;
    let model = match model(history, question) {
        Ok(model) => model,
        Err(InitialError::Bank(why @ BankError::NoRead)) => {
            return Ok(Answer::Unknown(Unknown::Premise(why.to_string())));
        }
        Err(error) => {
            let problem = format!("--initial: {error}");
            return Ok(Answer::BadQuestion { problem });
        }
    };
    notes.extend(notes::unwritten(&document, question));
    notes.extend(notes::phantom(&document, question));
    notes.extend(notes::opening(&model, question));
    let large = document.bytes().saturating_sub(HISTORY);
    let judge = |meter: &mut Meter<'_>| judge::told(history, &model, question, meter);
    let concluded = meter.beside(large, judge).map_err(bad)?;
    Ok(match concluded {
        Conclusion::Holds => Answer::Valid {
            operations: history.operations().len(),
        },
        Conclusion::Violated((violation, partial)) => Answer::Invalid(Box::new(Invalid {
            violation,
            partial,
            document,
        })),
        Conclusion::Unknown(why) => Answer::Unknown(why),
    })
}

/// A problem of a text, for whoever has named a model.
fn told(problem: Problem, question: Question<'_>) -> String {
    match problem {
        Problem::Function(unknown) => format!("{unknown}; {}", question.model.told()),
        problem => problem.to_string(),
    }
}

/// The model of a history. How much money there is does not depend on what the first read shows of transfers.
fn model(history: &History, question: Question<'_>) -> Result<Model, InitialError> {
    match (question.consistency, question.initial) {
        (Consistency::Effect(Effect::MoneyConserved), None) => {
            Ok(Model::Bank(Bank::with_the_money_of(history)?))
        }
        (_, initial) => question.model.for_history(history, initial),
    }
}

/// Where an operation is that makes no sense, and why it makes none.
fn placed(document: &Document, BadOperation { op, misfit }: BadOperation) -> Bad {
    let at = match misfit {
        Misfit::Result { .. } => document.position_of(op),
        Misfit::Argument { .. } | Misfit::Function { .. } => document.position_of_call(op),
    };
    (
        at.unwrap_or(Position { line: 1, column: 1 }),
        misfit.to_string(),
    )
}

/// Puts dequeues for the drains of a queue; or says why that cannot be.
fn drained(
    document: &mut Document,
    question: Question<'_>,
    notes: &mut Vec<String>,
) -> Result<Option<Unknown>, BadOperation> {
    let is_queue = matches!(question.model, ModelName::Queue | ModelName::UnorderedQueue);
    let mut operations = document.history.operations().iter();
    if !is_queue || !operations.any(|op| op.call.function == Function::Drain) {
        return Ok(None);
    }
    notes.extend(notes::empty_drains(document));
    let taken = match question.consistency {
        Consistency::Sequential => Taken::InTurn,
        _ => Taken::InTime,
    };
    match without_drains(document, taken) {
        Ok(dequeued) => *document = dequeued,
        Err(Undrained::Misfit(bad)) => return Err(bad),
        Err(Undrained::Unknown(why)) => return Ok(Some(why)),
    }
    if question.model == ModelName::Queue && taken == Taken::InTime {
        let note = "the items of a drain count as taken at any time between its call and its end, in any order";
        notes.push(note.to_owned());
    }
    Ok(None)
}

/// Whether the model makes sense of all operations that may have taken effect: none is left out because of its form. One
/// that failed may have done so for its form, but not for a function that the object does not have.
fn understood(history: &History, model: ModelName) -> Result<(), BadOperation> {
    if model == ModelName::KvAppend {
        reads_have_its_form(history)?;
    }
    history.operations().iter().try_for_each(|operation| {
        let op = operation.id;
        match model.understands(operation) {
            Err(misfit) if !operation.failed() || matches!(misfit, Misfit::Function { .. }) => {
                Err(BadOperation { op, misfit })
            }
            _ => Ok(()),
        }
    })
}
