//! Writes that are lost: dropped for another write, or held by no copy any more.
//!
//! `holders` knows which nodes hold which writes, and `sentence` says what was lost.

mod holders;
mod sentence;
#[cfg(test)]
mod tests;

use sim::causality::{Causality, Moment};
use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::sorting::sort;

use sim::trace::{Event, EventKind, Fact, Function, Outcome};
use sim::{Copies, EventId, NodeId, SimTime};

use holders::Holders;

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::counted;
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// No protected write is lost; the setting says which writes are protected.
///
/// A write is made when it is given its timestamp; a write that is given another timestamp, because a crash took the first,
/// is made then. It follows another one if its maker could know of that one; a maker that was restarted knows what was on
/// its disk.
///
/// A write is lost in one of two ways. A copy drops it for another write, and says so. Or it was acknowledged and no copy
/// holds it any more, whatever the copies say, nor any write that followed it. A node that restarts holds what it then puts
/// on record as stored, and nothing else. When the run is over, what a copy holds is looked up there.
#[derive(Clone, Debug)]
pub struct LostWrite {
    protected: Protected,
    causality: Causality,
    writes: Map<u32, Write>,
    /// When each write was made, where it matters what its maker could know. They are aside, so that the others are freed at once.
    made: Map<u32, (Moment, EventId)>,
    holders: Holders,
    /// Writes that were dropped before they were acknowledged.
    dropped: Map<u32, Dropped>,
    /// Acknowledged writes that a restart has taken from the last copy, to be judged once the node has had the time to
    /// put on record what its disk has.
    gone: Map<u32, Gone>,
    acknowledged: usize,
    finding: Found<Fault>,
}

/// Which writes may not be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protected {
    /// A write that followed the one for which it is dropped.
    Followers,
    /// A write that was acknowledged; a write that followed it may replace it.
    Concurrent,
    /// A write that was acknowledged.
    Acknowledged,
}

#[derive(Clone, Debug, Default)]
struct Write {
    writer: NodeId,
    key: i64,
    acknowledged: Option<EventId>,
    /// Whether a copy dropped it for a write that it followed.
    was_undone: bool,
}

#[derive(Clone, Copy, Debug)]
struct Dropped {
    operation: u32,
    by: u32,
    copy: NodeId,
    at: SimTime,
    event: EventId,
}

#[derive(Clone, Copy, Debug)]
struct Gone {
    operation: u32,
    at: SimTime,
    event: EventId,
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    /// A copy dropped a write for another.
    Dropped(Dropped),
    /// No copy holds a write.
    Gone(Gone),
}

impl LostWrite {
    /// A check that has seen nothing yet.
    pub fn new(protected: Protected) -> LostWrite {
        LostWrite {
            protected,
            causality: Causality::default(),
            writes: Map::new(),
            made: Map::new(),
            holders: Holders::default(),
            dropped: Map::new(),
            gone: Map::new(),
            acknowledged: 0,
            finding: Found::default(),
        }
    }

