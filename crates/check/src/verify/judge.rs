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
use crate::history::{History, Operation};
use crate::model::{BadOperation, Model, ModelName};
use crate::value::Value;

/// Judges with one model after the other until the history holds for one.
pub(super) fn judge_any(
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
        let premise = format!(
            "this check is for registers, not for {}",
            question.model.with_article()
        );
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
