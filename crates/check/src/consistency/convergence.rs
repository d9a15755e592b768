//! Strong eventual consistency: replicas that have received the same updates are in the same state.
//!
//! The notion is due to Shapiro, Preguiça, Baquero and Zawirski, "Conflict-free replicated data types"
//! (SSS 2011). [`Convergence`] is for what happens inside replicas; [`last_reads`] is for what
//! clients see once nothing changes any more.

use super::budget::Unknown;
use super::conclusion::{Conclusion, Violation};
use super::versions::place;
use crate::history::{Function, History, Operation, Time};
use crate::model::Model;
use crate::value::Value;
use sim::sorted::{Map, Set};

/// What happens inside a replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replication {
    /// It received an update, its own ones included.
    Received {
        /// The replica.
        replica: u32,
        /// The update.
        update: u64,
    },
    /// It was found in a state.
    Found {
        /// The replica.
        replica: u32,
        /// The state.
        state: Value,
    },
}

/// Two replicas that received the same and differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// When that was found.
    pub at: Time,
    /// The replica that was found then.
    pub replica: u32,
    /// The replica that had been found before.
    pub other: u32,
    /// The reason in one sentence.
    pub because: String,
}

/// A checker of replicas, fed event by event; it can be cloned at any time.
#[derive(Clone, Debug, Default)]
pub struct Convergence {
    received: Map<u32, Set<u64>>,
    found: Map<Set<u64>, (u32, Value)>,
    conclusion: Conclusion<Divergence>,
}

impl Convergence {
    /// Learns what happened at `at`.
    pub fn feed(&mut self, at: Time, event: &Replication) -> &Conclusion<Divergence> {
        match event {
            Replication::Received { replica, update } => {
                self.received.entry(*replica).or_default().insert(*update);
            }
            Replication::Found { replica, state } => self.compare(at, *replica, state),
        }
        &self.conclusion
    }

    fn compare(&mut self, at: Time, replica: u32, state: &Value) {
        let received = self.received.entry(replica).or_default().clone();
        let updates = received.len();
        let (other, expected) = self
            .found
            .entry(received)
            .or_insert_with(|| (replica, state.clone()));
        if expected != state && !self.conclusion.is_violated() {
            let because = format!(
                "replicas {other} and {replica} received the same {updates} updates, \
                 but one held {expected} and the other {state}"
            );
            let other = *other;
            self.conclusion = Conclusion::Violated(Divergence {
                at,
                replica,
                other,
                because,
            });
        }
    }
}

/// Whether the processes that read an object after all writing had ended agree in their last
/// reads of it.
///
/// Only reads that began after every write of that object had ended count. An object with a write that never ended, or
/// ended as *info*, may still change, so it leaves no answer. Neither does an object that was written, and that nobody
/// read afterwards: nothing shows whether its copies agree.
pub fn last_reads(history: &History, model: &Model) -> Conclusion {
    let mut first: Option<Violation> = None;
    let mut unknown = None;
    for operations in history.by_key().values() {
        match last_reads_of(operations, model) {
            Conclusion::Holds => {}
            Conclusion::Violated(violation) => {
                let earlier = first.take().filter(|first| first.event <= violation.event);
                first = earlier.or(Some(violation));
            }
            Conclusion::Unknown(why) => unknown = unknown.or(Some(why)),
        }
    }
    match (first, unknown) {
        (Some(violation), _) => Conclusion::Violated(violation),
        (None, Some(why)) => Conclusion::Unknown(why),
        (None, None) => Conclusion::Holds,
    }
}

/// The same for the operations on one object.
fn last_reads_of(operations: &[&Operation], model: &Model) -> Conclusion {
    let premise = |sentence| Conclusion::Unknown(Unknown::Premise(sentence));
    let is_read = |op: &Operation| op.call.function == Function::Read;
    let writes = operations.iter().filter(|op| !is_read(op) && !op.failed());
    if let Some(write) = writes.clone().find(|op| op.effective_by().is_none()) {
        return premise(format!(
            "{write}: it may yet take effect, so nobody knows what the last reads should say"
        ));
    }
    let latest = writes.max_by_key(|op| op.effective_by());
    let quiet = latest.and_then(|op| op.effective_by()).unwrap_or(0);
    let counts =
        |op: &&&Operation| is_read(op) && op.result().is_some() && op.invoke_event >= quiet;
    let last: Map<_, &Operation> = operations
        .iter()
        .filter(counts)
        .map(|read| (read.process, *read))
        .collect();
    let shown = |read: &Operation| read.result().map(|shown| model.normal(shown));
    let mut reads = last.values();
    match (reads.next(), latest) {
        (Some(one), _) => match reads.find(|read| shown(read) != shown(one)) {
            Some(odd) => Conclusion::Violated(disagreement(odd, one)),
            None => Conclusion::Holds,
        },
        (None, Some(write)) => premise(format!(
            "{write}: nobody read {} after this last change had ended, so nothing shows whether all copies agree",
            named(write)
        )),
        (None, None) => Conclusion::Holds,
    }
}

/// The object of an operation, which is of any model.
fn named(operation: &Operation) -> String {
    if operation.call.key.is_some() {
        place(operation)
    } else {
        "the object".to_owned()
    }
}

fn disagreement(odd: &Operation, one: &Operation) -> Violation {
    let because = format!("after all writing had ended, one read says: {odd}, and another: {one}");
    Violation::at_end_of(odd, vec![odd.id, one.id], because)
}
