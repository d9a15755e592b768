//! What a server keeps on disk, and what it owes once its disk has caught up.
//!
//! The ballot and the snapshot have two places each, so that no torn write takes them away. The entries lie behind them, each
//! at the place of its index: the log takes the room that it needs, and what a torn write takes away is an entry that did not
//! fit, and so was not committed. The entries that a snapshot stands for are erased, so that the disk does not grow with the
//! run. What one handling writes becomes durable at once or not at all, except a torn write at its end: all of it comes before
//! the next sync begins.

use std::ops::Range;

use sim::held::Measure;
use sim::sorted::Map;
use sim::{Context, Protocol, Stored};

use super::Node;
use super::log::Entry;
use super::message::{Message, Shared};
use crate::parts::disk::two_slots::{self, Slot, TwoSlots};
use crate::parts::election::Ballot;
use sim::NodeId;

const BALLOT: u64 = 0;
const SNAPSHOT: u64 = 1;
/// Where the log begins, behind the two places of both.
const FIRST: u64 = 4;

fn place(index: u32) -> u64 {
    FIRST + u64::from(index)
}

/// What is on a server's disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// The ballot, or the snapshot.
    Kept(Slot<Kept>),
    /// An entry of the log.
    Entry(Entry),
}

/// What is overwritten as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kept {
    /// The term, and the vote in it.
    Ballot(Ballot),
    /// The snapshot with which the log begins.
    Snapshot(Shared),
}

impl Record {
    /// Bytes that it points to.
    pub(super) fn held(&self) -> usize {
        match self {
            Record::Kept(slot) => match slot.record() {
                Kept::Snapshot(snapshot) => size_of_val(&snapshot.items[..]),
                Kept::Ballot(_) => 0,
            },
            Record::Entry(_) => 0,
        }
    }
}

impl From<Slot<Kept>> for Record {
    fn from(slot: Slot<Kept>) -> Record {
        Record::Kept(slot)
    }
}

impl<P: Protocol<Record = Record>> two_slots::Hosts<Kept> for P {
    fn slot(stored: &Record) -> Option<&Slot<Kept>> {
        match stored {
            Record::Kept(slot) => Some(slot),
            Record::Entry(_) => None,
        }
    }
}

/// What waits for the disk.
#[derive(Clone, Debug, Hash)]
pub(super) enum Owed {
    /// Nothing but that what was written becomes durable.
    Nothing,
    /// A message.
    Send(NodeId, Message),
    /// The candidate's own vote in this term, and its request to the others.
    AskForVotes { term: i64, is_told: bool },
    /// The leader's own entries up to this place.
    OwnEntries { term: i64, index: u32 },
    /// A snapshot is safe: the entries that it stands for can go.
    Compact(Shared),
    /// The entries that a snapshot stands for are gone: it can be saved.
    Save(Shared),
}

/// Something owed, and what is durable once it is due.
#[derive(Clone, Debug, Hash)]
struct Debt {
    owed: Owed,
    /// All writes up to this one.
    written: u64,
    /// The log up to this place, unless its end has been dropped since.
    last: u32,
    cuts: u32,
}

/// A server's disk.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Storage {
    kept: TwoSlots<Kept, Debt>,
    /// How many writes there have been, and how many of them are durable.
    written: u64,
    durable: u64,
    /// The write of the latest ballot.
    ballot: u64,
    /// Up to which place the log is durable, and how often its end was dropped.
    safe: u32,
    cuts: u32,
}

/// What a server finds when it starts.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub ballot: Option<Ballot>,
    pub snapshot: Option<Shared>,
    /// The entries behind the snapshot.
    pub entries: Vec<Entry>,
}

impl Storage {
    /// Begins a life with what the disk has. An entry that is torn was the last to be written, and nobody was told of it; what
    /// lies behind it is old.
    pub fn start(&mut self, context: &mut Context<'_, Node>) -> Found {
        let mut kept: Map<u64, Kept> = self.kept.start(context);
        let mut found = Found::default();
        if let Some(Kept::Ballot(ballot)) = kept.remove(&BALLOT) {
            found.ballot = Some(ballot);
        }
        if let Some(Kept::Snapshot(snapshot)) = kept.remove(&SNAPSHOT) {
            found.snapshot = Some(snapshot);
        }
        let base = found.snapshot.as_ref().map_or(0, |one| one.last.index);
        let stored = (base + 1..).map_while(|index| match context.read(place(index)) {
            Some(Stored::Whole(Record::Entry(entry))) => Some(*entry),
            _ => None,
        });
        found.entries = stored.collect();
        self.safe = base + found.entries.len() as u32;
        let end = place(self.safe + 1);
        if context.durable().any(|(place, _)| place >= end) {
            self.erase(end..u64::MAX, context);
        }
        found
    }

    fn erase(&mut self, places: Range<u64>, context: &mut Context<'_, Node>) {
        self.written += 1;
        context.erase(places);
    }

    /// Writes the entry at the end of the log.
    pub fn write_entry(&mut self, index: u32, entry: Entry, context: &mut Context<'_, Node>) {
        self.written += 1;
        context.write(place(index), Record::Entry(entry));
    }

    /// Erases the entries up to a place: a snapshot stands for them.
    pub fn compact(&mut self, index: u32, context: &mut Context<'_, Node>) {
        self.erase(FIRST..place(index + 1), context);
    }

    /// Erases the entries from a place on.
    pub fn cut(&mut self, index: u32, context: &mut Context<'_, Node>) {
        self.safe = self.safe.min(index - 1);
        self.cuts += 1;
        self.erase(place(index)..u64::MAX, context);
    }

    pub fn save_ballot(&mut self, ballot: Ballot) {
        self.written += 1;
        self.ballot = self.written;
        self.kept.save(BALLOT, Kept::Ballot(ballot));
    }

    pub fn save_snapshot(&mut self, snapshot: Shared) {
        self.written += 1;
        self.kept.save(SNAPSHOT, Kept::Snapshot(snapshot));
    }

    /// Whether something waits to become durable.
    pub fn is_behind(&self) -> bool {
        self.written > self.durable
    }

    /// Whether the ballot is durable, and the log up to a place.
    pub fn has(&self, index: u32) -> bool {
        index <= self.safe && self.ballot <= self.durable
    }

    /// Owes something once all that has been written so far is durable; the log ends at `last`.
    pub fn owe(&mut self, owed: Owed, last: u32, context: &mut Context<'_, Node>) {
        let debt = Debt {
            owed,
            written: self.written,
            last,
            cuts: self.cuts,
        };
        self.kept.owe(debt, context);
    }

    /// A sync has ended: what is due.
    pub fn synced(
        &mut self,
        token: u64,
        context: &mut Context<'_, Node>,
    ) -> impl Iterator<Item = Owed> + use<> {
        let due = self.kept.synced(token, context);
        for debt in &due {
            self.durable = self.durable.max(debt.written);
            if debt.cuts == self.cuts {
                self.safe = self.safe.max(debt.last);
            }
        }
        due.into_iter().map(|debt| debt.owed)
    }

    pub fn held(&self, by: Measure) -> usize {
        self.kept.held(by)
    }
}
