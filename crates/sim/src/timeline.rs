//! Time travel: a run that can be played, stepped, sought and forked.
//!
//! A timeline holds the run at a cursor, the trace of all that was ever simulated on this branch, and keyframes: copies
//! of the run at earlier moments. Going back is restoring the nearest keyframe and replaying from there, which yields
//! the same events, because a run is a pure function of its setup and of what is done to it.

use crate::action::{Action, Intervention};
use crate::id::EventId;
use crate::machine::{Machine, Observer};
use crate::time::SimTime;
use crate::trace::{Digest, Event, EventKind, Trace};

/// Bounds of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// When the run ends.
    pub end: SimTime,
    /// How many events it may have; it stops there.
    pub events: u32,
    /// Bytes that keyframes may take; they are thinned out to stay within it.
    pub keyframe_bytes: usize,
}

/// A run at a moment, with whatever watches it.
struct Moment {
    machine: Box<dyn Machine>,
    observer: Box<dyn Observer>,
    /// How many interventions have taken effect.
    applied: usize,
}

impl Clone for Moment {
    fn clone(&self) -> Moment {
        Moment {
            machine: self.machine.boxed_clone(),
            observer: self.observer.boxed_clone(),
            applied: self.applied,
        }
    }
}

/// One future among those that were tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// What it is called.
    pub name: String,
    /// What is done on it, in order.
    pub script: Vec<Intervention>,
    /// When it left the branch that it was forked from.
    pub forked_at: SimTime,
    /// How far it was simulated.
    pub frontier: SimTime,
}

/// A run with its past, and with the futures that were tried.
pub struct Timeline {
    bounds: Bounds,
    present: Moment,
    trace: Trace,
    /// Earlier moments, in order. The first is the beginning.
    keyframes: Vec<Moment>,
    /// How many events lie between keyframes.
    spacing: u32,
    branches: Vec<Branch>,
    current: usize,
}

/// How many events lie between keyframes at first. Replaying so many takes well under a millisecond.
const FIRST_SPACING: u32 = 2048;

impl Timeline {
    /// A run at its beginning, with what will be done to it. The script may be in any order; at equal times the order
    /// given counts.
    pub fn new(
        machine: Box<dyn Machine>,
        observer: Box<dyn Observer>,
        mut script: Vec<Intervention>,
        bounds: Bounds,
    ) -> Timeline {
        script.sort_by_key(|intervention| intervention.at);
        let present = Moment {
            machine,
            observer,
            applied: 0,
        };
        let first = Branch {
            name: "main".to_owned(),
            script,
            forked_at: SimTime::ZERO,
            frontier: SimTime::ZERO,
        };
        Timeline {
            bounds,
            keyframes: vec![present.clone()],
            present,
            trace: Trace::full(),
            spacing: FIRST_SPACING,
            branches: vec![first],
            current: 0,
        }
    }

    /// The true time at the cursor.
    pub fn now(&self) -> SimTime {
        self.machine().kernel().now()
    }

    /// When the run ends: as its bounds say, or where it reached its bound of events.
    pub fn end(&self) -> SimTime {
        if self.is_out_of_events() {
            self.now()
        } else {
            self.bounds.end
        }
    }

    /// Whether the run has reached its bound of events, and so stops before its end.
    pub fn is_out_of_events(&self) -> bool {
        self.machine().kernel().events() >= self.bounds.events
    }

    /// The run at the cursor.
    pub fn machine(&self) -> &dyn Machine {
        &*self.present.machine
    }

    /// What watches the run, at the cursor.
    pub fn observer(&self) -> &dyn Observer {
        &*self.present.observer
    }

    /// All events up to the cursor.
    pub fn events(&self) -> &[Event] {
        &self.trace.events()[..self.machine().kernel().events() as usize]
    }

    /// All events that were ever simulated on this branch, those beyond the cursor too.
    pub fn known_events(&self) -> &[Event] {
        self.trace.events()
    }

    /// The digest of all events up to the cursor.
    pub fn digest(&self) -> Digest {
        self.machine().kernel().digest()
    }

    /// What is done to the run on this branch, in order.
    pub fn script(&self) -> &[Intervention] {
        &self.branches[self.current].script
    }

    /// The branches, the first one first, and which of them this is.
    pub fn branches(&self) -> (&[Branch], usize) {
        (&self.branches, self.current)
    }

