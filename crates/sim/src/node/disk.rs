//! Disks: writes that are not durable until they are synced.
//!
//! A disk holds records at numbered places. A write can be read back at once, but it is in memory only; a sync makes
//! durable what was written before it was asked for, and takes its time. A crash is the machine's, so what the operating
//! system held in memory is lost too: all that no sync had covered.
//!
//! Syncs are done one after another, each for its whole length. A disk commits no groups by itself: a protocol that wants
//! that writes for several requests and asks for one sync.

use crate::collections::held::{Held, Measure};
use crate::collections::sorted::Map;
use crate::random::{Key, Probability};
use crate::time::{SimDuration, SimTime};
use std::ops::Range;

/// The settings of a disk.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DiskProfile {
    /// How long a write takes on its way to the platter, paid by the sync that follows.
    pub write: SimDuration,
    /// How long a sync takes in addition.
    pub sync: SimDuration,
    /// The chance that a crash leaves the last unsynced write half done, unless it erases something.
    pub torn: Probability,
}

/// What is found at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stored<R> {
    /// A whole record.
    Whole(R),
    /// Half a record: its checksum does not match.
    Torn,
}

#[derive(Clone, Debug)]
struct Write<R> {
    number: u64,
    place: u64,
    change: Change<R>,
}

/// What a write does.
#[derive(Clone, Debug, Hash)]
enum Change<R> {
    /// It puts a record at its place.
    Put(R),
    /// It erases its place and all behind it, up to but without this one.
    Erase(u64),
}

impl<R> Write<R> {
    /// What is at a place after this write, if the write changes that.
    fn leaves(&self, place: u64) -> Option<Option<&R>> {
        match &self.change {
            Change::Put(record) => (self.place == place).then_some(Some(record)),
            Change::Erase(end) => (self.place..*end).contains(&place).then_some(None),
        }
    }
}

/// A node's disk with records of type `R`.
#[derive(Clone, Debug)]
pub struct Disk<R> {
    profile: DiskProfile,
    slow_permille: u32,
    durable: Map<u64, Stored<R>>,
    unsynced: Vec<Write<R>>,
    writes: u64,
    /// The last write that some sync covers.
    asked: u64,
    busy_until: SimTime,
}

/// What a crash did to a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CrashDamage {
    /// How many writes were lost because no sync had covered them.
    pub unsynced: u64,
    /// Where on the disk a write was left half done, if one was.
    pub torn_place: Option<u64>,
}

impl<R: Clone> Disk<R> {
    pub(crate) fn new(profile: DiskProfile) -> Self {
        Disk {
            profile,
            slow_permille: 1000,
            durable: Map::new(),
            unsynced: Vec::new(),
            writes: 0,
            asked: 0,
            busy_until: SimTime::ZERO,
        }
    }

    /// What is at `place`, the latest write included whether or not it is durable.
    pub fn read(&self, place: u64) -> Option<Stored<&R>> {
        let mut latest = self.unsynced.iter().rev();
        match latest.find_map(|write| write.leaves(place)) {
            Some(left) => left.map(Stored::Whole),
            None => self.durable.get(&place).map(Stored::as_ref),
        }
    }

    /// All places that hold something, in order, with what a restart would find there.
    pub fn durable(&self) -> impl Iterator<Item = (u64, Stored<&R>)> {
        self.durable
            .iter()
            .map(|(place, stored)| (*place, stored.as_ref()))
    }

    /// How many writes a crash would lose.
    pub fn unsynced_writes(&self) -> usize {
        self.unsynced.len()
    }

    pub(crate) fn write(&mut self, place: u64, record: R) {
        self.change(place, Change::Put(record));
    }

    /// Erases what is at these places, as one write.
    pub(crate) fn erase(&mut self, places: Range<u64>) {
        self.change(places.start, Change::Erase(places.end));
    }

    fn change(&mut self, place: u64, change: Change<R>) {
        self.writes += 1;
        self.unsynced.push(Write {
            number: self.writes,
            place,
            change,
        });
    }

    /// Asks for a sync at `now`: which write it covers last, and when it is done.
    pub(crate) fn begin_sync(&mut self, now: SimTime) -> (u64, SimTime) {
        let transfer = self.profile.write.times(self.writes - self.asked);
        self.asked = self.writes;
        let length = (transfer + self.profile.sync).scaled_permille(self.slow_permille);
        self.busy_until = self.busy_until.max(now) + length;
        (self.writes, self.busy_until)
    }

    /// Makes durable all writes up to number `last`.
    pub(crate) fn end_sync(&mut self, last: u64) {
        let covered = self.unsynced.partition_point(|write| write.number <= last);
        for write in self.unsynced.drain(..covered) {
            match write.change {
                Change::Put(record) => {
                    self.durable.insert(write.place, Stored::Whole(record));
                }
                Change::Erase(end) => self
                    .durable
                    .retain(|place, _| !(write.place..end).contains(place)),
            }
        }
    }

    pub(crate) fn crash(&mut self, now: SimTime, key: Key) -> CrashDamage {
        let unsynced = self.unsynced.len() as u64;
        let torn = self.profile.torn.hits(key.draw(0));
        let torn_place = self
            .unsynced
            .last()
            .filter(|write| torn && matches!(write.change, Change::Put(_)))
            .map(|write| write.place);
        if let Some(place) = torn_place {
            self.durable.insert(place, Stored::Torn);
        }
        self.forget_unsynced();
        self.busy_until = now;
        CrashDamage {
            unsynced,
            torn_place,
        }
    }

