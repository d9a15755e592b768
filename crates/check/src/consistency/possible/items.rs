//! What may be in a set or in a queue.

use super::bounds::Bounds;
use crate::history::{Function, OpId, Operation};
use crate::value::Value;
use rustc_hash::{FxHashMap, FxHashSet};

/// What may be in a set.
#[derive(Default)]
pub(super) struct SetBounds<'h> {
    added: FxHashSet<&'h Value>,
}

impl<'h> Bounds<'h> for SetBounds<'h> {
    type Certain = ();

    fn begin(&mut self, operation: &'h Operation) {
        if operation.call.function == Function::Add {
            self.added.insert(&operation.call.argument);
        }
    }

    fn certain(&self) {}

    fn end(&mut self, _: &'h Operation) {}

    fn contradiction(&mut self, read: &'h Operation, (): &()) -> Option<(Vec<OpId>, String)> {
        let unknown = |element: &&Value| !self.added.contains(element);
        let ghost = match read
            .result()
            .filter(|_| read.call.function == Function::Read)?
            .bare()
        {
            Value::Set(set) => set.iter().find(unknown),
            Value::List(list) => list.iter().find(unknown),
            _ => None,
        }?;
        let because = format!("{read}: nobody had begun to add {ghost}");
        Some((vec![read.id], because))
    }
}

/// What may be in a queue, ordered or not.
#[derive(Default)]
pub(super) struct QueueBounds<'h> {
    /// How often each item was put in.
    put: FxHashMap<&'h Value, usize>,
    /// What took it out.
    taken: FxHashMap<&'h Value, Vec<OpId>>,
}

impl<'h> Bounds<'h> for QueueBounds<'h> {
    type Certain = ();

    fn begin(&mut self, operation: &'h Operation) {
        if operation.call.function == Function::Enqueue {
            *self.put.entry(&operation.call.argument).or_default() += 1;
        }
    }

    fn certain(&self) {}

    fn end(&mut self, _: &'h Operation) {}

    fn contradiction(&mut self, dequeue: &'h Operation, (): &()) -> Option<(Vec<OpId>, String)> {
        let item = dequeue
            .result()
            .filter(|item| dequeue.call.function == Function::Dequeue && **item != Value::Nil)?;
        let put = self.put.get(item).copied().unwrap_or_default();
        let taken = self.taken.entry(item).or_default();
        taken.push(dequeue.id);
        let because = || {
            format!(
                "{dequeue}: {item} was dequeued more often than anybody had begun to enqueue it"
            )
        };
        let all = || taken.iter().rev().copied().collect();
        (taken.len() > put).then(|| (all(), because()))
    }
}
