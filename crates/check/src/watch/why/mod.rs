//! Why a violation came about: the events that explain it, and the trouble behind them.
//!
//! A check names the events that contradict each other, its *evidence*. The last of them is the *end* of the story: what
//! should not have happened. It came about on a path of causes; what the others stand for was not on that path, so
//! something kept the two apart. This is looked for in the trace, strongest first:
//!
//! 1. a message on the path said something else when it arrived, or the two were given timestamps in the wrong order;
//! 2. the path waited at a node that was paused or slowed meanwhile, across what it should have known;
//! 3. a node forgot, in a crash, what it did before;
//! 4. a message that follows from the one and would have told a node on the path was lost,
//! 5. or late: on its way for all that time, or still;
//! 6. where the one happened, a node was paused, slow or down when the other did;
//! 7. two who acted in the same part had not heard from each other.
//!
//! What is found is a cause that the trace shows, not every cause that there is: what a protocol should have done
//! about it, no trace tells.
//!
//! - `path`: how an event came about
//! - `heard`: what follows from an event, and whom it had reached when
//! - `trouble`: what can be found, in words

mod heard;
mod path;
mod trouble;

use sim::sorting::{sort, sort_by_key};
use sim::trace::{Event, EventKind, Events, Fact, NetworkChange, Outcome};
use sim::{EventId, NodeId};

use heard::Heard;
use path::{Hop, Path};
pub use trouble::Names;
use trouble::Trouble;

/// At most so many pieces of evidence are looked into, the latest first: a check that names more of them counts.
const MOST_EVIDENCE: usize = 8;

/// Why a violation came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The events that explain it: the evidence, the messages between, and the trouble; in order.
    pub events: Vec<EventId>,
    trouble: Option<Trouble>,
}

impl Why {
    /// The trouble in one plain sentence, if any was found. `trace` is the one that was explained, or a longer one.
    pub fn sentence(&self, trace: Events<'_>, names: &Names<'_>) -> Option<String> {
        let trouble = self.trouble.as_ref()?;
        Some(trouble.sentence(trace, names))
    }
}

/// Explains a violation by its evidence and the trace up to where it was certain, which is all that is looked at.
///
/// It reads the trace a few times for each piece of evidence, so it costs about as much as a check of so many events.
pub fn explain(trace: Events<'_>, evidence: &[EventId], certain: EventId) -> Why {
    let known = trace.len().min(certain.index().saturating_add(1));
    let trace = trace.take(known);
    let mut events: Vec<EventId> = evidence.to_vec();
    events.retain(|id| id.index() < known);
    sort(&mut events);
    events.dedup();
    let Some(story) = Story::of(trace, &events) else {
        return Why {
            events,
            trouble: None,
        };
    };
    let trouble = story.trouble();
    if let Some(trouble) = &trouble {
        events.extend(story.path.messages(trace, &story.others));
        events.extend(trouble.events());
        sort(&mut events);
        events.dedup();
    }
    Why { events, trouble }
}

/// What should not have happened, and how it came about.
struct Story<'t> {
    trace: Events<'t>,
    end: EventId,
    others: Vec<EventId>,
    path: Path,
}

