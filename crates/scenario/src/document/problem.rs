//! What is wrong with a document or a link.

use std::cell::RefCell;
use std::fmt;

/// Something wrong with a document or a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: `nodes[1].skew`.
    pub path: String,
    /// What: `is 3; it must be from 0 to 1`.
    pub what: String,
    /// What became of it where the rest is read all the same: `; the last one counts`.
    pub so: String,
    /// Whether it is only an unknown key of a link: the rest of the link is valid.
    pub is_unknown_key: bool,
}

impl Problem {
    /// A problem at a place.
    pub fn new(path: impl Into<String>, what: impl Into<String>) -> Problem {
        Problem {
            path: path.into(),
            what: what.into(),
            so: String::new(),
            is_unknown_key: false,
        }
    }

    /// The same problem where the whole is refused for it.
    pub fn refused(self) -> Problem {
        let so = String::new();
        Problem { so, ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A question ends with its own mark.
        let stop = if self.what.ends_with('?') { "" } else { "." };
        // Names are spelt as they are; what has none begins its sentence.
        match self.path.strip_prefix("the ") {
            Some(thing) => write!(f, "The {thing} {}{}{stop}", self.what, self.so),
            None => write!(f, "{} {}{}{stop}", self.path, self.what, self.so),
        }
    }
}

/// The problems found so far. A hostile document could have millions: the first ones are enough.
#[derive(Debug, Default)]
pub struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    const MOST: usize = 50;

    pub(super) fn add(&self, problem: Problem) {
        let mut found = self.0.borrow_mut();
        if found.len() < Self::MOST {
            found.push(problem);
        }
    }

    /// All of them.
    pub fn into_vec(self) -> Vec<Problem> {
        self.0.into_inner()
    }
}