    fn fact(&mut self, id: EventId, event: &Event, fact: Fact) {
        match fact {
            Fact::Invoked {
                operation,
                function: Function::Write,
                key,
                ..
            } => self.invoked(operation, key, event.node),
            Fact::Stamped { item, .. } if self.protected != Protected::Acknowledged => {
                let operation = u32::try_from(item).ok();
                if let Some(operation) = operation.filter(|it| self.writes.contains_key(it)) {
                    let moment = self.causality.moment(event.node);
                    self.made.insert(operation, (moment, id));
                }
            }
            Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                ..
            } => self.acknowledged(operation, id, event),
            Fact::Stored { operation, .. } => self.stored(operation, event.node),
            Fact::Discarded { operation, by, .. } => {
                self.discarded(Dropped {
                    operation,
                    by,
                    copy: event.node,
                    at: event.time,
                    event: id,
                });
                self.let_go(operation, id, event);
            }
            _ => {}
        }
    }

    /// A write begins. What copies hold under its number is an earlier write of that number.
    fn invoked(&mut self, operation: u32, key: i64, writer: NodeId) {
        let write = Write {
            writer,
            key,
            ..Write::default()
        };
        self.writes.insert(operation, write);
        self.made.remove(&operation);
        self.holders.forget(operation);
    }

    fn stored(&mut self, operation: u32, node: NodeId) {
        self.holders.store(operation, node);
        self.gone.remove(&operation);
        if let Some((made, _)) = self.made.get(&operation) {
            self.causality.recall(node, made);
        }
    }

    /// A copy holds a write no longer.
    fn let_go(&mut self, operation: u32, id: EventId, event: &Event) {
        self.holders.drop(operation, event.node);
        if let Some(gone) = self.gone(operation, id, event.time) {
            self.judge_gone(gone, id);
        }
    }

    /// A node has lost its memory: it holds what it puts on record.
    fn restarted(&mut self, id: EventId, event: &Event) {
        self.causality.forget(event.node);
        for operation in self.holders.restart(event.node) {
            if let Some(gone) = self.gone(operation, id, event.time) {
                self.gone.insert(operation, gone);
            }
        }
    }

    fn judge_restarts(&mut self, id: EventId, now: SimTime) {
        let due = self.gone.values().filter(|gone| gone.at < now);
        for gone in due.copied().collect::<Vec<Gone>>() {
            self.gone.remove(&gone.operation);
            self.judge_gone(gone, id);
        }
    }

    /// An acknowledged write, if no copy holds it any more.
    fn gone(&self, operation: u32, event: EventId, at: SimTime) -> Option<Gone> {
        let write = self.writes.get(&operation)?;
        let is_gone = write.acknowledged.is_some() && !self.holders.hold(operation);
        is_gone.then_some(Gone {
            operation,
            at,
            event,
        })
    }

    fn judge_gone(&mut self, gone: Gone, id: EventId) {
        if self.is_lost(&gone) {
            let finding = self.tell_of(&gone, id);
            self.finding.since(finding, Fault::Gone(gone));
        }
    }

    /// What shows that a write is gone; that has become certain at an event.
    fn tell_of(&self, gone: &Gone, event: EventId) -> Finding {
        let told = self.writes.get(&gone.operation);
        let told = told.and_then(|write| write.acknowledged);
        let mut events: Vec<EventId> = told.into_iter().chain([gone.event, event]).collect();
        events.dedup();
        Finding {
            at: gone.at,
            event,
            events,
        }
    }

    /// Whether a write that no copy holds is missed.
    fn is_lost(&self, gone: &Gone) -> bool {
        let Some(lost) = self.writes.get(&gone.operation) else {
            return false;
        };
        match self.protected {
            Protected::Followers => false,
            Protected::Acknowledged => true,
            // Of a write that was dropped for one that it followed, the check of followers tells.
            Protected::Concurrent => {
                !lost.was_undone && !self.is_followed(gone.operation, lost.key)
            }
        }
    }

    /// Whether a copy holds a write that followed this one.
    fn is_followed(&self, operation: u32, key: i64) -> bool {
        let key_of = |other| self.writes.get(&other).map(|write| write.key);
        let mut held = self.holders.held();
        held.any(|other| key_of(other) == Some(key) && self.follows(other, operation))
    }

    fn acknowledged(&mut self, operation: u32, id: EventId, event: &Event) {
        let Some(write) = self.writes.get_mut(&operation) else {
            return;
        };
        write.acknowledged = Some(id);
        self.acknowledged += 1;
        if let Some(dropped) = self.dropped.remove(&operation) {
            self.find(event.time, id, vec![dropped.event, id], dropped);
        }
        if let Some(gone) = self.gone(operation, id, event.time) {
            self.judge_gone(gone, id);
        }
    }

    fn discarded(&mut self, dropped: Dropped) {
        if self.follows(dropped.operation, dropped.by)
            && let Some(write) = self.writes.get_mut(&dropped.operation)
        {
            write.was_undone = true;
        }
        if !self.is_wrong(&dropped) {
            return;
        }
        let write = &self.writes[&dropped.operation];
        if self.protected == Protected::Followers {
            let made = self.made.get(&dropped.operation).map(|(_, event)| *event);
            let events = made.into_iter().chain([dropped.event]).collect();
            self.find(dropped.at, dropped.event, events, dropped);
        } else if let Some(acknowledged) = write.acknowledged {
            let events = vec![acknowledged, dropped.event];
            self.find(dropped.at, dropped.event, events, dropped);
        } else {
            self.dropped.entry(dropped.operation).or_insert(dropped);
        }
    }

    /// Whether a write was made where another one could be known.
    fn follows(&self, operation: u32, earlier: u32) -> bool {
        match (self.made.get(&earlier), self.made.get(&operation)) {
            (Some((earlier, _)), Some((later, _))) => earlier.is_before(later),
            _ => false,
        }
    }

    /// Whether a protected write was dropped, acknowledgements aside.
    fn is_wrong(&self, dropped: &Dropped) -> bool {
        let (lost, kept) = (dropped.operation, dropped.by);
        let is_known = |operation| self.writes.contains_key(operation);
        let are_made = || [lost, kept].iter().all(|it| self.made.contains_key(it));
        match self.protected {
            _ if ![lost, kept].iter().all(is_known) => false,
            Protected::Acknowledged => true,
            Protected::Followers => self.follows(lost, kept),
            Protected::Concurrent => {
                are_made() && !self.follows(lost, kept) && !self.follows(kept, lost)
            }
        }
    }

    fn find(&mut self, at: SimTime, event: EventId, events: Vec<EventId>, dropped: Dropped) {
        let finding = Finding { at, event, events };
        self.finding.since(finding, Fault::Dropped(dropped));
    }
}

