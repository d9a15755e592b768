//! The story of a run's lab, as it is told at the cursor.

use sim::SimTime;

use super::forecast::Forecast;
use super::progress::{Coming, Reached};
use super::watched::{Run, steps};
use crate::lab::{Moment, PointsAt, Step, Told};

impl Run {
    /// The lab's story: each step that is about the defences that are on, and what is known of its moment.
    pub fn story(&self) -> impl Iterator<Item = (&Step, Coming)> {
        self.story_at(self.now())
    }

    fn story_at(&self, now: SimTime) -> impl Iterator<Item = (&Step, Coming)> {
        let known = self.progress.known(now, self.timeline.end());
        let story = steps(&self.lab, self.tried).iter().zip(known);
        story.filter(|(step, _)| step.is_about(self.told()))
    }

    /// What decides which steps of the story are told.
    fn told(&self) -> Told<'_> {
        Told {
            on: &self.scenario.defences,
            done: &self.deeds,
            other_since: self.other_since,
        }
    }

    /// What is known of the moment of a step, by its place among [`Run::story`], now and to come.
    pub fn moment_of_step(&self, place: usize) -> Coming {
        let mut told = self.story_at(SimTime::NEVER);
        told.nth(place).map_or(Coming::Never, |(_, coming)| coming)
    }

    /// What a step tells, given what is known of its moment.
    pub fn text_of<'s>(&self, step: &'s Step, coming: Coming) -> &'s str {
        match coming {
            Coming::Known(Reached {
                event: Some(event), ..
            }) if event.index() < self.timeline.events().len() => {
                let words = self.timeline.machine().vocabulary();
                step.text_of(self.timeline.events(), event.index(), words)
            }
            Coming::Never if !step.instead.is_empty() => &step.instead,
            Coming::Known(_) | Coming::Open | Coming::Never => &step.text,
        }
    }

    /// When a step tells what happens instead, by its place among [`Run::story`]: at the moment at which its check is violated
    /// as soon as a switch is flipped, between the steps before and after it. Nothing unless that is known.
    pub fn instead_at(&self, place: usize) -> Option<SimTime> {
        let (step, Coming::Never) = self.story_at(SimTime::NEVER).nth(place)? else {
            return None;
        };
        let Moment::When(pattern) = &step.moment else {
            return None;
        };
        let check = pattern.violates.filter(|_| !step.instead.is_empty())?;
        let flipped = self.outlook().iter().skip(1);
        let broken = flipped.filter_map(|forecast: &Forecast| forecast.seen_at(check));
        let broken = broken.min()?;
        let known = |(_, coming): (&Step, Coming)| match coming {
            Coming::Known(reached) => Some(reached.at),
            Coming::Open | Coming::Never => None,
        };
        let before = self.story_at(SimTime::NEVER).take(place).filter_map(known);
        let mut after = self
            .story_at(SimTime::NEVER)
            .skip(place + 1)
            .filter_map(known);
        let at = broken.max(before.max().unwrap_or_default());
        Some(after.next().map_or(at, |after| at.min(after)))
    }

    /// The node that a step points at.
    pub fn node_of(&self, step: &Step) -> Option<sim::NodeId> {
        match (step.points_at?, &step.moment) {
            (PointsAt::Node(node), _) => Some(node),
            (PointsAt::Accused, Moment::When(pattern)) => {
                let check = self.watch().checks().nth(pattern.violates?)?;
                let events = self.timeline.events();
                let time = |id: sim::EventId| Some(events.get(id.index())?.time);
                let accused = check.finding()?.accused(check.finds_a_case(), time)?;
                events.get(accused.index()).map(|event| event.node)
            }
            (PointsAt::Accused | PointsAt::Message, _) => None,
        }
    }
}
