//! The history in words: a line for every bar.

use scenario::Run;
use sim::trace::Outcome;
use sim::{NodeId, SimTime};

use super::accused::accused;
use super::operations::{Operation, Words, operations};
use crate::look::Look;

/// An operation in words: what the picture shows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Whose operation it is.
    pub client: NodeId,
    /// What it asked for and was told, in a few characters.
    pub says: String,
    /// How it ended, if it has.
    pub outcome: Option<Outcome>,
    /// Whether it shows a violation.
    pub is_accused: bool,
    /// When it was called.
    pub begun: SimTime,
    /// When it ended, if it did.
    pub ended: Option<SimTime>,
}

/// The operations that the picture shows, in the order of their calls: the latest `most`, and how many come before them.
pub fn lines(run: &Run, look: &Look, most: usize) -> (Vec<Line>, usize) {
    let (seen, more) = operations(run, look, most);
    let accused = accused(run, look);
    let words = Words::of(run);
    let line = |operation: &Operation| Line {
        client: operation.client,
        says: operation.label(&words),
        outcome: operation.outcome(),
        is_accused: accused.contains(&operation.number),
        begun: operation.begun,
        ended: operation.end.as_ref().map(|end| end.at),
    };
    (seen.iter().map(line).collect(), more)
}
