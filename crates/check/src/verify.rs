//! One question, one answer: does this text hold a consistent history?

use crate::consistency::budget::{Budget, Meter, Unknown};
use crate::consistency::causal::{self, Level};
use crate::consistency::conclusion::{Conclusion, Violation};
use crate::consistency::convergence;
use crate::consistency::effects::Effect;
use crate::consistency::linear::{self, Counterexample, Linearizability, Partial};
use crate::consistency::possible::{Keeping, impossible};
use crate::consistency::sequential::{self, Sequential};
use crate::consistency::session::{self, Guarantee};
use crate::format::drains::{Taken, Undrained, without_drains};
use crate::format::{Document, Keyed, Position, read};
use crate::history::{Function, History, Operation};
use crate::model::{BadOperation, Bank, BankError, InitialError, Model, ModelName, Specification};
use crate::names::{listed, named};
use crate::value::Value;
use sim::sorted::Set;
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
    let mut notes = Vec::new();
    let mut meter = Meter::cancellable(question.budget, cancelled);
    let answer = answer(text, question, &mut meter, &mut notes);
    let answer = answer.unwrap_or_else(|(at, problem)| Answer::BadInput { at, problem });
    Verified { answer, notes }
}

type Bad = (Position, String);

fn answer(
    text: &str,
    question: Question<'_>,
    meter: &mut Meter<'_>,
    notes: &mut Vec<String>,
) -> Result<Answer, Bad> {
    let mut document =
        read(text, question.keyed).map_err(|error| (error.at, error.problem.to_string()))?;
    let first = Position { line: 1, column: 1 };
    if let Some(of) = question.consistency.model()
        && of != question.model
    {
        return Err((
            first,
            format!("that is asked of a {of}, not of a {}", question.model),
        ));
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
    let models = match models(history, question) {
        Ok(models) => models,
        Err(InitialError::Bank(why @ (BankError::NoRead | BankError::TooManyOpen(_)))) => {
            return Ok(Answer::Unknown(Unknown::Premise(why.to_string())));
        }
        Err(error) => return Err((first, error.to_string())),
    };
    notes.extend(unwritten(&document, question));
    notes.extend(opening(&models, question));
    let concluded = judge_any(history, &models, question, meter).map_err(bad)?;
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

/// The models of which one must fit. How much money there is does not depend on what the first read shows of transfers.
fn models(history: &History, question: Question<'_>) -> Result<Vec<Model>, InitialError> {
    match (question.consistency, question.initial) {
        (Consistency::Effect(Effect::MoneyConserved), None) => {
            let bank = Bank::with_the_money_of(history)?;
            Ok(vec![Model::Bank(bank)])
        }
        (_, initial) => question.model.for_history(history, initial),
    }
}

/// Where an operation is that makes no sense, and why it makes none.
fn placed(document: &Document, BadOperation { op, misfit }: BadOperation) -> Bad {
    let at = document.position_of(op);
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

/// Whether the model makes sense of all operations that may have taken effect: none is left out because of its form.
fn understood(history: &History, model: ModelName) -> Result<(), BadOperation> {
    let mut operations = history.operations().iter().filter(|op| !op.failed());
    operations.try_for_each(|operation| {
        let op = operation.id;
        model
            .understands(operation)
            .map_err(|misfit| BadOperation { op, misfit })
    })
}

/// A read that shows what nobody writes is most often one of an initial value that nobody mentioned.
fn unwritten(document: &Document, question: Question<'_>) -> Option<String> {
    let of_a_register = matches!(question.model, ModelName::Register | ModelName::CasRegister);
    if !of_a_register || question.initial.is_some() {
        return None;
    }
    let operations = document.history.operations();
    let left = operations
        .iter()
        .filter_map(|op| Some((&op.call.key, what_it_leaves(op)?)));
    let left: Set<_> = left.collect();
    let mut reads = operations
        .iter()
        .filter(|op| op.call.function == Function::Read);
    let odd = |read: &&Operation| {
        read.result()
            .is_some_and(|value| *value != Value::Nil && !left.contains(&(&read.call.key, value)))
    };
    let read = reads.find(odd)?;
    let (value, line) = (read.result()?, document.position_of(read.id)?.line);
    Some(format!(
        "nobody writes the {value} that is read on line {line}, and registers are taken to start at nil; if they start \
         at something else, say it with --initial"
    ))
}

/// What a write or a `cas` leaves in its register, if it may have taken effect.
fn what_it_leaves(operation: &Operation) -> Option<&Value> {
    let argument = &operation.call.argument;
    match operation.call.function {
        _ if operation.failed() => None,
        Function::Write => Some(argument),
        Function::Cas => Some(argument.as_pair()?.1),
        _ => None,
    }
}

/// How it is known what a bank holds at the start.
fn opening(models: &[Model], question: Question<'_>) -> Option<String> {
    let is_about_money = question.consistency == Consistency::Effect(Effect::MoneyConserved);
    match (models, question.initial) {
        ([Model::Bank(bank)], None) if !bank.opening.is_empty() && is_about_money => {
            let money: i128 = bank.opening.values().copied().map(i128::from).sum();
            Some(format!(
                "how much money there is, {money}, is from the first read"
            ))
        }
        ([Model::Bank(bank)], None) if !bank.opening.is_empty() => Some(format!(
            "the opening balances, {}, are from the first read",
            bank.balances(&bank.initial())
        )),
        ([Model::Bank(_), _, ..], None) => Some(format!(
            "transfers overlap the first read, which allows {} opening balances: one must fit",
            models.len()
        )),
        _ => None,
    }
}

/// Judges with one model after the other until the history holds for one.
fn judge_any(
    history: &History,
    models: &[Model],
    question: Question<'_>,
    meter: &mut Meter<'_>,
) -> Result<Concluded, BadOperation> {
    let mut worst = None;
    for model in models {
        match (judge(history, model, question, meter)?, &worst) {
            (Conclusion::Holds, _) => return Ok(Conclusion::Holds),
            (concluded @ Conclusion::Unknown(_), _) | (concluded, None) => worst = Some(concluded),
            _ => {}
        }
    }
    Ok(worst.unwrap_or_default())
}

type Concluded = Conclusion<(Violation, Vec<Partial>)>;

fn alone(violation: Violation) -> (Violation, Vec<Partial>) {
    (violation, Vec::new())
}

fn judge(
    history: &History,
    model: &Model,
    question: Question<'_>,
    meter: &mut Meter<'_>,
) -> Result<Concluded, BadOperation> {
    let consistency = question.consistency;
    let initial = question.initial.cloned().unwrap_or_default();
    let is_register = matches!(
        model,
        Model::Register | Model::CasRegister | Model::Started(_)
    );
    if let (Consistency::Causal(_) | Consistency::Session(_), false) = (consistency, is_register) {
        let premise = format!("this check is for registers, not for a {}", question.model);
        return Ok(Conclusion::Unknown(Unknown::Premise(premise)));
    }
    let refuted = || refuted(history, model, consistency, &initial);
    Ok(match consistency {
        Consistency::Linearizable => {
            let look = |meter: &mut Meter<'_>| linear::check_metered(history, model, meter);
            // A search tells more of what is wrong. Where it takes long, what is weaker is refuted first.
            match meter.with_share(8, look)? {
                Linearizability::Unknown(why) => match (refuted(), why) {
                    (Some(found), _) => Conclusion::Violated(alone(found)),
                    (None, Unknown::Steps(_)) => in_real_time(look(meter)?),
                    (None, why) => Conclusion::Unknown(why),
                },
                found => in_real_time(found),
            }
        }
        Consistency::Sequential => match refuted() {
            Some(found) => Conclusion::Violated(alone(found)),
            None => certain_of(question, in_sequence(history, model, meter)?),
        },
        Consistency::Causal(level) => causal::check(history, level, &initial).map(alone),
        Consistency::Session(guarantee) => {
            session::check_metered(history, guarantee, &initial, meter).map(alone)
        }
        Consistency::Convergent => convergence::last_reads(history, model).map(alone),
        Consistency::Effect(effect) => {
            let verdict = effect.check(history, model);
            verdict
                .expect("the model is the one that it is asked of")
                .map(alone)
        }
    })
}

fn in_real_time(found: Linearizability) -> Concluded {
    match found {
        Linearizability::Linearizable(_) => Conclusion::Holds,
        Linearizability::Violated(found) => Conclusion::Violated(told(found)),
        Linearizability::Unknown(why) => Conclusion::Unknown(why),
    }
}

/// What rules out, without a search, that a history is linearizable or sequential: it is not even what is weaker.
fn refuted(
    history: &History,
    model: &Model,
    consistency: Consistency,
    initial: &Value,
) -> Option<Violation> {
    let keeping = match consistency {
        Consistency::Linearizable => Keeping::TrueTime,
        _ => Keeping::Processes,
    };
    let effects: &[Effect] = match (model, consistency) {
        (Model::Register | Model::CasRegister | Model::Started(_), _) => {
            let not_causal = match consistency {
                Consistency::Linearizable => {
                    causal::check_in_time(history, Level::Convergent, initial)
                }
                _ => causal::check(history, Level::Convergent, initial),
            };
            let not_causal = ruled_out(history, &not_causal);
            return not_causal.or_else(|| impossible(history, model, keeping));
        }
        (Model::Bank(_), _) => &[Effect::MoneyConserved],
        // What was certain at a moment is so in true time alone.
        (Model::Set, Consistency::Linearizable) => &[Effect::LostAdds, Effect::ResurrectedDeletes],
        (Model::Queue, Consistency::Linearizable) => &[Effect::QueueOrder],
        _ => &[],
    };
    let checked = effects
        .iter()
        .filter_map(|effect| effect.check(history, model));
    let mut violations = checked.filter_map(|conclusion| conclusion.violation().cloned());
    violations
        .next()
        .or_else(|| impossible(history, model, keeping))
}

/// Why a history of registers is not even causally consistent.
fn ruled_out(history: &History, conclusion: &Conclusion) -> Option<Violation> {
    let violation = conclusion.violation()?;
    // A `cas` may leave what was read, and this check is for reads and writes alone.
    let [read] = violation.operations.as_slice() else {
        return Some(violation.clone());
    };
    let read = history.get(*read)?;
    let is_of_it =
        |op: &&Operation| op.call.key == read.call.key && what_it_leaves(op) == read.result();
    let written_later = history.operations().iter().any(|op| is_of_it(&op));
    (!written_later).then(|| violation.clone())
}

/// Searches for one order of all operations: at first among those that keep true time too, which are fewer.
fn in_sequence(
    history: &History,
    model: &Model,
    meter: &mut Meter<'_>,
) -> Result<Concluded, BadOperation> {
    let in_time = meter.with_share(2, |meter| linear::check_metered(history, model, meter))?;
    if let Linearizability::Linearizable(_) = in_time {
        return Ok(Conclusion::Holds);
    }
    Ok(match sequential::check_metered(history, model, meter)? {
        Sequential::Consistent(_) => Conclusion::Holds,
        Sequential::Violated(violation, partial) => {
            Conclusion::Violated((violation, vec![partial]))
        }
        Sequential::Unknown(why) => Conclusion::Unknown(why),
    })
}

/// What a bank's first read tells of its opening balances, it tells in true time: another order of all operations may put
/// transfers after it that had ended before, so that other balances fit.
fn certain_of(question: Question<'_>, concluded: Concluded) -> Concluded {
    let is_guessed = question.model == ModelName::Bank && question.initial.is_none();
    match concluded {
        Conclusion::Violated(_) if is_guessed => Conclusion::Unknown(Unknown::Premise(
            "no order was found from the opening balances that the first read shows, and others may fit; say them with \
             --initial"
                .to_owned(),
        )),
        concluded => concluded,
    }
}

fn told(found: Counterexample) -> (Violation, Vec<Partial>) {
    let violation = found.violation();
    (violation, found.partial)
}
