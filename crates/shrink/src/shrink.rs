//! The search: one run per step, and what is kept of it.

use std::fmt;

use scenario::deed::Timed;
use scenario::document::Scenario;
use scenario::document::limits::MOST_DEEDS;
use scenario::link::Link;
use scenario::run::build::MEMORY;
use scenario::run::play::{Play, Violation};
use scenario::variant::Variant;
use sim::SimTime;
use sim::trace::Event;

use crate::case::Case;
use crate::drawn::Drawn;
use crate::faults::{Counting, Faults};
use crate::numbering::{Numbering, Place};
use crate::round::{Candidate, Found, Round, Stage};
use crate::smallest::Smallest;
use crate::trial::{Naming, Trial};

/// A search for the smallest run that still fails in the same way as one that is known.
pub struct Shrink {
    /// The run that is known.
    link: Link,
    check: usize,
    memory: usize,
    /// How many faults befall it until it fails.
    faults: Faults,
    drawn: Drawn,
    /// The smallest so far, and how it fails.
    best: Found,
    /// The smallest so far that a link can say.
    sayable: Found,
    round: Round,
    runs: u32,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many runs it has taken so far.
    pub runs: u32,
    /// How many things are left that may be taken away: deeds, faults and settings.
    pub things: usize,
    /// How many nodes are left.
    pub nodes: usize,
    /// What is being made smaller.
    pub stage: Stage,
}

/// Why a run cannot be made smaller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no check of this name.
    Unknown {
        /// The name.
        check: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// No check is violated.
    Holds,
    /// This check is not violated.
    CheckHolds {
        /// The check's name.
        check: String,
    },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Unknown { check, known } => {
                let known = known.join(", ");
                write!(f, "check is \"{check}\"; it must be one of {known}")
            }
            Refused::Holds => write!(
                f,
                "no check is violated in this run, so there is no failure to shrink"
            ),
            Refused::CheckHolds { check } => {
                write!(
                    f,
                    "the check \"{check}\" is not violated in this run, so there is no failure to shrink"
                )
            }
        }
    }
}

impl std::error::Error for Refused {}

impl Shrink {
    /// A search that begins with the run of a link: for the check of this name, or else the one that is violated first.
    ///
    /// # Errors
    ///
    /// When there is no such check, or it is not violated.
    pub fn of(link: &Link, check: Option<&str>) -> Result<Shrink, Refused> {
        Shrink::within(MEMORY, link, check)
    }

    /// The same, where each run may take so many bytes of memory.
    ///
    /// # Errors
    ///
    /// When there is no such check, or it is not violated.
    pub fn within(memory: usize, link: &Link, check: Option<&str>) -> Result<Shrink, Refused> {
        let (scenario, deeds) = (&link.variant.scenario, &link.variant.deeds);
        let check = match check {
            Some(id) => named(scenario, id)?,
            None => first_violated(scenario, deeds, memory).ok_or(Refused::Holds)?,
        };
        let case = Case::of(&link.variant, &link.lab.scenario);
        let trial = Trial::of(&case, check, Naming::Names, memory);
        let violation = trial.violation.ok_or_else(|| Refused::CheckHolds {
            check: scenario.checks[check].id.clone(),
        })?;
        let case = trial.told(&case);
        let best = Found { case, violation };
        // What chance did to a message may show only after the violation, which it has caused.
        let (mut drawn, mut counting) = (
            Drawn::of(scenario, deeds),
            Counting::of(scenario, violation.seen),
        );
        play(&link.variant, memory, |event, place| {
            drawn.observe(event, place);
            counting.observe(event, place);
        });
        Ok(Shrink {
            faults: counting.faults(),
            link: link.clone(),
            check,
            memory,
            drawn,
            sayable: best.clone(),
            best,
            round: Round::first(),
            runs: 0,
        })
    }

    /// Runs once more. Whether there was anything left to try.
    pub fn step(&mut self) -> bool {
        while self.round.stage() != Stage::Done {
            if let Some(candidate) = self.round.propose(&self.best, &self.drawn) {
                self.try_out(&candidate);
                return true;
            }
            self.round.go_on(&self.best.case);
            if self.round.stage() == Stage::Drawn {
                self.record_chance();
            }
        }
        false
    }

    /// What chance still does to the smallest run so far is not what it did to the one that was given.
    fn record_chance(&mut self) {
        if !self.best.case.is_by_chance() {
            return;
        }
        let variant = self.best.case.variant();
        let mut drawn = Drawn::of(&variant.scenario, &variant.deeds);
        play(&variant, self.memory, |event, place| {
            drawn.observe(event, place);
        });
        self.drawn = drawn;
    }

    fn try_out(&mut self, candidate: &Candidate) {
        self.runs += 1;
        let trial = Trial::of(&candidate.case, self.check, candidate.naming, self.memory);
        let is_alike = |found: &Violation| {
            // What only the end shows may be no more than that the end came early.
            !found.is_of_the_end || self.best.violation.is_of_the_end
        };
        let Some(violation) = trial.violation.filter(is_alike) else {
            self.round.refuse();
            return;
        };
        let case = trial.told(&candidate.case);
        self.round.accept(&case);
        self.best = Found { case, violation };
        // A document has no room for more.
        if self.best.case.deeds() <= MOST_DEEDS {
            self.sayable = self.best.clone();
        }
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        Progress {
            runs: self.runs,
            things: self.best.case.things.len(),
            nodes: self.best.case.calm.nodes.len(),
            stage: self.round.stage(),
        }
    }

    /// The smallest run so far. Once there is nothing left to try, it fails no more if any one thing more is
    /// taken away; unless a smaller one has more deeds than a document has room for.
    pub fn best(&self) -> Smallest {
        let Found { case, violation } = &self.sayable;
        let mut variant = case.variant();
        let end = SimTime::ZERO + variant.scenario.duration;
        variant.at = Some(violation.at.min(end));
        let mut left = Counting::of(&variant.scenario, violation.seen);
        play(&variant, self.memory, |event, place| {
            left.observe(event, place)
        });
        let left = left.faults();
        let check = &self.link.variant.scenario.checks[self.check];
        Smallest::of(&self.link, variant, check, self.runs, [&self.faults, &left])
    }
}

/// The place of the check of this name.
fn named(scenario: &Scenario, id: &str) -> Result<usize, Refused> {
    let mut checks = scenario.checks.iter();
    let found = checks.position(|check| check.id == id);
    found.ok_or_else(|| Refused::Unknown {
        check: id.to_owned(),
        known: scenario
            .checks
            .iter()
            .map(|check| check.id.clone())
            .collect(),
    })
}

/// The check that is violated first, if one is.
fn first_violated(scenario: &Scenario, deeds: &[Timed], memory: usize) -> Option<usize> {
    let judged = Play::new(scenario, deeds).within(memory).hunt(None);
    let violated = judged.iter().enumerate();
    let violated = violated.filter_map(|(check, judged)| Some((judged.violated_at()?, check)));
    violated.min().map(|(_, check)| check)
}

/// Plays a run to its end, and shows each event, with the place of a message that is sent or copied in it.
fn play(variant: &Variant, memory: usize, mut each: impl FnMut(&Event, Option<Place>)) {
    let mut numbering = Numbering::default();
    let play = Play::new(&variant.scenario, &variant.deeds).within(memory);
    play.to_end(None, |id, event| each(event, numbering.observe(id, event)));
}
