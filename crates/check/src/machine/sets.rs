//! Sets of numbers that share what they have in common.

use rustc_hash::{FxHashMap, FxHashSet};
use sim::held::{Held, Measure};

/// Sets of numbers. Equal sets have equal names, and a set that differs from another in one element takes a few nodes more.
///
/// Each is a tree (Morrison, "PATRICIA", 1968) over blocks of 64 numbers, whose parts are kept once (Okasaki and Gill, "Fast
/// mergeable integer maps", 1998, tell how such trees grow and shrink).
#[derive(Clone, Debug)]
pub(super) struct Sets {
    nodes: Vec<Node>,
    /// How many elements there are in each.
    counts: Vec<u32>,
    names: FxHashMap<Node, u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Node {
    Empty,
    Leaf {
        block: u32,
        bits: u64,
    },
    /// The blocks that begin with `prefix`, by their next bit, which is `mask`.
    Branch {
        prefix: u32,
        mask: u32,
        low: u32,
        high: u32,
    },
}

/// Parts of sets.
#[derive(Default)]
pub(super) struct Seen(FxHashSet<u32>);

/// The set without elements.
pub(super) const EMPTY: u32 = 0;

/// The highest bit in which two blocks differ.
fn highest_difference(a: u32, b: u32) -> u32 {
    1 << (31 - (a ^ b).leading_zeros())
}

fn prefix(block: u32, mask: u32) -> u32 {
    block & !(mask | (mask - 1))
}

impl Sets {
    pub(super) fn new() -> Self {
        Self {
            nodes: vec![Node::Empty],
            counts: vec![0],
            names: FxHashMap::from_iter([(Node::Empty, EMPTY)]),
        }
    }

    /// The set with these elements, which ascend.
    pub(super) fn of(&mut self, ascending: &[u32]) -> u32 {
        let mut leaves: Vec<(u32, u64)> = Vec::new();
        for element in ascending {
            let (block, bit) = (element / 64, 1 << (element % 64));
            match leaves.last_mut() {
                Some(leaf) if leaf.0 == block => leaf.1 |= bit,
                _ => leaves.push((block, bit)),
            }
        }
        self.of_leaves(&leaves)
    }

    fn of_leaves(&mut self, leaves: &[(u32, u64)]) -> u32 {
        match *leaves {
            [] => EMPTY,
            [(block, bits)] => self.name(Node::Leaf { block, bits }),
            [(first, _), .., (last, _)] => {
                let mask = highest_difference(first, last);
                let (low, high) =
                    leaves.split_at(leaves.partition_point(|leaf| leaf.0 & mask == 0));
                let (low, high) = (self.of_leaves(low), self.of_leaves(high));
                self.branch(prefix(first, mask), mask, low, high)
            }
        }
    }

    /// The set with an element more.
    pub(super) fn with(&mut self, set: u32, element: u32) -> u32 {
        self.put(set, element, true)
    }

    /// The set without an element.
    pub(super) fn without(&mut self, set: u32, element: u32) -> u32 {
        self.put(set, element, false)
    }

    fn put(&mut self, set: u32, element: u32, is_in: bool) -> u32 {
        let (own, bit) = (element / 64, 1_u64 << (element % 64));
        match self.nodes[set as usize] {
            Node::Leaf { block, bits } if block == own => {
                let bits = if is_in { bits | bit } else { bits & !bit };
                match bits {
                    0 => EMPTY,
                    bits => self.name(Node::Leaf { block, bits }),
                }
            }
            Node::Branch {
                prefix: of,
                mask,
                low,
                high,
            } if prefix(own, mask) == of => {
                let (mut low, mut high) = (low, high);
                let half = if own & mask == 0 { &mut low } else { &mut high };
                *half = self.put(*half, element, is_in);
                self.branch(of, mask, low, high)
            }
            _ if !is_in => set,
            Node::Empty => self.leaf(own, bit),
            Node::Leaf { block: other, .. } | Node::Branch { prefix: other, .. } => {
                let new = self.leaf(own, bit);
                let mask = highest_difference(own, other);
                let (low, high) = if own & mask == 0 {
                    (new, set)
                } else {
                    (set, new)
                };
                self.branch(prefix(own, mask), mask, low, high)
            }
        }
    }

