//! What a replica keeps under a key, and what settles conflicts.

use crate::parts::clocks::logical_time::{Dot, HybridTime, VersionVector};
use sim::held::{Held, Measure};
use sim::sorting::sort;

/// A write, as replicas pass it on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The operation that wrote it.
    pub operation: u32,
    /// The key that it was written under.
    pub key: i64,
    /// The disk of the replica that accepted it, and its number among the writes there.
    pub dot: Dot,
    /// When it was accepted, by the replica's clock.
    pub stamp: HybridTime,
    /// The versions that its writer had read.
    pub context: VersionVector,
}

/// How conflicts are settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Settling {
    /// The write with the larger timestamp of the wall clock stays.
    WallClock,
    /// The write with the larger timestamp of a hybrid logical clock stays.
    HybridClock,
    /// A write replaces the versions that its writer had read. Other versions stay.
    VersionVector,
}

/// What happened to the versions when another one arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Settled {
    /// Whether the new version stays.
    pub is_kept: bool,
    /// The operations whose versions are gone, each with the operation that replaced it.
    pub gone: Vec<(u32, u32)>,
}

/// The versions under a key: a single one, or siblings that did not know about each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Copy {
    versions: Vec<Version>,
}

impl Held for Version {
    fn held(&self, by: Measure) -> usize {
        self.context.held(by)
    }
}

impl Version {
    /// Where timestamps decide, the version with the larger rank stays. The number of the replica's disk breaks ties.
    fn rank(&self) -> (HybridTime, u32) {
        (self.stamp, self.dot.origin)
    }
}

impl Held for Copy {
    fn held(&self, by: Measure) -> usize {
        let versions = self.versions.iter().map(|version| version.held(by));
        self.versions.held(by) + versions.sum::<usize>()
    }
}

impl Copy {
    /// The operations that wrote the versions, in order.
    pub fn operations(&self) -> Vec<u32> {
        let mut operations: Vec<u32> = self.versions.iter().map(|v| v.operation).collect();
        sort(&mut operations);
        operations
    }

    /// The versions.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// What a client knows that has read this copy.
    pub fn context(&self) -> VersionVector {
        let mut context = VersionVector::new();
        for version in &self.versions {
            context.merge(&version.context);
            context.learn(version.dot);
        }
        context
    }

    /// Adds a version, and settles the conflict if there is one.
    pub fn take(&mut self, version: Version, settling: Settling) -> Settled {
        if self.versions.iter().any(|known| known.dot == version.dot) {
            return Settled {
                is_kept: true,
                gone: Vec::new(),
            };
        }
        match settling {
            Settling::WallClock | Settling::HybridClock => self.take_latest(version),
            Settling::VersionVector => self.take_sibling(version),
        }
    }

    fn take_latest(&mut self, version: Version) -> Settled {
        let rank = version.rank();
        self.settle(version, |known| known.rank() > rank, |_| true)
    }

    fn take_sibling(&mut self, version: Version) -> Settled {
        let (dot, read) = (version.dot, version.context.clone());
        let is_newer = |known: &Version| known.context.knows(dot);
        self.settle(version, is_newer, |known| read.knows(known.dot))
    }

    /// Drops the version if another one is newer, else the versions that it replaces.
    fn settle(
        &mut self,
        version: Version,
        is_newer: impl Fn(&Version) -> bool,
        is_replaced: impl Fn(&Version) -> bool,
    ) -> Settled {
        let operation = version.operation;
        if let Some(newer) = self.versions.iter().find(|known| is_newer(known)) {
            return Settled {
                is_kept: false,
                gone: vec![(operation, newer.operation)],
            };
        }
        let gone = self.versions.iter().filter(|known| is_replaced(known));
        let gone = gone.map(|known| (known.operation, operation)).collect();
        self.versions.retain(|known| !is_replaced(known));
        self.versions.push(version);
        Settled {
            is_kept: true,
            gone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(
        operation: u32,
        origin: u32,
        count: u32,
        physical: i64,
        read: &[(u32, u32)],
    ) -> Version {
        let mut context = VersionVector::new();
        for (origin, count) in read {
            context.learn(Dot {
                origin: *origin,
                count: *count,
            });
        }
        Version {
            operation,
            key: 0,
            dot: Dot { origin, count },
            stamp: HybridTime {
                physical,
                logical: 0,
            },
            context,
        }
    }

    /// Takes versions in this order and in the opposite one; both must leave `kept`.
    fn check(versions: &[Version], settling: Settling, kept: &[u32]) {
        let taken = |versions: &mut dyn Iterator<Item = &Version>| {
            let mut copy = Copy::default();
            for version in versions {
                copy.take(version.clone(), settling);
            }
            copy.operations()
        };
        assert_eq!(taken(&mut versions.iter()), kept);
        assert_eq!(taken(&mut versions.iter().rev()), kept);
    }

    #[test]
    fn the_larger_timestamp_stays_even_if_the_other_write_came_after_it() {
        // The writer of write 2 had read write 1, and the clock of its replica is behind.
        let versions = [
            version(1, 0, 1, 1000, &[]),
            version(2, 1, 1, 600, &[(0, 1)]),
        ];
        check(&versions, Settling::WallClock, &[1]);
        check(&versions, Settling::VersionVector, &[2]);
    }

    #[test]
    fn independent_writes_are_siblings_until_a_client_that_has_read_both_writes() {
        let mut versions = vec![version(1, 0, 1, 10, &[]), version(2, 1, 1, 20, &[])];
        check(&versions, Settling::VersionVector, &[1, 2]);
        check(&versions, Settling::WallClock, &[2]);
        versions.push(version(3, 0, 2, 5, &[(0, 1), (1, 1)]));
        check(&versions, Settling::VersionVector, &[3]);
    }

    #[test]
    fn equal_timestamps_are_settled_the_same_way_everywhere() {
        let versions = [version(1, 0, 1, 10, &[]), version(2, 1, 1, 10, &[])];
        check(&versions, Settling::HybridClock, &[2]);
    }

    #[test]
    fn a_version_that_is_known_already_changes_nothing() {
        let mut copy = Copy::default();
        let one = version(1, 0, 1, 10, &[]);
        assert!(copy.take(one.clone(), Settling::WallClock).is_kept);
        let again = copy.take(one, Settling::WallClock);
        assert_eq!((again.is_kept, again.gone.len()), (true, 0));
        assert_eq!(copy.context().of(0), 1);
    }
}
