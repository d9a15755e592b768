//! Which operations are drawn, and where: a row for each process, a column for each entry. The entries of a history count
//! in their order, so that order is what is drawn, and no time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use check::format::Document;
use check::history::{Ended, OpId, Operation};
use check::quoted::Cut;
use check::value::Value;
use serde::Serialize;

/// More bars than this nobody reads: of more, those around the violation are drawn, or else the first ones.
pub const MOST_BARS: usize = 300;

/// So many characters stand beside a bar or a row: all that has a place in the picture.
const MOST_SHOWN: usize = 60;

/// A history as a picture.
#[derive(Debug, Default, Serialize)]
pub struct Picture {
    /// The processes with operations in the picture, row by row.
    pub rows: Vec<String>,
    /// How many columns there are.
    pub columns: usize,
    /// The operations, in the order of their calls.
    pub bars: Vec<Bar>,
    /// How many operations come before those that are drawn.
    pub before: usize,
    /// How many come after them.
    pub after: usize,
}

/// An operation.
#[derive(Debug, Serialize)]
pub struct Bar {
    /// Its row.
    pub row: usize,
    /// The column of its call.
    pub from: usize,
    /// The column in which it ended; nothing if it may still take effect at the end of the picture.
    pub to: Option<usize>,
    /// What was called and what came of it, in a few characters.
    pub label: String,
    /// The same in a sentence, with the process.
    pub sentence: String,
    /// `ok`, `fail`, `info` or `open`.
    pub outcome: &'static str,
    /// Whether it contradicts others.
    pub is_accused: bool,
    /// Whether no order has a place for it.
    pub is_unplaced: bool,
    /// The line of the file on which it ended, or began if it did not end.
    pub line: u32,
}

/// The operations that a violation is about.
#[derive(Default)]
pub(crate) struct Accused {
    /// Those that contradict each other.
    pub conflict: BTreeSet<OpId>,
    /// Those that have no place in any order.
    pub unplaced: BTreeSet<OpId>,
}

pub(crate) fn picture(document: &Document, accused: &Accused) -> Picture {
    let operations = document.history.operations();
    let (first, last) = stretch(operations, accused);
    let drawn = &operations[first..last];
    let columns = columns(drawn);
    let rows = rows(drawn);
    let bars = drawn
        .iter()
        .map(|op| bar(op, document, accused, &columns, &rows));
    Picture {
        bars: bars.collect(),
        columns: columns.len(),
        rows: names(drawn, &rows),
        before: first,
        after: operations.len() - last,
    }
}

/// The places of the operations that are drawn: the last that is accused is there, and what comes before it.
fn stretch(operations: &[Operation], accused: &Accused) -> (usize, usize) {
    let last_accused = accused.conflict.iter().chain(&accused.unplaced).max();
    let place = last_accused.map_or(0, |op| op.0 as usize);
    // A quarter of the picture is what comes after.
    let last = (place + MOST_BARS / 4).max(MOST_BARS).min(operations.len());
    (last.saturating_sub(MOST_BARS), last)
}

/// The column of each entry of the operations that are drawn.
fn columns(drawn: &[Operation]) -> BTreeMap<u32, usize> {
    let entries = drawn
        .iter()
        .flat_map(|op| [Some(op.invoke_event), op.ended.event()]);
    let entries: BTreeSet<u32> = entries.flatten().collect();
    entries.into_iter().zip(0..).collect()
}

/// The row of each process, in the order of its first call.
fn rows(drawn: &[Operation]) -> BTreeMap<u32, usize> {
    let mut rows = BTreeMap::new();
    for operation in drawn {
        let next = rows.len();
        rows.entry(operation.process.0).or_insert(next);
    }
    rows
}

fn names(drawn: &[Operation], rows: &BTreeMap<u32, usize>) -> Vec<String> {
    let mut names = vec![String::new(); rows.len()];
    for operation in drawn {
        let name = operation.name().map(brief);
        names[rows[&operation.process.0]] = name.unwrap_or_else(|| operation.process.to_string());
    }
    names
}

fn bar(
    operation: &Operation,
    document: &Document,
    accused: &Accused,
    columns: &BTreeMap<u32, usize>,
    rows: &BTreeMap<u32, usize>,
) -> Bar {
    let ended = match operation.ended {
        Ended::Ok { event, .. } | Ended::Fail { event, .. } => Some(event),
        Ended::Open | Ended::Info { .. } => None,
    };
    Bar {
        row: rows[&operation.process.0],
        from: columns[&operation.invoke_event],
        to: ended.map(|event| columns[&event]),
        label: label(operation),
        sentence: operation.to_string(),
        outcome: match operation.ended {
            Ended::Open => "open",
            Ended::Ok { .. } => "ok",
            Ended::Fail { .. } => "fail",
            Ended::Info { .. } => "info",
        },
        is_accused: accused.conflict.contains(&operation.id),
        is_unplaced: accused.unplaced.contains(&operation.id),
        line: document
            .position_of(operation.id)
            .map_or(0, |position| position.line),
    }
}

fn label(operation: &Operation) -> String {
    let call = brief(&operation.call);
    match operation.result() {
        Some(Value::Nil) if operation.call.argument != Value::Nil => call,
        Some(result) => format!("{call} → {}", brief(result)),
        None => call,
    }
}

fn brief(text: impl Display) -> String {
    Cut(text, MOST_SHOWN).to_string()
}
