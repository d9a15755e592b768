//! Records that a node overwrites, and that a torn write never takes away.
//!
//! A record that is overwritten in place is gone while the write is half done: a crash leaves neither the old record nor
//! the new one. So each record has two places on disk, and each version goes to the place of the older one, with a number
//! and a checksum. A restart takes the newest version that is whole. bbolt, the store of etcd, keeps its two meta pages so.
//! Whether an overwrite in place is atomic depends on the file system and its mount options (Pillai et al., *All file
//! systems are not created equal*, OSDI 2014).
//!
//! Two places are enough only if the newest version is durable before the other place is written. So one sync is under
//! way at a time, and what is saved meanwhile waits in memory for the next one ([`GroupCommit`]).

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::{Context, Protocol, Stored};

use super::group_commit::GroupCommit;

/// One version of a record, as it is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot<R> {
    /// Its number among the versions of the record, from 1.
    version: u64,
    record: R,
}

/// What it asks of the protocol that hosts it.
pub trait Hosts<R>: Protocol<Record: From<Slot<R>>> {
    /// The version in something that is on disk, if that is such a version.
    fn slot(stored: &Self::Record) -> Option<&Slot<R>>;
}

/// A node's records, each with two places on disk, and what the node owes once they are durable.
///
/// A record has a name below 2^63. It takes the places `2 * name` and `2 * name + 1`; what else the host writes must lie
/// elsewhere, and is covered by what it owes here, too.
#[derive(Clone, Debug, Hash)]
pub struct TwoSlots<R, T> {
    /// The number of the latest version of each record that has been written.
    versions: Map<u64, u64>,
    /// What is written when the next sync begins, by name.
    waiting: Map<u64, R>,
    commit: GroupCommit<T>,
}

impl<R> Slot<R> {
    /// What is in it.
    pub fn record(&self) -> &R {
        &self.record
    }
}

impl<R, T> Default for TwoSlots<R, T> {
    fn default() -> TwoSlots<R, T> {
        TwoSlots {
            versions: Map::new(),
            waiting: Map::new(),
            commit: GroupCommit::default(),
        }
    }
}

impl<R: Clone, T> TwoSlots<R, T> {
    /// Begins a life: the newest whole version of each record that the disk has, by name.
    ///
    /// A torn version was never durable, so nobody was told that it was saved.
    pub fn start<P: Hosts<R>>(&mut self, context: &Context<'_, P>) -> Map<u64, R> {
        let mut newest = Map::new();
        for (place, stored) in context.durable() {
            let Stored::Whole(stored) = stored else {
                continue;
            };
            let name = place / 2;
            if let Some(Slot { version, record }) = P::slot(stored)
                && self.versions.get(&name).is_none_or(|known| known < version)
            {
                self.versions.insert(name, *version);
                newest.insert(name, record.clone());
            }
        }
        newest
    }

    /// Makes `record` the newest version of the record with this name. It is not durable before what is owed next is due.
    pub fn save(&mut self, name: u64, record: R) {
        self.waiting.insert(name, record);
    }

    /// Owes something once all that has been saved and written so far is durable.
    pub fn owe<P: Hosts<R>>(&mut self, owed: T, context: &mut Context<'_, P>) {
        self.commit.add(owed);
        self.sync_if_idle(context);
    }

    /// The sync with this token has ended: what is due. The next one begins if anything is owed.
    pub fn synced<P: Hosts<R>>(&mut self, token: u64, context: &mut Context<'_, P>) -> Vec<T> {
        let due = self.commit.end(token);
        self.sync_if_idle(context);
        due
    }

    fn sync_if_idle<P: Hosts<R>>(&mut self, context: &mut Context<'_, P>) {
        let Some(token) = self.commit.begin() else {
            return;
        };
        for (name, record) in std::mem::take(&mut self.waiting) {
            let version = self.versions.entry(name).or_insert(0);
            *version += 1;
            let (place, version) = (2 * name + *version % 2, *version);
            context.write(place, Slot { version, record }.into());
        }
        context.sync(token);
    }

