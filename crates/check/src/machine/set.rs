//! Sets as a machine whose states share their elements.

use super::numbered::Numbered;
use super::sets::{EMPTY, Sets};
use super::terms::REFUSED;
use crate::history::{Call, Function};
use crate::model::Set;
use crate::value::Value;
use rustc_hash::{FxHashMap, FxHashSet};
use sim::held::{Held, Measure};

/// A set: a state is the name of a set of numbers.
#[derive(Clone, Debug)]
pub(crate) struct SetMachine {
    elements: Numbered,
    sets: Sets,
    classes: Vec<Class>,
    numbers: FxHashMap<Class, u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Class {
    Adds(u32),
    Removes(u32),
    Shows(u32),
    ReadsSomething,
    /// A read that shows what no set is.
    Impossible,
}

impl SetMachine {
    pub(crate) fn new() -> Self {
        Self {
            elements: Numbered::default(),
            sets: Sets::new(),
            classes: Vec::new(),
            numbers: FxHashMap::default(),
        }
    }

    pub(crate) fn specification(&self) -> &Set {
        &Set
    }

    pub(crate) fn class(&mut self, call: &Call, seen: Option<&Value>) -> u32 {
        let class = match (call.function, seen) {
            (Function::Add, _) => Class::Adds(self.elements.number(&call.argument)),
            (Function::Remove, _) => Class::Removes(self.elements.number(&call.argument)),
            (Function::Read, None) => Class::ReadsSomething,
            (Function::Read, Some(seen)) => self.read(seen),
            _ => Class::Impossible,
        };
        let next = self.classes.len() as u32;
        let number = *self.numbers.entry(class).or_insert(next);
        if number == next {
            self.classes.push(class);
        }
        number
    }

    fn read(&mut self, seen: &Value) -> Class {
        let elements = &mut self.elements;
        let mut shown: Vec<u32> = match seen.bare() {
            Value::Set(set) => set.iter().map(|value| elements.number(value)).collect(),
            Value::List(list) => list.iter().map(|value| elements.number(value)).collect(),
            _ => return Class::Shows(EMPTY),
        };
        shown.sort_unstable();
        if shown.is_sorted_by(|a, b| a < b) {
            Class::Shows(self.sets.of(&shown))
        } else {
            Class::Impossible
        }
    }

    #[inline]
    pub(crate) fn step(&mut self, state: u32, class: u32) -> u32 {
        match self.classes[class as usize] {
            Class::Adds(element) => self.sets.with(state, element),
            Class::Removes(element) => self.sets.without(state, element),
            Class::ReadsSomething => state,
            Class::Shows(set) if set == state => state,
            Class::Shows(_) | Class::Impossible => REFUSED,
        }
    }

    pub(crate) fn reads_only(&self, class: u32) -> bool {
        !matches!(
            self.classes[class as usize],
            Class::Adds(_) | Class::Removes(_)
        )
    }

    /// An unknown `add` matters only if a known read shows its element: without it the others show the same.
    pub(crate) fn matters(&self, known: &[u32], unknown: &[u32]) -> Vec<bool> {
        let shown = known.iter().map(|&class| self.classes[class as usize]);
        let shown: FxHashSet<u32> = shown
            .filter_map(|class| match class {
                Class::Shows(set) => Some(set),
                _ => None,
            })
            .collect();
        let is_shown = |element| shown.iter().any(|&set| self.sets.has(set, element));
        let matters = |&class: &u32| match self.classes[class as usize] {
            Class::Adds(element) => is_shown(element),
            _ => true,
        };
        unknown.iter().map(matters).collect()
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        let elements = self.sets.elements(state).into_iter();
        let elements = elements.map(|element| self.elements.value(element).clone());
        format!("the set is {}", Value::Set(elements.collect()))
    }

    pub(crate) fn held(&self, by: Measure) -> usize {
        self.elements.held(by) + self.sets.held(by) + self.classes.held(by) + self.numbers.held(by)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.elements.bytes() + self.sets.bytes() + 48 * self.classes.len()
    }
}
