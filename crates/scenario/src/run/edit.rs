//! What somebody does to a run: deeds, turns of knobs, switches of defences, seeds; undoing and redoing them.

use sim::SimTime;

use super::build;
use super::undo::{Drag, Future, Version};
use super::watched::Run;
use crate::deed::{Deed, Timed, amount};
use crate::document::{Problem, Scenario};
use crate::knob::Knob;
use crate::terms::limits::MOST_DEEDS;
use crate::terms::words::defence;

impl Run {
    /// The same run with another seed, from the beginning.
    pub fn reseed(&mut self, seed: u32) {
        let moment = self.aim();
        self.begin_step(Version {
            moment: Some(moment),
            ..self.version()
        });
        self.scenario.seed = seed;
        self.rebuild_up_to(SimTime::ZERO);
    }

    /// Builds the run from something else, from the moment `at` on.
    pub(super) fn replace(&mut self, scenario: Scenario, deeds: Vec<Timed>, at: SimTime) {
        self.begin_step(Version {
            moment: Some(self.aim()),
            ..self.version()
        });
        (self.scenario, self.deeds) = (scenario, deeds);
        self.rebuild_up_to(at);
    }

    /// Switches a defence for the whole run, and replays it up to now.
    pub fn defend(&mut self, id: &str, is_on: bool) -> Result<(), Problem> {
        let id = defence(self.scenario.protocol, id)
            .map_err(|what| Problem::new("the defence", format!("is {what}")))?;
        self.remember();
        if is_on {
            self.scenario.defences.insert(id);
        } else {
            self.scenario.defences.remove(id);
        }
        self.rebuild();
        Ok(())
    }

    /// Does what `text` says, as in `crash:bank`, now. What was to be done later still is.
    pub fn act_text(&mut self, text: &str) -> Result<(), Problem> {
        let deed = Deed::parse(text, self.scenario()).map_err(|what| Problem::new(text, what))?;
        self.act_all(vec![deed])
    }

    /// Turns a knob to a value in its base unit, from now on if that can be; a setting of the protocol, or any knob
    /// before anything has happened, for the whole run. Until [`Run::end_drag`], or anything else is done, more turns
    /// of the knob are one with the first: they take effect from its moment on, and the run is replayed up to now.
    pub fn turn(&mut self, key: &str, value: f64) -> Result<(), Problem> {
        let (knob, value) = self.readable_turn(key, value)?;
        match self.edits.drag {
            Some(drag)
                if drag.knob == knob && drag.since.is_none_or(|since| since <= self.aim()) =>
            {
                self.turn_again(drag, value)
            }
            _ => {
                self.turn_each(&[(knob, value)])?;
                let since = self.is_turned_live(knob).then(|| self.aim());
                self.edits.drag = Some(Drag { knob, since });
                Ok(())
            }
        }
    }

    /// Turns several knobs at once, as [`Run::turn`] does one: a single step. If one of them cannot be turned so, none
    /// is.
    pub fn turn_all<'a>(
        &mut self,
        turns: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Result<(), Problem> {
        let turns = turns.into_iter();
        let turns: Result<Vec<_>, _> = turns
            .map(|(key, value)| self.readable_turn(key, value))
            .collect();
        self.turn_each(&turns?)
    }

    fn readable_turn(&self, key: &str, value: f64) -> Result<(Knob, f64), Problem> {
        let knob = Knob::parse(key, self.scenario())
            .ok_or_else(|| Problem::new(key, "is not a knob of this lab"))?;
        let range = knob.range();
        let value = range.check(range.unit.dusted(value));
        let value = value.map_err(|what| Problem::new(key, what))?;
        Ok((knob, value))
    }

    /// Whether turning it now holds from now on alone.
    fn is_turned_live(&self, knob: Knob) -> bool {
        knob.is_live() && self.aim() > SimTime::ZERO
    }

    fn turn_each(&mut self, turns: &[(Knob, f64)]) -> Result<(), Problem> {
        if turns.is_empty() {
            return Ok(());
        }
        self.settle_on_grain();
        let (mut scenario, mut deeds) = (self.scenario.clone(), self.deeds.clone());
        for (knob, value) in turns {
            if self.is_turned_live(*knob) {
                deeds = with(&deeds, self.aim(), Deed::Turn(*knob, *value));
            } else {
                set(*knob, &mut scenario, *value)?;
            }
        }
        may_be_done(&scenario, &deeds)?;
        self.remember();
        if turns.iter().all(|(knob, _)| self.is_turned_live(*knob)) {
            self.follow(deeds);
        } else {
            (self.scenario, self.deeds) = (scenario, deeds);
            self.rebuild();
        }
        Ok(())
    }

