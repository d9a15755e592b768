//! What if a fault had not happened? For each link of a chain that is a fault or a loss, the run is played once more without it; and
//! so it is for settings behind the chain that are not as usual (clocks of its nodes, links of its messages), and with each defence on
//! that is off. Where no single change saves the run, pairs of them are tried.
//!
//! Every trial is a run of its own, from the beginning to the end, and is played a piece at a time. What is changed is one
//! thing, and nothing else: random streams are keyed, so the weather elsewhere stays as it was.
//!
//! | module | its subject |
//! | --- | --- |
//! | `found` | what can be changed |
//! | `fault` | which deed a fault is of, when it is over, and how large a change it is to take it away |
//! | `pairs` | which two changes are tried together |

mod fault;
mod found;
mod pairs;

use std::borrow::Cow;

use sim::{EventId, SimTime};

use super::Run;
use super::chain::Chain;
use super::forecast::{Ahead, Forecast};
use super::play::Judged;
use crate::checks;
use crate::deed::Timed;
use crate::lab::Lab;
use crate::model::Scenario;
use crate::twin::Twin;

/// What is changed in a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A fault of the chain does not happen.
    Fault,
    /// A setting behind the chain is as usual.
    Setting,
    /// A defence is on.
    Switch,
    /// Both of two other trials are so, by their places.
    Both([usize; 2]),
}

/// A fault that was taken away: from when to when it lasted.
type Lasted = (SimTime, SimTime);

/// A run with something changed that may save it.
pub struct Trial {
    /// What is changed.
    pub kind: Kind,
    /// The events that are the fault: all that one deed did. None for a setting or a defence.
    pub events: Vec<EventId>,
    /// What is other than it was, in words, where no event says it.
    pub says: Option<String>,
    /// What each check says of the whole run, in their order; nothing until that is known.
    pub judged: Option<Vec<Judged>>,
    /// Which of them would have nothing to judge, as there is no fault to recover from: what they say is what they demand of the time
    /// after the fault that is taken away.
    pub moot: Vec<bool>,
    /// When the violation of each check is seen, if it is: see [`super::ExplainedVerdict::seen_at`].
    pub seen: Vec<Option<SimTime>>,
    /// How large a change it is: 0 is the smallest.
    pub size: u8,
    /// What is flipped in the run: one thing, or two for a pair.
    flips: Vec<Twin>,
    lasted: Option<Lasted>,
}

/// All that can be changed about a chain, and what comes of it.
pub struct WhatIf {
    /// One for each change: the faults in the order of the chain, then settings, then defences, and then pairs.
    pub trials: Vec<Trial>,
    going: Option<Box<Ahead>>,
    /// What the run is built from.
    scenario: Scenario,
    deeds: Vec<Timed>,
    lab: Cow<'static, Lab>,
    /// The check that is to hold, by its place.
    check: usize,
    memory: usize,
}

impl Run {
    /// What can be changed about a chain.
    pub fn what_if(&self, chain: &Chain) -> WhatIf {
        WhatIf {
            trials: self.single_changes(chain),
            going: None,
            scenario: self.scenario.clone(),
            deeds: self.deeds.clone(),
            lab: self.lab.clone(),
            check: chain.check,
            memory: self.timeline().memory(),
        }
    }

    /// Changes for good what a trial does, as one step that can be undone.
    pub fn take_away(&mut self, trial: &Trial) {
        let (scenario, deeds) = self.flipped(&trial.flips);
        let at = self.aim();
        self.replace(scenario, deeds, at);
    }

    /// What the run is built from, with something flipped.
    fn flipped(&self, flips: &[Twin]) -> (Scenario, Vec<Timed>) {
        flipped(&self.scenario, &self.deeds, flips, &self.lab.scenario)
    }
}

fn flipped(
    scenario: &Scenario,
    deeds: &[Timed],
    flips: &[Twin],
    lab: &Scenario,
) -> (Scenario, Vec<Timed>) {
    let (mut scenario, mut deeds) = (scenario.clone(), deeds.to_vec());
    for twin in flips {
        twin.flip(&mut scenario, &mut deeds, lab);
    }
    (scenario, deeds)
}

