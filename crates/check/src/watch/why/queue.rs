//! What kept a slow operation waiting: a queue before a node, or in one.

use rustc_hash::FxHashMap;
use sim::sorted::Map;
use sim::sorting::sort;
use sim::trace::{Event, EventKind, Events, Fact, Outcome};
use sim::{EventId, NodeId, SimDuration};

use super::handling::{operation, said};
use super::trouble::{Ahead, Trouble};

/// The queue in which the operation that ends at `end` spent most of its time, if it took much longer than others or never
/// ended well.
pub(super) fn waited(trace: Events<'_>, end: EventId) -> Option<Trouble> {
    let ended = &trace[end.index()];
    let number = operation(trace, end)?;
    let begun = begun(trace, end, number)?;
    let took = ended.time.since(trace[begun.index()].time);
    if !is_slow(trace, end, took) {
        return None;
    }
    let queue = Queue {
        trace: trace.take(end.index() + 1),
        number: i64::from(number),
    };
    let stays = queue.stays(ended.node, begun).into_iter();
    let longest = stays.max_by_key(|stay| queue.length(stay, end))?;
    let is_most = queue.length(&longest, end).as_nanos() * 2 >= took.as_nanos();
    let ahead = is_most.then(|| queue.ahead(&longest))?;
    (ahead.count > 0).then_some(Trouble::Queued {
        begun,
        arrival: longest.arrival,
        leaving: longest.leaving,
        ahead,
    })
}

/// Where an operation was put on record as begun.
fn begun(trace: Events<'_>, end: EventId, number: u32) -> Option<EventId> {
    let mut back = (0..end.0).rev().map(EventId);
    back.find(|id| {
        let fact = trace[id.index()].fact();
        matches!(fact, Some(Fact::Invoked { operation, .. }) if operation == number)
    })
}

/// Whether an operation that took so long ended badly, or took at least twice as long as those before it usually did.
fn is_slow(trace: Events<'_>, end: EventId, took: SimDuration) -> bool {
    match trace[end.index()].fact() {
        Some(Fact::Returned { outcome, .. }) if outcome != Outcome::Ok => true,
        Some(Fact::Learned { .. }) => true,
        Some(Fact::Returned { .. }) => {
            usual(trace.take(end.index())).is_some_and(|usual| took >= usual + usual)
        }
        _ => false,
    }
}

/// How long operations usually took that ended well: the median.
fn usual(trace: Events<'_>) -> Option<SimDuration> {
    let mut begun = Map::new();
    let mut lengths = Vec::new();
    for event in trace.iter() {
        match event.fact() {
            Some(Fact::Invoked { operation, .. }) => {
                begun.insert(operation, event.time);
            }
            Some(Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                ..
            }) => lengths.extend(
                begun
                    .remove(&operation)
                    .map(|begun| event.time.since(begun)),
            ),
            _ => {}
        }
    }
    sort(&mut lengths);
    lengths.get(lengths.len() / 2).copied()
}

/// The messages of one operation, and what they wait for.
struct Queue<'t> {
    trace: Events<'t>,
    /// The operation's number, which its messages say first.
    number: i64,
}

/// A message's stay at a node.
struct Stay {
    arrival: EventId,
    leaving: Option<EventId>,
}

