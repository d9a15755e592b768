//! What is wrong with a script, and where.

use std::fmt;

/// What is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Flaw {
    /// The line, from 1, and the column in it, from 1. None if it is about the script as a whole.
    pub at: Option<(u32, u32)>,
    /// What is wrong, in a sentence without its end.
    pub what: String,
}

impl Flaw {
    pub(crate) fn new(what: impl Into<String>) -> Flaw {
        Flaw {
            at: None,
            what: what.into(),
        }
    }

    pub(crate) fn at(line: u32, column: u32, what: impl Into<String>) -> Flaw {
        Flaw {
            at: Some((line, column)),
            what: what.into(),
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some((line, column)) => write!(f, "line {line}, column {column}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}
