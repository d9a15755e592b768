//! A hash table that grows evenly.
//!
//! One that doubles moves all of its entries at once: with a quarter of a million of them that holds the page up for longer
//! than a frame. This one is divided into parts of a few hundred entries, and when they become too many, one part is divided
//! in two: linear hashing (Litwin, *Linear hashing: a new tool for file and table addressing*, VLDB 1980).

use std::hash::{BuildHasher, Hash};

use rustc_hash::{FxBuildHasher, FxHashMap};
use sim::held::{Held, Measure, all_held};

/// How many entries a part has on average before one more is made; one that is to be divided next has up to twice as many.
const ENTRIES: usize = 256;

/// A map without an order. Of what it holds, no more than a part is moved at a time.
#[derive(Clone, Debug)]
pub(crate) struct Table<K, V> {
    parts: Vec<FxHashMap<K, V>>,
    len: usize,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        let parts = Vec::new();
        Table { parts, len: 0 }
    }
}

impl<K: Eq + Hash, V> Table<K, V> {
    /// The value under a key.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.parts.get(place(key, self.parts.len()))?.get(key)
    }

    /// Puts a value under a key, and returns the one that was there.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        if self.len >= ENTRIES * self.parts.len() {
            self.divide();
        }
        let place = place(&key, self.parts.len());
        let before = self.parts[place].insert(key, value);
        self.len += usize::from(before.is_none());
        before
    }

    /// Makes one more part, of one that there is.
    fn divide(&mut self) {
        self.parts.push(FxHashMap::default());
        let parts = self.parts.len();
        let divided = parts - 1 - parts.next_power_of_two() / 2;
        for (key, value) in std::mem::take(&mut self.parts[divided]) {
            self.parts[place(&key, parts)].insert(key, value);
        }
    }
}

impl<K, V> Held for Table<K, V> {
    fn held(&self, by: Measure) -> usize {
        self.parts.held(by) + all_held(&self.parts, by)
    }
}

/// The part that a key belongs to, among so many.
fn place<K: Hash>(key: &K, parts: usize) -> usize {
    // Within a part, entries are placed by other bits of the hash: its parts are told apart by all of them.
    let mixed = FxBuildHasher
        .hash_one(key)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        >> 32;
    let all = parts.next_power_of_two();
    let place = mixed as usize & (all - 1);
    if place < parts {
        place
    } else {
        place - all / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_under_a_key_is_found_there() {
        let mut table = Table::default();
        assert_eq!(table.held(Measure::Grown), 0);
        for key in 0..100_000u32 {
            assert_eq!(table.get(&key), None);
            assert_eq!(table.insert(key, key), None);
        }
        for key in 0..100_000 {
            assert_eq!(table.insert(key, key + 1), Some(key));
        }
        assert!((0..100_000).all(|key| table.get(&key) == Some(&(key + 1))));
        assert_eq!(table.get(&100_000), None);
    }

    #[test]
    fn no_part_has_many_entries() {
        // Keys like those of the checks: numbers in a row, and pairs of which only one half changes.
        let mut numbers = Table::default();
        let mut pairs = Table::default();
        for key in 0..50_000u32 {
            numbers.insert(key, ());
            pairs.insert((7i64, key << 8), ());
        }
        let largest = |sizes: Vec<usize>| sizes.into_iter().max();
        let of_numbers = largest(numbers.parts.iter().map(FxHashMap::len).collect());
        let of_pairs = largest(pairs.parts.iter().map(FxHashMap::len).collect());
        assert!(of_numbers < Some(3 * ENTRIES), "{of_numbers:?}");
        assert!(of_pairs < Some(3 * ENTRIES), "{of_pairs:?}");
    }
}