    /// Bytes of memory that it takes besides its own size, without what records point to.
    pub fn held(&self, by: Measure) -> usize {
        self.versions.held(by) + self.waiting.held(by) + self.commit.held(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::DiskProfile;
    use sim::network::LinkProfile;
    use sim::random::Probability;
    use sim::trace::{Fact, Trace};
    use sim::{Action, Machine, NodeId, Setup, SimDuration, SimTime, Target, World};

    const NAMES: u32 = 3;

    /// A node that counts, and saves each count under one of three names. It puts on record what it finds when it starts
    /// as shown, and what is durable as stored.
    #[derive(Clone, Hash)]
    struct Counts {
        slots: TwoSlots<u32, (u32, u32)>,
        latest: u32,
    }

    impl Hosts<u32> for Counts {
        fn slot(stored: &Slot<u32>) -> Option<&Slot<u32>> {
            Some(stored)
        }
    }

    impl Protocol for Counts {
        type Message = ();
        type Timer = ();
        type Record = Slot<u32>;

        sim::vocabulary! {
            messages {
                () => Request "nothing" [] { label: "", says: "" }
            }
            timers {
                () => "time to count",
            }
        }

        fn on_start(&mut self, context: &mut Context<'_, Self>) {
            for (name, count) in self.slots.start(context) {
                self.latest = self.latest.max(count);
                let (item, after) = (name as i64, i64::from(count));
                context.record(Fact::Shown { item, after });
            }
            context.set_timer(SimDuration::from_millis(1), ());
        }

        fn on_message(&mut self, _: NodeId, (): (), _: &mut Context<'_, Self>) {}

        fn on_timer(&mut self, (): (), context: &mut Context<'_, Self>) {
            self.latest += 1;
            let name = self.latest / 2 % NAMES;
            self.slots.save(name.into(), self.latest);
            self.slots.owe((name, self.latest), context);
            context.set_timer(SimDuration::from_millis(2), ());
        }

        fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
            for (name, operation) in self.slots.synced(token, context) {
                let (key, version) = (name.into(), 0);
                context.record(Fact::Stored {
                    operation,
                    key,
                    version,
                });
            }
        }
    }

    /// A run with a crash each 40 ms or so, which tears the last write if it can.
    fn facts(seed: u64, sync: u64) -> Vec<Fact> {
        let ms = SimDuration::from_millis;
        let mut setup = Setup::new(seed, LinkProfile::ideal(ms(1)), 1);
        setup.nodes[0].disk = DiskProfile {
            write: ms(1),
            sync: ms(sync),
            torn: Probability::ALWAYS,
        };
        let node = Counts {
            slots: TwoSlots::default(),
            latest: 0,
        };
        let mut world = World::new(&setup, vec![node]);
        let mut trace = Trace::full();
        for life in 1..20 {
            let crash = SimTime::from_millis(40 * life + (seed * 7 + life * 13) % 23);
            while world.kernel().next_due().is_some_and(|due| due <= crash) {
                world.step(&mut trace);
            }
            world.set_now(crash);
            let node = Target::Node(NodeId(0));
            world.apply(&Action::Crash(node), &mut trace);
            world.apply(&Action::Restart(node), &mut trace);
        }
        let facts = trace.events().iter().filter_map(|event| event.fact());
        facts.collect()
    }

    #[test]
    fn what_was_durable_is_found_after_each_crash_whatever_it_tore() {
        let mut lives = 0;
        for (seed, sync) in (0..50).flat_map(|seed| [(seed, 0), (seed, 3), (seed, 11)]) {
            let mut durable = Map::new();
            for fact in facts(seed, sync) {
                match fact {
                    Fact::Stored { operation, key, .. } => {
                        durable.insert(key, i64::from(operation));
                    }
                    Fact::Shown { item, after } => {
                        lives += 1;
                        let told = durable.get(&item).copied().unwrap_or(0);
                        assert!(after >= told, "seed {seed}: {after} instead of {told}");
                    }
                    _ => {}
                }
            }
            assert!(!durable.is_empty(), "seed {seed}");
        }
        assert!(lives > 1000, "{lives}");
    }

    #[test]
    fn one_sync_at_a_time_makes_durable_all_that_has_been_saved() {
        let saved: Vec<u32> = facts(1, 11)
            .iter()
            .filter_map(|fact| match fact {
                Fact::Stored { operation, .. } => Some(*operation),
                _ => None,
            })
            .collect();
        assert!(saved.len() > 100, "{}", saved.len());
        assert!(saved.is_sorted_by(|one, next| one < next));
    }
}
