//! A whole history in an order in which causes come first: no read returns what is written only later.
//!
//! Consistencies that are weaker than linearizability know no true time, so a read may end before the write that it
//! returns was called. Checkers read entry by entry; they read a whole history in this order.

use super::budget::Unknown;
use super::versions::{Version, Versions};
use crate::history::{Event, Function, History, OpId, Process};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// The entries of a history, causes first. It is the order in which they happened, but a process waits
/// whose read returns what nobody has begun to write, until somebody has.
#[derive(Debug, Default)]
pub(super) struct CausesFirst {
    /// The entries in order.
    pub events: Vec<Event>,
    /// Reads that come before what they return, each with the write that it returns.
    pub circle: Vec<(OpId, OpId)>,
}

/// Puts the causes first.
///
/// # Errors
/// If a read cannot be traced to a write, because an operation is neither or a value is written twice: the later of the
/// two writes may be the cause of an earlier read.
pub(super) fn causes_first(
    history: &History,
    mut versions: Versions,
) -> Result<CausesFirst, Unknown> {
    for operation in history.operations() {
        versions.invoke(operation)?;
    }
    let mut waiting = Waiting {
        history,
        versions,
        called: FxHashSet::default(),
        queues: FxHashMap::default(),
        readers: FxHashMap::default(),
        events: Vec::with_capacity(history.events().len()),
    };
    for &event in history.events() {
        waiting.take(event);
    }
    let readers = waiting.readers.into_iter();
    let pairs = |(write, readers): (OpId, Vec<(Process, OpId)>)| {
        readers.into_iter().map(move |(_, read)| (read, write))
    };
    let mut circle: Vec<_> = readers.flat_map(pairs).collect();
    circle.sort_unstable();
    Ok(CausesFirst {
        events: waiting.events,
        circle,
    })
}

struct Waiting<'h> {
    history: &'h History,
    versions: Versions,
    called: FxHashSet<OpId>,
    /// What each process that waits does next.
    queues: FxHashMap<Process, VecDeque<Event>>,
    /// Who waits for a write, and with which read.
    readers: FxHashMap<OpId, Vec<(Process, OpId)>>,
    events: Vec<Event>,
}

impl Waiting<'_> {
    fn take(&mut self, event: Event) {
        let mut next = VecDeque::from([event]);
        while let Some(event) = next.pop_front() {
            let Some(operation) = self.history.get(event.op()) else {
                continue;
            };
            let process = operation.process;
            if let Some(queue) = self.queues.get_mut(&process) {
                queue.push_back(event);
                continue;
            }
            if let Some(write) = self.cause(event) {
                self.queues.insert(process, VecDeque::from([event]));
                let readers = self.readers.entry(write).or_default();
                readers.push((process, event.op()));
                continue;
            }
            self.events.push(event);
            if event == Event::Invoke(operation.id) && operation.call.function == Function::Write {
                self.called.insert(operation.id);
                for (reader, _) in self.readers.remove(&operation.id).into_iter().flatten() {
                    next.extend(self.queues.remove(&reader).into_iter().flatten());
                }
            }
        }
    }

    /// The write that nobody has called and that a read returns, if this is the end of one.
    fn cause(&self, event: Event) -> Option<OpId> {
        let Event::Return(op) = event else {
            return None;
        };
        let read = self.history.get(op)?;
        read.result()
            .filter(|_| read.call.function == Function::Read)?;
        match self.versions.read(read) {
            Version::Written(write) if !self.called.contains(&write) => Some(write),
            _ => None,
        }
    }
}
