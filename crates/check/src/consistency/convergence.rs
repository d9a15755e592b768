//! Strong eventual consistency: replicas that have received the same updates are in the same state.
//!
//! The notion is due to Shapiro, Preguiça, Baquero and Zawirski, "Conflict-free replicated data types"
//! (SSS 2011). [`Convergence`] is for what happens inside replicas; [`last_reads`] is for what
//! clients see once nothing changes any more.

use super::budget::Unknown;
use super::conclusion::{Conclusion, Violation};
use crate::history::{Function, History, OpId, Time};
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

/// Whether the processes that read a register after all writing had ended agree in their last
/// reads of it.
///
/// Only reads that began after every write of that register had ended count. A register with a write that never ended, or
/// ended as *info*, may still change, so it leaves no answer.
pub fn last_reads(history: &History) -> Conclusion {
    let mut first: Option<Violation> = None;
    let mut unsettled = None;
    let objects = history.by_key();
    for operations in objects.values() {
        let writes = operations
            .iter()
            .filter(|op| op.call.function != Function::Read);
        let ends = writes.map(|op| {
            if op.failed() {
                Some(0)
            } else {
                op.effective_by()
            }
        });
        let Some(quiet) = ends.collect::<Option<Vec<u32>>>() else {
            let writes = operations
                .iter()
                .filter(|op| op.call.function != Function::Read);
            unsettled = unsettled.or(writes
                .filter(|op| !op.failed())
                .find(|op| op.effective_by().is_none()));
            continue;
        };
        let quiet = quiet.into_iter().max().unwrap_or(0);
        let mut last: Map<_, OpId> = Map::new();
        for read in operations.iter().filter(|op| {
            op.call.function == Function::Read && op.result().is_some() && op.invoke_event >= quiet
        }) {
            last.insert(read.process, read.id);
        }
        let reads: Vec<_> = last.values().filter_map(|&op| history.get(op)).collect();
        let odd = reads.iter().find(|read| read.result() != reads[0].result());
        if let Some(odd) = odd {
            let because = format!(
                "after all writing had ended, one read says: {odd}, and another: {}",
                reads[0]
            );
            let violation = Violation::at_end_of(odd, vec![odd.id, reads[0].id], because);
            if first
                .as_ref()
                .is_none_or(|first| violation.event < first.event)
            {
                first = Some(violation);
            }
        }
    }
    match (first, unsettled) {
        (Some(violation), _) => Conclusion::Violated(violation),
        (None, None) => Conclusion::Holds,
        (None, Some(write)) => Conclusion::Unknown(Unknown::Premise(format!(
            "{write}: it may yet take effect, so nobody knows what the last reads should say"
        ))),
    }
}
