//! Histories as text: Jepsen's EDN, the same entries as JSON, and Jepsen's `history.txt`.
//!
//! An entry is a map with `process`, `type` (`invoke`, `ok`, `fail`, `info`), `f`, `value`, and perhaps `time`
//! (nanoseconds) and `key`; whatever else it has is passed over. The entries count in the order of the text: their times
//! are only quoted. A history of several objects has a `key` in each entry, or pairs `[key value]` for values. What is
//! left out, and what was decided, is among the [notes](Document::notes).
//!
//! | module | its subject |
//! | --- | --- |
//! | `edn`, `json`, `columns` | the notations |
//! | `scan`, `number` | what the notations have in common |
//! | `entries` | from entries to a history |
//! | `clients`, `keys`, `clock` | who called, on what, and when |
//! | `drains` | a drain as dequeues |

mod clients;
mod clock;
mod columns;
pub(crate) mod drains;
mod edn;
mod entries;
mod json;
mod keys;
mod number;
mod scan;

pub use columns::write_columns;
pub use edn::write_edn;
pub use json::write_json;

use crate::history::{Function, History, HistoryError, OpId, UnknownFunction};
use crate::value::Value;
use scan::Fault;
use std::fmt;

/// A place in a text, counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {problem}")]
pub struct ReadError {
    /// Where it is: in the entry's text, or where the entry starts.
    pub at: Position,
    /// What it is.
    pub problem: Problem,
}

/// What may be wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is not EDN or JSON.
    #[error("{0}")]
    Syntax(String),
    /// An entry is not a map.
    #[error("an entry is a map, with process, type, f and value")]
    NotAMap,
    /// A field is missing or of the wrong form.
    #[error("`{field}` must be {wanted}")]
    Field {
        /// Its name.
        field: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
    /// The function is unknown.
    #[error(transparent)]
    Function(#[from] UnknownFunction),
    /// A process is told the end of another call than its own.
    #[error("the open call of this process is `{called}`, not `{ended}`")]
    OtherFunction {
        /// What it called.
        called: Function,
        /// What is said to have ended.
        ended: String,
    },
    /// A process is told the end of its call on another object.
    #[error("the open call of this process is on {called}, not on {ended}")]
    OtherKey {
        /// The object that it called.
        called: Value,
        /// The object on which a call is said to have ended.
        ended: Value,
    },
    /// A process calls while its last call is still open.
    #[error("{0} calls again before its last call has ended")]
    StillOpen(String),
    /// A process is told the end of a call that it did not make.
    #[error("{0} has no open call")]
    NotOpen(String),
    /// The entry does not fit the entries before it.
    #[error(transparent)]
    Order(#[from] HistoryError),
    /// An invocation has no `key` where others have one.
    #[error("this invocation has no `key`, and others have one")]
    NoKey,
    /// A value is not a pair where all are to be pairs.
    #[error("values are to be pairs [key value], and {0} is none")]
    NotAPair(Value),
    /// It cannot be told whether values are pairs `[key value]`.
    #[error(
        "{0}: say --keyed pairs if the pairs are [key value], or --keyed plain if they are values"
    )]
    Ambiguous(String),
}

/// Whether the values of entries are pairs `[key value]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keyed {
    /// As the invocations show: they are if a read has `[key nil]`, or a `cas` has `[key [expected replacement]]`, and
    /// all others have pairs too; they are not if a read has nil. Where neither is certain, the text is refused.
    #[default]
    Detect,
    /// They are.
    Pairs,
    /// They are not.
    Plain,
}

/// A history and where its entries are in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The history.
    pub history: History,
    /// Where each of the history's entries starts.
    pub positions: Vec<Position>,
    /// What was left out, or taken for granted, one sentence each.
    pub notes: Vec<String>,
}

impl Document {
    /// Where an operation's last entry starts.
    pub fn position_of(&self, op: OpId) -> Option<Position> {
        let operation = self.history.get(op)?;
        let event = operation.ended.event().unwrap_or(operation.invoke_event);
        self.positions.get(event as usize).copied()
    }
}

/// Reads a history in any of the notations. A text without entries is a history without operations.
///
/// It is JSON if its first entry starts as a JSON object does, and in columns if its first line has a tab before and after
/// an entry's type.
///
/// # Errors
/// The first thing that is wrong with the text, and where.
pub fn read(text: &str, keyed: Keyed) -> Result<Document, ReadError> {
    let entries = if is_json(text) {
        json::entries(text)
    } else if columns::is_in_columns(text) {
        columns::entries(text)
    } else {
        edn::entries(text)
    };
    let document = entries.and_then(|entries| entries::assemble(text, entries, keyed));
    document.map_err(|fault| fault.place(text))
}

fn is_json(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let first = start.strip_prefix('[').unwrap_or(start).trim_start();
    first
        .strip_prefix('{')
        .is_some_and(|rest| rest.trim_start().starts_with(['"', '}']))
}

/// Reads one value in JSON or EDN, such as `7`, `{"0": 10, "1": 0}` or `{0 10, 1 0}`.
///
/// # Errors
/// What is wrong with the text, and where.
pub fn read_value(text: &str) -> Result<Value, ReadError> {
    let value = json::single(text).or_else(|_| edn::single(text));
    value.map_err(|fault: Fault| fault.place(text))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Invoke,
    Ok,
    Fail,
    Info,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Invoke => "invoke",
            Self::Ok => "ok",
            Self::Fail => "fail",
            Self::Info => "info",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::Invoke, Self::Ok, Self::Fail, Self::Info]
            .into_iter()
            .find(|k| k.name() == name)
    }
}
