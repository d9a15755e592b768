//! What the whole run ahead will bring: as it is, and with each of its lab's switches flipped.

use sim::SimTime;
use sim::sorted::Set;
use sim::trace::Trace;

use super::Run;
use super::play::{Course, Judged};
use super::progress::{Past, Progress};
use crate::deed::Timed;
use crate::document::Scenario;
use crate::lab::Step;
use crate::lab::outcomes::{self, Counted};

/// A run that is played ahead, a piece at a time.
struct Ahead {
    scenario: Scenario,
    course: Course,
    end: SimTime,
}

/// What a run's whole future is known to bring.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// The switch that is flipped; none in the run as it is.
    pub flipped: Option<&'static str>,
    /// The defences that are on.
    pub on: Set<&'static str>,
    /// What each check says of the whole run, in the order of the scenario; nothing until it is known.
    pub judged: Option<Vec<Judged>>,
}

/// What is known of the run ahead, and what is being found out.
#[derive(Default)]
pub(super) struct Outlook {
    forecasts: Vec<Forecast>,
    going: Option<Box<Ahead>>,
    /// How often anything had changed when it began.
    of: Option<u64>,
}

impl Ahead {
    fn new(mut scenario: Scenario, deeds: &[Timed], forecast: &Forecast, story: &[Step]) -> Ahead {
        scenario.defences.clone_from(&forecast.on);
        // Only the run as it is tells a story, and that takes all its events.
        let tells = forecast.flipped.is_none() && !story.is_empty();
        let trace = if tells {
            Trace::full()
        } else {
            Trace::latest_step()
        };
        Ahead {
            end: SimTime::ZERO + scenario.duration,
            course: Course::new(&scenario, deeds, trace),
            scenario,
        }
    }

    /// Goes on by so many events. Returns whether it has come to its end.
    fn go_on(&mut self, events: u32) -> bool {
        let happened = |course: &Course| course.machine.kernel().events();
        let goal = happened(&self.course).saturating_add(events);
        while happened(&self.course) < goal {
            if !self.course.turn(self.end, &mut |_, _| {}) {
                return true;
            }
        }
        false
    }

    /// When the story's steps have their moments, in all of the run.
    fn progress(&self, story: &[Step]) -> Progress {
        let mut progress = Progress::default();
        let past = Past {
            events: self.course.trace.events(),
            words: self.course.machine.vocabulary(),
            watch: &self.course.watch,
            on: &self.scenario.defences,
            now: self.end,
            is_over: true,
        };
        progress.follow(story, &past);
        progress
    }
}

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
