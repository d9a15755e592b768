//! Facts that belong to the evidence: without them a reader cannot see what is wrong about it.

use sim::sorted::{Map, Set};
use sim::trace::{Events, Fact};
use sim::{EventId, NodeId};

use super::handling::operation;

/// What belongs to the evidence: the timestamps of its operations where there are several, which of them a read among them found,
/// what a transaction had read of rows that others changed, and the promise for which a node keeps its locks.
pub(super) fn beside(trace: Events<'_>, evidence: &[EventId]) -> Vec<EventId> {
    let told = Told::of(trace, evidence);
    let mut stamps: Map<i64, EventId> = Map::new();
    let mut found = Vec::new();
    for (id, event) in (0..).map(EventId).zip(trace.iter()) {
        match event.fact() {
            Some(Fact::Stamped { item, .. }) if told.has(item) => {
                stamps.entry(item).or_insert(id);
            }
            Some(fact) if told.is_explained_by(event.node, fact) => found.push(id),
            _ => {}
        }
    }
    if stamps.len() > 1 {
        found.extend(stamps.into_values());
    }
    found
}

/// What the evidence is about.
#[derive(Default)]
struct Told {
    operations: Set<i64>,
    /// The operations that changed rows, and the latest that changed each row.
    writers: Set<u32>,
    changed: Map<i64, u32>,
    /// What a node has locked for which operation.
    locked: Set<(NodeId, u32)>,
}

impl Told {
    fn of(trace: Events<'_>, evidence: &[EventId]) -> Told {
        let mut told = Told::default();
        for id in evidence {
            told.operations.extend(operation(trace, *id).map(i64::from));
            let event = &trace[id.index()];
            match event.fact() {
                Some(Fact::Installed { operation, row, .. }) if operation != 0 => {
                    told.writers.insert(operation);
                    told.changed.insert(row, operation);
                }
                Some(Fact::Locked { operation, .. }) => {
                    told.locked.insert((event.node, operation));
                }
                _ => {}
            }
        }
        told
    }

    fn has(&self, item: i64) -> bool {
        self.operations.contains(&item)
    }

    fn is_explained_by(&self, node: NodeId, fact: Fact) -> bool {
        match fact {
            Fact::Shown { item, after } => self.has(item) && self.has(after),
            // What it changed itself, it has not missed.
            Fact::ReadVersion { operation, row, .. } => {
                let changed = self.changed.get(&row);
                self.writers.contains(&operation) && changed.is_some_and(|by| *by != operation)
            }
            Fact::Prepared { operation } => self.locked.contains(&(node, operation)),
            _ => false,
        }
    }
}