impl WhatIf {
    /// Plays on by about so many events. Returns whether all is known.
    pub fn go_on(&mut self, events: u32) -> bool {
        let Some(place) = self.next() else {
            return true;
        };
        let mut ahead = match self.going.take() {
            Some(ahead) => ahead,
            None => self.begin(&self.trials[place]),
        };
        if !ahead.go_on(events, &[], (&[], None)) {
            self.going = Some(ahead);
            return false;
        }
        let judged = Judged::all(&ahead.scenario, &ahead.course, ahead.end);
        let trial = &mut self.trials[place];
        trial.seen.clone_from(&ahead.seen);
        trial.take(judged, &ahead);
        if self.next().is_none() {
            self.add_pairs();
        }
        self.next().is_none()
    }

    /// The first trial of which nothing is known yet.
    fn next(&self) -> Option<usize> {
        self.trials.iter().position(|trial| trial.judged.is_none())
    }

    /// Whether a trial saves the run, as far as the check says.
    fn saves(&self, trial: &Trial) -> bool {
        let judged = trial
            .judged
            .as_ref()
            .and_then(|judged| judged.get(self.check));
        judged == Some(&Judged::Holds)
    }

    /// Where no single change saves the run, two of them may.
    fn add_pairs(&mut self) {
        let is_saved = self.trials.iter().any(|trial| self.saves(trial));
        let has_pairs = self
            .trials
            .iter()
            .any(|trial| matches!(trial.kind, Kind::Both(_)));
        if !is_saved && !has_pairs {
            self.trials.extend(pairs::of(&self.trials));
        }
    }

    /// A trial's run at its beginning.
    fn begin(&self, trial: &Trial) -> Box<Ahead> {
        let (scenario, deeds) = flipped(
            &self.scenario,
            &self.deeds,
            &trial.flips,
            &self.lab.scenario,
        );
        let as_is = Forecast {
            flipped: None,
            on: scenario.defences.clone(),
            judged: None,
            seen: Vec::new(),
            counted: None,
        };
        let struck = trial.lasted.map(|lasted| {
            checks::watch_as_if_struck(&scenario.checks, scenario.nodes.len(), lasted)
        });
        let mut ahead = Box::new(Ahead::new(scenario, &deeds, &as_is, &[], self.memory));
        if let Some(struck) = struck {
            ahead.course.watch = struck;
        }
        ahead
    }
}

impl Trial {
    fn of(kind: Kind, flips: Vec<Twin>, size: u8) -> Trial {
        Trial {
            kind,
            events: Vec::new(),
            says: None,
            judged: None,
            moot: Vec::new(),
            seen: Vec::new(),
            size,
            flips,
            lasted: None,
        }
    }

    /// What is flipped in the run with the change, as `twin=` of a link says it; nothing for two changes.
    pub fn twin(&self, scenario: &Scenario) -> Option<String> {
        match &*self.flips {
            [twin] => Some(twin.format(scenario)),
            _ => None,
        }
    }

    /// Takes in what each check says. Without the fault, one about recovery may have nothing to judge; then what counts is whether all
    /// is as well when it demands that after the fault.
    fn take(&mut self, mut judged: Vec<Judged>, ahead: &Ahead) {
        self.moot = vec![false; judged.len()];
        let (course, checks) = (&ahead.course, &ahead.scenario.checks);
        let struck = course.watch.checks().skip(checks.len());
        let recover = (0..checks.len()).filter(|place| checks[*place].recovers());
        let is_whole = course.stopped_at().is_none();
        for (place, check) in recover.zip(struck).filter(|_| is_whole) {
            if judged[place] == Judged::Undecided {
                judged[place] = Judged::of(check, &checks[place], &ahead.scenario, ahead.end);
                self.moot[place] = true;
            }
        }
        self.judged = Some(judged);
    }
}
