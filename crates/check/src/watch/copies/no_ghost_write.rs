//! No acknowledged write is undone by an older one.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::sorting::sort;

use sim::trace::{Event, EventKind, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{capitalised, counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// A write that its client knows to be done is not replaced by an older one.
///
/// A write is older than another if the same client began it earlier, or if it had ended when the other began. A
/// violation is certain once the older one is stored over the newer one and the newer one is acknowledged, whichever
/// comes last.
#[derive(Clone, Debug, Default)]
pub struct NoGhostWrite {
    writes: Map<u32, Write>,
    /// What each node's copy of each key holds: the write, and when it came there.
    copies: Map<(NodeId, i64), (u32, EventId)>,
    acknowledged: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Write {
    client: NodeId,
    invoked: (SimTime, EventId),
    /// When and where it ended, and whether it was done.
    ended: Option<(SimTime, EventId, bool)>,
    /// When an older one replaced it: which, where and when.
    undone: Option<(u32, NodeId, SimTime, EventId)>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    newer: u32,
    acknowledged: SimTime,
    older: u32,
    invoked: SimTime,
    node: NodeId,
    undone: SimTime,
}

impl NoGhostWrite {
    /// A check that has seen nothing yet.
    pub fn new() -> NoGhostWrite {
        NoGhostWrite::default()
    }

    fn stored(&mut self, operation: u32, key: i64, id: EventId, event: &Event) {
        let before = self
            .copies
            .insert((event.node, key), (operation, id))
            .map(|(before, _)| before);
        let Some(before) = before.filter(|before| self.is_older(operation, *before)) else {
            return;
        };
        if let Some(write) = self.writes.get_mut(&before) {
            write
                .undone
                .get_or_insert((operation, event.node, event.time, id));
        }
        self.judge(before, id);
    }

    /// A node has lost its memory: it holds what it then puts on record. A write that was not acknowledged may never have been
    /// on its disk, so no older one replaces it; an acknowledged one that is gone was undone by what comes next.
    fn restarted(&mut self, restarted: NodeId) {
        let writes = &self.writes;
        self.copies.retain(|(node, _), (operation, _)| {
            let write = writes.get(operation);
            *node != restarted || write.is_some_and(|write| matches!(write.ended, Some((.., true))))
        });
    }

    /// Whether write `a` is older than write `b`.
    fn is_older(&self, a: u32, b: u32) -> bool {
        let (Some(a), Some(b)) = (self.writes.get(&a), self.writes.get(&b)) else {
            return false;
        };
        let same_client = a.client == b.client && a.invoked.1 < b.invoked.1;
        same_client || a.ended.is_some_and(|(_, ended, _)| ended < b.invoked.1)
    }

    fn returned(&mut self, operation: u32, outcome: Outcome, id: EventId, now: SimTime) {
        if let Some(write) = self.writes.get_mut(&operation) {
            let is_done = outcome == Outcome::Ok;
            write.ended = Some((now, id, is_done));
            self.acknowledged += usize::from(is_done);
            self.judge(operation, id);
        }
    }

    fn judge(&mut self, newer: u32, here: EventId) {
        let Some(write) = self.writes.get(&newer) else {
            return;
        };
        let (Some((acknowledged, answer, true)), Some((older, node, undone, ghost))) =
            (write.ended, write.undone)
        else {
            return;
        };
        let Some(old) = self.writes.get(&older) else {
            return;
        };
        let mut events = vec![old.invoked.1, write.invoked.1, answer, ghost];
        sort(&mut events);
        let finding = Finding {
            at: acknowledged.max(undone),
            event: here,
            events,
        };
        let fault = Fault {
            newer,
            acknowledged,
            older,
            invoked: old.invoked.0,
            node,
            undone,
        };
        self.finding.since(finding, fault);
    }
}

impl Check for NoGhostWrite {
    fn held(&self, by: Measure) -> usize {
        self.writes.held(by) + self.copies.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if event.kind == EventKind::Restart {
            self.restarted(event.node);
        }
        match event.fact() {
            Some(Fact::Invoked {
                operation,
                function: Function::Write,
                ..
            }) => {
                let write = Write {
                    client: event.node,
                    invoked: (event.time, id),
                    ended: None,
                    undone: None,
                };
                self.writes.insert(operation, write);
            }
            Some(Fact::Stored { operation, key, .. }) => self.stored(operation, key, id, event),
            Some(Fact::Returned {
                operation, outcome, ..
            }) => self.returned(operation, outcome, id, event.time),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let noun = words.operation;
        if let Some((finding, fault)) = self.finding.get() {
            let sentence = format!(
                "{} #{} was acknowledged at {}, but undone on {} at {} by the older {noun} #{} from {}.",
                capitalised(noun),
                fault.newer,
                seconds(fault.acknowledged),
                (words.node)(fault.node),
                seconds(fault.undone),
                fault.older,
                seconds(fault.invoked)
            );
            return finding.verdict(sentence);
        }
        match self.acknowledged {
            0 => Verdict::undecided(format!("No {noun} has been acknowledged yet.")),
            count => Verdict::holds(format!(
                "{} acknowledged, none undone by an older one.",
                counted(count, noun)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// Write 1 is n1's, and so is 2, unless it is said to be n2's; n9 has the copy.
    fn writes_of() -> Trial {
        trial(NoGhostWrite::new(), "write")
    }

    #[test]
    fn newer_writes_may_replace_older_ones() {
        writes_of()
            .at(0, 1, writes(1))
            .at(10, 9, stores(1))
            .at(20, 1, ok(1))
            .at(30, 1, writes(2))
            .at(40, 9, stores(2))
            .at(50, 9, stores(2))
            .at(60, 1, ok(2))
            .holds("2 writes acknowledged, none undone by an older one.");
    }

    #[test]
    fn an_older_write_of_the_same_client_is_a_ghost() {
        writes_of()
            .at(0, 1, writes(1))
            .at(100, 1, ok(1))
            .at(200, 1, writes(2))
            .at(300, 9, stores(2))
            .at(400, 1, ok(2))
            .at(1500, 9, stores(1))
            .violated("Write #2 was acknowledged at 0.40 s, but undone on n9 at 1.50 s by the older write #1 from 0.00 s.");
    }

    #[test]
    fn what_was_undone_before_its_answer_is_a_violation_at_the_answer() {
        writes_of()
            .at(0, 1, writes(1))
            .at(200, 1, writes(2))
            .at(300, 9, stores(2))
            .at(350, 9, stores(1))
            .undecided("No write has been acknowledged yet.")
            .at(400, 1, ok(2))
            .violated("Write #2 was acknowledged at 0.40 s, but undone on n9 at 0.35 s by the older write #1 from 0.00 s.")
            .since(400);
    }

    #[test]
    fn writes_of_two_clients_at_the_same_time_have_no_order() {
        writes_of()
            .at(0, 1, writes(1))
            .at(10, 2, writes(11))
            .at(300, 9, stores(11))
            .at(350, 2, ok(11))
            .at(400, 9, stores(1))
            .holds("1 write acknowledged, none undone by an older one.");
    }

    #[test]
    fn a_write_that_had_ended_is_older_than_another_clients_next() {
        writes_of()
            .at(0, 1, writes(1))
            .at(10, 1, ok(1))
            .at(20, 2, writes(11))
            .at(300, 9, stores(11))
            .at(350, 2, ok(11))
            .at(400, 9, stores(1))
            .violated("Write #11 was acknowledged at 0.35 s, but undone on n9 at 0.40 s by the older write #1 from 0.00 s.");
    }

    #[test]
    fn a_copy_that_a_crash_has_set_back_is_not_undone() {
        writes_of()
            .at(0, 1, writes(1))
            .at(10, 9, stores(1))
            .at(20, 1, ok(1))
            .at(30, 1, writes(2))
            .at(40, 9, stores(2))
            .at(50, 9, CRASHES)
            .at(60, 9, RESTARTS)
            .at(60, 9, stores(1))
            .at(70, 9, stores(2))
            .at(80, 1, ok(2))
            .holds("2 writes acknowledged, none undone by an older one.");
    }

    #[test]
    fn an_acknowledged_write_that_was_lost_with_the_disk_is_undone_by_an_older_one() {
        writes_of()
            .at(0, 1, writes(1))
            .at(30, 1, writes(2))
            .at(40, 9, stores(2))
            .at(50, 1, ok(2))
            .at(60, 9, CRASHES)
            .at(70, 9, RESTARTS)
            .at(80, 9, stores(1))
            .violated("Write #2 was acknowledged at 0.05 s, but undone on n9 at 0.08 s by the older write #1 from 0.00 s.");
    }

    #[test]
    fn an_older_write_under_another_key_undoes_nothing() {
        writes_of()
            .at(0, 1, under(5, writes(1)))
            .at(100, 1, ok(1))
            .at(200, 1, writes(2))
            .at(300, 9, stores(2))
            .at(400, 1, ok(2))
            .at(1500, 9, under(5, stores(1)))
            .holds("2 writes acknowledged, none undone by an older one.");
    }
}
