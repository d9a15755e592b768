//! Messages on their way, each copy in a slot.

use crate::collections::held::{Held, Measure};
use crate::id::{EventId, MessageId, NodeId};
use crate::time::{SimDuration, SimTime};
use crate::trace::Gist;
use crate::trace::Loss;

/// How many copies can be on their way at once. Any more are dropped as by a full queue. This bounds the memory of a
/// run in which each message causes several others.
pub(crate) const MOST_IN_FLIGHT: usize = 1 << 18;

/// Where a copy of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On its way.
    Travelling,
    /// At a cut that holds it. Once the cut heals, it travels for this long.
    Held(SimDuration),
    /// In its receiver's inbox, or being served.
    Inbox,
    /// Nowhere: the slot is free.
    Gone,
}

/// A copy of a message that was sent and has not been handled.
#[derive(Clone, Copy, Debug)]
pub struct Flight {
    /// Its name.
    pub id: MessageId,
    /// Its sender.
    pub from: NodeId,
    /// Its receiver.
    pub to: NodeId,
    /// When it was sent.
    pub sent: SimTime,
    /// When it arrives, or would have arrived had it not been lost.
    pub due: SimTime,
    /// When something happens to it next: its arrival or its end. [`SimTime::NEVER`] at a cut that holds it.
    pub next: SimTime,
    /// Why it will end, if it will not arrive.
    pub ends: Option<Loss>,
    /// Where it is.
    pub place: Place,
    /// What it says.
    pub gist: Gist,
    /// How many bytes it takes.
    pub bytes: u32,
    /// The event of its sending.
    pub send_event: EventId,
    /// Whether the network made this copy.
    pub is_duplicate: bool,
    /// Whether its bits have flipped.
    pub is_corrupted: bool,
    /// Random bits to corrupt it with.
    pub(crate) corruption: u64,
    /// Whether it belongs to the synchronisation of clocks.
    pub is_ntp: bool,
    /// The sequence number of the queue's entry for `next`.
    pub(crate) entry: u32,
}

impl Flight {
    /// How far it has come at `now`, in thousandths of its way.
    pub fn progress_permille(&self, now: SimTime) -> i64 {
        let (whole, gone) = (self.due.since(self.sent), now.since(self.sent));
        if whole.is_zero() {
            return 1000;
        }
        (u128::from(gone.as_nanos()) * 1000 / u128::from(whole.as_nanos())).min(1000) as i64
    }
}

/// All copies on their way. A slot is taken again once its copy has ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flights {
    slots: Vec<Flight>,
    free: Vec<u32>,
}

impl Flights {
    /// Takes in a copy; its slot, which is at most one beyond all that were ever taken.
    #[inline]
    pub fn insert(&mut self, flight: Flight) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = flight;
            return slot;
        }
        self.slots.push(flight);
        self.slots.len() as u32 - 1
    }

    /// The slot that the next copy takes.
    #[inline]
    pub fn next_slot(&self) -> u32 {
        self.free.last().copied().unwrap_or(self.slots.len() as u32)
    }

    /// Takes out the copy in a slot, without returning it.
    #[inline]
    pub fn free(&mut self, slot: u32) {
        self.slots[slot as usize].place = Place::Gone;
        self.free.push(slot);
    }

    /// Takes out the copy in a slot.
    pub fn remove(&mut self, slot: u32) -> Flight {
        let ended = self.slots[slot as usize];
        self.free(slot);
        ended
    }

    /// The copy in a slot. Panics if there never was one.
    #[inline]
    pub fn get(&self, slot: u32) -> &Flight {
        &self.slots[slot as usize]
    }

    /// The same, to change it.
    #[inline]
    pub fn get_mut(&mut self, slot: u32) -> &mut Flight {
        &mut self.slots[slot as usize]
    }

    /// All copies, in the order of their slots.
    pub fn iter(&self) -> impl Iterator<Item = &Flight> {
        self.slots
            .iter()
            .filter(|flight| flight.place != Place::Gone)
    }

    /// All copies, each with its slot.
    #[cfg(feature = "fingerprint")]
    pub fn iter_slots(&self) -> impl Iterator<Item = (u32, &Flight)> {
        let slots = (0..).zip(&self.slots);
        slots.filter(|(_, flight)| flight.place != Place::Gone)
    }

    /// How many copies there have been at most at once.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// The slots of all copies that match, in the order in which the copies were put on the network.
    pub fn slots_where(&self, matches: impl Fn(&Flight) -> bool) -> Vec<u32> {
        let slots = self.slots.iter().zip(0u32..);
        let is_it = |flight: &Flight| flight.place != Place::Gone && matches(flight);
        let named = |flight: &Flight, slot| (flight.id.0 as u128) << 32 | slot as u128;
        // The queue sorts numbers of this kind too: see `collections::sorting`.
        let mut found: Vec<u128> = slots
            .filter(|(flight, _)| is_it(flight))
            .map(|(flight, slot)| named(flight, slot))
            .collect();
        found.sort_unstable_by(u128::cmp);
        found.into_iter().map(|named| named as u32).collect()
    }

    /// Whether as many copies are on their way as may be.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.slots.len() - self.free.len() >= MOST_IN_FLIGHT
    }

    /// Bytes that they take on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.slots.held(by) + self.free.held(by)
    }
}
