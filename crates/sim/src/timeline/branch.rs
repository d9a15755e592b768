//! The branches of a timeline.

use crate::action::Intervention;
use crate::collections::held::{Held, Measure};
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
    /// Bytes that all scripts take.
    bytes: usize,
}

fn bytes_of(script: &Vec<Intervention>) -> usize {
    let by = Measure::Taken;
    let actions = script.iter().map(|next| next.action.held(by));
    script.held(by) + actions.sum::<usize>()
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
            bytes: bytes_of(&main.script),
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

    /// Goes over to another branch that leaves this one at `now`. The oldest forks are forgotten where there are too many,
    /// or where what is done on all of them takes more than so many bytes.
    pub fn fork(&mut self, script: Vec<Intervention>, now: SimTime, most_bytes: usize) {
        self.all.push(Branch {
            name: format!("branch {}", self.count),
            script,
            forked_at: now,
            frontier: now,
        });
        self.count += 1;
        self.weigh();
        while self.all.len() > 2 && (self.all.len() > MOST_BRANCHES || self.bytes > most_bytes) {
            self.bytes -= bytes_of(&self.all[1].script);
            self.all.remove(1);
        }
        self.current = self.all.len() - 1;
    }

    /// Replaces what is done on the branch that the timeline is on. Returns what was.
    pub fn replace(&mut self, script: Vec<Intervention>) -> Vec<Intervention> {
        let old = std::mem::replace(&mut self.current_mut().script, script);
        self.weigh();
        old
    }

    /// Bytes that all of them take on the heap.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn weigh(&mut self) {
        let scripts = self.all.iter().map(|branch| bytes_of(&branch.script));
        self.bytes = scripts.sum();
    }
}
