//! The cursor: where in its past a run is, and how it goes elsewhere.

use super::bounds::Bounds;
use super::branch::Branches;
use super::keyframe::{Keyframes, Moment};
use super::observer::Observer;
use crate::action::Intervention;
use crate::collections::sorting::sort_by_key;
use crate::id::EventId;
use crate::time::{SimDuration, SimTime};
use crate::trace::{Digest, Event, EventKind, Events, Trace};
use crate::world::Machine;

/// A run with its past, with the futures that were tried, and with what watches it.
pub struct Timeline<O = ()> {
    bounds: Bounds,
    pub(super) present: Moment<O>,
    pub(super) trace: Trace,
    pub(super) keyframes: Keyframes<O>,
    pub(super) branches: Branches,
}

impl<O: Observer> Timeline<O> {
    /// A run at its beginning, with what will be done to it. The script may be in any order; at equal times the order
    /// given counts.
    pub fn new(
        machine: Box<dyn Machine>,
        observer: O,
        mut script: Vec<Intervention>,
        bounds: Bounds,
    ) -> Timeline<O> {
        sort_by_key(&mut script, |intervention| intervention.at);
        let present = Moment {
            machine,
            observer,
            applied: 0,
        };
        Timeline {
            bounds: Bounds {
                end: bounds.end.min(SimTime::LATEST),
                ..bounds
            },
            keyframes: Keyframes::new(present.clone(), &bounds),
            present,
            trace: Trace::full(),
            branches: Branches::new(script),
        }
    }

    /// The true time at the cursor.
    pub fn now(&self) -> SimTime {
        self.present.now()
    }

    /// When the run ends: as its bounds say, or where it is known to reach its bound of events.
    pub fn end(&self) -> SimTime {
        match self.trace.events().last() {
            Some(last) if self.trace.events().len() >= self.bounds.events as usize => last.time,
            _ => self.bounds.end,
        }
    }

    /// Whether the run has reached its bound of events, and so stops before its end.
    pub fn is_out_of_events(&self) -> bool {
        self.present.events() >= self.bounds.events
    }

    /// The run at the cursor.
    pub fn machine(&self) -> &dyn Machine {
        &*self.present.machine
    }

    /// What watches the run, at the cursor.
    pub fn observer(&self) -> &O {
        &self.present.observer
    }

