//! The oracle: linearizability as its definition says it, by trying every order.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses its part, and may panic"
)]

pub mod blamed;
pub mod orders;

use check::history::{Ended, History, Operation};
use check::model::Specification;
use check::value::Value;

/// How an operation may end.
#[derive(Clone, Debug)]
pub enum End {
    Ok(Value),
    Fail,
    Unknown,
}

/// Whether some order of the operations respects real time and is allowed by the object.
pub fn linearizable<S: Specification>(spec: &S, history: &History) -> bool {
    let candidates: Vec<&Operation> = history
        .operations()
        .iter()
        .filter(|op| !op.failed())
        .collect();
    extend(spec, &spec.initial(), &candidates, 0)
}

fn extend<S: Specification>(
    spec: &S,
    state: &S::State,
    operations: &[&Operation],
    placed: u64,
) -> bool {
    let unplaced = || {
        operations
            .iter()
            .enumerate()
            .filter(move |(i, _)| placed >> i & 1 == 0)
            .map(|(i, op)| (i, *op))
    };
    if unplaced().all(|(_, op)| op.result().is_none()) {
        return true;
    }
    unplaced().any(|(i, op)| {
        let first = unplaced().all(|(_, other)| !ended_before(other, op));
        first
            && spec
                .step(state, &op.call, op.result())
                .is_some_and(|after| extend(spec, &after, operations, placed | 1 << i))
    })
}

fn ended_before(a: &Operation, b: &Operation) -> bool {
    matches!(a.ended, Ended::Ok { event, .. } if event < b.invoke_event)
}

/// The number of the first entry after which the history is not linearizable.
pub fn first_violation<S: Specification>(spec: &S, history: &History) -> Option<u32> {
    let entries = u32::try_from(history.events().len()).unwrap();
    (0..entries).find(|&entry| !linearizable(spec, &history.prefix(entry + 1)))
}

/// Every way in which `n` operations can overlap or follow each other (interval orders): for each
/// operation the points at which it begins and ends. There are 1, 2, 5, 15, 53 and 217 of them
/// for 1 to 6 operations (Fishburn's numbers).
///
/// They are the upper triangular matrices of natural numbers without an empty row or column whose
/// sum is `n`: an entry is how many operations begin at the point of its row and end at the point
/// of its column.
pub fn shapes(n: u32) -> Vec<Vec<(u32, u32)>> {
    let mut found = Vec::new();
    for size in 1..=n {
        let cells: Vec<(u32, u32)> = (0..size)
            .flat_map(|row| (row..size).map(move |column| (row, column)))
            .collect();
        fill(&cells, n, &mut Vec::new(), &mut |intervals| {
            let point = |p: u32| {
                intervals.iter().any(|&(b, _)| b == p) && intervals.iter().any(|&(_, e)| e == p)
            };
            if (0..size).all(point) {
                found.push(intervals.to_vec());
            }
        });
    }
    found
}

fn fill(
    cells: &[(u32, u32)],
    left: u32,
    intervals: &mut Vec<(u32, u32)>,
    each: &mut impl FnMut(&[(u32, u32)]),
) {
    if left == 0 {
        return each(intervals);
    }
    let Some((&cell, rest)) = cells.split_first() else {
        return;
    };
    let before = intervals.len();
    for here in 0..=left {
        intervals.resize(before + here as usize, cell);
        fill(rest, left - here, intervals, each);
    }
    intervals.truncate(before);
}
