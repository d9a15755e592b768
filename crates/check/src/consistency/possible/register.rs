//! Which values a register may hold.

use super::bounds::Bounds;
use crate::history::{Function, OpId, Operation};
use crate::model::refused;
use crate::value::Value;
use rustc_hash::FxHashMap;

/// Which values a register may hold.
pub(super) struct RegisterBounds<'h> {
    values: FxHashMap<&'h Value, Writers>,
    overwritten: Overwritten<'h>,
}

/// The operations that leave one value.
#[derive(Clone, Copy, Debug, Default)]
struct Writers {
    /// Those that have begun and may take effect at any moment.
    under_way: u32,
    /// The last one to end, and the entry with which it did. What is there at the start has neither.
    ended: Option<Option<(u32, OpId)>>,
}

/// The two writes of different values that began last among those that have ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Overwritten<'h>([Option<(u32, OpId, &'h Value)>; 2]);

impl<'h> Overwritten<'h> {
    fn by(&mut self, began: u32, op: OpId, value: &'h Value) {
        let Self(latest) = self;
        let mut all = vec![(began, op, value)];
        all.extend(latest.iter().flatten());
        all.sort_unstable_by_key(|&(began, ..)| std::cmp::Reverse(began));
        let other = all.iter().find(|(.., other)| *other != all[0].2);
        *latest = [Some(all[0]), other.copied()];
    }

    /// The write of another value that began last.
    fn of(&self, value: &Value) -> Option<(u32, OpId)> {
        let mut others = self.0.iter().flatten();
        let (began, op, _) = others.find(|(.., other)| *other != value)?;
        Some((*began, *op))
    }
}

impl<'h> RegisterBounds<'h> {
    pub(super) fn starting(initial: &'h Value) -> Self {
        let at_start = Writers {
            under_way: 0,
            ended: Some(None),
        };
        Self {
            values: FxHashMap::from_iter([(initial, at_start)]),
            overwritten: Overwritten::default(),
        }
    }
}

/// What an operation leaves in its register.
fn left(operation: &Operation) -> Option<&Value> {
    let argument = &operation.call.argument;
    match operation.call.function {
        Function::Write => Some(argument),
        Function::Cas if !refused(operation.result()) => Some(argument.as_pair()?.1),
        _ => None,
    }
}

/// What an operation that ended ok found in its register.
fn found(operation: &Operation) -> Option<&Value> {
    match operation.call.function {
        Function::Read => operation.result(),
        Function::Cas if !refused(operation.result()) => Some(operation.call.argument.as_pair()?.0),
        _ => None,
    }
}

impl<'h> Bounds<'h> for RegisterBounds<'h> {
    type Certain = Overwritten<'h>;

    fn begin(&mut self, operation: &'h Operation) {
        if let Some(value) = left(operation) {
            self.values.entry(value).or_default().under_way += 1;
        }
    }

    fn certain(&self) -> Overwritten<'h> {
        self.overwritten.clone()
    }

    fn end(&mut self, operation: &'h Operation) {
        let (Some(value), Some(by)) = (left(operation), operation.effective_by()) else {
            return;
        };
        let writers = self.values.entry(value).or_default();
        writers.under_way -= 1;
        writers.ended = Some(Some((by, operation.id)));
        self.overwritten
            .by(operation.invoke_event, operation.id, value);
    }

    fn contradiction(
        &mut self,
        operation: &'h Operation,
        at_start: &Overwritten<'h>,
    ) -> Option<(Vec<OpId>, String)> {
        let value = found(operation)?;
        let writers = self.values.get(value).copied().unwrap_or_default();
        if writers.under_way > u32::from(left(operation) == Some(value)) {
            return None;
        }
        let Some(ended) = writers.ended else {
            let because = format!("{operation}: nobody had begun to write {value}");
            return Some((vec![operation.id], because));
        };
        let (began, over) = at_start.of(value)?;
        if ended.is_some_and(|(ended, _)| ended > began) {
            return None;
        }
        let because = format!(
            "{operation}: {value} had been overwritten before, by operation {over}, and nobody had begun to write it again"
        );
        let last = ended.map(|(_, op)| op);
        Some((
            [operation.id, over].into_iter().chain(last).collect(),
            because,
        ))
    }
}