    /// All events up to the cursor.
    pub fn events(&self) -> Events<'_> {
        self.trace.events().take(self.present.events() as usize)
    }

    /// All events that are known on this branch, those beyond the cursor too.
    pub fn known_events(&self) -> Events<'_> {
        self.trace.events()
    }

    /// The digest of all events up to the cursor.
    pub fn digest(&self) -> Digest {
        self.machine().kernel().digest()
    }

    /// Bytes that the trace and the keyframes take, roughly.
    pub fn bytes(&self) -> usize {
        self.trace.bytes() + self.keyframes.bytes()
    }

    /// Goes to a moment, after all that happens at it; to the end if it lies beyond.
    pub fn seek(&mut self, time: SimTime) {
        let time = time.min(self.bounds.end);
        self.approach(|moment| moment.now() <= time);
        self.advance_to(time);
    }

    /// Plays for `elapsed` of the watcher's time at `rate` times the speed; a negative rate plays backwards, and one
    /// that is not a number stands still.
    pub fn play(&mut self, elapsed: SimDuration, rate: f64) {
        let shift = SimDuration::from_nanos_f64(elapsed.as_nanos() as f64 * rate.abs());
        let time = if rate < 0.0 {
            self.now() - shift
        } else {
            self.now() + shift
        };
        self.seek(time);
    }

    /// Goes on to the next event; to the end if there is none. Returns whether there was one. What a node does while it
    /// handles one thing is one step, however many events it has.
    pub fn step(&mut self) -> bool {
        let before = self.present.events();
        while self.present.events() == before {
            if !self.turn(self.bounds.end) {
                self.settle(self.bounds.end);
                return false;
            }
        }
        true
    }

    /// Goes back to before the latest event. Returns whether there was one.
    pub fn step_back(&mut self) -> bool {
        let Some(before) = self.start_of_latest_turn() else {
            self.go_to_event(0);
            return false;
        };
        self.go_to_event(before);
        true
    }

    /// Goes to the first moment at which `count` events have happened; to the last event if there are fewer.
    pub fn go_to_event(&mut self, count: u32) {
        // A later moment may have as many events: what has none may have happened since.
        self.approach(|moment| moment.events() < count);
        while self.present.events() < count && self.turn(self.bounds.end) {}
    }

    /// Goes on to the next interesting moment; to the end if there is none. Returns whether there was one.
    pub fn next_interesting(&mut self) -> bool {
        loop {
            let before = self.present.events();
            let violations = self.observer().violations().len();
            if !self.step() {
                return false;
            }
            let fresh = self.events().skip(before as usize);
            let is_interesting = fresh.iter().any(|event| self.is_interesting(event));
            if is_interesting || self.observer().violations().len() > violations {
                return true;
            }
        }
    }

    /// Goes back to the latest interesting moment before this one; to the beginning if there is none. Returns whether
    /// there was one.
    pub fn previous_interesting(&mut self) -> bool {
        let violations = self.observer().violations();
        let latest = self.events().last();
        let is_past_latest = latest.is_some_and(|latest| latest.time < self.now());
        let limit = if is_past_latest {
            self.present.events()
        } else {
            self.start_of_latest_turn().unwrap_or(0)
        };
        let is_interesting = |id: &u32| {
            self.is_interesting(&self.trace.events()[*id as usize])
                || violations.contains(&EventId(*id))
        };
        let found = (0..limit).rev().find(is_interesting);
        self.go_to_event(found.map_or(0, |id| id + 1));
        found.is_some()
    }

    /// How many events had happened before the turn of the latest one; nothing if none has. Leaves the cursor at that
    /// turn's end.
    fn start_of_latest_turn(&mut self) -> Option<u32> {
        let here = self.present.events();
        if here == 0 {
            return None;
        }
        self.restore(|moment| moment.events() < here);
        let mut before = self.present.events();
        while self.present.events() < here {
            before = self.present.events();
            if !self.turn(self.bounds.end) {
                break;
            }
        }
        Some(before)
    }

    fn is_interesting(&self, event: &Event) -> bool {
        let timers = self.machine().vocabulary().timers;
        let is_timeout = || {
            timers
                .get(event.code as usize)
                .is_some_and(|timer| timer.is_timeout)
        };
        event.is_interesting() || event.kind == EventKind::TimerFired && is_timeout()
    }

    /// Does everything that is due up to `time`, and what is to be done by then.
    pub(super) fn advance_to(&mut self, time: SimTime) {
        while self.turn(time) {}
        self.settle(time);
    }

    /// Does the next thing, if it is due by `until`: events first, then what is to be done at their time.
    fn turn(&mut self, until: SimTime) -> bool {
        if self.is_out_of_events() {
            return false;
        }
        let script = &self.branches.current().script;
        let present = &mut self.present;
        let due = present.machine.kernel().next_due();
        let due = due.filter(|due| *due <= until);
        let planned = script.get(present.applied).filter(|next| next.at <= until);
        let first = present.events();
        match (due, planned) {
            (None, None) => return false,
            (Some(due), planned) if planned.is_none_or(|planned| due <= planned.at) => {
                present.machine.step(&mut self.trace);
            }
            (_, Some(planned)) => {
                present.machine.set_now(planned.at);
                present.machine.apply(&planned.action, &mut self.trace);
                present.applied += 1;
            }
            (Some(_), None) => unreachable!("an event that is due comes before nothing planned"),
        }
        let count = (present.events() - first) as usize;
        for (id, event) in self.trace.since(EventId(first)).take(count) {
            present.observer.observe(id, event);
        }
        self.keyframes.offer(&self.present);
        self.extend_frontier();
        true
    }

    fn settle(&mut self, time: SimTime) {
        if !self.is_out_of_events() {
            self.present.machine.set_now(time);
        }
        self.extend_frontier();
    }

    fn extend_frontier(&mut self) {
        let now = self.now();
        let frontier = &mut self.branches.current_mut().frontier;
        *frontier = now.max(*frontier);
    }

    /// Goes to the last keyframe that is early enough, ahead or behind, unless the cursor is nearer.
    fn approach(&mut self, is_early_enough: impl Fn(&Moment<O>) -> bool) {
        let keyframe = self.keyframes.last(&is_early_enough);
        if !is_early_enough(&self.present) || self.present.events() < keyframe.events() {
            self.present = keyframe.clone();
        }
    }

    /// Goes back to the last keyframe that is early enough; the beginning always is.
    pub(super) fn restore(&mut self, is_early_enough: impl Fn(&Moment<O>) -> bool) {
        self.present = self.keyframes.last(is_early_enough).clone();
    }
}
