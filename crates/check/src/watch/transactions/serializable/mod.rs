//! Serializability: some order of the transactions explains all that they read.
//!
//! | module | its subject |
//! | --- | --- |
//! | `graph` | a graph that finds its first circle |
//! | `transaction` | a transaction, and what it is called |
//! | `phenomenon` | which of Adya's phenomena a circle is, and how it is told |

mod graph;
mod phenomenon;
#[cfg(test)]
mod tests;
mod transaction;

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact, Outcome};
use sim::{EventId, NodeId};

use crate::table::Table;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::counted;
use crate::watch::verdict::{Check, Finding, Verdict, Words};
use graph::Graph;
pub(super) use phenomenon::named;
use phenomenon::{Fault, Link};
use transaction::{Fate, NONE, Transaction};

/// The committed transactions have an order in which each of them reads what the ones before it have written.
///
/// They have one if and only if their dependencies form no circle (Adya, Liskov and O'Neil, *Generalized isolation level
/// definitions*, ICDE 2000): a transaction comes after those whose versions it read (write-read) or replaced (write-write), and
/// before those that replaced a version that it read (read-write). A circle is named by Adya's phenomena: G0, G1c or G2, and of the
/// circles of G2 those with exactly one read-write edge are G-single (Adya, *Weak consistency: a generalized theory and optimistic
/// implementations for distributed transactions*, thesis, MIT, 1999, section 4.1.1). What a committed transaction read of one that
/// failed is G1a; a value that the writer replaced itself is G1b.
///
/// It is judged by the versions that clients were told they had read, and by the order in which the store has them. A transaction
/// is committed when a store has a version of it, or when its client was told so; it has failed when its client was told that.
/// One whose client does not know counts only if the store has it.
///
/// A read by a condition counts as a read of all rows, also of those that were not found: the client puts each version on
/// record. So G2 is found for conditions as well.
#[derive(Clone, Debug, Default)]
pub struct Serializable {
    /// Where each transaction is among all.
    places: Table<u32, u32>,
    transactions: Vec<Transaction>,
    reads: Vec<Read>,
    versions: Vec<Version>,
    /// Where each version is among all, by its row and its writer.
    written: Table<(i64, u32), u32>,
    /// The latest version of each row.
    latest: Map<i64, u32>,
    graph: Graph<Link>,
    committed: usize,
    finding: Found<Fault>,
}

/// What a transaction has read.
#[derive(Clone, Copy, Debug)]
struct Read {
    by: u32,
    row: i64,
    writer: u32,
    value: i64,
    event: EventId,
    /// The read before it by the same transaction.
    next: u32,
    /// The read before it of the same version, or of the same writer as long as that is not known.
    next_reader: u32,
}

/// A version of a row.
#[derive(Clone, Copy, Debug)]
struct Version {
    /// The transaction that wrote it; none for what was there at first.
    writer: u32,
    value: i64,
    event: EventId,
    /// The version that replaced it.
    next: u32,
    /// The latest read of it by a committed transaction, until it is replaced.
    reader: u32,
}

/// An event, and its number.
type Here<'a> = (EventId, &'a Event);

impl Serializable {
    /// A check that has seen nothing.
    pub fn new() -> Serializable {
        Serializable::default()
    }

    /// Where a transaction is among all.
    fn place(&mut self, operation: u32) -> u32 {
        if let Some(place) = self.places.get(&operation) {
            return *place;
        }
        let place = self.transactions.len() as u32;
        self.places.insert(operation, place);
        self.transactions.push(Transaction::new(operation));
        place
    }

    fn of(&mut self, place: u32) -> &mut Transaction {
        &mut self.transactions[place as usize]
    }

    fn invoked(&mut self, operation: u32, client: NodeId) {
        let place = self.place(operation);
        self.of(place).client = Some(client);
    }

