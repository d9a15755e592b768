//! What happened before what: Lamport's order, kept up as a trace goes by.
//!
//! One event happened before another if both are of one node and in that order, or if the first is a message's sending
//! and the second its handling, or by any chain of these (Lamport, *Time, clocks, and the ordering of events in a
//! distributed system*, CACM 21(7), 1978). A packet of clock synchronisation tells its receiver nothing but the time.
//!
//! Lamport's processes do not crash. What a node has heard and has not on disk, a crash takes away: the node's later events
//! come after it in Lamport's order, and yet it cannot have influenced them. [`Causality::of_memory`] leaves that out.
//!
//! Vector clocks are Fidge's and Mattern's (Mattern, *Virtual time and global states of distributed systems*, 1988): of
//! each node they say how many of its events are known.

use std::sync::Arc;

use crate::collections::held::{Held, Measure, all_held};
use crate::collections::sorted::{Map, Passing};
use crate::id::{EventId, NodeId};
use crate::trace::NTP_KIND;
use crate::trace::{DiskChange, Event, EventKind};

/// The vector clocks of all nodes. It is fed with a trace event by event, and it is cheap to clone with a keyframe.
#[derive(Clone, Debug, Default)]
pub struct Causality {
    /// For each node, how many events of each node are known there.
    known: Vec<Vec<u32>>,
    /// What was known where a message was sent, and how many of its copies have not ended.
    sent: Passing<EventId, (Arc<[u32]>, u32)>,
    /// For each node, what its disk knows; nothing if crashes take nothing away.
    disks: Option<Map<NodeId, OnDisk>>,
}

/// What a node had heard when it wrote to its disk.
#[derive(Clone, Debug, Default)]
struct OnDisk {
    durable: Vec<u32>,
    /// What was written since, as far as the node has heard of syncs, with the event in which it was written.
    written: Vec<(EventId, Vec<u32>)>,
}

/// A place in the order: a node, with what was known there at one of its events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    node: NodeId,
    known: Arc<[u32]>,
}

impl Held for Moment {
    fn held(&self, by: Measure) -> usize {
        of_counts(&self.known, by)
    }
}

/// Bytes of a list of counts, which copies share.
fn of_counts(counts: &Arc<[u32]>, by: Measure) -> usize {
    match by {
        Measure::Copied => 0,
        Measure::Taken | Measure::Grown => 2 * size_of::<usize>() + size_of_val(&**counts),
    }
}

impl Held for OnDisk {
    fn held(&self, by: Measure) -> usize {
        let written = self.written.iter().map(|(_, known)| known);
        self.durable.held(by) + self.written.held(by) + all_held(written, by)
    }
}

impl Held for Causality {
    fn held(&self, by: Measure) -> usize {
        let sent = self.sent.values().map(|(known, _)| of_counts(known, by));
        let disks = self
            .disks
            .as_ref()
            .map_or(0, |disks| disks.held(by) + all_held(disks.values(), by));
        self.known.held(by)
            + all_held(&self.known, by)
            + self.sent.held(by)
            + sent.sum::<usize>()
            + disks
    }
}

impl Causality {
    /// The order of what nodes remember: a crash takes away what its node has heard from others since its last write that
    /// is durable. What a lost disk takes away counts as remembered.
    pub fn of_memory() -> Causality {
        Causality {
            disks: Some(Map::new()),
            ..Causality::default()
        }
    }

    /// Takes in the next event of a trace.
    pub fn observe(&mut self, id: EventId, event: &Event) {
        match event.kind {
            EventKind::Send => {
                self.count(event.node);
                if event.code != NTP_KIND {
                    let known = self.moment(event.node).known;
                    self.sent.insert(id, (known, 1));
                }
            }
            EventKind::Deliver => {
                let known = self.end_copy(event.cause);
                self.learn(event.node, &known);
                self.count(event.node);
            }
            EventKind::Duplicate => {
                if let Some((_, copies)) = self.sent.get_mut(&event.cause) {
                    *copies += 1;
                }
            }
            EventKind::Lost => {
                self.end_copy(event.cause);
            }
            EventKind::Start
            | EventKind::TimerFired
            | EventKind::Crash
            | EventKind::Restart
            | EventKind::Pause
            | EventKind::Resume
            | EventKind::Limp
            | EventKind::Clock
            | EventKind::Disk
            | EventKind::Fact
            | EventKind::Operation
            | EventKind::Setting => {
                self.remember(event);
                self.count(event.node);
            }
            // What happens to messages and links on the network is no event of a node.
            EventKind::Queued | EventKind::Held | EventKind::Meddled | EventKind::Network => {}
        }
    }

