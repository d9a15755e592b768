//! What a person has done to a run, so that it can be undone, redone, and compared with other futures.

use sim::SimTime;

use crate::build;
use crate::deed::{Deed, Timed};
use crate::document::Scenario;
use crate::document::fields::Problem;
use crate::knob::Knob;
use crate::run::Run;

/// How many steps can be undone.
const MOST_STEPS: usize = 200;

/// What a run was built from at some time.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    scenario: Scenario,
    deeds: Vec<Timed>,
}

/// The steps that led here, and those that were taken back.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    past: Vec<Version>,
    future: Vec<Version>,
    /// The knob that the latest step turned: one drag is one step.
    dragged: Option<Knob>,
    /// What is done on each branch of the timeline, in their order.
    branches: Vec<Vec<Timed>>,
    /// How often anything changed.
    count: u64,
}

/// One future among those that were tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Future {
    /// What it is called.
    pub name: String,
    /// When it left the one that it was forked from.
    pub forked_at: SimTime,
    /// How far it was watched.
    pub frontier: SimTime,
    /// Whether it is the one that is shown.
    pub is_current: bool,
}

impl Run {
    /// Does what `text` says, as in `crash:bank`, now.
    pub fn act_text(&mut self, text: &str) -> Result<(), Problem> {
        let deed = Deed::parse(text, self.scenario()).map_err(|what| Problem::new(text, what))?;
        self.act(deed);
        Ok(())
    }

    /// Takes back the latest step. Returns whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(version) = self.edits.past.pop() else {
            return false;
        };
        let present = self.version();
        self.edits.future.push(present);
        self.adopt(version);
        true
    }

    /// Takes again the step that was taken back last. Returns whether there was one.
    pub fn redo(&mut self) -> bool {
        let Some(version) = self.edits.future.pop() else {
            return false;
        };
        let present = self.version();
        self.edits.past.push(present);
        self.adopt(version);
        true
    }

    /// How many steps can be taken back, and taken again.
    pub fn steps(&self) -> (usize, usize) {
        (self.edits.past.len(), self.edits.future.len())
    }

    /// A number that changes whenever the run is changed, so that what was derived from its past can be renewed.
    pub fn edit_count(&self) -> u64 {
        self.edits.count
    }

    /// The futures that were tried, the first one first.
    pub fn futures(&self) -> Vec<Future> {
        let (branches, current) = self.timeline().branches();
        let future = |(place, branch): (usize, &sim::Branch)| Future {
            name: branch.name.clone(),
            forked_at: branch.forked_at,
            frontier: branch.frontier,
            is_current: place == current,
        };
        branches.iter().enumerate().map(future).collect()
    }

    /// Goes over to another future, at the same time. Nothing for one that does not exist.
    pub fn switch_future(&mut self, place: usize) {
        let (branches, current) = self.timeline.branches();
        if place >= branches.len() || place == current {
            return;
        }
        self.remember(None);
        self.keep_branch();
        self.timeline.switch(place);
        if let Some(deeds) = self.edits.branches.get(place) {
            self.deeds = deeds.clone();
        }
    }

    /// Notes the present as a step that can be taken back; turns of one knob in a row are one step.
    pub(crate) fn remember(&mut self, dragged: Option<Knob>) {
        self.edits.count += 1;
        let goes_on = dragged.is_some() && dragged == self.edits.dragged;
        self.edits.dragged = dragged;
        self.edits.future.clear();
        if goes_on {
            return;
        }
        if self.edits.past.len() == MOST_STEPS {
            self.edits.past.remove(0);
        }
        let present = self.version();
        self.edits.past.push(present);
    }

    /// Ends a drag: the next turn of the same knob is another step.
    pub fn end_drag(&mut self) {
        self.edits.dragged = None;
    }

    /// Puts `deeds` in the place of those done so far. If this future was watched further than now, it is kept, and
    /// another one begins.
    pub(crate) fn follow(&mut self, deeds: Vec<Timed>) {
        self.keep_branch();
        self.deeds = deeds;
        let script = build::script(&self.scenario, &self.deeds);
        let (branches, current) = self.timeline.branches();
        if branches[current].frontier <= self.now() {
            self.timeline.set_script(script);
            return;
        }
        let before = branches.len();
        self.timeline.fork(script);
        if self.timeline.branches().0.len() == before {
            // The timeline has forgotten its oldest fork.
            self.edits.branches.remove(1);
        }
    }

    /// Forgets the futures of a run that is built anew.
    pub(crate) fn forget_futures(&mut self) {
        self.edits.branches.clear();
    }

    fn keep_branch(&mut self) {
        let (branches, current) = self.timeline.branches();
        self.edits.branches.resize(branches.len(), Vec::new());
        self.edits.branches[current] = self.deeds.clone();
    }

    fn version(&self) -> Version {
        Version {
            scenario: self.scenario.clone(),
            deeds: self.deeds.clone(),
        }
    }

    fn adopt(&mut self, version: Version) {
        self.edits.count += 1;
        self.edits.dragged = None;
        (self.scenario, self.deeds) = (version.scenario, version.deeds);
        // Defences, seeds and what holds for the whole run may differ too.
        self.rebuild();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Run {
        let (mut run, problems) = Run::open("#/double-charge");
        assert_eq!(problems, []);
        run.seek(SimTime::from_millis(5000));
        run
    }

    #[test]
    fn a_step_that_is_undone_and_redone_gives_the_same_runs() {
        let mut run = run();
        let before = (run.link(), run.timeline().digest());
        run.act_text("crash:bank").unwrap();
        run.seek(SimTime::from_millis(9000));
        run.turn("loss", 0.5).unwrap();
        run.defend("idempotency-key", true).unwrap();
        run.seek(SimTime::from_millis(12_000));
        let after = (run.link(), run.timeline().digest());
        assert!(run.undo() && run.undo() && run.undo());
        assert!(!run.undo());
        run.seek(SimTime::from_millis(5000));
        assert_eq!((run.link(), run.timeline().digest()), before);
        assert!(run.redo() && run.redo() && run.redo());
        assert!(!run.redo());
        run.seek(SimTime::from_millis(12_000));
        assert_eq!((run.link(), run.timeline().digest()), after);
    }

    #[test]
    fn a_drag_is_one_step() {
        let mut run = run();
        for loss in [0.2, 0.3, 0.4] {
            run.turn("loss", loss).unwrap();
            run.advance(sim::SimDuration::from_millis(50));
        }
        run.end_drag();
        run.turn("loss", 0.5).unwrap();
        assert_eq!(run.steps(), (2, 0));
    }

    #[test]
    fn acting_in_the_past_keeps_the_old_future() {
        let mut run = run();
        run.seek(SimTime::from_millis(9000));
        let old = run.timeline().digest();
        run.seek(SimTime::from_millis(3000));
        run.act_text("crash:bank").unwrap();
        run.seek(SimTime::from_millis(9000));
        let new = run.timeline().digest();
        assert_ne!(old, new);
        assert_eq!(run.futures().len(), 2);
        run.switch_future(0);
        assert_eq!(run.timeline().digest(), old);
        assert!(!run.link().contains("crash"));
        run.switch_future(1);
        assert_eq!(run.timeline().digest(), new);
        assert!(run.link().contains("do=crash:bank@3s"));
    }

    #[test]
    fn nonsense_is_no_deed() {
        let mut run = run();
        assert!(run.act_text("crash:bnak").is_err());
        assert!(run.act_text("").is_err());
        assert_eq!(run.steps(), (0, 0));
    }
}
