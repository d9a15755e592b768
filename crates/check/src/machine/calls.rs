//! The calls of queues, whatever order these keep.

use super::classes::Classes;
use super::numbered::Numbered;
use crate::history::{Call, Function};
use crate::value::Value;
use sim::held::Measure;
use std::ops::Index;

/// What a call of a queue does; items are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum QueueCall {
    Puts(u32),
    Takes(u32),
    FindsNothing,
    /// A `dequeue` of unknown result.
    TakesAny,
}

/// The calls of a queue and its items, numbered as they are met.
#[derive(Clone, Debug, Default)]
pub(super) struct QueueCalls {
    items: Numbered,
    classes: Classes<QueueCall>,
}

impl QueueCalls {
    /// The number of a call of which `seen` is known as its result.
    pub(super) fn class(&mut self, call: &Call, seen: Option<&Value>) -> u32 {
        let call = match (call.function, seen) {
            (Function::Enqueue, _) => QueueCall::Puts(self.items.number(&call.argument)),
            (_, None) => QueueCall::TakesAny,
            (_, Some(Value::Nil)) => QueueCall::FindsNothing,
            (_, Some(item)) => QueueCall::Takes(self.items.number(item)),
        };
        self.classes.number(call)
    }

    /// How many items there are.
    pub(super) fn items(&self) -> usize {
        self.items.len()
    }

    /// An item by its number.
    pub(super) fn item(&self, number: u32) -> &Value {
        self.items.value(number)
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.items.held(by) + self.classes.held(by)
    }

    pub(super) fn bytes(&self) -> usize {
        self.items.bytes() + 48 * self.classes.len()
    }
}

impl Index<u32> for QueueCalls {
    type Output = QueueCall;

    #[inline]
    fn index(&self, class: u32) -> &QueueCall {
        &self.classes[class]
    }
}