    /// What an event does to what its node remembers.
    fn remember(&mut self, event: &Event) {
        let Some(disks) = &mut self.disks else { return };
        let disk = disks.entry(event.node).or_default();
        match (event.kind, event.detail()) {
            (EventKind::Disk, Some(DiskChange::Unsynced { records })) => {
                let kept = disk.written.len().saturating_sub(records as usize);
                disk.written.truncate(kept);
            }
            // What the crash has left is durable: the disk has synced it, though the node may never have heard so.
            (EventKind::Restart, _) => {
                if let Some((_, known)) = disk.written.drain(..).next_back() {
                    disk.durable = known;
                }
                let durable = disk.durable.clone();
                self.forget(event.node);
                self.learn(event.node, &durable);
            }
            (EventKind::Disk, Some(DiskChange::Written { .. })) => {
                let known = self.known.get(event.node.index());
                let known = known.cloned().unwrap_or_default();
                disk.written.push((event.cause, known));
            }
            (EventKind::Disk, Some(DiskChange::Synced)) => {
                let covered = disk.written.partition_point(|(at, _)| *at <= event.cause);
                if let Some((_, known)) = disk.written.drain(..covered).next_back() {
                    disk.durable = known;
                }
            }
            // A lost disk is no excuse: what was durable should be known.
            (EventKind::Disk, Some(DiskChange::Wiped)) => disk.written.clear(),
            _ => {}
        }
    }

    /// The place in the order of the latest event of `node`.
    pub fn moment(&self, node: NodeId) -> Moment {
        let known = self.known.get(node.index());
        Moment {
            node,
            known: known.map_or_else(Arc::default, |known| known.as_slice().into()),
        }
    }

    /// A node has lost its memory: it knows no event of others any more, unless it [recalls](Causality::recall) them.
    pub fn forget(&mut self, node: NodeId) {
        let known = self.known_to(node, node.index() + 1);
        let own = known[node.index()];
        known.fill(0);
        known[node.index()] = own;
    }

    /// A node has found something on its disk that was made at this moment: it knows what was known there.
    pub fn recall(&mut self, node: NodeId, moment: &Moment) {
        self.learn(node, &moment.known);
    }

    /// One copy of a message has ended. Returns what was known where the message was sent.
    fn end_copy(&mut self, sending: EventId) -> Arc<[u32]> {
        let Some((known, copies)) = self.sent.get_mut(&sending) else {
            return Arc::default();
        };
        let known = known.clone();
        *copies -= 1;
        if *copies == 0 {
            self.sent.remove(&sending);
        }
        known
    }

    /// What `node` knows, with room for at least `nodes` nodes.
    fn known_to(&mut self, node: NodeId, nodes: usize) -> &mut [u32] {
        if self.known.len() <= node.index() {
            self.known.resize(node.index() + 1, Vec::new());
        }
        let known = &mut self.known[node.index()];
        if known.len() < nodes {
            known.resize(nodes, 0);
        }
        known
    }

    fn count(&mut self, node: NodeId) {
        self.known_to(node, node.index() + 1)[node.index()] += 1;
    }

    fn learn(&mut self, node: NodeId, others: &[u32]) {
        let known = self.known_to(node, others.len());
        for (count, other) in known.iter_mut().zip(others) {
            *count = (*count).max(*other);
        }
    }
}

impl Moment {
    /// How many events of each node are known here, in the order of the nodes; those behind the last number are unknown.
    pub fn counts(&self) -> &[u32] {
        &self.known
    }

