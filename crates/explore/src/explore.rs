//! The orders of a link's run.

use scenario::link::Link;

use crate::bounds::Bounds;
use crate::case::Subject;
use crate::found::{Found, Unfaithful};
use crate::refused::Refused;
use crate::search::{Progress, Search};

/// A search through all orders of what can happen in a link's run, within bounds.
pub struct Explore {
    link: Link,
    subject: Subject,
    search: Search,
    bounds: Bounds,
}

/// How a search has ended.
#[derive(Clone, Debug)]
pub enum Ended {
    /// No order within the bounds violates a check.
    Nothing {
        /// Whether some orders are longer than the bound of depth. Up to there, each was looked at.
        is_cut: bool,
        /// Whether a check could not judge some state: then nobody knows.
        is_undecided: bool,
    },
    /// The bound of states or of memory has ended the search before its end, or whoever asked has.
    Unfinished,
    /// An order violates a check.
    Violation(Box<Found>),
}

impl Explore {
    /// A search that begins where a link's run begins, and judges one of its checks, or all that are about safety.
    ///
    /// # Errors
    ///
    /// When there is no such check, or the run cannot be explored.
    pub fn of(link: &Link, check: Option<&str>, bounds: Bounds) -> Result<Explore, Refused> {
        let subject = Subject::of(link, check)?;
        Ok(Explore {
            link: link.clone(),
            search: Search::of(subject.case(), bounds),
            subject,
            bounds,
        })
    }

    /// Looks at one state more. Whether there was one.
    pub fn step(&mut self) -> bool {
        self.search.step()
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        self.search.progress()
    }

    /// How it has ended. A violation is told once its order, as a run, has violated the check again.
    ///
    /// # Errors
    ///
    /// When it has not: then the search is wrong.
    pub fn ended(&self) -> Result<Ended, Unfaithful> {
        if let Some(steps) = self.search.violation() {
            let found = Found::of(&self.link, &self.subject, &self.bounds, &steps)?;
            return Ok(Ended::Violation(Box::new(found)));
        }
        Ok(match self.search.is_complete() {
            true => Ended::Nothing {
                is_cut: self.search.is_cut(),
                is_undecided: self.search.is_undecided(),
            },
            false => Ended::Unfinished,
        })
    }
}
