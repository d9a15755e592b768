//! The oracle of what is weaker than linearizability: by trying every order.

use super::ended_before;
use check::consistency::session::Guarantee;
use check::history::{Ended, Function, History, OpId, Operation, Process};
use check::model::Specification;
use check::value::Value;
use std::collections::BTreeMap;

pub const GUARANTEES: [Guarantee; 4] = [
    Guarantee::ReadYourWrites,
    Guarantee::MonotonicReads,
    Guarantee::MonotonicWrites,
    Guarantee::WritesFollowReads,
];

/// Whether some order of the operations keeps each process' own order and is allowed by the objects, one for each key.
pub fn sequential<S: Specification>(spec: &S, history: &History) -> bool {
    sequential_from(spec, history, &mut Vec::new())
}

fn sequential_from<S: Specification>(spec: &S, history: &History, order: &mut Vec<OpId>) -> bool {
    let operations = || history.operations().iter().filter(|op| !op.failed());
    let placed = |order: &[OpId], op: &Operation| order.contains(&op.id);
    if operations().all(|op| placed(order, op) || op.result().is_none()) {
        return true;
    }
    // What returned comes before all later operations of its process, those of unknown outcome too.
    let earlier =
        |other: &Operation, op: &Operation| other.process == op.process && ended_before(other, op);
    let next: Vec<OpId> = operations()
        .filter(|op| !placed(order, op))
        .filter(|op| operations().all(|other| !earlier(other, op) || placed(order, other)))
        .map(|op| op.id)
        .collect();
    next.into_iter().any(|op| {
        order.push(op);
        let found = allowed(spec, history, order) && sequential_from(spec, history, order);
        order.pop();
        found
    })
}

/// Whether the objects allow the operations in this order.
pub fn allowed<S: Specification>(spec: &S, history: &History, order: &[OpId]) -> bool {
    let mut states = BTreeMap::new();
    order.iter().all(|&id| {
        let op = history.get(id).unwrap();
        let state = states.entry(&op.call.key).or_insert_with(|| spec.initial());
        let after = spec.step(state, &op.call, op.result());
        after.is_some_and(|after| {
            *state = after;
            true
        })
    })
}

/// Which operation is causally before which, as a matrix.
fn causal_order(history: &History) -> Vec<Vec<bool>> {
    let operations = history.operations();
    let n = operations.len();
    let mut before = vec![vec![false; n]; n];
    for (a, left) in operations.iter().enumerate() {
        for (b, right) in operations.iter().enumerate() {
            // What ended as info may take effect later, or never.
            let may_be_late = matches!(left.ended, Ended::Info { .. });
            let program = left.process == right.process && a < b && !may_be_late;
            let reads_from = left.call.function == Function::Write
                && !left.failed()
                && left.call.key == right.call.key
                && right.call.function == Function::Read
                && right.result() == Some(&left.call.argument);
            before[a][b] = program || reads_from;
        }
    }
    for through in 0..n {
        for a in 0..n {
            for b in 0..n {
                before[a][b] |= before[a][through] && before[through][b];
            }
        }
    }
    before
}

/// Whether an order of the writes exists that extends the causal one and explains the reads: all
/// of them by one order if `agreed`, each by one of its own otherwise.
pub fn causal_by_definition(history: &History, agreed: bool) -> bool {
    let before = causal_order(history);
    let operations = history.operations();
    let index = |op: &Operation| op.id.index();
    let writes: Vec<usize> = operations
        .iter()
        .filter(|op| op.call.function == Function::Write && !op.failed())
        .map(index)
        .collect();
    let reads: Vec<usize> = operations
        .iter()
        .filter(|op| op.call.function == Function::Read && op.result().is_some())
        .map(index)
        .collect();
    let orders = permutations(&writes);
    let extends = |order: &[usize]| {
        (0..order.len()).all(|i| (i..order.len()).all(|j| !before[order[j]][order[i]]))
    };
    let explains = |order: &[usize], read: usize| {
        let read = &operations[read];
        let last = order.iter().rev().find(|&&write| {
            before[write][index(read)] && operations[write].call.key == read.call.key
        });
        last.map_or(Value::Nil, |&write| operations[write].call.argument.clone())
            == *read.result().unwrap()
    };
    let orders: Vec<&Vec<usize>> = orders.iter().filter(|order| extends(order)).collect();
    if agreed {
        orders
            .iter()
            .any(|order| reads.iter().all(|&read| explains(order, read)))
    } else {
        reads
            .iter()
            .all(|&read| orders.iter().any(|order| explains(order, read)))
    }
}