    pub(crate) fn wipe(&mut self) {
        self.durable.clear();
        self.forget_unsynced();
    }

    fn forget_unsynced(&mut self) {
        self.unsynced.clear();
        self.asked = self.writes;
    }

    pub(crate) fn set_profile(&mut self, profile: DiskProfile) {
        self.profile = profile;
    }

    /// Bytes that its records take on the heap; `of_record` says what each points to.
    pub(crate) fn held(&self, by: Measure, of_record: impl Fn(&R) -> usize) -> usize {
        let whole = self.durable.values().filter_map(|stored| match stored {
            Stored::Whole(record) => Some(record),
            Stored::Torn => None,
        });
        let unsynced = self
            .unsynced
            .iter()
            .filter_map(|write| match &write.change {
                Change::Put(record) => Some(record),
                Change::Erase(_) => None,
            });
        let records = whole.chain(unsynced);
        self.durable.held(by) + self.unsynced.held(by) + records.map(of_record).sum::<usize>()
    }

    pub(crate) fn set_slow(&mut self, permille: u32) {
        self.slow_permille = permille;
    }
}

#[cfg(feature = "fingerprint")]
impl<R: std::hash::Hash> Disk<R> {
    /// Hashes what is on it, and what is still to become durable, at `now`.
    pub(crate) fn hash_at(&self, now: SimTime, state: &mut impl std::hash::Hasher) {
        use std::hash::Hash;
        self.durable.hash(state);
        for write in &self.unsynced {
            (self.back_to(write.number), write.place, &write.change).hash(state);
        }
        (self.back_to(self.asked), self.slow_permille).hash(state);
        self.busy_until.since(now).hash(state);
    }

    /// How many writes came after this one.
    pub(crate) fn back_to(&self, write: u64) -> u64 {
        self.writes - write
    }
}

impl<R> Stored<R> {
    fn as_ref(&self) -> Stored<&R> {
        match self {
            Stored::Whole(record) => Stored::Whole(record),
            Stored::Torn => Stored::Torn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(torn: f64) -> Disk<&'static str> {
        let ms = SimDuration::from_millis;
        Disk::new(DiskProfile {
            write: ms(1),
            sync: ms(10),
            torn: Probability::new(torn),
        })
    }

    #[test]
    fn a_crash_keeps_what_was_synced_and_loses_the_rest() {
        let mut disk = disk(0.0);
        disk.write(1, "old");
        let (covered, done) = disk.begin_sync(SimTime::ZERO);
        assert_eq!(done, SimTime::from_millis(11));
        disk.write(1, "new");
        disk.write(2, "more");
        disk.end_sync(covered);
        assert_eq!(disk.read(1), Some(Stored::Whole(&"new")));
        let damage = disk.crash(done, Key::root(1));
        assert_eq!(
            damage,
            CrashDamage {
                unsynced: 2,
                torn_place: None
            }
        );
        assert_eq!(disk.read(1), Some(Stored::Whole(&"old")));
        assert_eq!(disk.read(2), None);
    }

    #[test]
    fn a_torn_write_is_known_to_be_torn() {
        let mut disk = disk(1.0);
        disk.write(1, "first");
        disk.write(2, "second");
        disk.crash(SimTime::ZERO, Key::root(1));
        assert_eq!(disk.read(1), None);
        assert_eq!(disk.read(2), Some(Stored::Torn));
    }

    #[test]
    fn what_is_erased_is_back_after_a_crash_unless_it_was_synced() {
        let mut disk = disk(1.0);
        for place in 1..=4 {
            disk.write(place, "old");
        }
        let (covered, _) = disk.begin_sync(SimTime::ZERO);
        disk.end_sync(covered);
        let found = |disk: &Disk<_>| -> Vec<u64> {
            let places = 1..=4;
            places.filter(|place| disk.read(*place).is_some()).collect()
        };
        disk.erase(1..3);
        disk.write(2, "new");
        disk.erase(3..5);
        assert_eq!(found(&disk), [2]);
        disk.crash(SimTime::ZERO, Key::root(1));
        assert_eq!(found(&disk), [1, 2, 3, 4]);
        assert_eq!(
            disk.read(2),
            Some(Stored::Whole(&"old")),
            "an erasure is whole or not at all"
        );
        disk.erase(1..3);
        let (covered, _) = disk.begin_sync(SimTime::ZERO);
        disk.end_sync(covered);
        disk.crash(SimTime::ZERO, Key::root(1));
        assert_eq!(found(&disk), [3, 4]);
    }

    #[test]
    fn a_slow_disk_syncs_later_and_syncs_wait_for_each_other() {
        let mut disk = disk(0.0);
        disk.set_slow(3000);
        assert_eq!(disk.begin_sync(SimTime::ZERO).1, SimTime::from_millis(30));
        assert_eq!(disk.begin_sync(SimTime::ZERO).1, SimTime::from_millis(60));
    }

    #[test]
    fn each_write_is_paid_by_the_first_sync_that_covers_it() {
        let mut disk = disk(0.0);
        disk.write(1, "a");
        disk.write(2, "b");
        assert_eq!(disk.begin_sync(SimTime::ZERO).1, SimTime::from_millis(12));
        disk.write(3, "c");
        assert_eq!(disk.begin_sync(SimTime::ZERO).1, SimTime::from_millis(23));
    }
}
