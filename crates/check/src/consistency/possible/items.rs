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
    /// How often each item may be taken yet.
    left: FxHashMap<&'h Value, i64>,
}

impl<'h> Bounds<'h> for QueueBounds<'h> {
    type Certain = ();

    fn begin(&mut self, operation: &'h Operation) {
        if operation.call.function == Function::Enqueue {
            *self.left.entry(&operation.call.argument).or_default() += 1;
        }
    }

    fn certain(&self) {}

    fn end(&mut self, _: &'h Operation) {}

    fn contradiction(&mut self, dequeue: &'h Operation, (): &()) -> Option<(Vec<OpId>, String)> {
        let taken = dequeue
            .result()
            .filter(|item| dequeue.call.function == Function::Dequeue && **item != Value::Nil)?;
        let left = self.left.entry(taken).or_default();
        *left -= 1;
        let because = format!(
            "{dequeue}: {taken} was dequeued more often than anybody had begun to enqueue it"
        );
        (*left < 0).then(|| (vec![dequeue.id], because))
    }
}
