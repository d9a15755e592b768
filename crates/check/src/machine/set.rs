//! Sets as a machine whose states share their elements.

use super::classes::Classes;
use super::numbered::Numbered;
use super::sets::{Seen, Sets};
use super::terms::{Item, Lookahead, REFUSED};
use crate::history::{Call, Function};
use crate::model::{Set, elements};
use crate::value::Value;
use rustc_hash::FxHashSet;
use sim::held::{Held, Measure};

/// A set: a state is the name of a set of numbers.
#[derive(Clone, Debug)]
pub(crate) struct SetMachine {
    lookahead: Lookahead,
    elements: Numbered,
    sets: Sets,
    changes: Vec<Changes>,
    classes: Classes<Class>,
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

/// What is done to an element.
#[derive(Clone, Copy, Debug, Default)]
struct Changes {
    adds: u32,
    is_removed: bool,
    /// The entry with which the first known read ended that shows it.
    shown_by: Option<u32>,
}

impl SetMachine {
    pub(crate) fn new(lookahead: Lookahead) -> Self {
        Self {
            lookahead,
            changes: Vec::new(),
            elements: Numbered::default(),
            sets: Sets::new(),
            classes: Classes::default(),
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
        self.classes.number(class)
    }

    fn read(&mut self, seen: &Value) -> Class {
        let Some(shown) = elements(seen) else {
            return Class::Impossible;
        };
        let shown = shown.into_iter().map(|value| self.elements.number(value));
        let mut shown: Vec<u32> = shown.collect();
        shown.sort_unstable();
        Class::Shows(self.sets.of(&shown))
    }

    /// Learns what is done to each element, and when it was first shown.
    pub(crate) fn prepare(&mut self, items: &[Item]) {
        if self.lookahead == Lookahead::None {
            return;
        }
        self.changes.clear();
        self.changes.resize(self.elements.len(), Changes::default());
        let mut shown = Vec::new();
        for item in items {
            match (self.classes[item.class], item.by) {
                (Class::Adds(element), _) => self.changes[element as usize].adds += 1,
                (Class::Removes(element), _) => self.changes[element as usize].is_removed = true,
                (Class::Shows(set), Some(by)) => shown.push((by, set)),
                _ => {}
            }
        }
        shown.sort_unstable();
        let mut seen = Seen::default();
        for (by, set) in shown {
            for element in self.sets.unseen(set, &mut seen) {
                let changes = &mut self.changes[element as usize];
                changes.shown_by = changes.shown_by.or(Some(by));
            }
        }
    }

    /// The entry by which an open call of this class has taken effect, as a known result shows.
    pub(crate) fn shown_by(&self, class: u32) -> Option<u32> {
        let Class::Adds(element) = self.classes[class] else {
            return None;
        };
        let changes = self.changes.get(element as usize)?;
        changes.shown_by.filter(|_| changes.adds == 1)
    }

    /// Whether a call of class `first` has to be placed before one of class `then`, if neither is: a read before the `add`
    /// of an element that it does not show and that nobody removes.
    pub(crate) fn comes_first(&self, first: u32, then: u32) -> bool {
        match (self.classes[first], self.classes[then]) {
            (Class::Shows(set), Class::Adds(element)) => {
                let changes = self.changes.get(element as usize);
                changes.is_some_and(|changes| !changes.is_removed) && !self.sets.has(set, element)
            }
            _ => false,
        }
    }

    #[inline]
    pub(crate) fn step(&mut self, state: u32, class: u32) -> u32 {
        match self.classes[class] {
            Class::Adds(element) => self.sets.with(state, element),
            Class::Removes(element) => self.sets.without(state, element),
            Class::ReadsSomething => state,
            Class::Shows(set) if set == state => state,
            Class::Shows(_) | Class::Impossible => REFUSED,
        }
    }

    pub(crate) fn reads_only(&self, class: u32) -> bool {
        !matches!(self.classes[class], Class::Adds(_) | Class::Removes(_))
    }

    /// An unknown `add` matters only if a known read shows its element, and an unknown `remove` only if its element may be
    /// there at all: without the others known reads show the same. Without lookahead, it may be there from before.
    pub(crate) fn matters(&self, known: &[u32], unknown: &[u32]) -> Vec<bool> {
        let (mut shown, mut added) = (FxHashSet::default(), FxHashSet::default());
        let mut seen = Seen::default();
        for &class in known {
            match self.classes[class] {
                Class::Shows(set) => shown.extend(self.sets.unseen(set, &mut seen)),
                Class::Adds(element) => drop(added.insert(element)),
                _ => {}
            }
        }
        let matters = |&class: &u32| match self.classes[class] {
            Class::Adds(element) => shown.contains(&element),
            Class::Removes(element) => {
                self.lookahead == Lookahead::None
                    || shown.contains(&element)
                    || added.contains(&element)
            }
            _ => true,
        };
        unknown.iter().map(matters).collect()
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        let elements = self.sets.elements(state).into_iter();
        let elements = elements.map(|element| self.elements.value(element).clone());
        format!("the set is {}", Value::set(elements))
    }

    pub(crate) fn held(&self, by: Measure) -> usize {
        self.elements.held(by) + self.sets.held(by) + self.changes.held(by) + self.classes.held(by)
    }

    pub(crate) fn bytes(&self) -> usize {
        let learnt = size_of::<Changes>() * self.changes.len();
        self.elements.bytes() + self.sets.bytes() + learnt + 48 * self.classes.len()
    }
}
