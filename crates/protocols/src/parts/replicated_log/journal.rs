//! The entries, in memory and on disk.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use rustc_hash::FxHashMap;
use sim::held::{Held, Measure};
use sim::trace::{Fact, Function};
use sim::{Context, Protocol, Stored};

use crate::parts::caller::Request;
use crate::parts::disk::two_slots::{self, Slot};
use crate::parts::election::Ballot;
use crate::parts::log;

/// What a protocol keeps on disk that hosts such a log: records of the log, and perhaps others.
pub trait Carries: From<Record> + From<Slot<Ballot>> {
    /// The record of the log, if it is one.
    fn carried(&self) -> Option<&Record>;
}

impl Carries for Record {
    fn carried(&self) -> Option<&Record> {
        Some(self)
    }
}

/// The name of the ballot on disk.
pub(super) const BALLOT: u64 = 0;

/// Where the first entry is on disk; the two places of the ballot are before it.
const FIRST: u64 = 2 * (BALLOT + 1);

/// An entry of the log: what is to be done; nothing for the entry with which a term begins.
pub type Entry = log::Entry<Option<Request>>;

/// Entries, in order.
pub(super) type Log = log::Log<Option<Request>>;

/// A server's entries, and where each operation is among them: a long log cannot be looked through with every request.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal {
    log: Log,
    /// The place of the last entry of each operation, from 1.
    places: FxHashMap<u32, u32>,
    /// Of each entry whose operation has an earlier one, in order: its own place, and that of the earlier one.
    again: Vec<(u32, u32)>,
}

/// The rest follows from the log.
impl Hash for Journal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.log.hash(state);
    }
}

impl Deref for Journal {
    type Target = Log;

    fn deref(&self) -> &Log {
        &self.log
    }
}

impl Journal {
    /// After how many entries that of an operation comes, if it is here.
    pub(super) fn position(&self, operation: u32) -> Option<usize> {
        let place = self.places.get(&operation)?;
        Some(*place as usize - 1)
    }

    fn push(&mut self, entry: Entry) {
        let place = self.log.push(entry);
        let operation = entry.content.map(|request| request.operation);
        let earlier = operation.and_then(|operation| self.places.insert(operation, place));
        self.again.extend(earlier.map(|earlier| (place, earlier)));
    }

    fn truncate(&mut self, index: u32) -> VecDeque<Entry> {
        let dropped = self.log.truncate(index);
        let end = index + dropped.len() as u32;
        for (place, entry) in (index..end).rev().zip(dropped.iter().rev()) {
            let earlier = self.again.pop_if(|(own, _)| *own == place);
            let Some(request) = entry.content else {
                continue;
            };
            match earlier {
                Some((_, earlier)) => self.places.insert(request.operation, earlier),
                None => self.places.remove(&request.operation),
            };
        }
        dropped
    }

    /// Bytes that it takes on the heap.
    pub(super) fn held(&self, by: Measure) -> usize {
        self.log.held(by) + self.places.held(by) + self.again.held(by)
    }
}

/// What is kept on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// The term, and the vote in it.
    Ballot(Slot<Ballot>),
    /// An entry.
    Entry(Entry),
    /// The log ends here; what lies behind is old.
    End,
}

hosts! {
    Record { Ballot(Slot<Ballot>) }
}

impl<P: Protocol<Record: Carries>> two_slots::Hosts<Ballot> for P {
    fn slot(stored: &P::Record) -> Option<&Slot<Ballot>> {
        match stored.carried()? {
            Record::Ballot(slot) => Some(slot),
            Record::Entry(_) | Record::End => None,
        }
    }
}

/// The request of an entry, if it writes what clients will read. To compare and set is to decide something: that is for the host
/// to put on record.
pub(super) fn change(entry: &Entry) -> Option<Request> {
    let request = entry.content;
    request.filter(|one| !matches!(one.function, Function::Read | Function::CompareAndSet))
}

/// Where the entry at a place of the log is on disk.
fn on_disk(index: u32) -> u64 {
    FIRST + u64::from(index) - 1
}

/// Reads the entries from disk, up to the first place that has none, and puts on record what they store. An entry there that
/// is torn is the last that was written, and no sync had covered it: nobody was told that the server has it.
pub(super) fn load<P: Protocol<Record: Carries>>(log: &mut Journal, context: &mut Context<'_, P>) {
    for index in 1.. {
        let Some(Stored::Whole(stored)) = context.read(on_disk(index)) else {
            break;
        };
        let Some(Record::Entry(entry)) = stored.carried() else {
            break;
        };
        let entry = *entry;
        add(log, entry, context);
    }
}

fn add<P: Protocol>(log: &mut Journal, entry: Entry, context: &mut Context<'_, P>) {
    log.push(entry);
    if let Some(request) = change(&entry) {
        context.record(Fact::Stored {
            operation: request.operation,
            key: request.key,
            version: entry.term,
        });
    }
}

/// Writes an entry behind the last one.
pub(super) fn push<P: Protocol<Record: Carries>>(
    log: &mut Journal,
    entry: Entry,
    context: &mut Context<'_, P>,
) {
    let index = log.length() + 1;
    // The end comes first: whenever the server crashes, no old entry shows behind the last one.
    context.write(on_disk(index + 1), Record::End.into());
    context.write(on_disk(index), Record::Entry(entry).into());
    add(log, entry, context);
}

/// Drops the entries from a place on, in favour of the entry `by`.
pub(super) fn truncate<P: Protocol<Record: Carries>>(
    log: &mut Journal,
    index: u32,
    by: &Entry,
    context: &mut Context<'_, P>,
) {
    context.write(on_disk(index), Record::End.into());
    for request in log.truncate(index).iter().filter_map(change) {
        context.record(Fact::Discarded {
            operation: request.operation,
            by: by.content.map_or(0, |by| by.operation),
            key: request.key,
        });
    }
}
