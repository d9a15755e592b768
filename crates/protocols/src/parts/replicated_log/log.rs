//! The entries, in memory and on disk.

use sim::held::{Held, Measure};
use sim::trace::{Fact, Function};
use sim::{Context, Protocol, Stored};

use crate::parts::caller::Request;
use crate::parts::disk::two_slots::{self, Slot};
use crate::parts::election::Ballot;

/// The name of the ballot on disk.
pub(super) const BALLOT: u64 = 0;

/// Where the first entry is on disk; the two places of the ballot are before it.
const FIRST: u64 = 2 * (BALLOT + 1);

/// An entry of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The term of the leader that took it.
    pub term: i64,
    /// What is to be done; nothing for the entry with which a term begins.
    pub request: Option<Request>,
}

impl Entry {
    /// The request, if it changes something.
    fn change(&self) -> Option<Request> {
        self.request.filter(|one| one.function != Function::Read)
    }
}

/// What is kept on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl<P: Protocol<Record = Record>> two_slots::Hosts<Ballot> for P {
    fn slot(stored: &Record) -> Option<&Slot<Ballot>> {
        match stored {
            Record::Ballot(slot) => Some(slot),
            Record::Entry(_) | Record::End => None,
        }
    }
}

/// A server's entries, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    entries: Vec<Entry>,
}

impl Log {
    /// The entries.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn length(&self) -> u32 {
        self.entries.len() as u32
    }

    /// How new it is: the term of its last entry, and its length.
    pub(super) fn last(&self) -> (i64, u32) {
        (self.term_up_to(self.length()), self.length())
    }

    /// The term of the last of the first `length` entries; 0 if there is none.
    pub(super) fn term_up_to(&self, length: u32) -> i64 {
        let place = (length as usize).checked_sub(1);
        let entry = place.and_then(|place| self.entries.get(place));
        entry.map_or(0, |entry| entry.term)
    }

    /// Whether it has `length` entries, and the last of them is of that term.
    pub(super) fn is_alike(&self, length: u32, term: i64) -> bool {
        length <= self.length() && self.term_up_to(length) == term
    }

    /// The place of an operation, if it is here.
    pub(super) fn position(&self, operation: u32) -> Option<usize> {
        let is_it = |entry: &Entry| entry.request.is_some_and(|own| own.operation == operation);
        self.entries.iter().rposition(is_it)
    }

    /// Reads the entries from disk, up to the first place that has none, and puts on record what they store. An entry there that is torn is the last that was
    /// written, and no sync had covered it: nobody was told that the server has it.
    pub(super) fn load<P: Protocol<Record = Record>>(&mut self, context: &mut Context<'_, P>) {
        for place in FIRST.. {
            let Some(Stored::Whole(Record::Entry(entry))) = context.read(place) else {
                break;
            };
            let entry = *entry;
            self.add(entry, context);
        }
    }

    fn add<P: Protocol>(&mut self, entry: Entry, context: &mut Context<'_, P>) {
        self.entries.push(entry);
        if let Some(request) = entry.change() {
            context.record(Fact::Stored {
                operation: request.operation,
                key: request.key,
                version: entry.term,
            });
        }
    }

    /// Writes an entry behind the last one.
    pub(super) fn push<P: Protocol<Record = Record>>(
        &mut self,
        entry: Entry,
        context: &mut Context<'_, P>,
    ) {
        let place = FIRST + self.entries.len() as u64;
        // The end comes first: whenever the server crashes, no old entry shows behind the last one.
        context.write(place + 1, Record::End);
        context.write(place, Record::Entry(entry));
        self.add(entry, context);
    }

    /// Drops the entries from a place on, in favour of the entry `by`.
    pub(super) fn truncate<P: Protocol<Record = Record>>(
        &mut self,
        place: usize,
        by: &Entry,
        context: &mut Context<'_, P>,
    ) {
        context.write(FIRST + place as u64, Record::End);
        let gone = self.entries.split_off(place);
        for request in gone.iter().filter_map(Entry::change) {
            context.record(Fact::Discarded {
                operation: request.operation,
                by: by.request.map_or(0, |by| by.operation),
                key: request.key,
            });
        }
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.entries.held(by)
    }
}
