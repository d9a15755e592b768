//! Queues without an order as a machine whose states share their items.

use super::calls::{QueueCall, QueueCalls};
use super::fates::Fates;
use super::sets::{EMPTY, Sets};
use super::terms::{Item, Lookahead, REFUSED};
use crate::history::Call;
use crate::model::UnorderedQueue;
use crate::value::Value;
use rustc_hash::{FxHashMap, FxHashSet};
use sim::held::{Held, Measure, all_held};

/// A queue without an order. A state is what came in before each `dequeue` of unknown result and after the last one, as in
/// the [specification](UnorderedQueue); each of these is a set of numbers.
#[derive(Clone, Debug)]
pub(crate) struct UnorderedMachine {
    lookahead: Lookahead,
    calls: QueueCalls,
    fates: Fates,
    /// For each item, the numbers of its first, second, ... copy in a set; and for each number, its item.
    copies: Vec<Vec<u32>>,
    copy_of: Vec<u32>,
    sets: Sets,
    states: Vec<Box<[u32]>>,
    numbers: FxHashMap<Box<[u32]>, u32>,
    state_bytes: usize,
}

impl UnorderedMachine {
    pub(crate) fn new(lookahead: Lookahead) -> Self {
        let initial: Box<[u32]> = [EMPTY].into();
        Self {
            lookahead,
            calls: QueueCalls::default(),
            fates: Fates::default(),
            copies: Vec::new(),
            copy_of: Vec::new(),
            sets: Sets::new(),
            states: vec![initial.clone()],
            numbers: FxHashMap::from_iter([(initial, 0)]),
            state_bytes: 0,
        }
    }

    pub(crate) fn specification(&self) -> &UnorderedQueue {
        &UnorderedQueue
    }

    pub(crate) fn class(&mut self, call: &Call, seen: Option<&Value>) -> u32 {
        let class = self.calls.class(call, seen);
        self.copies.resize(self.calls.items(), Vec::new());
        class
    }

    /// Learns what becomes of the items.
    pub(crate) fn prepare(&mut self, items: &[Item]) {
        self.fates.learn(items, &self.calls);
    }

    /// The entry by which an open call of this class has taken effect, as a known result shows.
    pub(crate) fn shown_by(&self, class: u32) -> Option<u32> {
        self.fates.shown_by(self.calls[class], self.lookahead)
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
        match self.calls[class] {
            QueueCall::FindsNothing if there == unknown => 0,
            QueueCall::FindsNothing => REFUSED,
            QueueCall::TakesAny if there == unknown => state,
            QueueCall::TakesAny => {
                let after = eras.iter().copied().chain([EMPTY]).collect();
                self.number(after)
            }
            QueueCall::Puts(item) => {
                let mut after = eras.clone();
                let last = after.len() - 1;
                after[last] = self.put(after[last], item);
                self.number(after)
            }
            QueueCall::Takes(item) => self.take(state, item),
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
        let class = |&class: &u32| self.calls[class];
        let known: FxHashSet<QueueCall> = known.iter().map(class).collect();
        let matters = |class| match class {
            QueueCall::Puts(item) => known.contains(&QueueCall::Takes(item)),
            _ => known.contains(&QueueCall::FindsNothing),
        };
        unknown.iter().map(class).map(matters).collect()
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        let eras = &self.states[state as usize];
        let there = eras.iter().flat_map(|&era| {
            let copies = self.sets.elements(era).into_iter();
            let items = copies.map(|copy| self.calls.item(self.copy_of[copy as usize]));
            let mut items: Vec<&Value> = items.collect();
            items.sort_unstable();
            items
        });
        let there = Value::list(there.cloned());
        match eras.len() - 1 {
            0 => format!("the queue has {there} in any order"),
            unknown => {
                format!("the queue has {there} in any order, less {unknown} that nobody knows")
            }
        }
    }

    pub(crate) fn held(&self, by: Measure) -> usize {
        self.calls.held(by)
            + self.fates.held(by)
            + self.copies.held(by)
            + all_held(&self.copies, by)
            + self.copy_of.held(by)
            + self.sets.held(by)
            + self.states.held(by)
            + self.numbers.held(by)
    }

    pub(crate) fn bytes(&self) -> usize {
        let items = self.calls.bytes()
            + self.fates.bytes()
            + 40 * self.copies.len()
            + 12 * self.copy_of.len();
        items + self.sets.bytes() + self.state_bytes
    }
}
