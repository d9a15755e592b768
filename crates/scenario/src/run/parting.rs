//! Where two runs part: the first moment at which something else happens in one of them than in the other. Both are played from the
//! beginning, a piece at a time, whatever moment they are watched at.

use std::collections::VecDeque;

use sim::SimTime;
use sim::trace::{Event, Trace};

use super::Run;
use super::play::Course;

/// The search for where two runs part.
pub struct Parting {
    runs: [Ahead; 2],
    found: Option<Option<SimTime>>,
}

/// One of them, and what of it the other has not come to yet.
struct Ahead {
    course: Course,
    end: SimTime,
    events: VecDeque<Event>,
    is_over: bool,
}

impl Parting {
    /// Begins to look for where two runs part.
    pub fn of(one: &Run, other: &Run) -> Parting {
        Parting {
            runs: [Ahead::of(one), Ahead::of(other)],
            found: None,
        }
    }

    /// Plays both on by about so many events. Returns whether it is known where they part.
    pub fn go_on(&mut self, events: u32) -> bool {
        while self.found.is_none() {
            let [one, other] = &mut self.runs;
            one.play(events as usize);
            other.play(events as usize);
            self.compare();
            if self.runs.iter().any(|run| !run.is_over) {
                break;
            }
        }
        self.found.is_some()
    }

    /// When they part; nothing as long as that is not known, or if they never do.
    pub fn at(&self) -> Option<SimTime> {
        self.found.flatten()
    }

    fn compare(&mut self) {
        let [one, other] = &mut self.runs;
        while let (Some(here), Some(there)) = (one.events.front(), other.events.front()) {
            if here != there {
                self.found = Some(Some(here.time.min(there.time)));
                return;
            }
            one.events.pop_front();
            other.events.pop_front();
        }
        self.found = match (one.next(), other.next()) {
            (Next::Unknown, _) | (_, Next::Unknown) => return,
            (Next::Event(at), _) | (_, Next::Event(at)) => Some(Some(at)),
            (Next::Over, Next::Over) => Some(None),
        };
    }
}

/// What comes next of a run.
enum Next {
    Event(SimTime),
    Over,
    Unknown,
}

impl Ahead {
    fn of(run: &Run) -> Ahead {
        let scenario = run.scenario();
        let memory = run.timeline().memory();
        Ahead {
            course: Course::new(scenario, &run.deeds, Trace::latest_step(), memory),
            end: SimTime::ZERO + scenario.duration,
            events: VecDeque::new(),
            is_over: false,
        }
    }

    /// Plays on until so many events wait to be compared, or to the end.
    fn play(&mut self, events: usize) {
        let Ahead {
            course,
            end,
            events: waiting,
            is_over,
        } = self;
        while !*is_over && waiting.len() < events {
            *is_over = !course.turn(*end, &mut |_, event| waiting.push_back(*event));
        }
    }

    fn next(&self) -> Next {
        match self.events.front() {
            Some(event) => Next::Event(event.time),
            None if self.is_over => Next::Over,
            None => Next::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parting(one: &str, other: &str) -> Option<SimTime> {
        let [(one, _), (other, _)] = [one, other].map(Run::open);
        let mut parting = Parting::of(&one, &other);
        while !parting.go_on(100) {}
        parting.at()
    }

    /// The first event that is another one, found in two whole traces.
    fn first_difference(one: &str, other: &str) -> Option<SimTime> {
        let [mut one, mut other] = [one, other].map(|link| Run::open(link).0);
        one.seek(SimTime::NEVER);
        other.seek(SimTime::NEVER);
        let (here, there) = (one.timeline().events(), other.timeline().events());
        let pairs = here.iter().zip(there.iter());
        let mut different = pairs.filter(|(here, there)| here != there);
        different
            .next()
            .map(|(here, there)| here.time.min(there.time))
    }

    #[test]
    fn two_runs_part_at_the_first_event_that_is_another_one() {
        for (one, other) in [
            ("#/double-charge", "#/double-charge?on=idempotency-key"),
            ("#/lease-and-pause", "#/lease-and-pause?on=fencing-token"),
            ("#/double-charge", "#/double-charge?do=crash:bank@3s"),
        ] {
            let at = parting(one, other);
            assert!(at.is_some(), "{one} and {other}");
            assert_eq!(at, first_difference(one, other), "{one} and {other}");
        }
    }

    #[test]
    fn a_run_and_itself_never_part() {
        assert_eq!(parting("#/double-charge", "#/double-charge"), None);
    }
}