    fn leaf(&mut self, block: u32, bits: u64) -> u32 {
        self.name(Node::Leaf { block, bits })
    }

    fn branch(&mut self, prefix: u32, mask: u32, low: u32, high: u32) -> u32 {
        match (low, high) {
            (EMPTY, only) | (only, EMPTY) => only,
            _ => self.name(Node::Branch {
                prefix,
                mask,
                low,
                high,
            }),
        }
    }

    fn name(&mut self, node: Node) -> u32 {
        let next = self.nodes.len() as u32;
        let name = *self.names.entry(node).or_insert(next);
        if name == next {
            let count = match node {
                Node::Empty => 0,
                Node::Leaf { bits, .. } => bits.count_ones(),
                Node::Branch { low, high, .. } => self.count(low) + self.count(high),
            };
            self.nodes.push(node);
            self.counts.push(count);
        }
        name
    }

    /// How many elements a set has.
    pub(super) fn count(&self, set: u32) -> u32 {
        self.counts[set as usize]
    }

    /// Whether a set has an element.
    pub(super) fn has(&self, mut set: u32, element: u32) -> bool {
        let own = element / 64;
        loop {
            match self.nodes[set as usize] {
                Node::Empty => return false,
                Node::Leaf { block, bits } => {
                    return block == own && bits >> (element % 64) & 1 == 1;
                }
                Node::Branch {
                    mask, low, high, ..
                } => set = if own & mask == 0 { low } else { high },
            }
        }
    }

    /// The elements in ascending order.
    pub(super) fn elements(&self, set: u32) -> Vec<u32> {
        self.unseen(set, &mut Seen::default())
    }

    /// The same, without the parts of the set that were seen: to see many sets that way takes as long as they are large in
    /// memory, however much they have in common.
    pub(super) fn unseen(&self, set: u32, seen: &mut Seen) -> Vec<u32> {
        let (mut elements, mut rest) = (Vec::new(), vec![set]);
        while let Some(set) = rest.pop() {
            if !seen.0.insert(set) {
                continue;
            }
            match self.nodes[set as usize] {
                Node::Empty => {}
                Node::Leaf { block, bits } => {
                    let has = |bit: &u32| bits >> bit & 1 == 1;
                    elements.extend((0..64).filter(has).map(|bit| 64 * block + bit));
                }
                Node::Branch { low, high, .. } => rest.extend([high, low]),
            }
        }
        elements
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.nodes.held(by) + self.counts.held(by) + self.names.held(by)
    }

    pub(super) fn bytes(&self) -> usize {
        // Tables and vectors have room to spare.
        4 * size_of::<Node>() * self.nodes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn equal_sets_have_one_name_however_they_came_about() {
        let mut sets = Sets::new();
        let mut known: std::collections::BTreeMap<BTreeSet<u32>, u32> = [].into();
        let (mut set, mut elements, mut number) = (EMPTY, BTreeSet::new(), 7_u32);
        let (mut seen, mut shown) = (Seen::default(), BTreeSet::new());
        for _ in 0..20_000 {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Neighbours, and numbers that are far apart.
            let element = [0, 1, 63, 64, 65, 127, 4096, 4097, u32::MAX][(number >> 8) as usize % 9];
            if number >> 31 == 0 {
                set = sets.with(set, element);
                elements.insert(element);
            } else {
                set = sets.without(set, element);
                elements.remove(&element);
            }
            let ascending: Vec<u32> = elements.iter().copied().collect();
            assert_eq!(sets.elements(set), ascending);
            assert_eq!(sets.count(set) as usize, ascending.len());
            let new = sets.unseen(set, &mut seen);
            assert!(new.iter().all(|element| elements.contains(element)));
            shown.extend(new);
            assert!(elements.is_subset(&shown));
            assert_eq!(sets.has(set, element), elements.contains(&element));
            assert_eq!(sets.of(&ascending), set);
            assert_eq!(*known.entry(elements.clone()).or_insert(set), set);
        }
        assert_eq!(known.len(), 512);
    }
}
