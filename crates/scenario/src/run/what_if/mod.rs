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
//! | `trial` | a run with something changed |

mod fault;
mod found;
mod pairs;
mod trial;

pub use trial::{Kind, Trial};

use std::borrow::Cow;

use super::Run;
use super::chain::Chain;
use super::forecast::{Ahead, Forecast};
use super::play::Judged;
use crate::checks;
use crate::deed::Timed;
use crate::lab::Lab;
use crate::model::Scenario;
use crate::twin::Twin;

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
