//! The trace: everything that happened, in order, each event with its cause.
//!
//! It is the only thing that views, checks and digests read; nothing in it refers to a protocol's types.
//!
//! | file | its subject |
//! | --- | --- |
//! | `mod` | [`Trace`], the events of a run in order, and its [`Digest`] |
//! | `event` | [`Event`] |
//! | `kind` | [`EventKind`], the kinds of events |
//! | `detail` | [`Detail`]: what exactly happened, as in [`Lost`] and [`ClockChange`], and how it lies in an event |
//! | `coded` | enums whose numbers are part of every trace |
//! | `fact` | [`Fact`], what a check judges |
//! | `gist` | [`Gist`], what a message says |
//! | `pages` | [`Events`], a stretch of a trace |
//! | [`causality`] | what happened before what |

pub mod causality;
mod coded;
mod detail;
mod event;
mod fact;
pub(crate) mod gist;
mod kind;
mod pages;

pub use detail::{
    ClockChange, Detail, DiskChange, Limp, LinkSetting, Loss, Lost, MessageChange, NetworkChange,
    NodeSetting, OperatorCommand,
};
pub use event::Event;
pub use fact::{Fact, FactKind, FactSort, Function, Outcome, Relation};
pub use kind::EventKind;
pub use pages::Events;

pub(crate) use gist::{Gist, NTP_KIND};

use crate::id::EventId;
use pages::Pages;

/// How much a run records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    Everything,
    LatestStep,
    Nothing,
}

/// Events in the order in which they happened; an event's number is its place.
///
/// The trace stands beside the world, not inside it: a world that is replayed from a keyframe walks again over events
/// that are on record already, and adds only what lies beyond.
#[derive(Clone, Debug)]
pub struct Trace {
    keep: Keep,
    /// The number of the first event in `events`.
    first: u32,
    events: Pages,
}

impl Trace {
    /// A trace that keeps every event.
    pub fn full() -> Trace {
        Trace {
            keep: Keep::Everything,
            first: 0,
            events: Pages::default(),
        }
    }

    /// A trace that keeps the events of the latest step alone: enough for checks that are fed as the run goes.
    pub fn latest_step() -> Trace {
        Trace {
            keep: Keep::LatestStep,
            first: 0,
            events: Pages::default(),
        }
    }

    /// A trace that keeps nothing; the run has no digest either.
    pub fn off() -> Trace {
        Trace {
            keep: Keep::Nothing,
            first: 0,
            events: Pages::default(),
        }
    }

    /// Whether anything is recorded at all.
    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.keep != Keep::Nothing
    }

    /// Forgets the previous step where only the latest is kept.
    #[inline]
    pub(crate) fn begin_step(&mut self, next: u32) {
        if self.keep == Keep::LatestStep {
            self.events.truncate(0);
            self.first = next;
        }
    }

    /// Puts `event` on record as number `id`, unless it is there already. A trace may begin with any event.
    #[inline]
    pub(crate) fn record(&mut self, id: u32, event: Event) {
        if self.events.len() == 0 {
            self.first = id;
        }
        let place = (id - self.first) as usize;
        if place == self.events.len() {
            self.events.push(event);
        } else {
            debug_assert_eq!(
                self.events()[place],
                event,
                "a replay differs from its recording at event {id}"
            );
        }
    }

    /// Forgets every event from number `id` on: another future begins there.
    pub(crate) fn truncate(&mut self, id: u32) {
        self.events.truncate(id.saturating_sub(self.first) as usize);
    }

    /// The event with this number, if it is kept.
    pub fn get(&self, id: EventId) -> Option<&Event> {
        self.events().get(id.0.checked_sub(self.first)? as usize)
    }

    /// All events that are kept, in order.
    #[inline]
    pub fn events(&self) -> Events<'_> {
        self.events.view()
    }

    /// All events that are kept from number `id` on, with their numbers.
    pub fn since(&self, id: EventId) -> impl Iterator<Item = (EventId, &Event)> {
        let skipped = id.0.saturating_sub(self.first);
        let events = self.events().skip(skipped as usize);
        events
            .iter()
            .zip(self.first + skipped..)
            .map(|(event, id)| (EventId(id), event))
    }

    /// Bytes of memory that so many events take, where all are kept.
    pub(crate) fn bytes_of(events: u32) -> usize {
        Pages::bytes_of(events as usize)
    }

    /// Bytes of memory that the events take.
    pub fn bytes(&self) -> usize {
        self.events.bytes()
    }
}

