//! Any model as a machine: states and calls are numbered as they are met.

use super::terms::REFUSED;
use crate::history::{Call, Function};
use crate::model::Specification;
use crate::value::Value;
use rustc_hash::FxHashMap;
use sim::held::{Held, Measure};

/// What is known as a result. One that shows all of a state may be as large as that, so it is not kept besides.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Seen {
    Nothing,
    State(u32),
    Value(Value),
}

/// Any specification, with its states numbered as they are met and its steps remembered.
#[derive(Clone, Debug)]
pub(crate) struct Interned<S: Specification> {
    specification: S,
    states: Vec<S::State>,
    numbers: FxHashMap<S::State, u32>,
    /// Each class, with its result where that shows no state.
    classes: Vec<(Call, Option<Value>)>,
    /// For each class that is allowed in one state alone and leaves it, that state.
    only: Vec<Option<u32>>,
    class_numbers: FxHashMap<(Function, Value, Seen), u32>,
    steps: FxHashMap<(u32, u32), u32>,
    state_bytes: usize,
}

impl<S: Specification> Interned<S> {
    pub(crate) fn new(specification: S) -> Self {
        let initial = specification.initial();
        Self {
            specification,
            states: vec![initial.clone()],
            numbers: FxHashMap::from_iter([(initial, 0)]),
            classes: Vec::new(),
            only: Vec::new(),
            class_numbers: FxHashMap::default(),
            steps: FxHashMap::default(),
            state_bytes: 0,
        }
    }

    pub(crate) fn specification(&self) -> &S {
        &self.specification
    }

    pub(crate) fn class(&mut self, call: &Call, seen: Option<&Value>) -> u32 {
        let next = self.classes.len() as u32;
        let shown = seen.and_then(|seen| self.specification.shown(call, seen));
        let only = shown.map(|state| self.intern(state));
        let seen = seen.filter(|_| only.is_none());
        let told = match (only, seen) {
            (Some(state), _) => Seen::State(state),
            (None, Some(seen)) => Seen::Value(seen.clone()),
            (None, None) => Seen::Nothing,
        };
        let key = (call.function, call.argument.clone(), told);
        let class = *self.class_numbers.entry(key).or_insert(next);
        if class == next {
            self.classes.push((call.clone(), seen.cloned()));
            self.only.push(only);
        }
        class
    }

    #[inline]
    pub(crate) fn step(&mut self, state: u32, class: u32) -> u32 {
        if let Some(only) = self.only[class as usize] {
            return if state == only { state } else { REFUSED };
        }
        if let Some(&after) = self.steps.get(&(state, class)) {
            return after;
        }
        let after = self.first_step(state, class);
        self.steps.insert((state, class), after);
        after
    }

    fn first_step(&mut self, state: u32, class: u32) -> u32 {
        let (call, seen) = &self.classes[class as usize];
        let from = &self.states[state as usize];
        let Some(after) = self.specification.step(from, call, seen.as_ref()) else {
            return REFUSED;
        };
        self.intern(after)
    }

    fn intern(&mut self, after: S::State) -> u32 {
        if let Some(&number) = self.numbers.get(&after) {
            return number;
        }
        let number = self.states.len() as u32;
        self.state_bytes += 64 + self.specification.bytes(&after);
        self.states.push(after.clone());
        self.numbers.insert(after, number);
        number
    }

    pub(crate) fn reads_only(&self, class: u32) -> bool {
        let (call, seen) = &self.classes[class as usize];
        self.specification.reads_only(call, seen.as_ref())
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        self.specification.describe(&self.states[state as usize])
    }

    pub(crate) fn held(&self, by: Measure) -> usize {
        self.states.held(by)
            + self.numbers.held(by)
            + self.classes.held(by)
            + self.only.held(by)
            + self.class_numbers.held(by)
            + self.steps.held(by)
    }

    pub(crate) fn bytes(&self) -> usize {
        2 * self.state_bytes + 16 * self.steps.len() + 192 * self.classes.len()
    }
}
