//! Timers that are set, each in a slot.

use std::hash::{Hash, Hasher};

use crate::collections::held::{Held, Measure};
use crate::collections::sorting::sort_by_key;
use crate::id::{EventId, NodeId};
use crate::time::SimTime;

/// A timer that is set.
#[derive(Clone, Copy, Debug)]
pub struct Timer {
    /// Whose it is.
    pub node: NodeId,
    /// When it fires, in true time.
    pub due: SimTime,
    /// Which timer of the vocabulary.
    pub kind: u8,
    /// The event in which it was set.
    pub set_event: EventId,
    /// What its node's monotonic clock shows when it fires, in nanoseconds.
    pub(crate) fires_at: i64,
    pub(crate) is_set: bool,
    /// Whether a thread of its own waits for it, and not the node's inbox.
    pub(crate) is_aside: bool,
    /// The sequence number of the queue's entry for `due`.
    pub(crate) entry: u32,
    pub(crate) generation: u32,
}

/// The name of a timer, for cancelling it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerId {
    slot: u32,
    generation: u32,
}

/// As one `i128`, which nothing else in a node's state is: slots are dealt out in the order of a run, so whoever compares
/// states looks up what the name stands for.
impl Hash for TimerId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i128(i128::from(self.slot) << 32 | i128::from(self.generation));
    }
}

impl TimerId {
    /// The name that was hashed as this number.
    #[cfg(feature = "fingerprint")]
    pub(crate) fn from_hashed(number: i128) -> TimerId {
        TimerId {
            slot: (number >> 32) as u32,
            generation: number as u32,
        }
    }

    /// Its slot, and which of the timers that had this slot it is.
    #[cfg(feature = "fingerprint")]
    pub(crate) fn parts(self) -> (u32, u32) {
        (self.slot, self.generation)
    }
}

impl Timer {
    pub(crate) fn new(node: NodeId, kind: u8, set_event: EventId) -> Timer {
        Timer {
            node,
            due: SimTime::NEVER,
            kind,
            set_event,
            fires_at: i64::MAX,
            is_set: true,
            is_aside: false,
            entry: 0,
            generation: 0,
        }
    }
}

/// All timers of a run. A slot is taken again once its timer has fired or was cancelled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timers {
    slots: Vec<Timer>,
    free: Vec<u32>,
}

impl Timers {
    /// Takes in a timer; its name and its slot, which is at most one beyond all that were ever taken.
    pub fn insert(&mut self, timer: Timer) -> (TimerId, u32) {
        let (slot, generation) = match self.free.pop() {
            Some(slot) => {
                let place = &mut self.slots[slot as usize];
                let generation = place.generation.wrapping_add(1);
                *place = Timer {
                    generation,
                    ..timer
                };
                (slot, generation)
            }
            None => {
                self.slots.push(timer);
                (self.slots.len() as u32 - 1, timer.generation)
            }
        };
        (TimerId { slot, generation }, slot)
    }

    /// The slot of the timer of this name, if it is still set.
    pub fn find(&self, id: TimerId) -> Option<u32> {
        let timer = self.slots.get(id.slot as usize)?;
        (timer.is_set && timer.generation == id.generation).then_some(id.slot)
    }

    /// Lets a thread of its own wait for a timer.
    pub fn set_aside(&mut self, id: TimerId) {
        if let Some(slot) = self.find(id) {
            self.get_mut(slot).is_aside = true;
        }
    }

    /// The names of the timers of `node` that are due at `now` and wait aside, in the order in which they were due.
    pub fn due_aside(&self, node: NodeId, now: SimTime) -> Vec<TimerId> {
        let mut slots = self.of(node);
        slots.retain(|slot| {
            let timer = self.get(*slot);
            timer.is_aside && timer.due <= now
        });
        sort_by_key(&mut slots, |slot| {
            let timer = self.get(*slot);
            (timer.due, timer.entry)
        });
        let name = |slot| TimerId {
            slot,
            generation: self.get(slot).generation,
        };
        slots.into_iter().map(name).collect()
    }

    /// Takes out the timer in a slot.
    pub fn remove(&mut self, slot: u32) -> Timer {
        let timer = &mut self.slots[slot as usize];
        let ended = *timer;
        timer.is_set = false;
        self.free.push(slot);
        ended
    }

    /// How many timers there have been at most at once.
    #[cfg(feature = "fingerprint")]
    pub fn slots(&self) -> u32 {
        self.slots.len() as u32
    }

    /// How many timers of the same node are due at the same moment and fire before this one.
    #[cfg(feature = "fingerprint")]
    pub fn place_in_line(&self, timer: &Timer) -> usize {
        let is_before = |other: &&Timer| {
            (other.node, other.due) == (timer.node, timer.due) && other.entry < timer.entry
        };
        self.iter().filter(is_before).count()
    }

    /// The timer in a slot. Panics if there never was one.
    pub fn get(&self, slot: u32) -> &Timer {
        &self.slots[slot as usize]
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, slot: u32) -> &mut Timer {
        &mut self.slots[slot as usize]
    }

    /// All timers that are set, in the order of their slots.
    pub fn iter(&self) -> impl Iterator<Item = &Timer> {
        self.slots.iter().filter(|timer| timer.is_set)
    }

    /// The slots of the timers of `node`, in order.
    pub fn of(&self, node: NodeId) -> Vec<u32> {
        let slots = 0..self.slots.len() as u32;
        slots
            .filter(|slot| self.get(*slot).is_set && self.get(*slot).node == node)
            .collect()
    }

    /// Bytes that they take on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.slots.held(by) + self.free.held(by)
    }
}
