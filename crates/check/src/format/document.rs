//! A history that was read from a text, or what is wrong with the text.

use std::fmt;

use crate::consistency::budget::Unknown;
use crate::history::{Function, History, HistoryError, OpId, UnknownFunction};
use crate::quoted::Quoted;
use crate::value::Value;
use sim::held::{Held, Measure};

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
    /// It takes more than this many bytes.
    #[error("{}", Unknown::Large(*.0))]
    TooLarge(usize),
    /// An entry is not a map.
    #[error("an entry is a map, with process, type, f and value, and this is `{0}`")]
    NotAMap(String),
    /// A line has no columns where others have.
    #[error(
        "an entry has its process, type, f and value in columns with tabs between, and this line is `{0}`"
    )]
    NoColumns(String),
    /// The keys of an entry are in a namespace.
    #[error("the keys of an entry have no namespace, and those of this map are in `{}`", Quoted(.0))]
    Namespace(String),
    /// A field is missing.
    #[error("`{field}` is missing; it must be {wanted}")]
    Missing {
        /// Its name.
        field: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
    /// A field is of the wrong form.
    #[error("`{field}` must be {wanted}, not {found}")]
    Field {
        /// Its name.
        field: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: Value,
    },
    /// A call has no argument, or its end no result.
    #[error("`value` is missing; {0}")]
    NoValue(String),
    /// The function is unknown.
    #[error(transparent)]
    Function(#[from] UnknownFunction),
    /// A process is told the end of another call than its own.
    #[error("the open call of this process is `{called}`, not `{}`", Quoted(ended))]
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
    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let operations = self.history.operations().iter();
        let values = operations.map(|operation| {
            let call = &operation.call;
            let key = call.key.as_ref().map_or(0, Value::bytes);
            key + call.argument.bytes() + operation.result().map_or(0, Value::bytes)
        });
        let values: usize = values.sum();
        self.history.held(Measure::Taken) + self.positions.held(Measure::Taken) + values
    }

    /// Where the entry of an operation's call starts.
    pub fn position_of_call(&self, op: OpId) -> Option<Position> {
        let operation = self.history.get(op)?;
        self.positions.get(operation.invoke_event as usize).copied()
    }

    /// Where an operation's last entry starts.
    pub fn position_of(&self, op: OpId) -> Option<Position> {
        let operation = self.history.get(op)?;
        let event = operation.ended.event().unwrap_or(operation.invoke_event);
        self.positions.get(event as usize).copied()
    }
}
