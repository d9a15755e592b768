//! What was done to a run, so that it can be undone and redone, and the futures that were tried.

use sim::SimTime;

use crate::deed::Timed;
use crate::knob::Knob;
use crate::model::Scenario;

/// How many steps can be undone.
const MOST_STEPS: usize = 200;

/// What a run was built from at some time.
#[derive(Clone, Debug)]
pub(super) struct Version {
    /// The scenario.
    pub scenario: Scenario,
    /// What was done to the run, in the order of time.
    pub deeds: Vec<Timed>,
    /// The moment to go back to, where the step had left it.
    pub moment: Option<SimTime>,
}

/// The steps that led here, and the steps that were taken back.
#[derive(Debug, Default)]
pub(super) struct Edits {
    past: Vec<Version>,
    future: Vec<Version>,
    /// The latest step, if it is a drag that may go on.
    pub drag: Option<Drag>,
    /// What is done on each branch of the timeline, in their order.
    pub branches: Vec<Vec<Timed>>,
    /// How often anything changed.
    count: u64,
}

/// A knob that is being turned. However long that takes, it is one step, and one turn of the run: from the moment at
/// which the knob was grabbed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drag {
    /// The knob.
    pub knob: Knob,
    /// Since when it is turned; if nothing is said, for the whole run.
    pub since: Option<SimTime>,
}

/// One of the futures that were tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Future {
    /// What it is called.
    pub name: String,
    /// When it left the one that it was forked from.
    pub forked_at: SimTime,
    /// Whether it is the one that is shown.
    pub is_current: bool,
}

impl Edits {
    /// Notes that something changed.
    pub fn changed(&mut self) {
        self.count += 1;
    }

    /// A number that changes with every change.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Begins a step from `present`. What was taken back can no longer be redone.
    pub fn begin_step(&mut self, present: Version) {
        self.changed();
        self.drag = None;
        self.future.clear();
        if self.past.len() == MOST_STEPS {
            self.past.remove(0);
        }
        self.past.push(present);
    }

    /// Takes back the latest step from `present`: what the run was built from before it, if there was one.
    pub fn undo(&mut self, present: Version) -> Option<Version> {
        let version = self.past.pop()?;
        self.future.push(present);
        self.left(version)
    }

    /// Takes again the step that was taken back last.
    pub fn redo(&mut self, present: Version) -> Option<Version> {
        let version = self.future.pop()?;
        self.past.push(present);
        self.left(version)
    }

    fn left(&mut self, version: Version) -> Option<Version> {
        self.changed();
        self.drag = None;
        Some(version)
    }

    /// How many steps can be taken back, and taken again.
    pub fn steps(&self) -> (usize, usize) {
        (self.past.len(), self.future.len())
    }
}
