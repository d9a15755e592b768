//! The cursor: where in its past a run is, and how it goes elsewhere.

use super::bounds::Bounds;
use super::branch::Branches;
use super::gauge::Gauge;
use super::goal::Goal;
use super::keyframe::{Keyframes, Moment};
use super::observer::Observer;
use super::turn::{is_more_due, turn};
use crate::action::Intervention;
use crate::collections::held::Measure;
use crate::collections::sorting::sort_by_key;
use crate::id::NodeId;
use crate::time::{SimDuration, SimTime};
use crate::trace::{Digest, Events, Trace};
use crate::world::Machine;

/// A run with its past, with the futures that were tried, and with what watches it.
pub struct Timeline<O = ()> {
    pub(super) bounds: Bounds,
    pub(super) present: Moment<O>,
    pub(super) trace: Trace,
    pub(super) keyframes: Keyframes<O>,
    pub(super) branches: Branches,
    /// How many events the run had when it reached a bound before its end, if it is known to.
    pub(super) stopped_at: Option<u32>,
    /// Where the cursor is bound for, unless it is there.
    pub(super) goal: Option<Goal>,
    /// How many turns a call takes at most.
    pub(super) stride: u32,
    /// Bytes that are taken beside it: for what is gathered from it, for instance.
    aside: usize,
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
            gauge: Gauge::new(bounds.memory),
            applied: 0,
            is_over: false,
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
            stopped_at: None,
            goal: None,
            stride: u32::MAX,
            aside: 0,
        }
    }

    /// The true time at the cursor.
    pub fn now(&self) -> SimTime {
        self.present.now()
    }

    /// When the run ends: as its bounds say, or where it is known to reach its bound of events or of memory.
    pub fn end(&self) -> SimTime {
        let events = self.trace.events();
        let is_known = self
            .stopped_at
            .is_some_and(|most| events.len() >= most as usize);
        let last = events.last().filter(|_| is_known);
        last.map_or(self.bounds.end, |last| last.time)
    }

    /// Whether the run has reached its bound of memory, and so stops before its end.
    pub fn is_out_of_memory(&self) -> bool {
        self.present.gauge.is_outgrown()
    }

    /// Bytes of memory that all of it may take together.
    pub fn memory(&self) -> usize {
        self.bounds.memory
    }

    /// Whether the cursor is at the end of the run, and all that happens then has happened.
    pub fn is_over(&self) -> bool {
        self.present.is_over
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_out_of_events() || self.is_out_of_memory() || self.has_failed()
    }

    /// Whether a node's protocol could not go on, so that the run stops before its end.
    pub fn has_failed(&self) -> bool {
        self.present.machine.kernel().has_failed()
    }

    /// Whether the run has reached its bound of events, and so stops before its end: there is more to come.
    pub fn is_out_of_events(&self) -> bool {
        let Moment {
            machine, applied, ..
        } = &self.present;
        machine.kernel().has_had(self.bounds.events)
            && is_more_due(&**machine, self.script(), *applied, self.bounds.end)
    }

    /// Whether nothing happens after the cursor up to and at this moment, which is before the end.
    pub fn is_calm_until(&self, time: SimTime) -> bool {
        let Moment {
            machine, applied, ..
        } = &self.present;
        time < self.end() && !is_more_due(&**machine, self.script(), *applied, time)
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

    /// Bytes of memory that all of it takes: the run at the cursor, the trace, the keyframes, and what is done on all futures.
    pub fn bytes(&self) -> usize {
        self.bytes_besides_keyframes() + self.keyframes.bytes()
    }

    /// Whether all of it, with what is aside, fits into its memory without keyframes: they make room for the rest.
    pub fn has_room(&self) -> bool {
        self.bytes_besides_keyframes().saturating_add(self.aside) <= self.bounds.memory
    }

    /// So many bytes of its memory are taken by something else: keyframes leave room for that.
    pub fn set_aside(&mut self, bytes: usize) {
        if bytes != self.aside {
            self.aside = bytes;
            self.fit_keyframes();
        }
    }

    fn bytes_besides_keyframes(&self) -> usize {
        self.trace.bytes() + self.present.bytes(Measure::Taken) + self.branches.bytes()
    }

    fn fit_keyframes(&mut self) {
        let taken = self.bytes_besides_keyframes().saturating_add(self.aside);
        let rest = self.bounds.memory.saturating_sub(taken);
        self.keyframes
            .fit_into(rest.min(self.bounds.keyframe_bytes));
    }

    /// Goes to a moment, after all that happens at it; to the end if it lies beyond.
    pub fn seek(&mut self, time: SimTime) {
        self.go_for(Goal::Moment(time.min(self.bounds.end)));
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
        self.go_for(Goal::Next(self.present.events()))
    }

    /// Goes back to before the latest event. Returns whether there was one.
    pub fn step_back(&mut self) -> bool {
        let here = self.present.events();
        self.go_back(here, false);
        here > 0
    }

    /// Goes to the first moment at which `count` events have happened; to the last event if there are fewer.
    pub fn go_to_event(&mut self, count: u32) {
        self.go_for(Goal::Count(count));
    }

    /// Goes on to the next interesting moment; to the end if there is none. Returns whether there was one.
    pub fn next_interesting(&mut self) -> bool {
        let violations = self.observer().violations().len();
        self.go_for(Goal::NextInteresting { violations })
    }

    /// Goes on to the next interesting moment of a node's own past; to the end if there is none. Returns whether there was
    /// one.
    pub fn next_noticed(&mut self, node: NodeId) -> bool {
        self.go_for(Goal::NextNoticed(node))
    }

    /// Goes back to the latest interesting moment before this one; to the beginning if there is none. Returns whether
    /// there was one.
    pub fn previous_interesting(&mut self) -> bool {
        let here = self.present.events();
        let is_past_latest = self
            .events()
            .last()
            .is_some_and(|latest| latest.time < self.now());
        if is_past_latest {
            self.go_to_event(self.interesting_before(here));
        } else {
            self.go_back(here, true);
        }
        !self.is_on_its_way() && self.present.events() > 0
    }

    /// Goes back from the turn of the latest of `here` events; to the beginning if there is none.
    fn go_back(&mut self, here: u32, is_far: bool) {
        self.go_for(if here == 0 {
            Goal::Count(0)
        } else {
            Goal::Back { here, is_far }
        });
    }

    /// Does the next thing, if it is due by `until`: events first, then what is to be done at their time.
    pub(super) fn turn(&mut self, until: SimTime) -> bool {
        if self.is_stopped() || self.is_over() {
            return false;
        }
        let script = &self.branches.current().script;
        let present = &mut self.present;
        let (machine, applied) = (&mut *present.machine, &mut present.applied);
        let observer = &mut present.observer;
        if !turn(machine, observer, script, applied, until, &mut self.trace) {
            return false;
        }
        self.weigh();
        self.note_stop();
        self.keyframes.offer(&self.present);
        self.extend_frontier();
        true
    }

    /// If the run stops here, this is known from now on.
    pub(super) fn note_stop(&mut self) {
        if self.is_stopped() {
            self.stopped_at = Some(self.present.events());
        }
    }

    /// Sees to it that everything together stays within the budget of memory.
    fn weigh(&mut self) {
        let present = &mut self.present;
        if !present
            .gauge
            .weigh(&*present.machine, &mut present.observer)
        {
            return;
        }
        self.fit_keyframes();
    }

    /// Nothing more happens up to `time`. A run that stops at a bound is not over, not even at its last moment.
    pub(super) fn settle(&mut self, time: SimTime) {
        if !self.is_stopped() {
            self.present.machine.set_now(time);
            if self.now() >= self.end() {
                self.present.end();
            }
        }
        self.extend_frontier();
    }

    fn extend_frontier(&mut self) {
        let now = self.now();
        let frontier = &mut self.branches.current_mut().frontier;
        *frontier = now.max(*frontier);
    }

    /// Goes to the last keyframe that is early enough, ahead or behind, unless the cursor is nearer.
    pub(super) fn approach(&mut self, is_early_enough: impl Fn(&Moment<O>) -> bool) {
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
