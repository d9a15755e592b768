//! One history, one model, one consistency: does it hold?

use super::notes::what_it_leaves;
use super::question::{Consistency, Question};
use crate::consistency::budget::{Meter, Unknown};
use crate::consistency::causal::{self, Level};
use crate::consistency::conclusion::{Conclusion, Violation};
use crate::consistency::convergence;
use crate::consistency::effects::Effect;
use crate::consistency::linear::{self, Counterexample, Linearizability, Partial};
use crate::consistency::possible::{Keeping, impossible};
use crate::consistency::sequential::{self, Sequential};
use crate::consistency::session;
use crate::history::{History, OpId, Operation};
use crate::model::{BadOperation, Model};
use crate::value::Value;

/// Judges a history, and tells what contradicts what does not hold.
pub(super) fn told(
    history: &History,
    model: &Model,
    question: Question<'_>,
    meter: &mut Meter<'_>,
) -> Result<Conclusion<Told>, BadOperation> {
    Ok(match judge(history, model, question, meter)? {
        Conclusion::Holds => Conclusion::Holds,
        Conclusion::Unknown(why) => Conclusion::Unknown(why),
        Conclusion::Violated(found) => Conclusion::Violated(found.told(history, model, meter)?),
    })
}

/// What is wrong, and as much of the history as can be ordered.
type Told = (Violation, Vec<Partial>);

/// What is wrong with a history.
#[allow(clippy::large_enum_variant, reason = "there is one for a history")]
enum Found {
    Told(Told),
    /// What contradicts the operation that fits nowhere is not found yet.
    Search(Counterexample),
}

type Concluded = Conclusion<Found>;

impl Found {
    fn told(
        self,
        history: &History,
        model: &Model,
        meter: &mut Meter<'_>,
    ) -> Result<Told, BadOperation> {
        match self {
            Self::Told(told) => Ok(told),
            Self::Search(mut found) => {
                linear::blame(&mut found, history, model, meter)?;
                Ok((found.violation(), found.partial))
            }
        }
    }
}

fn alone(violation: Violation) -> Found {
    Found::Told((violation, Vec::new()))
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
        let premise = format!(
            "this check is for registers, not for {}",
            question.model.with_article()
        );
        return Ok(Conclusion::Unknown(Unknown::Premise(premise)));
    }
    // What is weaker may itself take long.
    let refuted = |meter: &mut Meter<'_>| {
        meter.with_share(4, |meter| {
            refuted(history, model, consistency, &initial, meter)
        })
    };
    Ok(match consistency {
        Consistency::Linearizable => {
            let look = |meter: &mut Meter<'_>| linear::find(history, model, meter);
            // A search tells more of what is wrong. Where it takes long, what is weaker is refuted first.
            match meter.with_share(8, look)? {
                Linearizability::Unknown(why) => match (refuted(meter), why) {
                    (Some(found), _) => Conclusion::Violated(proven(found, history, model)),
                    (None, Unknown::Steps(_)) => in_real_time(look(meter)?),
                    (None, why) => Conclusion::Unknown(why),
                },
                found => in_real_time(found),
            }
        }
        Consistency::Sequential => match refuted(meter) {
            Some(found) => Conclusion::Violated(alone(found)),
            None => certain_of(question, model, in_sequence(history, model, meter)?),
        },
        Consistency::Causal(level) => {
            let causal =
                |meter: &mut Meter<'_>| causal::check_metered(history, level, &initial, meter);
            or_stronger(meter.with_share(2, causal), history, model, meter)?
        }
        Consistency::Session(guarantee) => {
            let session =
                |meter: &mut Meter<'_>| session::check_metered(history, guarantee, &initial, meter);
            or_stronger(meter.with_share(2, session), history, model, meter)?
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

/// What is weaker names what it tells of one object, and counts on more: a search tells what contradicts it.
fn proven(violation: Violation, history: &History, model: &Model) -> Found {
    let key = |op: &OpId| {
        let key = history.get(*op)?.call.key.as_ref();
        key.filter(|_| model.partitions_by_key())
    };
    let mut keys = violation.operations.iter().map(key);
    let (Some(&op), Some(of)) = (violation.operations.first(), keys.next()) else {
        return alone(violation);
    };
    if keys.any(|other| other != of) {
        return alone(violation);
    }
    let others = violation.operations.iter().skip(1).copied();
    Found::Search(Counterexample {
        key: of.cloned(),
        event: violation.event,
        at: violation.at,
        op,
        against: Vec::new(),
        before: Some(others.collect()),
        partial: Vec::new(),
        because: violation.because,
    })
}

/// What is linearizable keeps every promise of clients, even where reads cannot be traced to writes.
fn or_stronger(
    found: Conclusion,
    history: &History,
    model: &Model,
    meter: &mut Meter<'_>,
) -> Result<Concluded, BadOperation> {
    let Conclusion::Unknown(why) = found else {
        return Ok(found.map(alone));
    };
    Ok(match linear::find(history, model, meter)? {
        Linearizability::Linearizable(_) => Conclusion::Holds,
        _ => Conclusion::Unknown(why),
    })
}

fn in_real_time(found: Linearizability) -> Concluded {
    match found {
        Linearizability::Linearizable(_) => Conclusion::Holds,
        Linearizability::Violated(found) => Conclusion::Violated(Found::Search(found)),
        Linearizability::Unknown(why) => Conclusion::Unknown(why),
    }
}

/// What rules out, without a search, that a history is linearizable or sequential: it is not even what is weaker.
fn refuted(
    history: &History,
    model: &Model,
    consistency: Consistency,
    initial: &Value,
    meter: &mut Meter<'_>,
) -> Option<Violation> {
    let keeping = match consistency {
        Consistency::Linearizable => Keeping::TrueTime,
        _ => Keeping::Processes,
    };
    let effects: &[Effect] = match (model, consistency) {
        (Model::Register | Model::CasRegister | Model::Started(_), _) => {
            let not_causal = match consistency {
                Consistency::Linearizable => {
                    causal::check_in_time(history, Level::Convergent, initial, meter)
                }
                _ => causal::check_metered(history, Level::Convergent, initial, meter),
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
    let in_time = meter.with_share(2, |meter| linear::find(history, model, meter))?;
    if let Linearizability::Linearizable(_) = in_time {
        return Ok(Conclusion::Holds);
    }
    Ok(match sequential::check_metered(history, model, meter)? {
        Sequential::Consistent(_) => Conclusion::Holds,
        Sequential::Violated(violation, partial) => {
            Conclusion::Violated(Found::Told((violation, vec![partial])))
        }
        Sequential::Unknown(why) => Conclusion::Unknown(why),
    })
}

/// What a bank's first read tells of its opening balances, it tells in true time: another order of all operations may put
/// transfers after it that had ended before, so that other balances fit.
fn certain_of(question: Question<'_>, model: &Model, concluded: Concluded) -> Concluded {
    let is_guessed =
        matches!(model, Model::Bank(bank) if !bank.is_open) && question.initial.is_none();
    match concluded {
        Conclusion::Violated(_) if is_guessed => Conclusion::Unknown(Unknown::Premise(
            "no order was found from the opening balances that the first read shows, and others may fit; say them with \
             --initial"
                .to_owned(),
        )),
        concluded => concluded,
    }
}
