//! Which members each node has logged last, as far as facts tell it. By these it goes, or by the latest of them that is committed.

use sim::NodeId;
use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact};

/// Which members a node has logged last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Members {
    /// Those that all began with.
    First,
    /// This set, which is in its log, or was before a snapshot stood for that part of it.
    Set(i64),
    /// Those of a snapshot: no fact tells them.
    Unknown,
}

/// Which members all nodes have logged last.
#[derive(Clone, Debug, Default)]
pub(super) struct AllMembers {
    logs: Map<NodeId, Log>,
    have_changed: bool,
}

/// What matters here of a log.
#[derive(Clone, Debug, Default)]
struct Log {
    /// The place of its last entry.
    last: u32,
    /// Its sets of members, by their places.
    sets: Map<u32, i64>,
    /// Up to where a snapshot stands for it.
    compacted: u32,
    /// Whether it begins with a snapshot whose members are not known.
    begins_unknown: bool,
}

impl AllMembers {
    /// Takes in an event. A node that restarts has the log that it then puts on record.
    pub fn observe(&mut self, event: &Event) {
        if event.kind == EventKind::Restart {
            self.logs.remove(&event.node);
        }
        match event.fact() {
            Some(Fact::Logged { index, content, .. }) => {
                self.have_changed |= content < 0;
                self.log(event.node).take(index, content);
            }
            Some(Fact::Truncated { index }) => self.log(event.node).truncate(index),
            Some(Fact::Compacted { index, .. }) => self.log(event.node).compact(index),
            _ => {}
        }
    }

    fn log(&mut self, node: NodeId) -> &mut Log {
        self.logs.entry(node).or_default()
    }

    /// Whether any log has had a set of members.
    pub fn have_changed(&self) -> bool {
        self.have_changed
    }

    /// Which members a node has logged last.
    pub fn of(&self, node: NodeId) -> Members {
        self.logs.get(&node).map_or(Members::First, Log::members)
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        let sets = self.logs.values().map(|log| log.sets.held(by));
        self.logs.held(by) + sets.sum::<usize>()
    }
}

impl Log {
    fn members(&self) -> Members {
        match self.sets.last_key_value() {
            Some((_, set)) => Members::Set(*set),
            None if self.begins_unknown => Members::Unknown,
            None => Members::First,
        }
    }

    fn take(&mut self, index: u32, content: i64) {
        self.truncate(index);
        self.last = index;
        if content < 0 {
            self.sets.insert(index, content);
        }
    }

    fn truncate(&mut self, index: u32) {
        self.last = self.last.min(index.saturating_sub(1));
        if !self.sets.is_empty() {
            self.sets.retain(|known, _| *known < index);
        }
    }

    /// A snapshot stands for the entries up to a place. Of those that were in the log the latest set is still the one to go by;
    /// a snapshot of more than was there, or of less than the one before it, has a set of its own.
    fn compact(&mut self, index: u32) {
        if index > self.last || index < self.compacted {
            *self = Log {
                last: index,
                compacted: index,
                sets: Map::new(),
                begins_unknown: true,
            };
            return;
        }
        self.compacted = index;
        let earlier = self.sets.range(..=index).next_back();
        if let Some(latest) = earlier.map(|(latest, _)| *latest) {
            self.sets.retain(|known, _| *known >= latest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// By which members n1 goes after this.
    #[track_caller]
    fn check(happens: &[Happening], members: Members) {
        let mut all = AllMembers::default();
        for happening in happens {
            all.observe(&happening.event(0, 1));
        }
        assert_eq!(all.of(NodeId(0)), members);
    }

    #[test]
    fn a_node_goes_by_the_latest_set_in_its_log() {
        check(&[], Members::First);
        let logged = [logs(1, 1, 5), logs(2, 1, -7), logs(3, 1, -9)].map(Happening::from);
        check(&logged, Members::Set(-9));
        let after = |what: Fact| [&logged[..], &[what.into()]].concat();
        check(&after(truncates(3)), Members::Set(-7));
        check(&after(logs(2, 2, 6)), Members::First);
    }

    #[test]
    fn a_node_that_restarts_goes_by_what_it_puts_on_record() {
        let lost = [logs(1, 1, -7).into(), RESTARTS.into()];
        check(&lost, Members::First);
        let kept = [&lost[..], &[logs(1, 1, -7).into()]].concat();
        check(&kept, Members::Set(-7));
        let snapshot = [&lost[..], &[compacts(1, 1).into()]].concat();
        check(&snapshot, Members::Unknown);
        check(
            &[&snapshot[..], &[logs(2, 1, -9).into()]].concat(),
            Members::Set(-9),
        );
    }

    #[test]
    fn a_snapshot_of_what_is_in_the_log_keeps_its_members_and_one_of_more_has_its_own() {
        let logged = [logs(1, 1, -7), logs(2, 1, -9), logs(3, 1, 5)].map(Happening::from);
        let after = |what: &[Fact]| {
            let what: Vec<Happening> = what.iter().copied().map(Happening::from).collect();
            [&logged[..], &what].concat()
        };
        check(&after(&[compacts(2, 1)]), Members::Set(-9));
        check(&after(&[compacts(1, 1), truncates(2)]), Members::Set(-7));
        check(&after(&[truncates(1), compacts(8, 1)]), Members::Unknown);
        let back = [compacts(3, 1), compacts(1, 1)];
        check(&after(&back), Members::Unknown);
    }
}
