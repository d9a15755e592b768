//! What a clock was last set by.

use sim::sorted::Set;
use sim::trace::{ClockChange, Event, EventKind, Events, Fact};
use sim::{EventId, NodeId};

use super::trouble::Trouble;
use crate::watch::clocks::ahead;

/// The exchange that set a clock wrong, which is read at `end`: of the latest with each server before the clock was set, the one
/// that was furthest off the true time in the way in which the clock is.
pub(super) fn set_by(trace: Events<'_>, end: EventId) -> Option<Trouble> {
    let read = &trace[end.index()];
    let off = ahead(reading(read)?, read.time);
    let set = latest(trace, end, |event| {
        event.node == read.node && is_set_by(event)
    })?;
    if trace[set.index()].cause == EventId::NONE {
        return Some(Trouble::Clock { change: set });
    }
    let samples = samples(trace, read.node, set);
    let worst = samples
        .iter()
        .max_by_key(|sample| sample.off * off.signum())?;
    let others = samples.iter().map(|sample| sample.id);
    let others = others.filter(|id| *id != worst.id);
    let is_to_blame = worst.off.signum() == off.signum() && worst.off.abs() * 2 >= off.abs();
    is_to_blame.then(|| Trouble::Set {
        set,
        sample: worst.id,
        delivery: worst.delivery,
        others: others.collect(),
        server_off: worst.server_off(trace),
    })
}

/// What a node learned of a server's clock from one exchange.
struct Sample {
    id: EventId,
    /// Where the answer arrived.
    delivery: EventId,
    /// By how much the time that it told is ahead of the true time.
    off: i64,
}

impl Sample {
    /// By how much the server's clock was ahead when it heard the question, if that makes up at least half of the error.
    fn server_off(&self, trace: Events<'_>) -> Option<i64> {
        let answer = trace[self.delivery.some()?.index()].cause.some()?;
        let server = trace[answer.index()].node;
        let read = latest(trace, answer, |event| {
            event.node == server && reading(event).is_some()
        })?;
        let off = ahead(reading(&trace[read.index()])?, trace[read.index()].time);
        (off.signum() == self.off.signum() && off.abs() * 2 >= self.off.abs()).then_some(off)
    }
}

/// The latest sample of each server, up to where the clock was set.
fn samples(trace: Events<'_>, node: NodeId, set: EventId) -> Vec<Sample> {
    let mut servers = Set::new();
    let mut found = Vec::new();
    for id in (0..set.0).rev().map(EventId) {
        let event = &trace[id.index()];
        let Some(Fact::Sampled {
            node: server,
            offset,
            ..
        }) = event.fact()
        else {
            continue;
        };
        if event.node != node || !servers.insert(server) {
            continue;
        }
        let read = latest(trace, id, |event| {
            event.node == node && reading(event).is_some()
        });
        let own = read.and_then(|read| reading(&trace[read.index()]));
        found.extend(own.map(|own| Sample {
            id,
            delivery: event.cause,
            off: ahead(own.saturating_add(offset), event.time),
        }));
    }
    found
}

/// The latest of the events before another one that is wanted.
fn latest(
    trace: Events<'_>,
    before: EventId,
    is_wanted: impl Fn(&Event) -> bool,
) -> Option<EventId> {
    let mut back = (0..before.0).rev().map(EventId);
    back.find(|id| is_wanted(&trace[id.index()]))
}

/// Whether a clock is corrected in an event.
fn is_set_by(event: &Event) -> bool {
    let change = event.detail().filter(|_| event.kind == EventKind::Clock);
    matches!(change, Some(ClockChange::Step { by } | ClockChange::Slew { by, .. }) if by != 0)
}

/// What a clock showed, if it was read.
fn reading(event: &Event) -> Option<i64> {
    match event.fact() {
        Some(Fact::ClockRead { reading, .. }) => Some(reading),
        _ => None,
    }
}
