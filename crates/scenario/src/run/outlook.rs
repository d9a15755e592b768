//! What the whole run ahead will bring: as it is, and with each of its lab's switches flipped.

use super::forecast::{Ahead, Forecast, Outlook};
use super::play::Judged;
use super::watched::Run;
use crate::lab::outcomes::{self, Counted};

impl Run {
    /// Plays the run ahead by so many events: as it is at first, then with each of the lab's switches flipped. Returns
    /// whether all is known. The cursor stays where it is.
    pub fn look_ahead(&mut self, events: u32) -> bool {
        self.renew_outlook();
        let unknown = |forecast: &Forecast| forecast.judged.is_none();
        let forecasts = &mut self.outlook.forecasts;
        let Some(place) = forecasts.iter().position(unknown) else {
            return true;
        };
        let story = &self.lab.story;
        let begin = || {
            let scenario = self.scenario.clone();
            Box::new(Ahead::new(scenario, &self.deeds, &forecasts[place], story))
        };
        let ahead = self.outlook.going.get_or_insert_with(begin);
        if ahead.go_on(events) {
            ahead.course.end(ahead.end);
            let judged = Judged::all(&ahead.scenario, &ahead.course.watch, ahead.end);
            forecasts[place].judged = Some(judged);
            if place == 0 && !story.is_empty() {
                self.progress = ahead.progress(story);
            }
            self.outlook.going = None;
        }
        !self.outlook.forecasts.iter().any(unknown)
    }

    /// What is known of the whole run: as it is, and with each of the lab's switches flipped, in their order.
    pub fn outlook(&self) -> &[Forecast] {
        if self.outlook.of == Some(self.edits.count()) {
            &self.outlook.forecasts
        } else {
            &[]
        }
    }

    /// In how many seeds each check is violated with a forecast's defences on; nothing unless the run is its lab's but for
    /// its seed and its switches.
    pub fn counted(&self, forecast: &Forecast) -> Option<&'static Counted> {
        let mut own = self.lab.scenario.clone();
        own.seed = self.scenario.seed;
        own.defences.clone_from(&self.scenario.defences);
        let is_labs = self.deeds.is_empty() && own.to_value() == self.scenario.to_value();
        is_labs.then(|| outcomes::counted(&self.lab.id, &forecast.on))?
    }

    /// What the lab says of the defences that are on: why they help in this run, or why they do not. Nothing until the
    /// whole run is known.
    pub fn said_of_defences(&self) -> Option<&str> {
        let judged = self.outlook().first()?.judged.as_ref()?;
        let on = &self.scenario.defences;
        let flip = self.lab.flips.iter().find(|flip| flip.on == *on)?;
        let violated = |judged: &Judged| matches!(judged, Judged::Violated(_));
        let fails = match flip.check {
            Some(check) => judged.get(check).is_some_and(violated),
            None => judged.iter().any(violated),
        };
        let said = if fails { &flip.fails } else { &flip.helps };
        Some(said.as_str()).filter(|said| !said.is_empty())
    }

    fn renew_outlook(&mut self) {
        let count = self.edits.count();
        if self.outlook.of == Some(count) {
            return;
        }
        let on = &self.scenario.defences;
        let flipped = |id: &&'static str| {
            let mut on = on.clone();
            if !on.remove(*id) {
                on.insert(*id);
            }
            Forecast {
                flipped: Some(*id),
                on,
                judged: None,
            }
        };
        let as_is = Forecast {
            flipped: None,
            on: on.clone(),
            judged: None,
        };
        let switches = self.lab.switches.iter().map(flipped);
        self.outlook = Outlook {
            forecasts: std::iter::once(as_is).chain(switches).collect(),
            going: None,
            of: Some(count),
        };
    }
}
