//! The story of a violation: what should not have happened, how it came about, and what stood in the way.

use sim::sorted::Map;
use sim::sorting::{sort, sort_by_key};
use sim::trace::{
    DiskChange, Event, EventKind, Events, Fact, FactKind, Loss, NetworkChange, Outcome,
};
use sim::{EventId, NodeId, SimDuration};

use super::beside::beside;
use super::handling::{handler, invoked, operation};
use super::heard::{Heard, Missing};
use super::path::{Hop, Path};
use super::trouble::{Standstill, Trouble, loss_of, lost_on_disk};
use super::{clock, queue, setting};

/// How many pieces of evidence are looked into, the latest first. A check that names more of them counts events.
const MOST_EVIDENCE: usize = 8;

/// What should not have happened, and how it came about.
pub(super) struct Story<'t> {
    pub(super) trace: Events<'t>,
    pub(super) end: EventId,
    /// The rest of the evidence, the latest first, then where the operation begins.
    pub others: Vec<EventId>,
    /// How the end came about.
    pub path: Path,
    /// Facts without which the evidence cannot be understood.
    pub beside: Vec<EventId>,
    /// What of the evidence is no fact: crashes, and lost disks. The check has named them, so nothing is to be found behind them.
    faults: Vec<EventId>,
}

impl<'t> Story<'t> {
    /// The story of evidence that is in order, if its end is something that a node put on record. Where no node has, it is what a
    /// client was told last that did not go well.
    pub fn of(trace: Events<'t>, evidence: &[EventId]) -> Option<Story<'t>> {
        let is_fact = |id: &EventId| trace[id.index()].kind == EventKind::Fact;
        let end = match evidence.last() {
            Some(last) if is_fact(last) => end_of(trace, evidence)?,
            _ if evidence.iter().any(is_fact) => return None,
            _ => latest_failure(trace)?,
        };
        let is_fault = |id: &EventId| {
            let kind = trace[id.index()].kind;
            matches!(kind, EventKind::Crash | EventKind::Disk)
        };
        let faults = evidence.iter().copied().filter(is_fault).collect();
        let latest_first = evidence.iter().copied().filter(is_fact).rev();
        let mut others: Vec<EventId> = latest_first
            .filter(|id| *id != end)
            .take(MOST_EVIDENCE)
            .collect();
        let begin = operation(trace, end).and_then(|operation| invoked(trace, end, operation));
        others.extend(begin);
        let earliest = others.iter().map(|&other| handler(trace, other)).min();
        let path = Path::back(trace, end, begin, earliest);
        Some(Story {
            trace,
            end,
            others,
            path,
            beside: beside(trace, evidence),
            faults,
        })
    }

    /// The strongest trouble that can be found, and whether it is worth telling: a message that took as long as others do is
    /// so only to those who look for what happened between.
    pub fn trouble(&self) -> Option<(Trouble, bool)> {
        let clock = clock::changed(self.trace, self.end, &self.others);
        let clock = clock.map(|change| Trouble::Clock { change });
        let set = setting::set_by(self.trace, self.end);
        let strongest = [self.altered(), self.stamps(), self.inverted(), clock, set];
        let mut found: Vec<Trouble> = strongest.into_iter().flatten().collect();
        let mut is_alone = true;
        for &other in &self.others {
            if !self.path.has(handler(self.trace, other)) {
                is_alone = false;
                self.waited_across(other, &mut found);
                self.forgot(other, &mut found);
                self.lost_on_the_way(other, &mut found);
                self.not_heard_of(other, &mut found);
                self.stood_still(other, &mut found);
                self.out_of_touch(other, &mut found);
            } else if matches!(self.event(self.end).fact(), Some(Fact::Shown { .. })) {
                // A node can show what follows from something without having received that itself.
                self.not_heard_of(other, &mut found);
            }
        }
        if is_alone {
            self.in_vain(&mut found);
        }
        // The first of the strongest: sorting is stable, and the latest evidence was looked into first.
        sort_by_key(&mut found, Trouble::rank);
        found.retain(|trouble| !self.was_made_good(trouble));
        if let Some(evident) = found.iter().find(|trouble| self.is_evident(trouble)) {
            return Some((evident.clone(), false));
        }
        let mut lengths = Map::new();
        let mut is_usual = |trouble: &Trouble| self.is_usual(trouble, &mut lengths);
        let told = found.iter().position(|trouble| !is_usual(trouble));
        if told.is_none()
            && let Some(trouble) = self.weaker(is_alone)
        {
            return Some((trouble, true));
        }
        let trouble = found.into_iter().nth(told.unwrap_or(0))?;
        Some((trouble, told.is_some()))
    }

    /// What is looked for only where nothing else is worth telling.
    fn weaker(&self, is_alone: bool) -> Option<Trouble> {
        let failed = || (!is_alone).then(|| self.failed_among()).flatten();
        let waited = || queue::waited(self.trace, self.end);
        failed().or_else(waited).or_else(|| self.unheard())
    }

    /// Whether a trouble is a crash that the check itself has found.
    fn is_evident(&self, trouble: &Trouble) -> bool {
        matches!(trouble, Trouble::Forgot { crash, .. } if self.faults.contains(crash))
    }

    /// Whether a trouble is a message that is on its way for no longer than is usual between its nodes. One for which a node
    /// has waited in vain is late, whatever is usual. `lengths` are those that are known, as the whole trace is read for each.
    fn is_usual(&self, trouble: &Trouble, lengths: &mut Lengths) -> bool {
        let Trouble::Late { sending, delivery } = trouble else {
            return false;
        };
        if matches!(self.event(self.end).fact(), Some(Fact::Suspects { .. })) {
            return false;
        }
        let sent = self.event(*sending);
        let end = self.event(delivery.unwrap_or(self.end));
        let (from, to) = (sent.node, sent.peer);
        let usual = lengths
            .entry((from, to))
            .or_insert_with(|| usual(self.trace.take(self.end.index()), from, to));
        usual.is_some_and(|usual| end.time.since(sent.time) <= usual + usual)
    }

    /// A message on the path that did not say what was sent, or that a node did not pass on as it was.
    fn altered(&self) -> Option<Trouble> {
        self.path.hops().find_map(|hop| {
            let (from, to) = (self.event(hop.from), self.event(hop.to));
            let said = from
                .gist()
                .zip(to.gist())
                .filter(|(one, other)| one != other);
            let is_about_the_same = said
                .is_some_and(|(one, other)| (one.kind, one.args[0]) == (other.kind, other.args[0]));
            let is_passed_on = from.kind == EventKind::Deliver && to.kind == EventKind::Send;
            if said.is_some() && hop.is_message(self.trace) {
                return Some(Trouble::Altered {
                    sending: hop.from,
                    delivery: hop.to,
                });
            }
            (is_passed_on && is_about_the_same).then_some(Trouble::PassedOn {
                delivery: hop.from,
                sending: hop.to,
            })
        })
    }

    /// What was stored first has the later timestamp, and so what came later lost.
    fn stamps(&self) -> Option<Trouble> {
        let Some(Fact::Discarded { operation, by, .. }) = self.event(self.end).fact() else {
            return None;
        };
        let stamped = |wanted: u32| {
            let mut events = (0..).map(EventId).zip(self.trace.iter());
            events.find_map(|(id, event)| match event.fact() {
                Some(Fact::Stamped { item, stamp, tie }) if item == i64::from(wanted) => {
                    Some((id, (stamp, tie)))
                }
                _ => None,
            })
        };
        let ((winner, high), (loser, low)) = (stamped(by)?, stamped(operation)?);
        (winner < loser && low < high).then_some(Trouble::Stamps { winner, loser })
    }

    /// Of two operations of which one followed the other, the second has the smaller timestamp, read off a clock.
    fn inverted(&self) -> Option<Trouble> {
        if matches!(self.event(self.end).fact(), Some(Fact::Discarded { .. })) {
            return None;
        }
        let mut told: Vec<EventId> = self.others.iter().chain(&self.beside).copied().collect();
        sort(&mut told);
        let mut stamps = told.iter().filter_map(|&id| match self.event(id).fact() {
            Some(Fact::Stamped { stamp, .. }) if is_reading(stamp) => Some((id, stamp)),
            _ => None,
        });
        let ((first, high), (second, low)) = (stamps.next()?, stamps.next()?);
        (low < high).then_some(Trouble::Inverted { first, second })
    }

    /// While `other` happened, the path was at a node that stood still, or on a message that took its time.
    fn waited_across(&self, other: EventId, found: &mut Vec<Trouble>) {
        let moment = handler(self.trace, other);
        let across = |hop: &Hop| hop.from < moment && moment < hop.to;
        for hop in self.path.hops().filter(across) {
            let node = self.event(hop.to).node;
            if let Some(trouble) = self.still(node, hop.from, hop.to) {
                found.push(Trouble::WaitedStill(Box::new(trouble)));
            } else if hop.is_message(self.trace) {
                found.push(Trouble::Late {
                    sending: hop.from,
                    delivery: Some(hop.to),
                });
            }
        }
    }

    /// The node that did both has crashed in between.
    fn forgot(&self, other: EventId, found: &mut Vec<Trouble>) {
        let node = self.event(other).node;
        if node != self.event(self.end).node {
            return;
        }
        let crash = self.crash_between(node, other, self.end);
        found.extend(crash.map(|crash| self.gone(other, crash)));
    }

    /// A node that took part in `other`, and again on the path, has crashed in between and lost something that was not on its disk
    /// yet, or the disk itself.
    fn lost_on_the_way(&self, other: EventId, found: &mut Vec<Trouble>) {
        let origin = self.origin(other);
        let way = Path::back(self.trace, other, Some(origin), None);
        for (node, act) in way.acts(self.trace) {
            let later = self.path.acts(self.trace).find(|(one, _)| *one == node);
            let crash = later.and_then(|(_, later)| self.crash_between(node, act, later));
            let gone = crash.map(|crash| self.gone(act, crash));
            found.extend(gone.filter(|gone| matches!(gone, Trouble::Forgot { disk: Some(_), .. })));
        }
    }

    /// The first crash of a node after one event and before another.
    fn crash_between(&self, node: NodeId, from: EventId, to: EventId) -> Option<EventId> {
        (from.0 + 1..to.0).map(EventId).find(|&id| {
            let event = self.event(id);
            event.kind == EventKind::Crash && event.node == node
        })
    }

    /// What a node has forgotten in a crash, of what it had done before.
    fn gone(&self, done: EventId, crash: EventId) -> Trouble {
        let restart = self.ending(self.event(crash).node, crash, Standstill::Down);
        Trouble::Forgot {
            crash,
            restart,
            disk: lost_on_disk(self.trace, done, crash, restart),
        }
    }

    /// Messages that follow from `other`: those that said something else, or would have told a node on the path.
    fn not_heard_of(&self, other: EventId, found: &mut Vec<Trouble>) {
        let mut heard = Heard::of(self.trace, self.origin(other));
        heard.forget(|sending| self.path.contains(sending));
        let altered = heard.deliveries().find(|(sending, delivery)| {
            self.event(*sending).gist() != self.event(*delivery).gist()
        });
        found.extend(altered.map(|(sending, delivery)| Trouble::Altered { sending, delivery }));
        for (node, act) in self.path.acts(self.trace) {
            found.extend(
                heard
                    .missing(node, act)
                    .map(|missing| self.undelivered(missing)),
            );
        }
    }

    /// Where `other` happened, nothing went on when the end came; or what was done there went with the disk.
    fn stood_still(&self, other: EventId, found: &mut Vec<Trouble>) {
        let node = self.event(other).node;
        let still = self.still(node, other, self.end);
        found.extend(still.map(|trouble| match trouble {
            Trouble::Still {
                standstill: Standstill::Down,
                begin: crash,
                ..
            } if self.has_lost_its_disk(other, crash) => self.gone(other, crash),
            other => other,
        }));
    }

    fn has_lost_its_disk(&self, done: EventId, crash: EventId) -> bool {
        let gone = self.gone(done, crash);
        let Trouble::Forgot {
            disk: Some(disk), ..
        } = gone
        else {
            return false;
        };
        self.event(disk).detail() == Some(DiskChange::Wiped)
    }

    /// A node that acted in the same part as the one at the end, and has not heard from there.
    fn out_of_touch(&self, other: EventId, found: &mut Vec<Trouble>) {
        let (here, there) = (self.event(self.end), self.event(other));
        let part = |event: &Event| event.fact().map(|fact| fact.kind());
        let is_part = matches!(
            part(here),
            Some(FactKind::Acts | FactKind::Leads | FactKind::Acquired)
        );
        if is_part && part(here) == part(there) && here.node != there.node {
            let heard = Heard::from_to(self.trace, here.node, there.node, other);
            let lost = heard.overdue().filter(|missing| missing.lost.is_some());
            found.extend(
                lost.map(|missing| Trouble::OutOfTouch(Box::new(self.undelivered(missing)))),
            );
        }
    }

    pub(super) fn undelivered(&self, missing: Missing) -> Trouble {
        let Missing { sending, lost } = missing;
        match lost {
            Some((loss, others)) => Trouble::Lost {
                sending,
                loss,
                others,
                behind: self.behind(loss),
            },
            None => Trouble::Late {
                sending,
                delivery: None,
            },
        }
    }

    /// Whether a trouble is a lost message that was sent again, and had arrived before the end: then the node knew it.
    fn was_made_good(&self, trouble: &Trouble) -> bool {
        let Trouble::Lost { sending, .. } = trouble else {
            return false;
        };
        let subject = |event: &Event| event.gist().map(|gist| (gist.kind, gist.args[0]));
        let sent = self.event(*sending);
        let mut later = (sending.0 + 1..self.end.0).map(|id| self.event(EventId(id)));
        later.any(|event| {
            event.kind == EventKind::Deliver
                && (event.node, event.peer) == (sent.peer, sent.node)
                && subject(event) == subject(sent)
        })
    }

    /// The cut, or the crash, that a message met.
    fn behind(&self, loss: EventId) -> Option<EventId> {
        let lost = self.event(loss);
        let mut before = (0..loss.0).rev().map(EventId);
        match loss_of(lost)? {
            Loss::Cut => before.find(|&id| {
                let change = self.event(id).detail();
                matches!(change, Some(NetworkChange::Cut { .. }))
            }),
            Loss::ReceiverDown | Loss::ReceiverCrashed => before.find(|&id| {
                let event = self.event(id);
                event.kind == EventKind::Crash && event.node == lost.node
            }),
            Loss::Link
            | Loss::Burst
            | Loss::QueueFull
            | Loss::Checksum
            | Loss::InboxFull
            | Loss::Filter
            | Loss::Hand => None,
        }
    }

    /// The latest standstill of `node` that begins after `from` and before `to`.
    pub(super) fn still(&self, node: NodeId, from: EventId, to: EventId) -> Option<Trouble> {
        let mut between = (from.0 + 1..to.0).rev().map(EventId);
        let (begin, standstill) = between.find_map(|id| {
            let event = self.event(id);
            let standstill = Standstill::begun_by(event).filter(|_| event.node == node)?;
            Some((id, standstill))
        })?;
        Some(Trouble::Still {
            standstill,
            begin,
            end: self.ending(node, begin, standstill),
        })
    }

    /// Where a node goes on as before, if it does.
    pub(super) fn ending(
        &self,
        node: NodeId,
        begin: EventId,
        standstill: Standstill,
    ) -> Option<EventId> {
        let mut after = (begin.0 + 1..self.trace.len() as u32).map(EventId);
        after.find(|&id| {
            let event = self.event(id);
            event.node == node && standstill.is_ended_by(event)
        })
    }

    /// Where the story of `other` begins: at the call of its operation; if it has none, or the end has the same one, at its
    /// handler.
    fn origin(&self, other: EventId) -> EventId {
        let about = operation(self.trace, other);
        let begin = about
            .filter(|_| about != operation(self.trace, self.end))
            .and_then(|about| invoked(self.trace, other, about));
        begin.unwrap_or_else(|| handler(self.trace, other))
    }

    pub(super) fn event(&self, id: EventId) -> &Event {
        &self.trace[id.index()]
    }
}

/// What should not have happened, of evidence that ends with a fact: what is gone is, even where an answer made it certain later.
fn end_of(trace: Events<'_>, evidence: &[EventId]) -> Option<EventId> {
    let mut latest_first = evidence.iter().rev();
    let is_gone = |id: &&EventId| matches!(trace[id.index()].fact(), Some(Fact::Discarded { .. }));
    latest_first.find(is_gone).or(evidence.last()).copied()
}

/// The latest operation that did not go well, as its client was told.
fn latest_failure(trace: Events<'_>) -> Option<EventId> {
    let mut back = (0..trace.len() as u32).rev().map(EventId);
    back.find(|id| {
        let fact = trace[id.index()].fact();
        matches!(fact, Some(Fact::Returned { outcome, .. }) if outcome != Outcome::Ok)
    })
}

/// Whether a timestamp is the reading of a clock, and not a count.
fn is_reading(stamp: i64) -> bool {
    stamp.unsigned_abs() >= 1_000_000
}

/// How long messages usually take from one node to another.
type Lengths = Map<(NodeId, NodeId), Option<SimDuration>>;

/// How long a message from one node to another usually takes: the median of all that have arrived.
fn usual(trace: Events<'_>, from: NodeId, to: NodeId) -> Option<SimDuration> {
    let arrived = trace.iter();
    let arrived = arrived
        .filter(|event| event.kind == EventKind::Deliver && (event.peer, event.node) == (from, to));
    let mut lengths: Vec<SimDuration> = arrived
        .filter_map(|event| {
            let sending = event.cause.some()?;
            Some(event.time.since(trace[sending.index()].time))
        })
        .collect();
    sort(&mut lengths);
    lengths.get(lengths.len() / 2).copied()
}
