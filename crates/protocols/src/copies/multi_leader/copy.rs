//! What a replica keeps under a key, and what settles conflicts.

use crate::parts::hybrid_clock::HybridTime;
use crate::parts::version_vector::{Dot, VersionVector};
use sim::sorting::sort;

/// A write as replicas pass it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The operation that wrote it.
    pub operation: u32,
    /// Under which key.
    pub key: i64,
    /// Where it was taken, and as which of all writes there.
    pub dot: Dot,
    /// When it was taken, by the replica's clock.
    pub stamp: HybridTime,
    /// What its writer had read.
    pub context: VersionVector,
}

/// How conflicts are settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// The larger timestamp stays, read off the wall clock.
    WallClock,
    /// The larger timestamp stays, given by a hybrid logical clock.
    HybridClock,
    /// What a writer had read gives way, all else stays.
    VersionVector,
}

/// What became of the versions when one more came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Whether the new one stays.
    pub is_kept: bool,
    /// Which are gone, and for whose sake: operations.
    pub gone: Vec<(u32, u32)>,
}

/// The versions under a key: one, or siblings that knew nothing of each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copy {
    versions: Vec<Version>,
}

impl Version {
    /// Larger for the version that stays, where timestamps decide; replicas break ties by their numbers.
    fn rank(&self) -> (HybridTime, u16) {
        (self.stamp, self.dot.node)
    }
}

impl Copy {
    /// The operations whose writes are there, in order.
    pub fn operations(&self) -> Vec<u32> {
        let mut operations: Vec<u32> = self.versions.iter().map(|v| v.operation).collect();
        sort(&mut operations);
        operations
    }

    /// All that somebody knows who has read this copy.
    pub fn context(&self) -> VersionVector {
        let mut context = VersionVector::new();
        for version in &self.versions {
            context.merge(&version.context);
            context.learn(version.dot);
        }
        context
    }

    /// Takes in one more version.
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
        let newer = self
            .versions
            .iter()
            .find(|known| known.rank() > version.rank());
        if let Some(newer) = newer {
            return Settled {
                is_kept: false,
                gone: vec![(version.operation, newer.operation)],
            };
        }
        let gone = self
            .versions
            .iter()
            .map(|known| (known.operation, version.operation));
        let settled = Settled {
            is_kept: true,
            gone: gone.collect(),
        };
        self.versions = vec![version];
        settled
    }

    fn take_sibling(&mut self, version: Version) -> Settled {
        let newer = self
            .versions
            .iter()
            .find(|known| known.context.knows(version.dot));
        if let Some(newer) = newer {
            return Settled {
                is_kept: false,
                gone: vec![(version.operation, newer.operation)],
            };
        }
        let is_replaced = |known: &Version| version.context.knows(known.dot);
        let gone = self.versions.iter().filter(|known| is_replaced(known));
        let settled = Settled {
            is_kept: true,
            gone: gone
                .map(|known| (known.operation, version.operation))
                .collect(),
        };
        self.versions
            .retain(|known| !version.context.knows(known.dot));
        self.versions.push(version);
        settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(
        operation: u32,
        node: u16,
        count: u32,
        physical: i64,
        read: &[(u16, u32)],
    ) -> Version {
        let mut context = VersionVector::new();
        for (node, count) in read {
            context.learn(Dot {
                node: *node,
                count: *count,
            });
        }
        Version {
            operation,
            key: 0,
            dot: Dot { node, count },
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
        // Write 2 was made by somebody who had read write 1, at a replica whose clock is behind.
        let versions = [
            version(1, 0, 1, 1000, &[]),
            version(2, 1, 1, 600, &[(0, 1)]),
        ];
        check(&versions, Settling::WallClock, &[1]);
        check(&versions, Settling::VersionVector, &[2]);
    }

    #[test]
    fn writes_that_knew_nothing_of_each_other_are_siblings_until_somebody_has_read_both() {
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
    fn a_version_that_is_known_changes_nothing() {
        let mut copy = Copy::default();
        let one = version(1, 0, 1, 10, &[]);
        assert!(copy.take(one.clone(), Settling::WallClock).is_kept);
        let again = copy.take(one, Settling::WallClock);
        assert_eq!((again.is_kept, again.gone.len()), (true, 0));
        assert_eq!(copy.context().of(0), 1);
    }
}
