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
    /// What may have been meant: `; did you mean "loss"?`.
    pub hint: String,
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
            hint: String::new(),
            is_unknown_key: false,
        }
    }

    /// The same problem where the whole is refused for it.
    pub fn refused(self) -> Problem {
        let so = String::new();
        Problem { so, ..self }
    }

    /// What is wrong, without where.
    pub fn told(&self) -> String {
        format!("{}{}{}", self.what, self.so, self.hint)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A question ends with its own mark.
        let told = self.told();
        let stop = if told.ends_with('?') { "" } else { "." };
        // Names are spelt as they are; what has none begins its sentence.
        match self.path.strip_prefix("the ") {
            Some(thing) => write!(f, "The {thing} {told}{stop}"),
            None => write!(f, "{} {told}{stop}", self.path),
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
