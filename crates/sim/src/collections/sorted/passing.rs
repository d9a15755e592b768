//! A map of what comes and goes.

use crate::collections::held::{Held, Measure};

/// A map to which entries are added mostly in the order of their keys, and from which they are taken in any order, as
/// messages on their way are. Taking one out leaves its place behind, until half of all places are empty: so adding and
/// taking cost the logarithm of how many entries there are, and not their number as in [`Map`](super::Map).
#[derive(Clone, Debug)]
pub struct Passing<K, V> {
    places: Vec<(K, Option<V>)>,
    /// How many places at the beginning are empty.
    first: usize,
    /// How many places hold something.
    len: usize,
}

/// With no more places than this it is not worth to close gaps.
const FEW: usize = 32;

impl<K, V> Default for Passing<K, V> {
    fn default() -> Self {
        Passing {
            places: Vec::new(),
            first: 0,
            len: 0,
        }
    }
}

impl<K: Ord + Copy, V> Passing<K, V> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn find(&self, key: &K) -> Result<usize, usize> {
        match self.places.last() {
            Some((last, _)) if last < key => Err(self.places.len()),
            _ => self.places.binary_search_by(|(other, _)| other.cmp(key)),
        }
    }

    /// Gives a key a value.
    pub fn insert(&mut self, key: K, value: V) {
        match self.find(&key) {
            Ok(place) => {
                self.len += usize::from(self.places[place].1.is_none());
                self.places[place].1 = Some(value);
                self.first = self.first.min(place);
            }
            Err(place) => {
                self.places.insert(place, (key, Some(value)));
                self.len += 1;
                self.first = self.first.min(place);
            }
        }
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let place = self.find(key).ok()?;
        self.places[place].1.as_mut()
    }

    /// Takes out the value of a key.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.find(key).ok()?;
        let value = self.places[place].1.take()?;
        self.len -= 1;
        while self
            .places
            .get(self.first)
            .is_some_and(|(_, value)| value.is_none())
        {
            self.first += 1;
        }
        if self.places.len() > FEW && self.len < self.places.len() / 2 {
            self.retain(|_| true);
        }
        Some(value)
    }

    /// Keeps the entries whose values satisfy `keep`.
    pub fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        self.places
            .retain(|(_, value)| value.as_ref().is_some_and(&keep));
        self.len = self.places.len();
        self.first = 0;
    }

    /// The value of the smallest key.
    pub fn first(&self) -> Option<&V> {
        self.places.get(self.first)?.1.as_ref()
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.places.iter().filter_map(|(_, value)| value.as_ref())
    }
}

impl<K, V> Held for Passing<K, V> {
    fn held(&self, by: Measure) -> usize {
        self.places.held(by)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_map(acts in prop::collection::vec((0u8..4, 0u16..200), 0..600)) {
            let (mut passing, mut map) = (Passing::default(), BTreeMap::new());
            for (act, key) in acts {
                match act {
                    0 | 1 => {
                        passing.insert(key, act);
                        map.insert(key, act);
                    }
                    2 => prop_assert_eq!(passing.remove(&key), map.remove(&key)),
                    _ => prop_assert_eq!(passing.get_mut(&key), map.get_mut(&key)),
                }
                prop_assert_eq!(passing.len(), map.len());
                prop_assert_eq!(passing.first(), map.values().next());
                prop_assert!(passing.values().eq(map.values()));
            }
        }
    }
}
