//! The versions of rows: each transaction reads those of its snapshot, whatever is committed meanwhile.

use sim::held::{Held, Measure, all_held};
use sim::sorted::Map;

/// A stamp: how many commits came before, this one included.
pub(super) type Stamp = u64;

/// A version of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Version {
    /// When it was committed.
    pub stamp: Stamp,
    /// By which transaction.
    pub writer: u32,
    /// What the row says.
    pub value: i64,
}

/// All versions that somebody may yet read.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Store {
    /// Of each row, from the oldest one on.
    rows: Map<i64, Vec<Version>>,
    /// The latest stamp that was given.
    latest: Stamp,
    /// The latest stamp that snapshots include: all up to it is durable.
    visible: Stamp,
}

impl Store {
    /// A store whose rows say this at first.
    pub(super) fn new(first: impl IntoIterator<Item = (i64, i64)>) -> Store {
        let mut store = Store::default();
        for (row, value) in first {
            let (stamp, writer) = (0, 0);
            let version = Version {
                stamp,
                writer,
                value,
            };
            store.rows.insert(row, vec![version]);
        }
        store
    }

    /// What a new snapshot includes.
    pub(super) fn visible(&self) -> Stamp {
        self.visible
    }

    /// The stamp of the next commit.
    pub(super) fn next_stamp(&mut self) -> Stamp {
        self.latest += 1;
        self.latest
    }

    /// A transaction has written a row. No snapshot includes it yet.
    pub(super) fn add(&mut self, row: i64, version: Version) {
        self.latest = self.latest.max(version.stamp);
        self.rows.entry(row).or_default().push(version);
    }

    /// All up to this stamp is durable: snapshots include it from now on.
    pub(super) fn show(&mut self, stamp: Stamp) {
        self.visible = self.visible.max(stamp);
    }

    /// The version of a row that a snapshot includes.
    pub(super) fn read(&self, row: i64, snapshot: Stamp) -> Option<&Version> {
        let versions = self.rows.get(&row)?;
        versions.iter().rev().find(|found| found.stamp <= snapshot)
    }

    /// The versions of a row that came after a snapshot, durable or not.
    pub(super) fn since(&self, row: i64, snapshot: Stamp) -> impl Iterator<Item = &Version> {
        let versions = self.rows.get(&row).into_iter().flatten();
        versions.filter(move |found| found.stamp > snapshot)
    }

    /// The rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = i64> + '_ {
        self.rows.keys().copied()
    }

    /// How many versions a row has.
    pub(super) fn versions(&self, row: i64) -> usize {
        self.rows.get(&row).map_or(0, Vec::len)
    }

    /// Drops the versions that no snapshot from this one on includes.
    pub(super) fn vacuum(&mut self, oldest: Stamp) {
        for versions in self.rows.values_mut() {
            let included = versions.iter().rposition(|found| found.stamp <= oldest);
            versions.drain(..included.unwrap_or(0));
        }
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.rows.held(by) + all_held(self.rows.values(), by)
    }
}
