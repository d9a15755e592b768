//! Linearizability: is there an order of the operations that respects real time and that the
//! object allows? (Herlihy and Wing, "Linearizability: a correctness condition for concurrent
//! objects", TOPLAS 1990.)

mod config;
mod online;
mod problem;
mod search;
mod visited;
mod width;

use crate::consistency::budget::{Budget, Meter, Unknown};
use crate::consistency::conclusion::Violation;
use crate::history::{Function, History, OpId, Operation, Time};
use crate::machine::{Lookahead, Machine};
use crate::model::{BadOperation, Model};
use crate::value::Value;
pub use online::Online;
pub(crate) use problem::Item;
use problem::Problem;
use search::Goal;
use sim::sorting::sort;
use width::{Found, Place, Way, search};

/// The verdict on a history.
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
    /// Its operations, those left out that need not have taken effect.
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
    /// The operations that made the object, in the longest ways, into what it should not be then.
    pub against: Vec<OpId>,
    /// The longest ways to place the operations before it.
    pub partial: Vec<Partial>,
    /// The reason in one sentence.
    pub because: String,
}

impl Counterexample {
    /// The operation that cannot be placed, what it contradicts, and those that were under way with it.
    pub fn violation(&self) -> Violation {
        let mut operations = vec![self.op];
        let unplaced = self.partial.iter().flat_map(|partial| &partial.unplaced);
        for &op in self.against.iter().chain(unplaced) {
            if !operations.contains(&op) {
                operations.push(op);
            }
        }
        let because = self.because.clone();
        Violation {
            at: self.at,
            event: self.event,
            operations,
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
                    worst = Some(explain(history, key, failure));
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

enum Placed {
    All(Vec<OpId>),
    Not(Failure),
}

/// An object's history cannot be linearized up to some entry.
struct Failure {
    /// The entry.
    event: u32,
    op: OpId,
    ways: Vec<Way>,
}

/// Checks one object's history up to and including the entry `last`.
fn check_object(
    operations: &[&Operation],
    model: &Model,
    last: u32,
    meter: &mut Meter<'_>,
) -> Result<Result<Placed, Unknown>, BadOperation> {
    let mut machine = Machine::new(model, Lookahead::All);
    let items = items(operations, &mut machine, last)?;
    Ok(place_all(&items, &mut machine, meter))
}

fn place_all(
    items: &[Item],
    machine: &mut Machine,
    meter: &mut Meter<'_>,
) -> Result<Placed, Unknown> {
    let problem = Problem::new(items, machine, usize::MAX, meter)?;
    let start = Place {
        state: machine.initial(),
        took_effect: Vec::new(),
    };
    match search(&problem, machine, &[start], Goal::First, meter)? {
        Found::Through(_, order) => Ok(Placed::All(order)),
        Found::Stuck { layer, ways } => {
            let stuck = problem.returns_at(layer);
            let (event, op) = stuck.map_or((0, OpId(0)), |known| (known.by, known.op));
            Ok(Placed::Not(Failure { event, op, ways }))
        }
    }
}

/// What a machine is told of a history up to and including the entry `last`.
fn items(
    operations: &[&Operation],
    machine: &mut Machine,
    last: u32,
) -> Result<Vec<Item>, BadOperation> {
    let mut items = Vec::with_capacity(operations.len());
    let invoked = |operation: &&&Operation| operation.invoke_event <= last;
    for operation in operations.iter().filter(invoked) {
        let ended = operation.ended.event().is_some_and(|event| event <= last);
        if ended && operation.failed() {
            continue;
        }
        let seen = if ended { operation.result() } else { None };
        items.push(Item {
            op: operation.id,
            invoke: operation.invoke_event,
            by: operation.effective_by().filter(|_| ended),
            class: machine.class(operation, seen)?,
        });
    }
    Ok(items)
}

/// Finds the entry from which it is certain that an object's history cannot be linearized.
///
/// What the search of the whole history got stuck at is no answer: it knew results that came
/// later. But the answer is not before it, and it is a return, or a failure that takes back an
/// effect that somebody saw. Once a prefix cannot be linearized, no longer one can.
fn first_failure(
    operations: &[&Operation],
    model: &Model,
    whole: Failure,
    meter: &mut Meter<'_>,
) -> Result<Failure, BadOperation> {
    let mut ends: Vec<(u32, OpId)> = operations
        .iter()
        .filter(|op| op.failed() || op.effective_by().is_some())
        .filter_map(|op| op.ended.event().map(|event| (event, op.id)))
        .filter(|&(event, _)| event >= whole.event)
        .collect();
    sort(&mut ends);
    let (mut low, mut high) = (0, ends.len() - 1);
    let mut best = Failure {
        event: ends[high].0,
        op: ends[high].1,
        ..whole
    };
    let mut stride = 0;
    while low < high {
        // The answer is most often the first candidate: gallop, then halve.
        let middle = if best.event == ends[ends.len() - 1].0 {
            stride = 2 * stride + 1;
            (low + stride - 1).min(low.midpoint(high))
        } else {
            low.midpoint(high)
        };
        let (event, op) = ends[middle];
        match check_object(operations, model, event, meter)? {
            Ok(Placed::All(_)) => low = middle + 1,
            Ok(Placed::Not(failure)) => {
                best = Failure {
                    event,
                    op,
                    ..failure
                };
                high = middle;
            }
            // It is certain at the latest candidate known; an earlier one would take too long.
            Err(_) => break,
        }
    }
    Ok(best)
}

fn explain(history: &History, key: Option<Value>, failure: Failure) -> Counterexample {
    let Failure { event, op, ways } = failure;
    let states: Vec<&str> = ways.iter().map(|way| way.state.as_str()).collect();
    let told = history
        .get(op)
        .map_or_else(|| op.to_string(), ToString::to_string);
    let because = format!(
        "{told}: no order of the operations before it allows that; in the longest ones {}",
        states.join(", or ")
    );
    let changes = |op: &&OpId| {
        let operation = history.get(**op);
        operation.is_some_and(|operation| operation.call.function != Function::Read)
    };
    let latest = |way: &Way| way.order.iter().rev().find(changes).copied();
    let mut against: Vec<OpId> = ways.iter().filter_map(latest).collect();
    sort(&mut against);
    against.dedup();
    let partial = ways.into_iter();
    Counterexample {
        key,
        event,
        at: history.time_of(event).unwrap_or_default(),
        op,
        against,
        partial: partial
            .map(
                |Way {
                     order,
                     state,
                     unplaced,
                 }| Partial {
                    order,
                    state,
                    unplaced,
                },
            )
            .collect(),
        because,
    }
}
