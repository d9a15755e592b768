//! What collections hold on the heap.
//!
//! A run has a budget of memory, so all that it consists of counts what it holds. What a run comes to must not depend on
//! how its reader got to a moment: a collection that was grown element by element has room to spare, and its copy in a
//! keyframe has none, and may share some of it. So there are several measures.

use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};

use super::sorted::{Map, Set};

/// How bytes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// As they are taken now.
    Taken,
    /// As they are taken by a copy, without what it shares with what it is a copy of.
    Copied,
    /// As they would be if every collection had been grown to its length, element by element: the same for all that are
    /// equal.
    Grown,
}

/// A collection on the heap.
pub trait Held {
    /// Bytes that it takes on the heap, without what its elements point to.
    fn held(&self, by: Measure) -> usize;
}

/// Bytes that all of these take on the heap, without what their elements point to.
pub fn all_held<'a, C: Held + 'a>(all: impl IntoIterator<Item = &'a C>, by: Measure) -> usize {
    all.into_iter().map(|each| each.held(by)).sum()
}

/// The room of a vector of `len` elements of `size` bytes that was grown element by element.
fn grown(len: usize, size: usize) -> usize {
    let least = match size {
        0..=1 => 8,
        2..=1024 => 4,
        _ => 1,
    };
    match len {
        0 => 0,
        _ => len.next_power_of_two().max(least),
    }
}

fn of_vector(len: usize, capacity: usize, size: usize, by: Measure) -> usize {
    size * match by {
        Measure::Taken | Measure::Copied => capacity,
        Measure::Grown => grown(len, size),
    }
}

/// A hash table has a byte of its own for each bucket, and is full when seven in eight are taken.
fn of_table(len: usize, capacity: usize, size: usize, by: Measure) -> usize {
    let elements = match by {
        Measure::Taken | Measure::Copied => capacity,
        Measure::Grown => len,
    };
    let buckets = match elements {
        0 => return 0,
        1..=3 => 4,
        4..=7 => 8,
        _ => (elements * 8 / 7).next_power_of_two(),
    };
    buckets * (size + 1) + 16
}

impl<T> Held for Vec<T> {
    fn held(&self, by: Measure) -> usize {
        of_vector(self.len(), self.capacity(), size_of::<T>(), by)
    }
}

impl<T> Held for VecDeque<T> {
    fn held(&self, by: Measure) -> usize {
        of_vector(self.len(), self.capacity(), size_of::<T>(), by)
    }
}

impl<T> Held for BinaryHeap<T> {
    fn held(&self, by: Measure) -> usize {
        of_vector(self.len(), self.capacity(), size_of::<T>(), by)
    }
}

impl Held for String {
    fn held(&self, by: Measure) -> usize {
        of_vector(self.len(), self.capacity(), 1, by)
    }
}

impl<K, V> Held for Map<K, V> {
    fn held(&self, by: Measure) -> usize {
        self.entries.held(by)
    }
}

impl<T> Held for Set<T> {
    fn held(&self, by: Measure) -> usize {
        self.map.held(by)
    }
}

impl<K, V, S> Held for HashMap<K, V, S> {
    fn held(&self, by: Measure) -> usize {
        of_table(self.len(), self.capacity(), size_of::<(K, V)>(), by)
    }
}

impl<T, S> Held for HashSet<T, S> {
    fn held(&self, by: Measure) -> usize {
        of_table(self.len(), self.capacity(), size_of::<T>(), by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_grown_takes_what_it_is_said_to() {
        let mut vector = Vec::new();
        let mut queue = VecDeque::new();
        let mut text = String::new();
        let mut table = HashMap::new();
        for number in 0..5000u32 {
            vector.push(number);
            queue.push_back(u64::from(number));
            text.push('x');
            table.insert(number, number);
            let held: [&dyn Held; 4] = [&vector, &queue, &text, &table];
            for held in held {
                assert_eq!(held.held(Measure::Taken), held.held(Measure::Grown));
            }
        }
    }

    #[test]
    fn a_copy_holds_less_and_counts_as_grown_alike() {
        let mut grown: Map<u32, u64> = Map::new();
        for key in 0..1025 {
            grown.insert(key, 0);
        }
        let copy = grown.clone();
        assert_eq!(copy.held(Measure::Grown), grown.held(Measure::Grown));
        assert_eq!(copy.held(Measure::Taken), 1025 * 16);
        assert_eq!(grown.held(Measure::Taken), 2048 * 16);
    }
}
