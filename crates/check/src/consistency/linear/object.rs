//! The history of one object: its linearization, or the entry from which on there is none.

use super::answer::{Counterexample, Partial};
use super::problem::Problem;
use super::search::Goal;
use super::width::{Found, Place, Way, search};
use crate::consistency::budget::{Meter, Unknown};
use crate::history::{Function, History, OpId, Operation};
use crate::machine::{Item, Lookahead, Machine};
use crate::model::{BadOperation, Model};
use crate::quoted::listed;
use crate::value::Value;
use sim::sorted::Set;
use sim::sorting::sort;

/// Whether an object's history can be put in order.
pub(super) enum Placed {
    All(Vec<OpId>),
    Not(Failure),
}

/// An object's history cannot be linearized up to some entry.
pub(super) struct Failure {
    /// The entry.
    pub event: u32,
    /// The operation whose return no order explains.
    pub op: OpId,
    /// The longest orders that were found before it.
    pub ways: Vec<Way>,
}

/// Checks one object's history up to and including the entry `last`.
pub(super) fn check_object(
    operations: &[&Operation],
    model: &Model,
    last: u32,
    meter: &mut Meter<'_>,
) -> Result<Result<Placed, Unknown>, BadOperation> {
    check_with(operations, Machine::new(model, Lookahead::All), last, meter)
}

fn check_with(
    operations: &[&Operation],
    mut machine: Machine,
    last: u32,
    meter: &mut Meter<'_>,
) -> Result<Result<Placed, Unknown>, BadOperation> {
    let items = match items(operations, &mut machine, last, meter)? {
        Ok(items) => items,
        Err(why) => return Ok(Err(why)),
    };
    let held = machine.bytes();
    Ok(meter.beside(held, |meter| place_all(&items, &mut machine, meter)))
}

pub(super) fn place_all(
    items: &[Item],
    machine: &mut Machine,
    meter: &mut Meter<'_>,
) -> Result<Placed, Unknown> {
    let problem = Problem::of_all(items, machine, meter)?;
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
pub(super) fn items(
    operations: &[&Operation],
    machine: &mut Machine,
    last: u32,
    meter: &Meter<'_>,
) -> Result<Result<Vec<Item>, Unknown>, BadOperation> {
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
        if let Err(why) = meter.hold(machine.bytes()) {
            return Ok(Err(why));
        }
    }
    Ok(Ok(items))
}

/// Finds the entry from which it is certain that an object's history cannot be linearized.
///
/// What the search of the whole history got stuck at is no answer: it knew results that came
/// later. But the answer is not before it, and it is a return, or a failure that takes back an
/// effect that somebody saw. If a prefix cannot be linearized, no longer one can.
pub(super) fn first_failure(
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
    let of_whole = Failure {
        event: ends[high].0,
        op: whole.op,
        ways: whole.ways.clone(),
    };
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
    without_failed(operations, model, best, of_whole, meter)
}

/// The same failure told without the operations that failed in the end: what cannot be placed is not one of them, and
/// none of them is in the orders, even if it was still under way then. Whatever cannot be linearized with them cannot
/// without them.
fn without_failed(
    operations: &[&Operation],
    model: &Model,
    best: Failure,
    of_whole: Failure,
    meter: &mut Meter<'_>,
) -> Result<Failure, BadOperation> {
    let event = best.event;
    let left: Vec<&Operation> = operations
        .iter()
        .copied()
        .filter(|op| !op.failed())
        .collect();
    if left.len() == operations.len() {
        return Ok(best);
    }
    let failure = match check_object(&left, model, event, meter)? {
        Ok(Placed::Not(failure)) => failure,
        // The search of the whole history left them out too.
        Ok(Placed::All(_)) | Err(_) => of_whole,
    };
    let returned = left.iter().any(|op| op.id == best.op);
    let op = if returned { best.op } else { failure.op };
    Ok(Failure {
        event,
        op,
        ..failure
    })
}

/// The same failure told by what an object holds, whatever comes later: a queue that knows what will be taken out of it does
/// not tell all of its items apart, and puts none where it cannot stay.
pub(super) fn plainly(
    operations: &[&Operation],
    model: &Model,
    failure: Failure,
    meter: &mut Meter<'_>,
) -> Result<Failure, BadOperation> {
    if !matches!(model, Model::Queue) {
        return Ok(failure);
    }
    let left = operations.iter().copied().filter(|op| !op.failed());
    let left: Vec<&Operation> = left.collect();
    let machine = Machine::new(model, Lookahead::None);
    let told = meter.with_share(8, |meter| check_with(&left, machine, failure.event, meter))?;
    Ok(match told {
        Ok(Placed::Not(Failure { ways, .. })) => Failure { ways, ..failure },
        _ => failure,
    })
}

pub(super) fn explain(history: &History, key: Option<Value>, failure: Failure) -> Counterexample {
    let Failure { event, op, ways } = failure;
    let states = listed(ways.iter().map(|way| &way.state), ", or ");
    let told = history
        .get(op)
        .map_or_else(|| op.to_string(), ToString::to_string);
    let because = format!(
        "{told}: no order of the operations so far fits that answer; after the longest orders that fit, {states}"
    );
    let changes = |op: &&OpId| {
        let operation = history.get(**op);
        operation.is_some_and(|operation| operation.call.function != Function::Read)
    };
    // What made the object, in the longest orders, into what it should not be, and what was under way.
    let latest = |way: &Way| way.order.iter().rev().find(changes).copied();
    let mut before: Vec<OpId> = ways.iter().filter_map(latest).collect();
    sort(&mut before);
    before.extend(ways.iter().flat_map(|way| &way.unplaced));
    let mut seen = Set::from([op]);
    before.retain(|&op| seen.insert(op));
    let partial = ways.into_iter();
    Counterexample {
        key,
        event,
        at: history.time_of(event).unwrap_or_default(),
        op,
        against: Vec::new(),
        before: Some(before),
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
