//! Values by number.

use crate::table::Table;
use crate::value::Value;
use sim::held::{Held, Measure};

/// The values that a machine has met, numbered in that order.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbered {
    values: Vec<Value>,
    numbers: Table<Value, u32>,
    bytes: usize,
}

impl Numbered {
    /// The number of a value.
    pub(super) fn number(&mut self, value: &Value) -> u32 {
        if let Some(&number) = self.numbers.get(value) {
            return number;
        }
        let number = self.values.len() as u32;
        self.values.push(value.clone());
        self.numbers.insert(value.clone(), number);
        self.bytes += 2 * (2 * size_of::<Value>() + value.bytes());
        number
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn value(&self, number: u32) -> &Value {
        &self.values[number as usize]
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.values.held(by) + self.numbers.held(by)
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}
