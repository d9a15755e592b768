//! A run that somebody watches: a scenario on a timeline, and what they do to it.

use check::watch::{Verdict, Watch, Words};
use sim::{EventId, NodeId, SimDuration, SimTime, Timeline};

use crate::build;
use crate::deed::{Deed, Timed};
use crate::document::fields::{Problem, nearest};
use crate::document::{CheckSettings, Scenario};
use crate::knob::{Knob, Settings};
use crate::lab::Lab;
use crate::link::Link;

/// What people do takes effect at whole milliseconds, so that links stay short.
const GRAIN: u64 = 1_000_000;

/// A run with a cursor.
pub struct Run {
    lab: &'static Lab,
    scenario: Scenario,
    deeds: Vec<Timed>,
    timeline: Timeline,
}

impl Run {
    /// Opens a link at the moment it shows, and says what was wrong with it.
    pub fn open(hash: &str) -> (Run, Vec<Problem>) {
        let (link, problems) = Link::parse(hash);
        let mut run = Run::of_link(link.lab, link.scenario, link.deeds);
        run.timeline.seek(link.at);
        (run, problems)
    }

    fn of_link(lab: &'static Lab, scenario: Scenario, deeds: Vec<Timed>) -> Run {
        let timeline = build::timeline(&scenario, &deeds);
        Run {
            lab,
            scenario,
            deeds,
            timeline,
        }
    }

    /// The lab it belongs to.
    pub fn lab(&self) -> &'static Lab {
        self.lab
    }

    /// What it was built from.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Its past and present.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The moment at the cursor.
    pub fn now(&self) -> SimTime {
        self.timeline.now()
    }

    /// The link that opens this run at this moment.
    pub fn link(&self) -> String {
        let (lab, at) = (self.lab, self.now());
        Link {
            lab,
            scenario: self.scenario.clone(),
            deeds: self.deeds.clone(),
            at,
        }
        .format()
    }

    /// Goes on by `length`; to the end at most.
    pub fn advance(&mut self, length: SimDuration) {
        self.timeline.seek(self.now() + length);
    }

    /// Goes to a moment; to the end at most.
    pub fn seek(&mut self, time: SimTime) {
        self.timeline.seek(time);
    }

    /// Goes on to the next event. Returns whether there was one.
    pub fn step(&mut self) -> bool {
        self.timeline.step()
    }

    /// Goes back to before the latest event. Returns whether there was one.
    pub fn step_back(&mut self) -> bool {
        self.timeline.step_back()
    }

    /// Goes on to the next interesting moment. Returns whether there was one.
    pub fn next_interesting(&mut self) -> bool {
        self.timeline.next_interesting()
    }

    /// Goes back to the latest interesting moment. Returns whether there was one.
    pub fn previous_interesting(&mut self) -> bool {
        self.timeline.previous_interesting()
    }

    /// The same run with another seed, from the beginning.
    pub fn reseed(&mut self, seed: u32) {
        self.scenario.seed = seed;
        self.timeline = build::timeline(&self.scenario, &self.deeds);
    }

    /// Switches a defence for the whole run, and replays it up to now.
    pub fn defend(&mut self, id: &str, is_on: bool) -> Result<(), Problem> {
        let specs = self.scenario.protocol.defences;
        let spec = specs.iter().find(|spec| spec.id == id).ok_or_else(|| {
            Problem::new(
                id,
                format!(
                    "is no defence of this lab{}",
                    nearest(id, specs.iter().map(|spec| spec.id))
                ),
            )
        })?;
        if is_on {
            self.scenario.defences.insert(spec.id);
        } else {
            self.scenario.defences.remove(spec.id);
        }
        self.rebuild();
        Ok(())
    }

    /// Turns a knob to a value in its base unit, from now on if that can be; a setting of the protocol, or any knob
    /// before anything has happened, for the whole run.
    pub fn turn(&mut self, key: &str, value: f64) -> Result<(), Problem> {
        let knob = Knob::parse(key, &self.scenario)
            .ok_or_else(|| Problem::new(key, "is nothing that can be turned in this lab"))?;
        let value = knob
            .range()
            .check(value)
            .map_err(|what| Problem::new(key, what))?;
        if knob.is_live() && self.now() > SimTime::ZERO {
            self.act(Deed::Turn(knob, value));
        } else {
            knob.set(&mut self.scenario, value);
            self.rebuild();
        }
        Ok(())
    }

    /// Does something now. What was to be done later still is.
    pub fn act(&mut self, deed: Deed) {
        let at = SimTime::from_nanos(self.now().as_nanos().div_ceil(GRAIN) * GRAIN);
        self.timeline.seek(at);
        let at = self.now();
        // Two turns of a knob at the same moment are one.
        if let Deed::Turn(knob, _) = deed {
            let is_same = |timed: &Timed| {
                timed.at == at && matches!(timed.deed, Deed::Turn(other, _) if other == knob)
            };
            self.deeds.retain(|timed| !is_same(timed));
        }
        let place = self.deeds.partition_point(|timed| timed.at <= at);
        self.deeds.insert(place, Timed { at, deed });
        self.timeline
            .set_script(build::script(&self.scenario, &self.deeds));
    }

    /// Where the knobs stand now.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::of(&self.scenario);
        let mut done: Vec<&Timed> = self.scenario.plan.iter().chain(&self.deeds).collect();
        done.sort_by_key(|timed| timed.at);
        for timed in done.into_iter().filter(|timed| timed.at <= self.now()) {
            timed.deed.actions(&mut settings);
        }
        settings
    }

    /// Where a knob stands now, in its base unit.
    pub fn value(&self, knob: Knob) -> f64 {
        if knob.is_live() {
            self.settings().value(knob)
        } else {
            knob.value(&self.scenario)
        }
    }

    /// What each check says now, with its settings.
    pub fn verdicts(&self) -> Vec<(&CheckSettings, Verdict)> {
        let name = |node: NodeId| self.scenario.name(node);
        let is_over = self.now() >= self.timeline.end();
        let Some(watch) = self.timeline.observer().as_any().downcast_ref::<Watch>() else {
            return Vec::new();
        };
        let verdict = |(place, settings): (usize, &'_ CheckSettings)| {
            let words = Words {
                node: &name,
                operation: &settings.noun,
            };
            watch.verdicts(&words, is_over).swap_remove(place)
        };
        let settings = self.scenario.checks.iter();
        settings
            .enumerate()
            .map(|(place, settings)| (settings, verdict((place, settings))))
            .collect()
    }

    /// The events of all violations up to now, in order.
    pub fn violations(&self) -> Vec<EventId> {
        self.timeline.observer().violations()
    }

    fn rebuild(&mut self) {
        let now = self.now();
        self.timeline = build::timeline(&self.scenario, &self.deeds);
        self.timeline.seek(now);
    }
}
