//! How far a run has come in a story: steps are told when their moment has come.

use check::watch::Watch;
use sim::protocol::Vocabulary;
use sim::trace::Events;
use sim::{EventId, SimTime};

use super::verdict::seen_at;
use crate::lab::{Moment, Step};

/// A step's moment that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// When.
    pub at: SimTime,
    /// At which event, if at one.
    pub event: Option<EventId>,
}

/// How far a run has come in a story.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// How many events were looked at.
    seen: usize,
    /// How many events have matched each step, and which one counts.
    steps: Vec<(u32, Option<Reached>)>,
}

impl Progress {
    /// Looks at the events that have come since it last did.
    pub fn follow(
        &mut self,
        story: &[Step],
        events: Events<'_>,
        words: &Vocabulary,
        watch: &Watch,
    ) {
        self.steps.resize(story.len(), (0, None));
        for (step, (count, reached)) in story.iter().zip(&mut self.steps) {
            let Moment::When(pattern) = &step.moment else {
                continue;
            };
            if reached.is_some() {
                continue;
            }
            if let Some(check) = pattern.violates {
                *reached = violated(watch, check, events);
                continue;
            }
            for place in self.seen..events.len() {
                *count += u32::from(pattern.fits(events, place, words));
                if *count == pattern.nth {
                    *reached = Some(Reached {
                        at: events[place].time,
                        event: Some(EventId(place as u32)),
                    });
                    break;
                }
            }
        }
        self.seen = self.seen.max(events.len());
    }

    /// When each step's moment was, if it had come by `now`.
    pub fn reached(&self, story: &[Step], now: SimTime) -> Vec<Option<Reached>> {
        let known = |(step, place): (&Step, usize)| match step.moment {
            Moment::At(at) => Some(Reached { at, event: None }),
            Moment::When(_) => self.steps.get(place).and_then(|(_, reached)| *reached),
        };
        let steps = story.iter().zip(0..).map(known);
        steps
            .map(|reached| reached.filter(|reached| reached.at <= now))
            .collect()
    }
}

/// When the check at a place is seen to be violated, if it is.
fn violated(watch: &Watch, check: usize, events: Events<'_>) -> Option<Reached> {
    let finding = watch.checks().nth(check)?.finding()?;
    Some(Reached {
        at: seen_at(finding, events),
        event: Some(finding.event),
    })
}