impl Queue<'_> {
    /// Where the first request of a client and what follows from it have been since the operation began.
    fn stays(&self, client: NodeId, begin: EventId) -> Vec<Stay> {
        let since = self.trace.skip(begin.index());
        let mut stays: Vec<Stay> = Vec::new();
        for (id, event) in (begin.0..).map(EventId).zip(since.iter()) {
            let is_of_it = self.is_of_it(event);
            if !is_of_it || event.node == client {
                continue;
            }
            let open = stays.iter_mut().find(|stay| {
                stay.leaving.is_none() && is_end(&self.trace[stay.arrival.index()], event)
            });
            match event.kind {
                EventKind::Queued => stays.push(Stay {
                    arrival: id,
                    leaving: None,
                }),
                EventKind::Deliver if open.is_none() => stays.push(Stay {
                    arrival: id,
                    leaving: None,
                }),
                EventKind::Deliver | EventKind::Send => {
                    if let Some(stay) = open {
                        stay.leaving = Some(id);
                    }
                }
                _ => {}
            }
        }
        stays
    }

    fn is_of_it(&self, event: &Event) -> bool {
        let is_about_a_message = matches!(
            event.kind,
            EventKind::Queued | EventKind::Deliver | EventKind::Send
        );
        is_about_a_message
            && said(self.trace, event).is_some_and(|said| said.args[0] == self.number)
    }

    /// How long a stay was, or has been until `end`.
    fn length(&self, stay: &Stay, end: EventId) -> SimDuration {
        let [from, to] = [stay.arrival, stay.leaving.unwrap_or(end)];
        self.trace[to.index()]
            .time
            .since(self.trace[from.index()].time)
    }

    /// What was dealt with first.
    fn ahead(&self, stay: &Stay) -> Ahead {
        let arrived = &self.trace[stay.arrival.index()];
        let first = match (arrived.kind, stay.leaving) {
            (EventKind::Deliver, Some(leaving)) => self.left_between(stay.arrival, leaving),
            _ => self.waiting_at(stay.arrival),
        };
        let mut ahead = Ahead::of(self.trace, &first);
        ahead.told = ahead.most.and_then(|(node, _)| {
            let mut back = (0..stay.arrival.0).rev().map(EventId);
            back.find(|id| {
                let event = &self.trace[id.index()];
                event.kind == EventKind::Operation && event.node == node
            })
        });
        ahead
    }

    /// The messages that a node passed on to the same one in the meantime, each as it had arrived.
    fn left_between(&self, arrival: EventId, leaving: EventId) -> Vec<&Event> {
        let left = &self.trace[leaving.index()];
        let mut arrived = FxHashMap::default();
        let mut passed = Vec::new();
        for (place, event) in self.trace.take(leaving.index()).iter().enumerate() {
            let words = event.gist().map(|gist| (gist.kind, gist.args));
            match event.kind {
                EventKind::Deliver if event.node == left.node => {
                    arrived.insert(words, event);
                }
                EventKind::Send if (event.node, event.peer) == (left.node, left.peer) => {
                    let as_it_came = arrived.remove(&words);
                    passed.extend(as_it_came.filter(|_| place > arrival.index()));
                }
                _ => {}
            }
        }
        passed
    }

    /// The messages that wait in the inbox where another one arrives.
    fn waiting_at(&self, arrival: EventId) -> Vec<&Event> {
        let node = self.trace[arrival.index()].node;
        let mut waiting = Map::new();
        for event in self
            .trace
            .take(arrival.index())
            .iter()
            .filter(|event| event.node == node)
        {
            match event.kind {
                EventKind::Queued => {
                    waiting.insert(event.cause, event);
                }
                EventKind::Deliver | EventKind::Lost => {
                    waiting.remove(&event.cause);
                }
                _ => {}
            }
        }
        waiting.into_values().collect()
    }
}

/// Whether a stay that began with `arrived` ends with an event: what waited in the inbox is handled, or what was handled leads
/// to another message.
fn is_end(arrived: &Event, event: &Event) -> bool {
    let is_there = arrived.node == event.node;
    match arrived.kind {
        EventKind::Queued => {
            is_there && event.kind == EventKind::Deliver && event.cause == arrived.cause
        }
        _ => is_there && event.kind == EventKind::Send,
    }
}

impl Ahead {
    /// What these messages are, each as it arrived.
    fn of(trace: Events<'_>, messages: &[&Event]) -> Ahead {
        let mut senders: Map<NodeId, u32> = Map::new();
        let mut asked: Map<(NodeId, u8, i64), u32> = Map::new();
        for message in messages {
            *senders.entry(message.peer).or_default() += 1;
            if let Some(gist) = said(trace, message) {
                *asked
                    .entry((message.peer, gist.kind, gist.args[0]))
                    .or_default() += 1;
            }
        }
        let count = messages.len() as u32;
        let most = senders.into_iter().max_by_key(|(_, count)| *count);
        Ahead {
            count,
            repeats: asked.values().map(|times| times - 1).sum(),
            most: most.filter(|(_, own)| own * 2 > count),
            told: None,
        }
    }
}