    fn turn_again(&mut self, drag: Drag, value: f64) -> Result<(), Problem> {
        match drag.since {
            Some(since) => {
                self.edits.changed();
                self.follow(with(&self.deeds, since, Deed::Turn(drag.knob, value)));
            }
            None => {
                set(drag.knob, &mut self.scenario, value)?;
                self.edits.changed();
                self.rebuild();
            }
        }
        Ok(())
    }

    /// Does several things now, as one step. What was to be done later still is.
    pub(super) fn act_all(&mut self, deeds: Vec<Deed>) -> Result<(), Problem> {
        if deeds.is_empty() {
            return Ok(());
        }
        self.settle_on_grain();
        let now = self.aim();
        let done = deeds
            .into_iter()
            .fold(self.deeds.clone(), |done, deed| with(&done, now, deed));
        may_be_done(&self.scenario, &done)?;
        self.remember();
        self.follow(done);
        Ok(())
    }

    /// What people do takes effect at whole milliseconds, so that links stay short.
    fn settle_on_grain(&mut self) {
        self.timeline.seek(self.aim().ceil_to_millis());
    }

    /// Takes back the latest step. Returns whether there was one.
    pub fn undo(&mut self) -> bool {
        let present = self.version();
        let version = self.edits.undo(present);
        self.adopt(version)
    }

    /// Takes again the step that was taken back last. Returns whether there was one.
    pub fn redo(&mut self) -> bool {
        let present = self.version();
        let version = self.edits.redo(present);
        self.adopt(version)
    }

    /// How many steps can be taken back, and taken again.
    pub fn steps(&self) -> (usize, usize) {
        self.edits.steps()
    }

    /// A number that changes whenever the run is changed, so that what was derived from its past can be renewed.
    pub fn edit_count(&self) -> u64 {
        self.edits.count()
    }

