//! Histories as text: Jepsen's EDN, and the same entries as JSON lines.
//!
//! An entry is a map with `process`, `type` (`invoke`, `ok`, `fail`, `info`), `f`, `value`, and
//! perhaps `time` (nanoseconds) and `key`. A history of several objects has a `key` in each entry,
//! or pairs `[key value]` for values. Entries of processes that are not numbers, such as Jepsen's
//! nemesis, are passed over.
//!
//! | module | its subject |
//! | --- | --- |
//! | `edn`, `json` | the two notations |
//! | `entries` | from entries to a history |

mod edn;
mod entries;
mod json;

pub use edn::write_edn;
pub use json::write_json;

use crate::history::{Function, History, HistoryError, OpId, UnknownFunction};
use crate::value::Value;
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
    /// A number with a fraction, a character, or something else that no history has.
    #[error("{0} is no value of a history")]
    Value(String),
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
    /// The entry does not fit the entries before it.
    #[error(transparent)]
    Order(#[from] HistoryError),
    /// The text has no entries.
    #[error("there is no entry")]
    Empty,
}

/// Whether the values of entries are pairs `[key value]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keyed {
    /// Values are keyed if all of them are pairs, and the value of every `cas` holds a pair in turn.
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
}

impl Document {
    /// Where an operation's last entry starts.
    pub fn position_of(&self, op: OpId) -> Option<Position> {
        let operation = self.history.get(op)?;
        let event = operation.ended.event().unwrap_or(operation.invoke_event);
        self.positions.get(event as usize).copied()
    }
}

/// Reads a history in either format; JSON if its first entry starts as a JSON object does.
///
/// # Errors
/// The first thing that is wrong with the text, and where.
pub fn read(text: &str, keyed: Keyed) -> Result<Document, ReadError> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let json = start.strip_prefix('{').is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with('"') || rest.starts_with('}')
    });
    let entries = if json {
        json::entries(text)?
    } else {
        edn::entries(text)?
    };
    entries::assemble(entries, keyed)
}

/// An entry of the text, before it is known what its value means.
#[derive(Debug)]
struct Entry {
    at: Position,
    process: u32,
    kind: Kind,
    function: String,
    key: Option<Value>,
    value: Value,
    time: Option<u64>,
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
