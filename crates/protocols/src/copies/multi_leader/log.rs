//! The writes that a replica knows, on disk: those of each replica in the order in which that replica accepted them,
//! without a gap (the prefix property of Petersen et al., *Flexible update propagation for weakly consistent
//! replication*, SOSP 1997).
//!
//! Each write has a place of its own on disk and is written once, so a torn write is one that nobody was told about. So has
//! the mark that writes of the replica itself may be missing: it is written before anything else is, and so it is durable
//! with the first of the writes that come back. A torn mark is taken for one.

use sim::held::{Held, Measure, all_held};
use sim::sorted::Map;
use sim::{Context, NodeId, Stored};

use super::Node;
use super::copy::Version;
use crate::parts::clocks::logical_time::{Dot, VersionVector};

/// What lies at a place of the disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// A write.
    Write(Version),
    /// Which of the replica's disks this is, and whether it may miss writes that the replica accepted.
    Disk { number: u16, is_incomplete: bool },
}

/// The writes that a replica knows.
#[derive(Clone, Debug, Default, Hash)]
pub struct Log {
    /// The durable writes that each replica has accepted on each of its disks, in order.
    writes: Map<u32, Vec<Version>>,
    /// Which writes are durable here.
    known: VersionVector,
    /// Which writes are on their way to the disk, or durable.
    taken: VersionVector,
    /// Writes that have arrived before earlier writes of the same replica.
    early: Map<Dot, Version>,
    /// Which of the replica's disks this is: 0 for the first.
    disk: u16,
    /// Whether the disk is marked as one that may miss writes that the replica accepted.
    is_marked: bool,
}

/// Where on disk a write lies.
fn place(dot: Dot) -> u64 {
    u64::from(dot.origin) << 32 | u64::from(dot.count)
}

/// Where the mark lies: behind all writes.
const MARK: u64 = u64::MAX;

impl Log {
    /// Reads what the disk has. Returns all writes that are there without a gap.
    pub fn load(&mut self, context: &Context<'_, Node>) -> Vec<Version> {
        let mut loaded = Vec::new();
        for (place, stored) in context.durable() {
            let version = match stored {
                Stored::Whole(Record::Write(version)) => version.clone(),
                Stored::Whole(Record::Disk {
                    number,
                    is_incomplete,
                }) => {
                    (self.disk, self.is_marked) = (*number, *is_incomplete);
                    continue;
                }
                Stored::Torn => {
                    self.is_marked |= place == MARK;
                    continue;
                }
            };
            if self.is_next(version.dot) {
                self.taken.learn(version.dot);
                self.keep(version.clone());
                loaded.push(version);
            } else {
                // A lost disk has left a gap, which the other replicas can fill.
                self.early.insert(version.dot, version);
            }
        }
        loaded
    }

    /// Whether writes may be missing that `me` accepted: none is here, or not all before another one, or the disk is marked.
    /// A disk that is not the first has a mark.
    pub fn may_lack_writes_of(&self, me: NodeId) -> bool {
        let origin = u32::from(me.0);
        let early = self.early.keys().any(|dot| dot.origin == origin);
        self.is_marked || self.disk == 0 && (early || self.known.of(origin) == 0)
    }

    /// From here on this is another disk, which may miss writes that the replica accepted. Whatever was written on the one
    /// before, and may still be on its way to other replicas, has other dots.
    pub fn replaced_by(&mut self, disk: u16, context: &mut Context<'_, Node>) {
        self.disk = disk;
        self.mark(true, context);
    }

    /// Marks the disk as one that has all writes that the replica accepted and that others know.
    pub fn mark_whole(&mut self, context: &mut Context<'_, Node>) {
        self.mark(false, context);
    }

    fn mark(&mut self, is_incomplete: bool, context: &mut Context<'_, Node>) {
        self.is_marked = is_incomplete;
        let number = self.disk;
        context.write(
            MARK,
            Record::Disk {
                number,
                is_incomplete,
            },
        );
    }

    /// What stands in the dots of the writes that `me` accepts: the replica, and which of its disks this is.
    fn origin(&self, me: NodeId) -> u32 {
        u32::from(self.disk) << 16 | u32::from(me.0)
    }

    fn is_next(&self, dot: Dot) -> bool {
        dot == self.next_of(dot.origin)
    }

    /// Which writes are durable here.
    pub fn known(&self) -> &VersionVector {
        &self.known
    }

    /// Whether a write is durable here.
    pub fn has(&self, dot: Dot) -> bool {
        self.known.knows(dot)
    }

    /// Whether nothing is on its way to the disk.
    pub fn is_durable(&self) -> bool {
        self.known == self.taken
    }

    /// The dot of the next write that `me` accepts.
    pub fn next_dot(&self, me: NodeId) -> Dot {
        self.next_of(self.origin(me))
    }

    fn next_of(&self, origin: u32) -> Dot {
        Dot {
            origin,
            count: self.taken.of(origin) + 1,
        }
    }

    /// Writes a version to disk, and the versions that waited for it. Returns these; they are durable after a sync, and
    /// then to be kept.
    pub fn take(&mut self, version: Version, context: &mut Context<'_, Node>) -> Vec<Version> {
        let origin = version.dot.origin;
        if !self.taken.knows(version.dot) {
            self.early.insert(version.dot, version);
        }
        let mut taken = Vec::new();
        while let Some(version) = self.early.remove(&self.next_of(origin)) {
            self.taken.learn(version.dot);
            context.write(place(version.dot), Record::Write(version.clone()));
            taken.push(version);
        }
        taken
    }

    /// A version is durable.
    pub fn keep(&mut self, version: Version) {
        self.known.learn(version.dot);
        self.writes
            .entry(version.dot.origin)
            .or_default()
            .push(version);
    }

    /// At most `most` of the writes that a replica lacks if it knows `known`, in order.
    pub fn missing(&self, known: &VersionVector, most: usize) -> Vec<Version> {
        let lacking = self.writes.iter().flat_map(|(origin, writes)| {
            let from = (known.of(*origin) as usize).min(writes.len());
            &writes[from..]
        });
        lacking.take(most).cloned().collect()
    }

    /// Whether a replica that knows `known` lacks a write.
    pub fn is_ahead_of(&self, known: &VersionVector) -> bool {
        !self.missing(known, 1).is_empty()
    }

    /// Bytes of memory that it takes besides its own size.
    pub fn held(&self, by: Measure) -> usize {
        let versions = self.writes.values().flatten().chain(self.early.values());
        self.writes.held(by)
            + all_held(self.writes.values(), by)
            + self.known.held(by)
            + self.taken.held(by)
            + self.early.held(by)
            + versions.map(|version| version.held(by)).sum::<usize>()
    }
}
