//! The branches of a timeline.

use crate::action::Intervention;
use crate::time::SimTime;

/// How many branches are kept: the oldest fork is forgotten for one more.
const MOST_BRANCHES: usize = 64;

/// One future among those that were tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// What it is called.
    pub name: String,
    /// What is done on it, in order.
    pub script: Vec<Intervention>,
    /// When it left the branch that it was forked from.
    pub forked_at: SimTime,
    /// How far it was simulated.
    pub frontier: SimTime,
}

/// The branches of a timeline, and which of them it is on.
pub(super) struct Branches {
    /// All branches, the main one first.
    pub all: Vec<Branch>,
    /// The place in `all` of the one that the timeline is on.
    pub current: usize,
    /// How many there ever were: the number of the next one.
    count: usize,
}

impl Branches {
    /// The main branch alone.
    pub fn new(script: Vec<Intervention>) -> Branches {
        let main = Branch {
            name: "main".to_owned(),
            script,
            forked_at: SimTime::ZERO,
            frontier: SimTime::ZERO,
        };
        Branches {
            all: vec![main],
            current: 0,
            count: 1,
        }
    }

    /// The branch that the timeline is on.
    pub fn current(&self) -> &Branch {
        &self.all[self.current]
    }

    /// The same, to change it.
    pub fn current_mut(&mut self) -> &mut Branch {
        &mut self.all[self.current]
    }

    /// Goes over to another branch that leaves this one at `now`.
    pub fn fork(&mut self, script: Vec<Intervention>, now: SimTime) {
        if self.all.len() >= MOST_BRANCHES {
            self.all.remove(1);
        }
        self.all.push(Branch {
            name: format!("branch {}", self.count),
            script,
            forked_at: now,
            frontier: now,
        });
        self.count += 1;
        self.current = self.all.len() - 1;
    }
}
