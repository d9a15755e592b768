//! Linearizability: is there an order of the operations that respects real time and that the
//! object allows? (Herlihy and Wing, "Linearizability: a correctness condition for concurrent
//! objects", TOPLAS 1990.)
//!
//! | module | its subject |
//! | --- | --- |
//! | `answer` | what is concluded, and what shows it |
//! | `blame` | which operations contradict each other |
//! | `object` | the history of one object, up to any of its entries |
//! | `online` | a history that is still being written |
//! | `problem` | an object's history, laid out for the search |
//! | `width` | the search in terms of operations, for as many bits as they take |
//! | `search`, `config`, `visited` | the search itself |

mod answer;
mod blame;
mod config;
mod object;
mod online;
mod problem;
mod search;
mod visited;
mod width;

pub use answer::{Counterexample, Linearizability, Partial, Witness};
pub use online::Online;

use crate::consistency::budget::{Budget, Meter};
use crate::history::{History, Operation};
use crate::model::{BadOperation, Model};
use crate::value::Value;
pub(crate) use blame::blame;
use object::{Failure, Placed, check_object, explain, first_failure, plainly};

/// Checks a whole history, object by object.
///
/// # Errors
/// If the model cannot make sense of an operation.
pub fn check(
    history: &History,
    model: &Model,
    budget: Budget,
) -> Result<Linearizability, BadOperation> {
    check_metered(history, model, &mut Meter::new(budget))
}

/// Checks a whole history with a meter, which may be cancelled.
///
/// # Errors
/// If the model cannot make sense of an operation.
pub fn check_metered(
    history: &History,
    model: &Model,
    meter: &mut Meter<'_>,
) -> Result<Linearizability, BadOperation> {
    match find(history, model, meter)? {
        Linearizability::Violated(mut found) => {
            blame(&mut found, history, model, meter)?;
            Ok(Linearizability::Violated(found))
        }
        found => Ok(found),
    }
}

/// The same, without telling what contradicts the operation that fits nowhere.
pub(crate) fn find(
    history: &History,
    model: &Model,
    meter: &mut Meter<'_>,
) -> Result<Linearizability, BadOperation> {
    let mut witnesses = Vec::new();
    let mut worst: Option<Counterexample> = None;
    let mut unknown = None;
    for (key, operations) in objects(history, model) {
        match check_object(&operations, model, u32::MAX, meter)? {
            Ok(Placed::All(order)) => witnesses.push(Witness { key, order }),
            Ok(Placed::Not(failure)) => {
                let failure = first_failure(&operations, model, failure, meter)?;
                if worst
                    .as_ref()
                    .is_none_or(|worst| failure.event < worst.event)
                {
                    worst = Some(tell(history, key, &operations, model, failure, meter)?);
                }
            }
            Err(why) => unknown = unknown.or(Some(why)),
        }
    }
    Ok(match (worst, unknown) {
        (Some(counterexample), _) => Linearizability::Violated(counterexample),
        (None, Some(why)) => Linearizability::Unknown(why),
        (None, None) => Linearizability::Linearizable(witnesses),
    })
}

/// Tells of what fits nowhere among the operations of an object.
fn tell(
    history: &History,
    key: Option<Value>,
    operations: &[&Operation],
    model: &Model,
    failure: Failure,
    meter: &mut Meter<'_>,
) -> Result<Counterexample, BadOperation> {
    let failure = plainly(operations, model, failure, meter)?;
    let mut found = explain(history, key, failure);
    let operation = history.get(found.op);
    if let Some((never, op)) = operation.and_then(|op| Some((model.never(op)?, op))) {
        found.because = format!("{op}: {never}");
    }
    Ok(found)
}

/// Tells of what a running check found as it is told of a whole history, and with what contradicts it, as far as the meter
/// allows that.
fn tell_as_of_all(
    found: &Counterexample,
    history: &History,
    model: &Model,
    meter: &mut Meter<'_>,
) -> Result<Counterexample, BadOperation> {
    let key = found.key.clone();
    let objects = objects(history, model).into_iter();
    let operations = objects.filter(|(of, _)| *of == key);
    let operations: Vec<&Operation> = operations.flat_map(|(_, operations)| operations).collect();
    let mut told = match check_object(&operations, model, found.event, meter)? {
        Ok(Placed::Not(failure)) => {
            let failure = Failure {
                event: found.event,
                op: found.op,
                ..failure
            };
            tell(history, key, &operations, model, failure, meter)?
        }
        Ok(Placed::All(_)) | Err(_) => found.clone(),
    };
    blame(&mut told, history, model, meter)?;
    Ok(told)
}

/// The operations that have to be checked together.
fn objects<'a>(history: &'a History, model: &Model) -> Vec<(Option<Value>, Vec<&'a Operation>)> {
    if model.partitions_by_key() {
        let keys = history.by_key().into_iter();
        return keys
            .map(|(key, operations)| (key.cloned(), operations))
            .collect();
    }
    vec![(None, history.operations().iter().collect())]
}
