//! How checkers read a history: entry by entry, as far as it is written, until something is wrong.

use super::conclusion::Conclusion;
use crate::history::{Event, History, Operation};

/// How far a checker has read a history, and what it concludes.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    conclusion: Conclusion,
    read: u32,
}

impl Entries {
    /// The next entry and its operation, unless there is none or the conclusion is final.
    pub fn next<'h>(&mut self, history: &'h History) -> Option<(Event, &'h Operation)> {
        if self.conclusion != Conclusion::Holds {
            return None;
        }
        let &event = history.events().get(self.read as usize)?;
        self.read += 1;
        Some((event, history.get(event.op())?))
    }

    /// Takes in what the latest entry amounts to.
    pub fn conclude(&mut self, conclusion: Conclusion) {
        self.conclusion = conclusion;
    }

    /// What the entries so far amount to.
    pub fn conclusion(&self) -> &Conclusion {
        &self.conclusion
    }
}
