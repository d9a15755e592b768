//! How far a run has come in a story: steps are told when their moment has come.

use check::watch::Watch;
use sim::protocol::Vocabulary;
use sim::trace::Events;
use sim::{EventId, SimTime};

use super::verdict::seen_at;
use crate::lab::{Moment, Pattern, Step, Told};

/// A step's moment that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// When.
    pub at: SimTime,
    /// At which event, if at one.
    pub event: Option<EventId>,
}

/// What is known of a step's moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coming {
    /// It may still come.
    Open,
    /// It is known.
    Known(Reached),
    /// It does not come in this run.
    Never,
}

/// As much of a run as is known.
pub(super) struct Past<'r> {
    /// All events from the first one.
    pub events: Events<'r>,
    /// Its protocol's words.
    pub words: &'r Vocabulary,
    /// Its checks.
    pub watch: &'r Watch,
    /// What decides which steps are told.
    pub told: Told<'r>,
    /// The moment up to which it is known.
    pub now: SimTime,
    /// Whether that is its end.
    pub is_over: bool,
}

/// How far a run has come in a story. Each moment is sought from the moment of the step before on, so that the story
/// never goes back in time. A step waits for the one before it, until that is certain not to come.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    steps: Vec<Coming>,
    /// The step whose moment is sought.
    next: usize,
    /// Whether there are events that it has not looked at yet.
    is_behind: bool,
    /// How many events were looked at for it, and how many of them fit.
    seen: usize,
    fits: u32,
    /// The moment of the step before, and the first event after it.
    at: SimTime,
    place: usize,
}

impl Progress {
    /// Looks at what has come since it last did: at no more than `most` events.
    pub fn follow(&mut self, story: &[Step], past: &Past<'_>, most: usize) {
        self.is_behind = false;
        let mut left = most;
        self.steps.resize(story.len(), Coming::Open);
        while let Some(step) = story.get(self.next) {
            if step.is_about(past.told) {
                let coming = self.seek(step, &story[self.next + 1..], past, &mut left);
                self.steps[self.next] = coming;
                match coming {
                    Coming::Open => return,
                    Coming::Known(reached) => self.at = reached.at,
                    Coming::Never => {}
                }
            }
            self.next += 1;
            self.seen = 0;
            self.fits = 0;
        }
    }

    /// Whether there are events that it has not looked at yet.
    pub fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// What is known of each step's moment at `now`, in a run that ends at `end`.
    pub fn known(&self, now: SimTime, end: SimTime) -> impl Iterator<Item = Coming> {
        let known = self.steps.iter().copied();
        known.map(move |coming| match coming {
            Coming::Known(reached) if reached.at > end => Coming::Never,
            Coming::Known(reached) if reached.at > now => Coming::Open,
            coming => coming,
        })
    }

    fn seek(&mut self, step: &Step, later: &[Step], past: &Past<'_>, left: &mut usize) -> Coming {
        let known = |reached: Reached| {
            let at = reached.at.max(self.at);
            Coming::Known(Reached { at, ..reached })
        };
        match &step.moment {
            // It was before the step before.
            Moment::At(at) if *at < self.at && !step.instead.is_empty() => Coming::Never,
            Moment::At(at) => known(Reached {
                at: *at,
                event: None,
            }),
            Moment::When(Pattern {
                violates: Some(check),
                ..
            }) => match violated(past, *check) {
                Some(reached) => known(reached),
                None if past.is_over => Coming::Never,
                None => Coming::Open,
            },
            Moment::When(pattern) => self.search(pattern, deadline(later, past), past, left),
        }
    }

    /// The first event that fits, up to the moment that a later step is bound to.
    fn search(
        &mut self,
        pattern: &Pattern,
        until: Option<SimTime>,
        past: &Past<'_>,
        left: &mut usize,
    ) -> Coming {
        let known = past.events.len();
        let last = self.seen.saturating_add(*left).min(known);
        *left = left.saturating_sub(last.saturating_sub(self.seen));
        for place in self.seen..last {
            let at = past.events[place].time;
            if until.is_some_and(|until| at > until) {
                return Coming::Never;
            }
            let is_one = pattern.fits(past.events, place, past.words);
            self.fits += u32::from(is_one);
            if is_one && self.fits >= pattern.nth && at >= self.at && place >= self.place {
                self.place = place + 1;
                let event = Some(EventId(place as u32));
                return Coming::Known(Reached { at, event });
            }
        }
        self.seen = self.seen.max(last);
        if last < known {
            self.is_behind = true;
            return Coming::Open;
        }
        if past.is_over || until.is_some() {
            Coming::Never
        } else {
            Coming::Open
        }
    }
}

/// The moment of the first of these steps that has come whatever was before: a time, or a violation.
fn deadline(later: &[Step], past: &Past<'_>) -> Option<SimTime> {
    let bound = |step: &Step| match &step.moment {
        Moment::At(at) => Some(*at).filter(|at| *at <= past.now),
        Moment::When(pattern) => violated(past, pattern.violates?).map(|reached| reached.at),
    };
    let told = later.iter().filter(|step| step.is_about(past.told));
    told.filter_map(bound).min()
}

/// When the check at a place is seen to be violated, if it is.
fn violated(past: &Past<'_>, check: usize) -> Option<Reached> {
    let finding = past.watch.checks().nth(check)?.finding()?;
    Some(Reached {
        at: seen_at(finding, past.events, past.now),
        event: Some(finding.event),
    })
}
