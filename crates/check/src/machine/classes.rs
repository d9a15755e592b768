//! Kinds of calls by number.

use rustc_hash::FxHashMap;
use sim::held::{Held, Measure};
use std::hash::Hash;
use std::ops::Index;

/// The kinds of calls that a machine has met, numbered in that order.
#[derive(Clone, Debug)]
pub(super) struct Classes<C> {
    classes: Vec<C>,
    numbers: FxHashMap<C, u32>,
}

impl<C> Default for Classes<C> {
    fn default() -> Self {
        Self {
            classes: Vec::new(),
            numbers: FxHashMap::default(),
        }
    }
}

impl<C: Copy + Eq + Hash> Classes<C> {
    /// The number of a kind.
    pub(super) fn number(&mut self, class: C) -> u32 {
        let next = self.classes.len() as u32;
        let number = *self.numbers.entry(class).or_insert(next);
        if number == next {
            self.classes.push(class);
        }
        number
    }

    pub(super) fn len(&self) -> usize {
        self.classes.len()
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.classes.held(by) + self.numbers.held(by)
    }
}

impl<C> Index<u32> for Classes<C> {
    type Output = C;

    #[inline]
    fn index(&self, number: u32) -> &C {
        &self.classes[number as usize]
    }
}
