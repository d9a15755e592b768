//! A run played ahead to its end, and what that is known to bring.

use sim::sorted::Set;
use sim::trace::{Event, Trace};
use sim::{Observer, SimTime, WORK_PER_TURN};

use super::play::{Course, Judged};
use super::progress::{Past, Progress};
use crate::deed::Timed;
use crate::lab::outcomes::Counted;
use crate::lab::{Step, Told};
use crate::model::Scenario;

/// What is done to a run, and from when on its weather is not its lab's own, if it ever is not.
type Weather<'r> = (&'r [Timed], Option<SimTime>);

/// A run that is played ahead, a piece at a time.
pub(super) struct Ahead {
    /// What it is built from, with the switch flipped.
    pub scenario: Scenario,
    /// How far it has come.
    pub course: Course,
    /// Where it ends.
    pub end: SimTime,
    /// How many events it may keep, to tell the story from them.
    most_kept: u32,
    /// How far it has come in the story, if it is to tell that and has kept its events.
    pub tells: Option<Progress>,
    /// Whether it is at its end, and its checks know.
    is_over: bool,
    /// When the violation of each check was seen, if it was.
    pub seen: Vec<Option<SimTime>>,
}

/// How many events the story's moments are sought among, for each event that is played: each step begins anew.
const READ_PER_EVENT: usize = 32;

/// What a run that is played ahead may keep of its events: one part in so many of the memory that the run may take.
const SHARE_KEPT: usize = 8;

/// What a run's whole future is known to bring.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// The switch that is flipped; none in the run as it is.
    pub flipped: Option<&'static str>,
    /// The defences that are on.
    pub on: Set<&'static str>,
    /// What each check says of the whole run, in the order of the scenario; nothing until it is known.
    pub judged: Option<Vec<Judged>>,
    /// When the violation of each check is seen, if it is: see [`super::ExplainedVerdict::seen_at`].
    pub seen: Vec<Option<SimTime>>,
    /// In how many seeds each check is violated with these defences; nothing unless the run is a carried lab's own but for
    /// its seed and its switches.
    pub counted: Option<&'static Counted>,
}

/// What is known of the run ahead, and what is being found out.
#[derive(Default)]
pub(super) struct Outlook {
    /// The run as it is, then one per switch, in the order of the lab.
    pub forecasts: Vec<Forecast>,
    /// The forecast that is being found out, if one is.
    pub going: Option<Box<Ahead>>,
    /// How often anything had changed when it began.
    pub of: Option<u64>,
}

impl Forecast {
    /// When the violation of the check at a place is seen, if it is known to be.
    pub fn seen_at(&self, check: usize) -> Option<SimTime> {
        self.seen.get(check).copied().flatten()
    }
}

impl Outlook {
    /// What is being found out stays undecided: there is no memory left for it.
    pub fn give_up(&mut self, checks: usize) {
        self.going = None;
        let mut unknown = self.forecasts.iter_mut().filter(|one| one.judged.is_none());
        if let Some(forecast) = unknown.next() {
            forecast.judged = Some(vec![Judged::Undecided; checks]);
        }
    }
}

impl Ahead {
    /// A run at its beginning, with the defences of `forecast`, which may take `memory`. It keeps its events only if it is to
    /// tell the story, and only as long as they are not too many for that.
    pub fn new(
        mut scenario: Scenario,
        deeds: &[Timed],
        forecast: &Forecast,
        story: &[Step],
        memory: usize,
    ) -> Ahead {
        scenario.defences.clone_from(&forecast.on);
        // Only the run as it is tells a story, and that takes all its events.
        let tells = forecast.flipped.is_none() && !story.is_empty();
        let trace = if tells {
            Trace::full()
        } else {
            Trace::latest_step()
        };
        Ahead {
            seen: vec![None; scenario.checks.len()],
            end: SimTime::ZERO + scenario.duration,
            course: Course::new(&scenario, deeds, trace, memory),
            scenario,
            tells: tells.then(Progress::default),
            is_over: false,
            most_kept: u32::try_from(memory / SHARE_KEPT / size_of::<Event>()).unwrap_or(u32::MAX),
        }
    }

    /// Goes on by about `events` events, and looks for the story's moments among them. Returns whether it has come to its
    /// end, and all moments are known.
    pub fn go_on(&mut self, events: u32, story: &[Step], (done, other_since): Weather<'_>) -> bool {
        if self.happened() > self.most_kept {
            self.forget();
        }
        self.is_over = self.is_over || self.play(events);
        let most = (events as usize).saturating_mul(READ_PER_EVENT);
        let is_told = self.follow(story, (done, other_since), most);
        self.is_over && is_told
    }

    /// Takes turns until so many more events have happened, or until its checks have worked for as many. Returns whether
    /// that is its end.
    fn play(&mut self, events: u32) -> bool {
        let goal = self.happened().saturating_add(events);
        let work = self.course.watch.work();
        let most_work = u64::from(events).saturating_mul(WORK_PER_TURN);
        while self.happened() < goal && self.course.watch.work().abs_diff(work) <= most_work {
            if !self.course.turn(self.end, &mut |_, _| {}) {
                self.course.end(self.end);
                self.note_seen(self.end);
                return true;
            }
            self.note_seen(self.course.machine.kernel().now());
        }
        false
    }

    fn note_seen(&mut self, now: SimTime) {
        for (check, seen) in self.course.watch.checks().zip(&mut self.seen) {
            if seen.is_none() && check.finding().is_some() {
                *seen = Some(now);
            }
        }
    }

    fn happened(&self) -> u32 {
        self.course.machine.kernel().events()
    }

    /// Keeps no more events, and tells no story.
    pub fn forget(&mut self) {
        self.course.trace = Trace::latest_step();
        self.tells = None;
    }

    /// Looks for the story's moments. Returns whether all are known.
    fn follow(&mut self, story: &[Step], (done, other_since): Weather<'_>, most: usize) -> bool {
        let Some(progress) = &mut self.tells else {
            return true;
        };
        let past = Past {
            events: self.course.trace.events(),
            words: self.course.machine.vocabulary(),
            watch: &self.course.watch,
            told: Told {
                on: &self.scenario.defences,
                done,
                other_since,
            },
            now: if self.is_over {
                self.end
            } else {
                self.course.machine.kernel().now()
            },
            is_over: self.is_over,
        };
        progress.follow(story, &past, most);
        !progress.is_behind()
    }
}
