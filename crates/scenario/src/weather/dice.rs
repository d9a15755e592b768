//! Draws under one key.

use sim::random::{Key, below, fraction};

/// Draws, one after the other.
pub(super) struct Dice {
    key: Key,
    next: u64,
}

impl Dice {
    pub(super) fn new(key: Key) -> Dice {
        Dice { key, next: 0 }
    }

    fn roll(&mut self) -> u64 {
        self.next += 1;
        self.key.draw(self.next)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        below(self.roll(), bound)
    }

    pub(super) fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }

    /// A number from `least` to `most`.
    pub(super) fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least).max(0.0) * fraction(self.roll())
    }

    /// One time in so many.
    pub(super) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}
