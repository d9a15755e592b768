//! Registers as a machine: a state is a value.

use super::classes::Classes;
use super::terms::REFUSED;
use crate::history::{Call, Function};
use crate::model::{Register, Specification};
use crate::value::Value;
use rustc_hash::{FxHashMap, FxHashSet};
use sim::held::{Held, Measure};

/// A register whose states are the numbers of the values that occur; what it holds at the start is 0.
#[derive(Clone, Debug)]
pub(crate) struct RegisterMachine {
    specification: Register,
    numbers: FxHashMap<Value, u32>,
    values: Vec<Value>,
    classes: Classes<Class>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Class {
    /// Found this value.
    Found(u32),
    /// Read, but nobody knows what.
    FoundSomething,
    /// Found something other than this value.
    FoundOther(u32),
    /// Wrote this value.
    Wrote(u32),
    /// Found the first value and wrote the second.
    Replaced(u32, u32),
}

impl RegisterMachine {
    pub(crate) fn new(specification: Register) -> Self {
        let initial = specification.initial();
        Self {
            specification,
            numbers: FxHashMap::from_iter([(initial.clone(), 0)]),
            values: vec![initial],
            classes: Classes::default(),
        }
    }

    pub(crate) fn specification(&self) -> &Register {
        &self.specification
    }

    fn number(&mut self, value: &Value) -> u32 {
        if let Some(&number) = self.numbers.get(value) {
            return number;
        }
        let number = self.values.len() as u32;
        self.values.push(value.clone());
        self.numbers.insert(value.clone(), number);
        number
    }

    pub(crate) fn class(&mut self, call: &Call, seen: Option<&Value>) -> u32 {
        let class = match (call.function, call.argument.as_pair()) {
            (Function::Cas, Some((from, to))) => {
                let from = self.number(from);
                if crate::model::refused(seen) {
                    Class::FoundOther(from)
                } else {
                    Class::Replaced(from, self.number(to))
                }
            }
            (Function::Write, _) => Class::Wrote(self.number(&call.argument)),
            _ => match seen {
                Some(seen) => Class::Found(self.number(seen)),
                None => Class::FoundSomething,
            },
        };
        self.classes.number(class)
    }

    #[inline]
    pub(crate) fn step(&mut self, state: u32, class: u32) -> u32 {
        let allowed = |yes: bool, after: u32| if yes { after } else { REFUSED };
        match self.classes[class] {
            Class::Found(value) => allowed(state == value, state),
            Class::FoundSomething => state,
            Class::FoundOther(value) => allowed(state != value, state),
            Class::Wrote(value) => value,
            Class::Replaced(from, to) => allowed(state == from, to),
        }
    }

    pub(crate) fn reads_only(&self, class: u32) -> bool {
        match self.classes[class] {
            Class::Found(_) | Class::FoundSomething | Class::FoundOther(_) => true,
            Class::Wrote(_) => false,
            Class::Replaced(from, to) => from == to,
        }
    }

    /// An unknown write matters only if some operation needs the value that it leaves.
    ///
    /// Why the others can be left out: take a linearization that has such a write. Between it and
    /// the next effective operation nothing reads its value, or it would be needed, and that next
    /// operation does not need it either, so it is a blind write or absent. Without the unknown
    /// write the rest is as legal as before. Refused `cas` need "anything else", so one of them
    /// makes every value needed.
    pub(crate) fn matters(&self, known: &[u32], unknown: &[u32]) -> Vec<bool> {
        let mut needed = FxHashSet::default();
        for &class in known {
            match self.classes[class] {
                Class::Found(value) | Class::Replaced(value, _) => {
                    needed.insert(value);
                }
                Class::FoundOther(_) => return vec![true; unknown.len()],
                Class::FoundSomething | Class::Wrote(_) => {}
            }
        }
        let mut matters = vec![false; unknown.len()];
        // An unknown `cas` that matters makes its expected value needed in turn.
        loop {
            let before = needed.len();
            for (&class, matters) in unknown.iter().zip(&mut matters) {
                match self.classes[class] {
                    Class::Wrote(value) => *matters = needed.contains(&value),
                    Class::Replaced(from, to) if needed.contains(&to) => {
                        *matters = true;
                        needed.insert(from);
                    }
                    _ => {}
                }
            }
            if needed.len() == before {
                return matters;
            }
        }
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        self.specification.describe(&self.values[state as usize])
    }

    pub(crate) fn held(&self, by: Measure) -> usize {
        self.numbers.held(by) + self.values.held(by) + self.classes.held(by)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.values.len() * 96 + self.classes.len() * 32
    }
}