impl Check for LostWrite {
    fn held(&self, by: Measure) -> usize {
        let made = self.made.values();
        let moments = made.map(|(moment, _)| moment.held(by)).sum::<usize>();
        self.causality.held(by)
            + self.writes.held(by)
            + self.made.held(by)
            + moments
            + self.holders.held_bytes(by)
            + self.dropped.held(by)
            + self.gone.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.pass(id, event.time);
        if self.protected != Protected::Acknowledged {
            self.causality.observe(id, event);
        }
        if event.kind == EventKind::Restart {
            self.restarted(id, event);
        }
        if let Some(fact) = event.fact() {
            self.fact(id, event, fact);
        }
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        self.judge_restarts(latest, now);
    }

    /// Of followers it is only asked for which write a copy dropped them.
    fn look(&mut self, latest: EventId, now: SimTime, copies: &Copies<'_>) {
        if self.protected == Protected::Followers || self.finding.is_some() {
            return;
        }
        let holders = self.holders.nodes();
        let truly = holders.iter().filter_map(|node| {
            let held = copies(*node)?.into_iter();
            let mut held: Vec<u32> = held.map(|copy| copy.operation).collect();
            sort(&mut held);
            Some((*node, held))
        });
        for operation in self.holders.keep(&truly.collect()) {
            if let Some(gone) = self.gone(operation, latest, now) {
                self.judge_gone(gone, latest);
            }
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            return finding.verdict(self.sentence(fault, words));
        }
        let none = match self.protected {
            Protected::Followers => "none lost to a write that it followed",
            Protected::Concurrent => "none lost to a concurrent one",
            Protected::Acknowledged => "none lost",
        };
        match self.acknowledged {
            0 => Verdict::undecided(format!("No {} has been acknowledged yet.", words.operation)),
            count => Verdict::holds(format!(
                "{} acknowledged, {none}.",
                counted(count, words.operation)
            )),
        }
    }
}