fn permutations(of: &[usize]) -> Vec<Vec<usize>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (i, &first) in of.iter().enumerate() {
        let rest: Vec<usize> = of
            .iter()
            .enumerate()
            .filter(|&(j, _)| j != i)
            .map(|(_, &x)| x)
            .collect();
        for mut order in permutations(&rest) {
            order.insert(0, first);
            all.push(order);
        }
    }
    all
}

/// Whether some order of the writes explains what the sessions read: it keeps the order in which each session wrote, and no
/// session reads anything older in it than what the guarantee lets it count on.
pub fn keeps(history: &History, guarantee: Guarantee) -> bool {
    let session = Session { history, guarantee };
    let writes: Vec<usize> = history
        .operations()
        .iter()
        .filter(|op| op.call.function == Function::Write && !op.failed())
        .map(|op| op.id.index())
        .collect();
    permutations(&writes)
        .iter()
        .any(|order| session.is_explained_by(order))
}

struct Session<'a> {
    history: &'a History,
    guarantee: Guarantee,
}

impl<'a> Session<'a> {
    fn is_explained_by(&self, order: &[usize]) -> bool {
        let place = |op: &Operation| order.iter().position(|&write| write == op.id.index());
        let writes = order.iter().map(|&write| &self.history.operations()[write]);
        let keeps_sessions = writes.clone().all(|write| {
            let mut before = self.before(write);
            before.all(|earlier| place(earlier) < place(write))
        });
        let mut reads = self
            .history
            .operations()
            .iter()
            .filter(|op| op.call.function == Function::Read && op.result().is_some());
        keeps_sessions
            && reads.all(|read| {
                let version = self.write_of(read).and_then(place);
                let mut floors = self.floors(read).into_iter();
                floors.all(|floor| floor.call.key != read.call.key || place(floor) <= version)
            })
    }

    fn write_of(&self, read: &Operation) -> Option<&'a Operation> {
        self.history.operations().iter().find(|op| {
            op.call.function == Function::Write
                && op.call.key == read.call.key
                && Some(&op.call.argument) == read.result()
                && !op.failed()
        })
    }

    /// What a process was told ok of before an operation of its.
    fn told(
        &self,
        process: Process,
        function: Function,
        before: &Operation,
    ) -> impl Iterator<Item = &'a Operation> {
        let before = before.id;
        self.history.operations().iter().filter(move |op| {
            op.process == process
                && op.call.function == function
                && op.result().is_some()
                && op.id < before
        })
    }

    fn versions_read(&self, before: &Operation) -> impl Iterator<Item = &'a Operation> {
        let reads: Vec<_> = self.told(before.process, Function::Read, before).collect();
        reads.into_iter().filter_map(|read| self.write_of(read))
    }

    /// What comes before a write in every order.
    fn before(&self, write: &Operation) -> impl Iterator<Item = &'a Operation> {
        let own = self.told(write.process, Function::Write, write);
        let follows = self.guarantee == Guarantee::WritesFollowReads;
        let read = self.versions_read(write).filter(move |_| follows);
        own.chain(read.collect::<Vec<_>>())
    }

    /// What the session of a read counts on.
    fn floors(&self, read: &Operation) -> Vec<&'a Operation> {
        let seen = self.versions_read(read);
        match self.guarantee {
            Guarantee::ReadYourWrites => self.told(read.process, Function::Write, read).collect(),
            Guarantee::MonotonicReads => seen.collect(),
            Guarantee::MonotonicWrites => seen
                .flat_map(|write| self.told(write.process, Function::Write, write))
                .collect(),
            Guarantee::WritesFollowReads => {
                seen.flat_map(|write| self.versions_read(write)).collect()
            }
        }
    }
}
