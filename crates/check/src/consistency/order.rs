//! An order that grows, and refuses what contradicts it.
//!
//! Things are kept in a sequence that respects all orders so far, as Pearce and Kelly do ("A dynamic topological sort
//! algorithm for directed acyclic graphs", JEA 11, 2006). Only an order that the sequence contradicts costs a search, and
//! only of the stretch between the two.

use rustc_hash::FxHashSet;
use sim::held::{Held, Measure, all_held};

/// Things that are numbered from 0, some of which must come before others.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// Where each thing stands in the sequence.
    place: Vec<u32>,
    after: Vec<Vec<u32>>,
    before: Vec<Vec<u32>>,
    known: FxHashSet<(u32, u32)>,
    /// How many orders were asked for, and how many things and orders were looked at for them.
    steps: u64,
}

/// About how many bytes a thing takes, and an order of two.
const THING: usize = size_of::<u32>() + 2 * size_of::<Vec<u32>>();
const ORDERED: usize = 2 * size_of::<(u32, u32)>() + 4 * size_of::<u32>();

impl Order {
    /// A thing that comes after all that come before it so far; its number.
    pub fn add(&mut self) -> u32 {
        let number = self.place.len() as u32;
        self.place.push(number);
        self.after.push(Vec::new());
        self.before.push(Vec::new());
        number
    }

    /// Orders two things, unless the opposite follows from the orders so far. Returns whether it did.
    pub fn put(&mut self, first: u32, then: u32) -> bool {
        self.steps += 1;
        if first == then || !self.makes_way(first, then) {
            return false;
        }
        if self.known.insert((first, then)) {
            self.after[first as usize].push(then);
            self.before[then as usize].push(first);
        }
        true
    }

    /// Whether the orders so far put one thing before another.
    pub fn has(&self, first: u32, then: u32) -> bool {
        let to = self.place[then as usize];
        let near = |thing| self.place[thing as usize] <= to;
        first != then && reached(first, &self.after, near, &mut 0).contains(&then)
    }

    /// What it has cost so far, in steps.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.place.held(by)
            + self.after.held(by)
            + all_held(&self.after, by)
            + self.before.held(by)
            + all_held(&self.before, by)
            + self.known.held(by)
    }

    /// About how many bytes it holds.
    pub fn bytes(&self) -> usize {
        self.place.len() * THING + self.known.len() * ORDERED
    }

    /// Moves things in the sequence so that one comes before the other, if nothing forbids it.
    fn makes_way(&mut self, first: u32, then: u32) -> bool {
        let (from, to) = (self.place[then as usize], self.place[first as usize]);
        if to < from {
            return true;
        }
        let mut steps = 0;
        let near = |thing: u32| self.place[thing as usize] <= to;
        let later = reached(then, &self.after, near, &mut steps);
        self.steps += steps;
        if later.contains(&first) {
            return false;
        }
        let near = |thing: u32| self.place[thing as usize] >= from;
        let earlier = reached(first, &self.before, near, &mut steps);
        self.steps += steps;
        let in_place = |mut things: Vec<u32>| {
            things.sort_unstable_by_key(|&thing| self.place[thing as usize]);
            things
        };
        let moved: Vec<u32> = in_place(earlier)
            .into_iter()
            .chain(in_place(later))
            .collect();
        let mut places: Vec<u32> = moved
            .iter()
            .map(|&thing| self.place[thing as usize])
            .collect();
        places.sort_unstable();
        for (thing, place) in moved.into_iter().zip(places) {
            self.place[thing as usize] = place;
        }
        true
    }
}

/// All things that can be reached from one through others that are `near`. Adds to `steps` how much was looked at.
fn reached(from: u32, next: &[Vec<u32>], near: impl Fn(u32) -> bool, steps: &mut u64) -> Vec<u32> {
    let mut seen = FxHashSet::from_iter([from]);
    let mut reached = vec![from];
    let mut place = 0;
    while let Some(&thing) = reached.get(place) {
        place += 1;
        let onward = next[thing as usize].iter().copied();
        *steps += 1 + onward.len() as u64;
        reached.extend(onward.filter(|&thing| near(thing) && seen.insert(thing)));
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Dice;

    /// Whether one thing leads to another.
    fn leads(orders: &[(u32, u32)], from: u32, to: u32) -> bool {
        let mut seen = vec![from];
        let mut place = 0;
        while let Some(&thing) = seen.get(place) {
            place += 1;
            for &(first, then) in orders {
                if first == thing && !seen.contains(&then) {
                    seen.push(then);
                }
            }
        }
        seen.contains(&to)
    }

    #[test]
    fn it_refuses_exactly_what_makes_a_circle() {
        let mut refused = 0;
        for seed in 0..300 {
            let mut dice = Dice::new(seed);
            let mut order = Order::default();
            let things = 2 + dice.below(12);
            let mut orders = Vec::new();
            for _ in 0..things {
                order.add();
            }
            for _ in 0..40 {
                let (first, then) = (dice.below(things), dice.below(things));
                let allowed = !leads(&orders, then, first);
                assert_eq!(
                    order.put(first, then),
                    allowed,
                    "seed {seed}: {first} before {then} after {orders:?}"
                );
                if allowed {
                    orders.push((first, then));
                } else {
                    refused += 1;
                }
            }
        }
        assert!(refused > 1_000, "{refused}");
    }
}