    /// Bytes that the trace and the keyframes take, roughly.
    pub fn bytes(&self) -> usize {
        self.trace.bytes() + self.keyframe_bytes()
    }

    /// Goes to a moment; to the end if it lies beyond.
    pub fn seek(&mut self, time: SimTime) {
        let time = time.min(self.bounds.end);
        if time < self.now() {
            self.restore(|keyframe| keyframe.machine.kernel().now() <= time);
        }
        self.advance_to(time);
    }

    /// Goes on to the next event; to the end if there is none. Returns whether there was one.
    pub fn step(&mut self) -> bool {
        let before = self.machine().kernel().events();
        while self.machine().kernel().events() == before {
            if !self.turn(self.bounds.end) {
                self.settle(self.bounds.end);
                return false;
            }
        }
        true
    }

    /// Goes back to before the latest event. Returns whether there was one.
    pub fn step_back(&mut self) -> bool {
        let here = self.machine().kernel().events();
        if here == 0 {
            self.restore(|_| true);
            return false;
        }
        let mut before = 0;
        self.restore(|keyframe| keyframe.machine.kernel().events() < here);
        while self.machine().kernel().events() < here {
            before = self.machine().kernel().events();
            self.turn(self.bounds.end);
        }
        self.go_to_event(before);
        true
    }

    /// Goes to the first moment at which `count` events have happened.
    pub fn go_to_event(&mut self, count: u32) {
        if count < self.machine().kernel().events() || count == 0 {
            self.restore(|keyframe| keyframe.machine.kernel().events() <= count);
        }
        while self.machine().kernel().events() < count && self.turn(self.bounds.end) {}
    }

    /// Goes on to the next interesting moment; to the end if there is none. Returns whether there was one.
    pub fn next_interesting(&mut self) -> bool {
        loop {
            let before = self.machine().kernel().events();
            let violations = self.observer().violations().len();
            if !self.step() {
                return false;
            }
            let fresh = &self.events()[before as usize..];
            let is_interesting = fresh.iter().any(|event| self.is_interesting(event));
            if is_interesting || self.observer().violations().len() > violations {
                return true;
            }
        }
    }

    /// Goes back to the latest interesting moment before this one; to the beginning if there is none. Returns whether
    /// there was one.
    pub fn previous_interesting(&mut self) -> bool {
        let here = self.machine().kernel().events();
        let Some(last_step) = self.start_of_last_step() else {
            return false;
        };
        let violations = self.observer().violations();
        let interesting = |id: &u32| {
            self.is_interesting(&self.trace.events()[*id as usize])
                || violations.contains(&EventId(*id))
        };
        let found = (0..last_step.min(here)).rev().find(interesting);
        self.go_to_event(found.map_or(0, |id| id + 1));
        found.is_some()
    }

    /// Does `action` now. If this branch was simulated further, or something is still to be done on it, another branch
    /// begins here and the old one is kept.
    pub fn intervene(&mut self, action: Action) {
        let now = self.now();
        self.advance_to(now);
        let branch = &self.branches[self.current];
        let place = branch
            .script
            .partition_point(|intervention| intervention.at <= now);
        let mut script = branch.script.clone();
        script.insert(place, Intervention { at: now, action });
        if branch.frontier > now {
            self.fork(script, now);
        } else {
            self.branches[self.current].script = script;
        }
        self.forget_after(now);
        self.advance_to(now);
    }

    /// Replaces what is done on this branch, keeping the cursor where it is in time: undoing, redoing, opening a link.
    pub fn set_script(&mut self, mut script: Vec<Intervention>) {
        script.sort_by_key(|intervention| intervention.at);
        let now = self.now();
        let old = std::mem::replace(&mut self.branches[self.current].script, script);
        self.replay_from_difference(&old);
        self.branches[self.current].frontier = self.now();
        self.seek(now);
    }

    /// Goes over to another branch, at the same time. Nothing for a branch that does not exist.
    pub fn switch(&mut self, branch: usize) {
        if branch >= self.branches.len() || branch == self.current {
            return;
        }
        let now = self.now();
        let old = self.script().to_vec();
        self.current = branch;
        self.replay_from_difference(&old);
        self.seek(now);
    }