impl FromIterator<Event> for Trace {
    /// A trace of events that were recorded elsewhere, from the first on.
    fn from_iter<T: IntoIterator<Item = Event>>(events: T) -> Trace {
        let mut trace = Trace::full();
        (0..)
            .zip(events)
            .for_each(|(id, event)| trace.record(id, event));
        trace
    }
}

/// A trace in 64 bits: two runs with the same digest had the same events in the same order.
///
/// Multiply and xor-shift over the event's words. It tells accidents apart; it is no defence against an adversary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Digest(0x5108_f12e_0000_0001)
    }
}

impl Digest {
    /// Takes in one more event.
    #[inline]
    pub(crate) fn absorb(&mut self, event: &Event) {
        // Odd constants: the fractional parts of square roots of primes. The products do not wait for each other, so
        // the chain from event to event is one multiplication long.
        const MULTIPLIERS: [u64; 6] = [
            0x6a09_e667_f3bc_c909,
            0xbb67_ae85_84ca_a73b,
            0x3c6e_f372_fe94_f82b,
            0xa54f_f53a_5f1d_36f1,
            0x510e_527f_ade6_82d1,
            0x9b05_688c_2b3e_6c1f,
        ];
        let mut sum = 0u64;
        for (word, multiplier) in event.words().into_iter().zip(MULTIPLIERS) {
            sum = sum.rotate_left(11) ^ word.wrapping_add(multiplier).wrapping_mul(multiplier);
        }
        let mixed = (self.0 ^ sum ^ (sum >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }

    /// The digest as a number.
    pub const fn as_u64(self) -> u64 {
        self.0
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{MessageId, NodeId};
    use crate::time::SimTime;

    fn event(n: u64) -> Event {
        Event {
            time: SimTime::from_nanos(n),
            args: [n as i64, 0, 0],
            cause: EventId::NONE,
            message: MessageId(0),
            node: NodeId(0),
            peer: NodeId(0),
            kind: EventKind::Send,
            code: 0,
        }
    }

    #[test]
    fn the_digest_sees_every_field_and_the_order() {
        let plain = event(1);
        let changes: [fn(&mut Event); 8] = [
            |e| e.time = SimTime::from_nanos(2),
            |e| e.args[1] = 1,
            |e| e.args[2] = 1,
            |e| e.cause = EventId(0),
            |e| e.message = MessageId(1),
            |e| e.node = NodeId(1),
            |e| e.peer = NodeId(1),
            |e| e.code = 1,
        ];
        let digest_of = |events: &[Event]| {
            let mut digest = Digest::default();
            events.iter().for_each(|e| digest.absorb(e));
            digest.as_u64()
        };
        let mut seen = vec![
            digest_of(&[plain]),
            digest_of(&[plain, event(2)]),
            digest_of(&[event(2), plain]),
        ];
        for change in changes {
            let mut other = plain;
            change(&mut other);
            seen.push(digest_of(&[other]));
        }
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }

    #[test]
    fn a_trace_of_the_latest_step_forgets_the_one_before() {
        let mut trace = Trace::latest_step();
        trace.begin_step(0);
        trace.record(0, event(0));
        trace.record(1, event(1));
        trace.begin_step(2);
        trace.record(2, event(2));
        assert_eq!(trace.get(EventId(1)), None);
        assert_eq!(
            trace
                .since(EventId(0))
                .map(|(id, _)| id.0)
                .collect::<Vec<_>>(),
            [2]
        );
    }
}
