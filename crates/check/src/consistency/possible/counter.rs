//! Between which numbers a counter is.

use super::bounds::Bounds;
use crate::history::{Function, OpId, Operation};

/// Between which numbers a counter is.
#[derive(Clone, Copy, Default)]
pub(super) struct CounterBounds {
    certain: Range,
    /// What operations that have begun may add to it.
    possible: Range,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Range {
    low: i128,
    high: i128,
}

impl Range {
    fn plus(self, low: i128, high: i128) -> Range {
        Range {
            low: self.low.saturating_add(low),
            high: self.high.saturating_add(high),
        }
    }
}

fn added(operation: &Operation) -> i128 {
    match operation.call.function {
        Function::Add => operation.call.argument.as_whole().unwrap_or(0),
        _ => 0,
    }
}

impl<'h> Bounds<'h> for CounterBounds {
    type Certain = Range;

    fn begin(&mut self, operation: &'h Operation) {
        let added = added(operation);
        self.possible = self.possible.plus(added.min(0), added.max(0));
    }

    fn certain(&self) -> Range {
        self.certain
    }

    fn end(&mut self, operation: &'h Operation) {
        let added = added(operation);
        self.certain = self.certain.plus(added.max(0), added.min(0));
    }

    fn contradiction(
        &mut self,
        operation: &'h Operation,
        at_start: &Range,
    ) -> Option<(Vec<OpId>, String)> {
        let is_read = operation.call.function == Function::Read;
        let seen = operation.result().filter(|_| is_read)?.as_whole()?;
        let Range { low, high } = at_start.plus(self.possible.low, self.possible.high);
        let because = format!(
            "{operation}: whatever the order, the counter was not below {low} and not above {high}"
        );
        (seen < low || seen > high).then(|| (vec![operation.id], because))
    }
}