    fn read(&mut self, [operation, writer]: [u32; 2], row: i64, value: i64, here: Here<'_>) {
        let by = self.place(operation);
        let writer = if writer == 0 {
            NONE
        } else {
            self.place(writer)
        };
        if writer == by {
            return;
        }
        let number = self.reads.len() as u32;
        let next = std::mem::replace(&mut self.of(by).read, number);
        self.reads.push(Read {
            by,
            row,
            writer,
            value,
            event: here.0,
            next,
            next_reader: NONE,
        });
        if self.of(by).fate == Fate::Committed {
            self.depends(number, here);
        }
    }

    /// The first version of a row, which nobody wrote, is there whether or not it is put on record.
    fn first(&mut self, row: i64, value: i64, event: EventId) -> u32 {
        if let Some(first) = self.written.get(&(row, NONE)) {
            return *first;
        }
        let number = self.versions.len() as u32;
        self.versions.push(Version {
            writer: NONE,
            value,
            event,
            next: NONE,
            reader: NONE,
        });
        self.written.insert((row, NONE), number);
        self.latest.insert(row, number);
        number
    }

    fn installed(&mut self, operation: u32, row: i64, value: i64, here: Here<'_>) {
        if operation == 0 {
            self.first(row, value, here.0);
            return;
        }
        let writer = self.place(operation);
        // A node that restarts puts on record again what it has.
        if self.written.get(&(row, writer)).is_some() {
            return;
        }
        self.first(row, 0, here.0);
        let number = self.versions.len() as u32;
        let before = self.latest.insert(row, number).unwrap_or(NONE);
        self.versions.push(Version {
            writer,
            value,
            event: here.0,
            next: NONE,
            reader: NONE,
        });
        self.written.insert((row, writer), number);
        self.commits(writer, here);
        self.replaces(before, number, row, here);
        self.clears(writer, row, here);
    }

    /// A version is replaced by the next one: its writer and its readers come before the writer of that.
    fn replaces(&mut self, before: u32, after: u32, row: i64, here: Here<'_>) {
        let old = &mut self.versions[before as usize];
        old.next = after;
        let mut reader = std::mem::replace(&mut old.reader, NONE);
        let (writer, event) = (old.writer, old.event);
        let Version {
            writer: by,
            event: at,
            ..
        } = self.versions[after as usize];
        self.link(writer, by, Link::write_write(row, [event, at]), here);
        while let Some(read) = self.reads.get(reader as usize).copied() {
            self.link(read.by, by, Link::read_write(row, [read.event, at]), here);
            reader = read.next_reader;
        }
    }

    /// The store has a row of a transaction now, of which others had read it before.
    fn clears(&mut self, writer: u32, row: i64, here: Here<'_>) {
        let mut next = std::mem::replace(&mut self.of(writer).dirty, NONE);
        while let Some(read) = self.reads.get(next as usize).copied() {
            let number = std::mem::replace(&mut next, read.next_reader);
            if read.row == row {
                self.depends(number, here);
            } else {
                self.is_dirty(number, writer);
            }
        }
    }

    fn is_dirty(&mut self, number: u32, writer: u32) {
        let before = std::mem::replace(&mut self.of(writer).dirty, number);
        self.reads[number as usize].next_reader = before;
    }

    /// A transaction is committed: what it has read counts from now on.
    fn commits(&mut self, place: u32, here: Here<'_>) {
        if self.of(place).fate == Fate::Committed {
            return;
        }
        let node = self.graph.add_node();
        let transaction = self.of(place);
        transaction.fate = Fate::Committed;
        transaction.node = node;
        let mut next = transaction.read;
        self.committed += 1;
        while let Some(read) = self.reads.get(next as usize).copied() {
            self.depends(next, here);
            next = read.next;
        }
    }

