//! What all objects can tell of a moment.

use crate::history::{OpId, Operation};

/// What is certain and what is possible of one object, entry by entry.
pub(super) trait Bounds<'h> {
    /// What is certain when a call begins.
    type Certain: Clone + Default;

    /// An operation begins that may have an effect from now on.
    fn begin(&mut self, operation: &'h Operation);

    /// What is certain by now.
    fn certain(&self) -> Self::Certain;

    /// An operation has had its effect.
    fn end(&mut self, operation: &'h Operation);

    /// What contradicts the result of an operation that is about to end, and why.
    fn contradiction(
        &mut self,
        operation: &'h Operation,
        at_start: &Self::Certain,
    ) -> Option<(Vec<OpId>, String)>;
}
