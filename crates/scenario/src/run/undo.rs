//! What was done to a run, so that it can be undone and redone, and the futures that were tried.

use sim::SimTime;
use sim::held::{Held, Measure, all_held};

use crate::deed::Timed;
use crate::knob::Knob;
use crate::model::Scenario;

/// How many steps can be undone; fewer where their versions take more than one part in so many of the run's memory.
const MOST_STEPS: usize = 200;
const SHARE: usize = 16;

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

impl Version {
    /// Bytes that it takes on the heap.
    fn held(&self) -> usize {
        let by = Measure::Taken;
        self.scenario.held(by) + self.deeds.held(by)
    }
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
    /// Bytes that all of this takes.
    bytes: usize,
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

    /// Begins a step from `present`, in a run that may take so many bytes of memory. What was taken back can no longer be
    /// redone.
    pub fn begin_step(&mut self, present: Version, memory: usize) {
        self.changed();
        self.drag = None;
        self.future.clear();
        self.past.push(present);
        let mut bytes: usize = self.past.iter().map(Version::held).sum();
        while self.past.len() > MOST_STEPS || bytes > memory / SHARE && self.past.len() > 1 {
            bytes -= self.past.remove(0).held();
        }
        self.weigh();
    }

    /// Bytes that it takes on the heap.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Counts what it takes: a run asks for that many times as often as a step is taken.
    pub fn weigh(&mut self) {
        let by = Measure::Taken;
        let versions = self.past.iter().chain(&self.future);
        self.bytes = self.past.held(by)
            + self.future.held(by)
            + versions.map(Version::held).sum::<usize>()
            + self.branches.held(by)
            + all_held(&self.branches, by);
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
        self.weigh();
        self.changed();
        self.drag = None;
        Some(version)
    }

    /// How many steps can be taken back, and taken again.
    pub fn steps(&self) -> (usize, usize) {
        (self.past.len(), self.future.len())
    }
}
