//! What the entries that took effect have done.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::Function;

use super::journal::Log;
use crate::parts::caller::Request;

/// The state that the first entries of a log lead to, and what each of them answers.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Effects {
    results: Vec<i64>,
    /// What is under each key.
    values: Map<i64, i64>,
}

impl Effects {
    /// How many entries have taken effect.
    pub(super) fn count(&self) -> usize {
        self.results.len()
    }

    /// What the entry at a place answers, if it has taken effect: what is read, and for a comparison what is under the key after it.
    pub(super) fn result(&self, place: usize) -> Option<i64> {
        self.results.get(place).copied()
    }

    /// What is under a key; 0 if nothing is.
    pub(super) fn value(&self, key: i64) -> i64 {
        self.values.get(&key).copied().unwrap_or(0)
    }

    /// Lets the first `length` entries of `log` take effect, except the entries that already have.
    pub(super) fn apply_up_to(&mut self, length: usize, log: &Log) {
        for entry in log.entries().take(length).skip(self.count()) {
            let result = entry.content.map_or(0, |request| self.apply(request));
            self.results.push(result);
        }
    }

    fn apply(&mut self, request: Request) -> i64 {
        let value = self.values.entry(request.key).or_insert(0);
        match request.function {
            Function::Read => return *value,
            Function::Add => *value = value.wrapping_add(request.value),
            Function::CompareAndSet => {
                if *value == request.value >> 32 {
                    *value = request.value & i64::from(u32::MAX);
                }
                return *value;
            }
            _ => *value = request.value,
        }
        0
    }

    /// Undoes the effects of all entries that are not in `log` any more.
    pub(super) fn rewind_to(&mut self, log: &Log) {
        let length = log.length() as usize;
        if self.count() > length {
            *self = Effects::default();
            self.apply_up_to(length, log);
        }
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.results.held(by) + self.values.held(by)
    }
}