impl<'t> Story<'t> {
    /// The story of evidence that is in order, if its end is something that a node put on record.
    fn of(trace: Events<'t>, evidence: &[EventId]) -> Option<Story<'t>> {
        let fact = |id: &EventId| trace[id.index()].fact();
        // What is gone is what should not have happened, even where an answer made it certain later.
        let mut latest_first = evidence.iter().rev();
        let gone = latest_first.find(|id| matches!(fact(id), Some(Fact::Discarded { .. })));
        let &end = gone.or(evidence.last())?;
        fact(&end)?;
        let latest_first = evidence.iter().rev().copied();
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
        })
    }

    fn trouble(&self) -> Option<Trouble> {
        let mut found: Vec<Trouble> = self.altered().into_iter().chain(self.stamps()).collect();
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
                // Who shows what follows from something need not have got that itself.
                self.not_heard_of(other, &mut found);
            }
        }
        if is_alone {
            self.in_vain(&mut found);
        }
        // The first of the strongest: sorting is stable, and the latest evidence was looked into first.
        sort_by_key(&mut found, Trouble::rank);
        found.into_iter().next()
    }

    /// A message on the path that did not say what was sent.
    fn altered(&self) -> Option<Trouble> {
        let mut hops = self.path.hops();
        let altered = hops.find(|hop| {
            let (sent, read) = (self.event(hop.from), self.event(hop.to));
            hop.is_message(self.trace) && sent.args != read.args
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

    /// The node that did both has crashed between.
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
            restart: self.ending(node, crash),
        }));
    }

    /// Messages that follow from `other`: those that said something else, or would have told a node on the path.
    fn not_heard_of(&self, other: EventId, found: &mut Vec<Trouble>) {
        let mut heard = Heard::of(self.trace, self.origin(other));
        heard.forget(|sending| self.path.contains(sending));
        let altered = heard
            .deliveries()
            .find(|(sending, delivery)| self.event(*sending).args != self.event(*delivery).args);
        found.extend(altered.map(|(sending, delivery)| Trouble::Altered { sending, delivery }));
        for (node, act) in self.path.acts(self.trace) {
            found.extend(
                heard
                    .missing(node, act)
                    .map(|missing| self.undelivered(missing)),
            );
        }
    }

    /// Where `other` happened, nothing went on when the end came.
    fn stood_still(&self, other: EventId, found: &mut Vec<Trouble>) {
        let node = self.event(other).node;
        found.extend(self.still(node, other, self.end));
    }

    /// One who has the same part as who acted at the end, and has not heard from there.
    fn out_of_touch(&self, other: EventId, found: &mut Vec<Trouble>) {
        let (here, there) = (self.event(self.end), self.event(other));
        let is_part = matches!(
            here.fact(),
            Some(Fact::Acts { .. } | Fact::Leads { .. } | Fact::Acquired { .. })
        );
        if is_part && here.code == there.code && here.node != there.node {
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
            _ => false,
        };
        let begin = operation(self.trace, self.end)
            .filter(|_| is_in_vain)
            .and_then(|operation| invoked(self.trace, self.end, operation));
        let lost = begin.and_then(|begin| Heard::of(self.trace, begin).all_lost());
        found.extend(lost.map(|missing| self.undelivered(missing)));
    }

    /// What a node that is taken for dead had said, or what kept it from that.
    fn silent(&self, node: NodeId, found: &mut Vec<Trouble>) {
        let listener = self.event(self.end).node;
        let heard = Heard::from_to(self.trace, node, listener, self.end);
        found.extend(heard.overdue().map(|missing| self.undelivered(missing)));
        let since = heard.latest_heard().unwrap_or(EventId(0));
        let still = self.still(node, since, self.end);
        found.extend(still.map(|trouble| Trouble::WaitedStill(Box::new(trouble))));
    }

    fn undelivered(&self, missing: heard::Missing) -> Trouble {
        let heard::Missing { sending, lost } = missing;
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

    /// The cut, or the crash, that a message met.
    fn behind(&self, loss: EventId) -> Option<EventId> {
        let lost = self.event(loss);
        let mut before = (0..loss.0).rev().map(EventId);
        match trouble::loss_of(lost)? {
            sim::trace::Loss::Cut => before.find(|&id| {
                let event = self.event(id);
                event.kind == EventKind::Network && event.code == NetworkChange::Cut as u8
            }),
            sim::trace::Loss::ReceiverDown | sim::trace::Loss::ReceiverCrashed => {
                before.find(|&id| {
                    let event = self.event(id);
                    event.kind == EventKind::Crash && event.node == lost.node
                })
            }
            _ => None,
        }
    }

    /// A pause, a crash or a limp of `node` after `from` and before `to`; the last of them.
    fn still(&self, node: NodeId, from: EventId, to: EventId) -> Option<Trouble> {
        let mut between = (from.0 + 1..to.0).rev().map(EventId);
        let begin = between.find(|&id| {
            let event = self.event(id);
            let stops = match event.kind {
                EventKind::Pause | EventKind::Crash => true,
                EventKind::Limp => event.args[0] > 1000,
                _ => false,
            };
            stops && event.node == node
        })?;
        Some(Trouble::Still {
            begin,
            end: self.ending(node, begin),
        })
    }

    /// Where a node goes on as before, if it does.
    fn ending(&self, node: NodeId, begin: EventId) -> Option<EventId> {
        let wanted = match self.event(begin).kind {
            EventKind::Pause => EventKind::Resume,
            EventKind::Crash => EventKind::Restart,
            kind => kind,
        };
        let mut after = (begin.0 + 1..self.trace.len() as u32).map(EventId);
        after.find(|&id| {
            let event = self.event(id);
            event.node == node && event.kind == wanted && event.args[0] <= 1000
        })
    }

    /// Where the story of `other` begins: with the operation that it is about, unless the end is about the same.
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

/// The event in whose handling a fact was put on record; any other event itself.
fn handler(trace: Events<'_>, id: EventId) -> EventId {
    let event = &trace[id.index()];
    match event.kind {
        EventKind::Fact => event.cause.some().unwrap_or(id),
        _ => id,
    }
}

fn operation(trace: Events<'_>, id: EventId) -> Option<u32> {
    match trace[id.index()].fact()? {
        Fact::Acts { operation, .. } => Some(operation),
        fact => fact.operation(),
    }
}

/// The event in whose handling an operation was asked for, not after `last`.
fn invoked(trace: Events<'_>, last: EventId, wanted: u32) -> Option<EventId> {
    let mut back = (0..=last.0).rev().map(EventId);
    let asked = back.find(|id| {
        matches!(trace[id.index()].fact(), Some(Fact::Invoked { operation, .. }) if operation == wanted)
    })?;
    Some(handler(trace, asked))
}