    /// A committed transaction has read something: it comes after the one that wrote that, and before the one that replaced it.
    fn depends(&mut self, number: u32, here: Here<'_>) {
        let read = self.reads[number as usize];
        if read.writer == NONE {
            self.first(read.row, read.value, read.event);
        }
        let version = self.written.get(&(read.row, read.writer)).copied();
        let Some(version) = version else {
            self.is_dirty(number, read.writer);
            if self.of(read.writer).fate == Fate::Failed {
                self.finds(
                    Fault::of_read(read.by, read.writer, read.row, false),
                    &[read.event],
                    here,
                );
            }
            return;
        };
        let found = self.versions[version as usize];
        if read.writer != NONE && found.value != read.value {
            let fault = Fault::of_read(read.by, read.writer, read.row, true);
            return self.finds(fault, &[read.event, found.event], here);
        }
        let link = Link::write_read(read.row, [found.event, read.event]);
        self.link(read.writer, read.by, link, here);
        match self.versions.get(found.next as usize).copied() {
            Some(next) => {
                let link = Link::read_write(read.row, [read.event, next.event]);
                self.link(read.by, next.writer, link, here);
            }
            None => {
                let before = std::mem::replace(&mut self.versions[version as usize].reader, number);
                self.reads[number as usize].next_reader = before;
            }
        }
    }

    /// A transaction comes before another one.
    fn link(&mut self, from: u32, to: u32, link: Link, here: Here<'_>) {
        if from == NONE || from == to || self.finding.is_some() {
            return;
        }
        let (from, to) = (self.of(from).node, self.of(to).node);
        if let Some(last) = self.graph.add_edge(from, to, link) {
            let (fault, events) = Fault::of_circle(&self.graph, last);
            self.finds(fault, &events, here);
        }
    }

    fn finds(&mut self, fault: Fault, events: &[EventId], (id, event): Here<'_>) {
        let mut all = events.to_vec();
        all.push(id);
        sim::sorting::sort(&mut all);
        all.dedup();
        self.finding.here(id, event, &all, fault);
    }

    fn returned(&mut self, operation: u32, outcome: Outcome, here: Here<'_>) {
        let place = self.place(operation);
        match (outcome, self.of(place).fate) {
            (Outcome::Ok, Fate::Open) => self.commits(place, here),
            (Outcome::Fail, Fate::Open) => {
                self.of(place).fate = Fate::Failed;
                let dirty = self.of(place).dirty;
                if let Some(read) = self.reads.get(dirty as usize).copied() {
                    let fault = Fault::of_read(read.by, place, read.row, false);
                    self.finds(fault, &[read.event], here);
                }
            }
            _ => {}
        }
    }
}

impl Check for Serializable {
    fn held(&self, by: Measure) -> usize {
        self.places.held(by)
            + self.transactions.held(by)
            + self.reads.held(by)
            + self.versions.held(by)
            + self.written.held(by)
            + self.latest.held(by)
            + self.graph.held(by)
    }

    fn hears(&self, kind: EventKind) -> bool {
        kind == EventKind::Fact
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if self.finding.is_some() {
            return;
        }
        let here = (id, event);
        match event.fact() {
            Some(Fact::Invoked { operation, .. }) => self.invoked(operation, event.node),
            Some(Fact::ReadVersion {
                operation,
                writer,
                row,
                value,
            }) => self.read([operation, writer], row, value, here),
            Some(Fact::Installed {
                operation,
                row,
                value,
            }) => self.installed(operation, row, value, here),
            Some(
                Fact::Returned {
                    operation, outcome, ..
                }
                | Fact::Learned { operation, outcome },
            ) => self.returned(operation, outcome, here),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            return finding.verdict(fault.sentence(&self.graph, &self.transactions, words));
        }
        let noun = words.operation;
        match self.reads.len() {
            0 => Verdict::undecided(format!("No {noun} has read anything yet.")),
            _ => Verdict::unviolated(
                self.committed > 0,
                format!(
                    "{} committed, and one order explains all that they read.",
                    counted(self.committed, noun)
                ),
            ),
        }
    }
}
