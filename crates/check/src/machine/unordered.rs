//! Queues without an order as a machine whose states share their items.

use super::numbered::Numbered;
use super::sets::{EMPTY, Sets};
use super::terms::REFUSED;
use crate::history::{Call, Function};
use crate::model::UnorderedQueue;
use crate::value::Value;
use rustc_hash::{FxHashMap, FxHashSet};
use sim::held::{Held, Measure, all_held};

/// A queue without an order. A state is what came in before each `dequeue` of unknown result and after the last one, as in
/// the [specification](UnorderedQueue); each of these is a set of numbers.
#[derive(Clone, Debug)]
pub(crate) struct UnorderedMachine {
    items: Numbered,
    /// For each item, the numbers of its first, second, ... copy in a set; and for each number, its item.
    copies: Vec<Vec<u32>>,
    copy_of: Vec<u32>,
    sets: Sets,
    states: Vec<Box<[u32]>>,
    numbers: FxHashMap<Box<[u32]>, u32>,
    state_bytes: usize,
    classes: Vec<Class>,
    class_numbers: FxHashMap<Class, u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Class {
    Puts(u32),
    Takes(u32),
    FindsNothing,
    TakesAny,
}

impl UnorderedMachine {
    pub(crate) fn new() -> Self {
        let initial: Box<[u32]> = [EMPTY].into();
        Self {
            items: Numbered::default(),
            copies: Vec::new(),
            copy_of: Vec::new(),
            sets: Sets::new(),
            states: vec![initial.clone()],
            numbers: FxHashMap::from_iter([(initial, 0)]),
            state_bytes: 0,
            classes: Vec::new(),
            class_numbers: FxHashMap::default(),
        }
    }

    pub(crate) fn specification(&self) -> &UnorderedQueue {
        &UnorderedQueue
    }

    pub(crate) fn class(&mut self, call: &Call, seen: Option<&Value>) -> u32 {
        let class = match (call.function, seen) {
            (Function::Enqueue, _) => Class::Puts(self.item(&call.argument)),
            (_, None) => Class::TakesAny,
            (_, Some(Value::Nil)) => Class::FindsNothing,
            (_, Some(item)) => Class::Takes(self.item(item)),
        };
        let next = self.classes.len() as u32;
        let number = *self.class_numbers.entry(class).or_insert(next);
        if number == next {
            self.classes.push(class);
        }
        number
    }

    fn item(&mut self, item: &Value) -> u32 {
        let item = self.items.number(item);
        if item as usize == self.copies.len() {
            self.copies.push(Vec::new());
        }
        item
    }

    /// How many of an item there are in a set.
    fn count_of(&self, set: u32, item: u32) -> usize {
        self.copies[item as usize].partition_point(|&copy| self.sets.has(set, copy))
    }

    fn put(&mut self, set: u32, item: u32) -> u32 {
        let count = self.count_of(set, item);
        if count == self.copies[item as usize].len() {
            self.copies[item as usize].push(self.copy_of.len() as u32);
            self.copy_of.push(item);
        }
        self.sets.with(set, self.copies[item as usize][count])
    }

    pub(crate) fn step(&mut self, state: u32, class: u32) -> u32 {
        let eras = &self.states[state as usize];
        let there: u32 = eras.iter().map(|&era| self.sets.count(era)).sum();
        let unknown = eras.len() as u32 - 1;
        match self.classes[class as usize] {
            Class::FindsNothing if there == unknown => 0,
            Class::FindsNothing => REFUSED,
            Class::TakesAny if there == unknown => state,
            Class::TakesAny => {
                let after = eras.iter().copied().chain([EMPTY]).collect();
                self.number(after)
            }
            Class::Puts(item) => {
                let mut after = eras.clone();
                let last = after.len() - 1;
                after[last] = self.put(after[last], item);
                self.number(after)
            }
            Class::Takes(item) => self.take(state, item),
        }
    }

    /// To take the item that came last leaves the most to those of unknown result.
    fn take(&mut self, state: u32, item: u32) -> u32 {
        let eras = &self.states[state as usize];
        let from = eras.iter().rposition(|&era| self.count_of(era, item) > 0);
        let Some(from) = from else {
            return REFUSED;
        };
        let mut after = eras.clone();
        let last = self.copies[item as usize][self.count_of(after[from], item) - 1];
        after[from] = self.sets.without(after[from], last);
        match self.can_be(&after) {
            true => self.number(after),
            false => REFUSED,
        }
    }

    /// Whether every `dequeue` of unknown result can have taken an item of its own: of those that came before it.
    fn can_be(&self, eras: &[u32]) -> bool {
        let mut there = 0;
        (1..eras.len() as u32).zip(eras).all(|(taken, &era)| {
            there += self.sets.count(era);
            there >= taken
        })
    }

    fn number(&mut self, eras: Box<[u32]>) -> u32 {
        if let Some(&number) = self.numbers.get(&eras) {
            return number;
        }
        let number = self.states.len() as u32;
        self.state_bytes += 96 + 8 * eras.len();
        self.states.push(eras.clone());
        self.numbers.insert(eras, number);
        number
    }

    /// Even a `dequeue` that finds nothing tells what became of the items that nobody knows.
    pub(crate) fn reads_only(&self, _: u32) -> bool {
        false
    }

    /// An unknown `enqueue` matters only if a known `dequeue` returns its item, and an unknown `dequeue` only if a known one
    /// finds the queue empty: without the others each known one still finds its item, or nothing.
    pub(crate) fn matters(&self, known: &[u32], unknown: &[u32]) -> Vec<bool> {
        let class = |&class: &u32| self.classes[class as usize];
        let known: FxHashSet<Class> = known.iter().map(class).collect();
        let matters = |class| match class {
            Class::Puts(item) => known.contains(&Class::Takes(item)),
            _ => known.contains(&Class::FindsNothing),
        };
        unknown.iter().map(class).map(matters).collect()
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        let eras = &self.states[state as usize];
        let there = eras.iter().flat_map(|&era| {
            let copies = self.sets.elements(era).into_iter();
            let items = copies.map(|copy| self.items.value(self.copy_of[copy as usize]));
            let mut items: Vec<&Value> = items.collect();
            items.sort_unstable();
            items
        });
        let there = Value::List(there.cloned().collect());
        match eras.len() - 1 {
            0 => format!("the queue has {there} in any order"),
            unknown => {
                format!("the queue has {there} in any order, less {unknown} that nobody knows")
            }
        }
    }

    pub(crate) fn held(&self, by: Measure) -> usize {
        self.items.held(by)
            + self.copies.held(by)
            + all_held(&self.copies, by)
            + self.copy_of.held(by)
            + self.sets.held(by)
            + self.states.held(by)
            + self.numbers.held(by)
            + self.classes.held(by)
            + self.class_numbers.held(by)
    }

    pub(crate) fn bytes(&self) -> usize {
        let items = self.items.bytes() + 40 * self.copies.len() + 12 * self.copy_of.len();
        items + self.sets.bytes() + self.state_bytes + 48 * self.classes.len()
    }
}
