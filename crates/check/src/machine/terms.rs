//! What machines and searches speak of.

use crate::history::OpId;

/// The answer of a machine's step where the object does not allow the call.
pub(crate) const REFUSED: u32 = u32::MAX;

/// Whether a machine may draw on results that lie ahead in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lookahead {
    /// All results that will ever matter are classified before the first step.
    All,
    /// More results may come.
    None,
}

/// An operation as a search sees it. Failed operations are not among them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub(crate) op: OpId,
    /// The entry of the history with which it began.
    pub(crate) invoke: u32,
    /// The entry by which it had taken effect; `None` if it may still, or never.
    pub(crate) by: Option<u32>,
    /// Its class in the machine.
    pub(crate) class: u32,
}