    fn fork(&mut self, script: Vec<Intervention>, now: SimTime) {
        let name = format!("branch {}", self.branches.len());
        self.branches.push(Branch {
            name,
            script,
            forked_at: now,
            frontier: now,
        });
        self.current = self.branches.len() - 1;
    }

    /// Goes to the last keyframe that this branch shares with a script, and forgets what lies beyond.
    fn replay_from_difference(&mut self, old: &[Intervention]) {
        let new = self.script();
        let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let differs_at = old
            .get(same)
            .into_iter()
            .chain(new.get(same))
            .map(|intervention| intervention.at)
            .min();
        let Some(differs_at) = differs_at else { return };
        self.restore(|keyframe| {
            keyframe.machine.kernel().now() <= differs_at && keyframe.applied <= same
        });
        self.forget_after_cursor();
    }

    /// Forgets what was simulated after `now`, where the cursor is.
    fn forget_after(&mut self, now: SimTime) {
        debug_assert_eq!(now, self.now());
        self.forget_after_cursor();
        self.branches[self.current].frontier = now;
    }

    fn forget_after_cursor(&mut self) {
        let (events, applied) = (self.machine().kernel().events(), self.present.applied);
        self.trace.truncate(events);
        self.keyframes.retain(|keyframe| {
            keyframe.machine.kernel().events() <= events && keyframe.applied <= applied
        });
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

    fn start_of_last_step(&mut self) -> Option<u32> {
        let stepped = self.step_back();
        stepped.then(|| self.machine().kernel().events())
    }

    /// Does everything that is due up to `time`, and what is to be done by then.
    fn advance_to(&mut self, time: SimTime) {
        while self.turn(time) {}
        self.settle(time);
    }

    /// Does the next thing, if it is due by `until`: events first, then what is to be done at their time.
    fn turn(&mut self, until: SimTime) -> bool {
        if self.is_out_of_events() {
            return false;
        }
        let first = self.machine().kernel().events();
        let due = self
            .machine()
            .kernel()
            .next_due()
            .filter(|due| *due <= until);
        let planned = self.branches[self.current]
            .script
            .get(self.present.applied)
            .filter(|next| next.at <= until);
        let machine = &mut self.present.machine;
        match (due, planned) {
            (None, None) => return false,
            (Some(due), planned) if planned.is_none_or(|planned| due <= planned.at) => {
                machine.step(&mut self.trace);
            }
            (_, Some(planned)) => {
                machine.set_now(planned.at);
                machine.apply(&planned.action, &mut self.trace);
                self.present.applied += 1;
            }
            (Some(_), None) => unreachable!("an event that is due comes before nothing planned"),
        }
        let now = self.machine().kernel().events();
        for (id, event) in self
            .trace
            .since(EventId(first))
            .take_while(|(id, _)| id.0 < now)
        {
            self.present.observer.observe(id, event);
        }
        self.take_keyframe();
        true
    }

    fn settle(&mut self, time: SimTime) {
        if !self.is_out_of_events() {
            self.present.machine.set_now(time);
        }
        let now = self.now();
        let frontier = &mut self.branches[self.current].frontier;
        *frontier = now.max(*frontier);
    }

    fn take_keyframe(&mut self) {
        let last = self
            .keyframes
            .last()
            .map_or(0, |keyframe| keyframe.machine.kernel().events());
        if self.machine().kernel().events() < last.saturating_add(self.spacing) {
            return;
        }
        self.keyframes.push(self.present.clone());
        if self.keyframe_bytes() > self.bounds.keyframe_bytes && self.keyframes.len() > 2 {
            self.spacing = self.spacing.saturating_mul(2);
            let mut place = 0;
            self.keyframes.retain(|_| {
                place += 1;
                place % 2 == 1
            });
        }
    }

    fn keyframe_bytes(&self) -> usize {
        // The latest keyframe stands for all: earlier ones are seldom larger.
        let latest = self
            .keyframes
            .last()
            .map_or(0, |keyframe| keyframe.machine.kernel().bytes());
        latest * self.keyframes.len()
    }

    /// Goes back to the last keyframe that is early enough; the beginning always is.
    fn restore(&mut self, is_early_enough: impl Fn(&Moment) -> bool) {
        let place = self
            .keyframes
            .iter()
            .rposition(is_early_enough)
            .unwrap_or(0);
        self.present = self.keyframes[place].clone();
    }
}
