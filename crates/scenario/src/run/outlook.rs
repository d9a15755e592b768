//! What the whole run ahead will bring: as it is, and with each of its switches flipped.

use super::forecast::{Ahead, Forecast, Outlook};
use super::play::Judged;
use super::watched::{Run, steps};
use crate::lab::{self, outcomes};
use crate::model::Scenario;
use crate::variant::Variant;
use sim::SimTime;
use std::cmp::Reverse;

impl Run {
    /// Plays the run ahead by so many events: as it is at first, then with each of its switches flipped. Returns
    /// whether all is known. The cursor stays where it is.
    pub fn look_ahead(&mut self, events: u32) -> bool {
        self.renew_outlook();
        let unknown = |forecast: &Forecast| forecast.judged.is_none();
        let forecasts = &mut self.outlook.forecasts;
        let Some(place) = forecasts.iter().position(unknown) else {
            return true;
        };
        let story = steps(&self.lab, self.tried);
        let begin = || {
            let scenario = self.scenario.clone();
            let memory = self.timeline.memory();
            let forecast = &forecasts[place];
            Box::new(Ahead::new(scenario, &self.deeds, forecast, story, memory))
        };
        let ahead = self.outlook.going.get_or_insert_with(begin);
        if ahead.go_on(events, story, (&self.deeds, self.other_since)) {
            let judged = Judged::all(&ahead.scenario, &ahead.course, ahead.end);
            forecasts[place].judged = Some(judged);
            forecasts[place].seen = std::mem::take(&mut ahead.seen);
            if let Some(progress) = ahead.tells.take() {
                self.progress = progress;
            }
            self.outlook.going = None;
        }
        self.make_room();
        !self.outlook.forecasts.iter().any(unknown)
    }

    /// The switches that it is shown with: its lab's own, and before them each defence that only its link, or the thing to
    /// try that it is, switched off. The latter stay as they are switched on again.
    pub fn switches(&self) -> Vec<&'static str> {
        let lab = &self.lab;
        let set_up = self.tried.and_then(|place| lab.set_up().nth(place));
        let tried = set_up.map(|(link, _)| {
            let mut variant = Variant::of(lab.scenario.clone());
            variant.apply(link);
            variant.scenario.defences
        });
        let is_off = |id: &str| {
            let mut of = std::iter::once(&self.scenario.defences).chain(&tried);
            of.any(|on| !on.contains(id))
        };
        let all = self.scenario.defences().map(|known| known.spec.id);
        let is_beside =
            |id: &&str| !lab.switches.contains(id) && lab.scenario.defences.contains(id);
        let beside = all.filter(|id| is_beside(id) && is_off(id));
        beside.chain(lab.switches.iter().copied()).collect()
    }

    /// What is known of the whole run: as it is, and with each of its switches flipped, in their order.
    pub fn outlook(&self) -> &[Forecast] {
        if self.outlook.of == Some(self.edits.count()) {
            &self.outlook.forecasts
        } else {
            &[]
        }
    }

    /// What the lab says of the defences that are on: why they help in this run, or why they do not. Nothing until the
    /// whole run is known, if nothing is decided in it, or where the run is about other defences than the lab's own.
    pub fn said_of_defences(&self) -> Option<&str> {
        let judged = self.outlook().first()?.judged.as_ref()?;
        if self.switches().len() > self.lab.switches.len() {
            return None;
        }
        let on = &self.scenario.defences;
        let flip = self.lab.flips.iter().find(|flip| flip.on == *on)?;
        let mut about = judged.iter();
        if let Some(check) = flip.check {
            about = judged.get(check..=check)?.iter();
        }
        let said = if about.clone().any(|one| matches!(one, Judged::Violated(_))) {
            &flip.fails
        } else if about.any(|one| *one == Judged::Holds) {
            &flip.helps
        } else {
            return None;
        };
        Some(said.as_str()).filter(|said| !said.is_empty())
    }

    fn renew_outlook(&mut self) {
        let count = self.edits.count();
        if self.outlook.of == Some(count) {
            return;
        }
        let is_counted = self.is_of_a_carried_lab();
        let forecast = |flipped: Option<&'static str>| {
            let mut on = self.scenario.defences.clone();
            if let Some(id) = flipped
                && !on.remove(id)
            {
                on.insert(id);
            }
            let counted = is_counted.then(|| outcomes::counted(&self.lab.id, &on));
            Forecast {
                flipped,
                on,
                judged: None,
                seen: Vec::new(),
                counted: counted.flatten(),
            }
        };
        let switches = self.switches().into_iter().map(Some);
        let all = std::iter::once(None).chain(switches);
        self.outlook = Outlook {
            forecasts: all.map(forecast).collect(),
            going: None,
            of: Some(count),
        };
    }

    /// Whether it is a carried lab's own run but for its seed and its switches. A document of somebody's own may have the
    /// name of a carried lab.
    fn is_of_a_carried_lab(&self) -> bool {
        let Some(carried) = lab::find(&self.lab.id) else {
            return false;
        };
        self.deeds.is_empty() && self.is_but_for_seed_and_switches(&carried.scenario)
    }

    /// Whether it is built from this scenario, but for its seed and its switches.
    fn is_but_for_seed_and_switches(&self, other: &Scenario) -> bool {
        let mut own = other.clone();
        own.seed = self.scenario.seed;
        own.defences.clone_from(&self.scenario.defences);
        own.to_value() == self.scenario.to_value()
    }

    /// Finds out which story is told of it, and from when on the weather is not that of the story.
    pub(super) fn find_story(&mut self) {
        self.tried = self.find_tried();
        self.other_since = match self.tried {
            Some(_) => None,
            None => self.find_other_weather(),
        };
    }

    /// Which of what the lab sets up it is but for its seed and its switches, of what has a story: rather the one with the
    /// same switches.
    fn find_tried(&self) -> Option<usize> {
        let is_this = |link: &str| {
            let mut variant = Variant::of(self.lab.scenario.clone());
            variant.apply(link);
            let is_this =
                variant.deeds == self.deeds && self.is_but_for_seed_and_switches(&variant.scenario);
            is_this.then(|| variant.scenario.defences == self.scenario.defences)
        };
        let told = self.lab.set_up().enumerate();
        let told = told.filter(|(_, (_, story))| !story.is_empty());
        let fitting = told.filter_map(|(place, (link, _))| Some((is_this(link)?, Reverse(place))));
        fitting.max().map(|(_, Reverse(place))| place)
    }

    /// From when on the weather is not its lab's own, if it ever is not.
    fn find_other_weather(&self) -> Option<SimTime> {
        if self.is_but_for_seed_and_switches(&self.lab.scenario) {
            self.deeds.iter().map(|timed| timed.at).min()
        } else {
            Some(SimTime::ZERO)
        }
    }
}