    /// Whether this moment happened before `other`: whether its event could be known there.
    pub fn is_before(&self, other: &Moment) -> bool {
        let count = |moment: &Moment| moment.known.get(self.node.index()).copied().unwrap_or(0);
        if self.node == other.node {
            return count(self) < count(other);
        }
        count(self) > 0 && count(self) <= count(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SimTime;

    fn event(kind: EventKind, node: u16, cause: EventId) -> Event {
        Event {
            cause,
            ..Event::of_kind(SimTime::ZERO, NodeId(node), kind)
        }
    }

    #[test]
    fn a_message_carries_what_its_sender_knew_and_no_more() {
        let mut causality = Causality::default();
        let mut count = 0;
        let mut happen = |kind, node, cause| {
            causality.observe(EventId(count), &event(kind, node, cause));
            count += 1;
            causality.moment(NodeId(node))
        };
        let cause = happen(EventKind::Fact, 0, EventId::NONE);
        let sending = happen(EventKind::Send, 0, EventId::NONE);
        let later = happen(EventKind::Fact, 0, EventId::NONE);
        let apart = happen(EventKind::Fact, 1, EventId::NONE);
        happen(EventKind::Duplicate, 0, EventId(1));
        happen(EventKind::Deliver, 1, EventId(1));
        let effect = happen(EventKind::Fact, 1, EventId::NONE);
        happen(EventKind::Deliver, 2, EventId(1));
        let twin = happen(EventKind::Fact, 2, EventId::NONE);

        assert!(cause.is_before(&sending) && sending.is_before(&effect));
        assert!(cause.is_before(&effect) && cause.is_before(&twin));
        assert!(!effect.is_before(&cause) && !later.is_before(&effect));
        assert!(!apart.is_before(&cause) && !cause.is_before(&apart));
        assert!(apart.is_before(&effect) && !apart.is_before(&twin));
        assert!(!cause.is_before(&cause));
    }

    #[test]
    fn a_message_that_was_lost_carries_nothing_and_takes_no_memory() {
        let mut causality = Causality::default();
        causality.observe(EventId(0), &event(EventKind::Send, 0, EventId::NONE));
        causality.observe(EventId(1), &event(EventKind::Lost, 1, EventId(0)));
        assert!(causality.sent.is_empty());
        causality.observe(EventId(2), &event(EventKind::Fact, 1, EventId::NONE));
        let (first, second) = (causality.moment(NodeId(0)), causality.moment(NodeId(1)));
        assert!(!first.is_before(&second));
    }

    #[test]
    fn a_restarted_node_knows_what_it_recalls() {
        let mut causality = Causality::default();
        causality.observe(EventId(0), &event(EventKind::Send, 0, EventId::NONE));
        let cause = causality.moment(NodeId(0));
        causality.observe(EventId(1), &event(EventKind::Deliver, 1, EventId(0)));
        let own = causality.moment(NodeId(1));
        causality.forget(NodeId(1));
        causality.observe(EventId(2), &event(EventKind::Fact, 1, EventId::NONE));
        let forgetful = causality.moment(NodeId(1));
        assert!(!cause.is_before(&forgetful) && own.is_before(&forgetful));
        causality.recall(NodeId(1), &cause);
        assert!(cause.is_before(&causality.moment(NodeId(1))));
        causality.forget(NodeId(7));
    }

    /// Whether a node knows of a message after a crash and a restart: it wrote to its disk when it had heard the message.
    /// What happens to the disk before the crash, and which records the crash loses.
    fn known_after_a_crash(mut causality: Causality, synced: bool, unsynced: u64) -> bool {
        let disk = |change, cause| Event {
            cause,
            ..Event::of(SimTime::ZERO, NodeId(1), change)
        };
        let (place, records) = (0, unsynced);
        let told = [
            Some(Event::of_kind(SimTime::ZERO, NodeId(0), EventKind::Send)),
            Some(event(EventKind::Deliver, 1, EventId(0))),
            Some(disk(DiskChange::Written { place }, EventId(1))),
            synced.then(|| disk(DiskChange::Synced, EventId(1))),
            Some(event(EventKind::Crash, 1, EventId::NONE)),
            (unsynced > 0).then(|| disk(DiskChange::Unsynced { records }, EventId::NONE)),
            Some(event(EventKind::Restart, 1, EventId::NONE)),
        ];
        for (id, event) in (0..).map(EventId).zip(told) {
            event.iter().for_each(|event| causality.observe(id, event));
        }
        let (sent, now) = (causality.moment(NodeId(0)), causality.moment(NodeId(1)));
        sent.is_before(&now)
    }

    #[test]
    fn a_crash_takes_away_what_a_node_has_heard_since_its_last_durable_write() {
        let known = |synced, unsynced| {
            [Causality::of_memory(), Causality::default()]
                .map(|causality| known_after_a_crash(causality, synced, unsynced))
        };
        assert_eq!(known(false, 1), [false, true]);
        assert_eq!(known(true, 0), [true, true]);
    }

    #[test]
    fn a_disk_that_has_synced_keeps_what_its_node_knew_though_the_node_never_heard_of_the_sync() {
        assert!(known_after_a_crash(Causality::of_memory(), false, 0));
    }
}
