//! The story of a violation: what should not have happened, how it came about, and what stood in the way.

use sim::sorted::Map;
use sim::sorting::{sort, sort_by_key};
use sim::trace::{Event, EventKind, Events, Fact, FactKind, Loss, NetworkChange, Outcome};
use sim::{EventId, NodeId, SimDuration};

use super::clock;
use super::handling::{handler, invoked, operation};
use super::heard::{Heard, Missing};
use super::path::{Hop, Path};
use super::trouble::{Standstill, Trouble, loss_of, lost_its_disk};

/// How many pieces of evidence are looked into, the latest first. A check that names more of them counts events.
const MOST_EVIDENCE: usize = 8;

/// Of so many nodes that a node has asked it is looked into what became of them, the first ones.
const MOST_ASKED: usize = 4;

/// What should not have happened, and how it came about.
pub(super) struct Story<'t> {
    trace: Events<'t>,
    end: EventId,
    /// The rest of the evidence, the latest first, then where the operation begins.
    pub others: Vec<EventId>,
    /// How the end came about.
    pub path: Path,
    /// What of the evidence is no fact: crashes, and lost disks. The check has named them, so nothing is to be found behind them.
    faults: Vec<EventId>,
}

impl<'t> Story<'t> {
    /// The story of evidence that is in order, if its end is something that a node put on record.
    pub fn of(trace: Events<'t>, evidence: &[EventId]) -> Option<Story<'t>> {
        let fact = |id: &EventId| trace[id.index()].fact();
        // What is gone is what should not have happened, even where an answer made it certain later.
        let mut latest_first = evidence.iter().rev();
        let gone = latest_first.find(|id| matches!(fact(id), Some(Fact::Discarded { .. })));
        let &end = gone.or(evidence.last())?;
        fact(&end)?;
        let is_fault = |id: &EventId| {
            let kind = trace[id.index()].kind;
            matches!(kind, EventKind::Crash | EventKind::Disk)
        };
        let (faults, facts): (Vec<EventId>, Vec<EventId>) =
            evidence.iter().copied().partition(is_fault);
        let latest_first = facts.into_iter().rev();
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
            faults,
        })
    }

    /// The strongest trouble that can be found, and whether it is worth telling: a message that took as long as others do is
    /// so only to those who look for what happened between.
    pub fn trouble(&self) -> Option<(Trouble, bool)> {
        let clock = clock::changed(self.trace, self.end, &self.others);
        let clock = clock.map(|change| Trouble::Clock { change });
        let strongest = [self.altered(), self.stamps(), clock];
        let mut found: Vec<Trouble> = strongest.into_iter().flatten().collect();
        let mut is_alone = true;
        for &other in &self.others {
            if !self.path.has(handler(self.trace, other)) {
                is_alone = false;
                self.waited_across(other, &mut found);
                self.forgot(other, &mut found);
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
        let mut lengths = Map::new();
        let mut is_usual = |trouble: &Trouble| self.is_usual(trouble, &mut lengths);
        let told = found.iter().position(|trouble| !is_usual(trouble));
        let trouble = found.into_iter().nth(told.unwrap_or(0))?;
        let is_told = told.is_some() && !self.is_evident(&trouble);
        Some((trouble, is_told))
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

    /// A message on the path that did not say what was sent.
    fn altered(&self) -> Option<Trouble> {
        let mut hops = self.path.hops();
        let altered = hops.find(|hop| {
            let (sent, read) = (self.event(hop.from), self.event(hop.to));
            hop.is_message(self.trace) && sent.gist() != read.gist()
        })?;
        Some(Trouble::Altered {
            sending: altered.from,
            delivery: altered.to,
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
        let between = other.0 + 1..self.end.0;
        let crash = between.map(EventId).find(|&id| {
            let event = self.event(id);
            event.kind == EventKind::Crash && event.node == node
        });
        found.extend(crash.map(|crash| Trouble::Forgot {
            crash,
            restart: self.ending(node, crash, Standstill::Down),
        }));
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
                end: restart,
            } if lost_its_disk(self.trace, crash, restart) => Trouble::Forgot { crash, restart },
            other => other,
        }));
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

    /// What was asked for and not done, or said and not heard.
    fn in_vain(&self, found: &mut Vec<Trouble>) {
        let is_in_vain = match self.event(self.end).fact() {
            Some(Fact::Invoked { .. }) => true,
            Some(Fact::Returned { outcome, .. }) => outcome != Outcome::Ok,
            Some(Fact::Suspects { node }) => {
                if let Ok(node) = u16::try_from(node) {
                    self.silent(NodeId(node), found);
                }
                false
            }
            Some(Fact::Locked { .. }) => {
                self.unanswered(found);
                false
            }
            _ => false,
        };
        let begin = operation(self.trace, self.end)
            .filter(|_| is_in_vain)
            .and_then(|operation| invoked(self.trace, self.end, operation));
        let lost = begin.and_then(|begin| Heard::of(self.trace, begin).all_lost());
        found.extend(lost.map(|missing| self.undelivered(missing)));
        // What has not ended may wait for its own client.
        if matches!(self.event(self.end).fact(), Some(Fact::Invoked { .. })) {
            let latest = EventId(self.trace.len() as u32);
            found.extend(self.still(self.event(self.end).node, self.end, latest));
        }
    }

    /// What a node that is treated as dead had said, or what kept it from saying so.
    fn silent(&self, node: NodeId, found: &mut Vec<Trouble>) {
        let listener = self.event(self.end).node;
        let heard = Heard::from_to(self.trace, node, listener, self.end);
        found.extend(heard.overdue().map(|missing| self.undelivered(missing)));
        let since = heard.latest_heard().unwrap_or(EventId(0));
        let still = self.still(node, since, self.end);
        found.extend(still.map(|trouble| Trouble::WaitedStill(Box::new(trouble))));
    }

    /// What first kept a node that holds something from hearing that it may let go: something became of itself, of a node that it
    /// has asked since, or of what these two said to each other.
    fn unanswered(&self, found: &mut Vec<Trouble>) {
        let (holder, latest) = (self.event(self.end).node, EventId(self.trace.len() as u32));
        let mut troubles: Vec<Trouble> = self.first_still(holder).into_iter().collect();
        for asked in self.asked_by(holder).into_iter().take(MOST_ASKED) {
            troubles.extend(self.first_still(asked));
            for (from, to) in [(holder, asked), (asked, holder)] {
                let said = Heard::from_to(self.trace, from, to, latest);
                let missing = said.overdue().filter(|missing| missing.sending > self.end);
                troubles.extend(missing.map(|missing| self.undelivered(missing)));
            }
        }
        let begun = |trouble: &Trouble| match trouble {
            Trouble::Lost { loss, .. } => *loss,
            trouble => trouble.key()[0],
        };
        found.extend(troubles.into_iter().min_by_key(begun));
    }

    /// The first standstill of a node that is not over before the end.
    fn first_still(&self, node: NodeId) -> Option<Trouble> {
        let of_node = self.trace.iter().zip((0..).map(EventId));
        let mut begun = of_node
            .filter(|(event, _)| event.node == node)
            .filter_map(|(event, id)| Some((id, Standstill::begun_by(event)?)));
        begun.find_map(|(begin, standstill)| {
            let end = self.ending(node, begin, standstill);
            end.is_none_or(|end| end > self.end)
                .then_some(Trouble::Still {
                    standstill,
                    begin,
                    end,
                })
        })
    }

    /// The nodes to which a node has sent messages since the end came, in that order.
    fn asked_by(&self, node: NodeId) -> Vec<NodeId> {
        let mut asked = Vec::new();
        for event in self.trace.skip(self.end.index()).iter() {
            let is_asked = event.kind == EventKind::Send && event.node == node;
            if is_asked && !asked.contains(&event.peer) {
                asked.push(event.peer);
            }
        }
        asked
    }

    fn undelivered(&self, missing: Missing) -> Trouble {
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
    fn still(&self, node: NodeId, from: EventId, to: EventId) -> Option<Trouble> {
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
    fn ending(&self, node: NodeId, begin: EventId, standstill: Standstill) -> Option<EventId> {
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

    fn event(&self, id: EventId) -> &Event {
        &self.trace[id.index()]
    }
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