    /// The futures that were tried, the first one first.
    pub fn futures(&self) -> Vec<Future> {
        let (branches, current) = self.timeline().branches();
        let future = |(place, branch): (usize, &sim::Branch)| Future {
            name: branch.name.clone(),
            forked_at: branch.forked_at,
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
        self.remember();
        self.keep_branch();
        self.timeline.switch(place);
        if let Some(deeds) = self.edits.branches.get(place) {
            self.deeds = deeds.clone();
        }
        self.read_on();
    }

    /// Notes the present as a step that can be taken back.
    pub(super) fn remember(&mut self) {
        self.begin_step(self.version());
    }

    /// Begins a step from what the run was built from before it.
    pub(super) fn begin_step(&mut self, before: Version) {
        self.edits.begin_step(before, self.timeline.memory());
    }

    /// Ends a drag: the next turn of the same knob is another step.
    pub fn end_drag(&mut self) {
        self.edits.drag = None;
    }

    /// Replaces the deeds done so far. If this future was watched further than now, it is kept, and
    /// another one begins.
    fn follow(&mut self, deeds: Vec<Timed>) {
        self.keep_branch();
        self.deeds = deeds;
        let script = build::script(&self.scenario, &self.deeds);
        let (branches, current) = self.timeline.branches();
        let before = branches.len();
        if branches[current].frontier <= self.aim() {
            self.timeline.set_script(script);
        } else {
            self.timeline.fork(script);
            // The timeline may have forgotten its oldest forks.
            let forgotten = before + 1 - self.timeline.branches().0.len();
            self.edits.branches.drain(1..=forgotten);
        }
        self.read_on();
    }

    fn keep_branch(&mut self) {
        let (branches, current) = self.timeline.branches();
        self.edits.branches.resize(branches.len(), Vec::new());
        self.edits.branches[current] = self.deeds.clone();
        self.edits.weigh();
    }

    pub(super) fn version(&self) -> Version {
        Version {
            scenario: self.scenario.clone(),
            deeds: self.deeds.clone(),
            moment: None,
        }
    }

    /// Goes over to what the run was built from at another time, if there is such a version.
    fn adopt(&mut self, version: Option<Version>) -> bool {
        let Some(version) = version else {
            return false;
        };
        (self.scenario, self.deeds) = (version.scenario, version.deeds);
        // Defences, seeds and what holds for the whole run may differ too.
        self.rebuild_up_to(version.moment.unwrap_or(self.aim()));
        true
    }
}

fn set(knob: Knob, scenario: &mut Scenario, value: f64) -> Result<(), Problem> {
    let set = knob.set(scenario, value);
    set.map_err(|what| Problem::new(knob.key(scenario), what))
}

/// Whether a link can say all that is done, and a run can be asked for it.
pub(super) fn may_be_done(scenario: &Scenario, deeds: &[Timed]) -> Result<(), Problem> {
    if deeds.len() > MOST_DEEDS {
        let what = format!("has {MOST_DEEDS} things done to it, and a link can say no more");
        return Err(Problem::new("the run", what));
    }
    match amount::excess(scenario, deeds) {
        Some((_, what)) => Err(Problem::new("the run", what)),
        None => Ok(()),
    }
}

/// The deeds with another one after all others of its moment; a turn takes the place of a turn of the same knob then.
pub(super) fn with(deeds: &[Timed], at: SimTime, deed: Deed) -> Vec<Timed> {
    let knob = |deed: &Deed| match deed {
        Deed::Turn(knob, _) => Some(*knob),
        _ => None,
    };
    let turned = knob(&deed);
    let is_replaced = |old: &Timed| turned.is_some() && old.at == at && knob(&old.deed) == turned;
    let mut deeds = deeds.to_vec();
    deeds.retain(|old| !is_replaced(old));
    let place = deeds.partition_point(|old| old.at <= at);
    deeds.insert(place, Timed { at, deed });
    deeds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Link;

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
    fn a_drag_is_one_turn_from_its_beginning_on() {
        let mut run = run();
        for loss in [0.2, 0.3, 0.4] {
            run.turn("loss", loss).unwrap();
            run.advance(sim::SimDuration::from_millis(50));
        }
        assert!(run.link().contains("do=loss:0.4@5s&"), "{}", run.link());
        let (again, problems) = Run::open(&run.link());
        assert_eq!(problems, []);
        assert_eq!(again.timeline().digest(), run.timeline().digest());
        assert_eq!(run.futures().len(), 1);
    }

    #[test]
    fn a_drag_from_the_beginning_holds_for_the_whole_run() {
        let (mut run, _) = Run::open("#/double-charge");
        for loss in [0.2, 0.3, 0.4] {
            run.turn("loss", loss).unwrap();
            run.advance(sim::SimDuration::from_millis(50));
        }
        assert_eq!(run.steps(), (1, 0));
        assert!(
            run.link().contains("loss=0.4") && !run.link().contains("do="),
            "{}",
            run.link()
        );
        assert!(run.undo() && !run.link().contains("loss"));
    }

    #[test]
    fn a_drag_that_goes_back_before_its_beginning_is_another_one() {
        let mut run = run();
        run.turn("loss", 0.2).unwrap();
        run.seek(SimTime::from_millis(3000));
        run.turn("loss", 0.4).unwrap();
        assert_eq!(run.steps(), (2, 0));
        assert!(
            run.link().contains("loss:0.4@3s,loss:0.2@5s"),
            "{}",
            run.link()
        );
    }

    #[test]
    fn knobs_that_are_turned_at_once_are_one_step() {
        let mut run = run();
        let before = run.link();
        run.turn_all([("loss", 0.2), ("latency", 5e6), ("timeout", 2e9)])
            .unwrap();
        assert_eq!(run.steps(), (1, 0));
        assert!(
            run.link()
                .contains("timeout=2s&do=loss:0.2@5s,latency:5ms@5s"),
            "{}",
            run.link()
        );
        assert!(run.undo());
        assert_eq!(run.link(), before);
        assert!(run.turn_all([("loss", 0.3), ("loss.nobody", 0.3)]).is_err());
        assert!(run.turn_all([("loss", 0.3), ("latency", -1.0)]).is_err());
        assert_eq!((run.link(), run.steps()), (before, (0, 1)));
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
    fn a_new_seed_that_is_undone_brings_the_moment_back() {
        let mut run = run();
        run.reseed(3);
        assert_eq!(run.now(), SimTime::ZERO);
        assert!(run.undo());
        assert_eq!(run.now(), SimTime::from_millis(5000));
    }

    #[test]
    fn what_another_link_sets_up_is_one_step() {
        let mut run = run();
        let before = run.link();
        let taken = |run: &mut Run, link: &str| run.take_up(Link::parse(link).0);
        assert!(taken(
            &mut run,
            "#/double-charge?loss=0.4&on=idempotency-key&do=crash:bank@2s"
        ));
        assert_eq!((run.now(), run.steps()), (SimTime::ZERO, (1, 0)));
        let after = run.link();
        assert!(after.contains("loss=0.4") && after.contains("crash:bank@2s"));
        assert!(run.undo());
        assert_eq!(run.link(), before);
        assert!(run.redo());
        run.seek(SimTime::ZERO);
        assert_eq!(run.link(), after);
        assert!(!taken(&mut run, "#/retry-storm"));
        assert_eq!(run.link(), after);
    }

    #[test]
    fn nonsense_is_no_deed() {
        let mut run = run();
        assert!(run.act_text("crash:bnak").is_err());
        assert!(run.act_text("").is_err());
        assert_eq!(run.steps(), (0, 0));
    }
}
