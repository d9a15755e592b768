//! How the cursor gets to where it is bound for: all at once, or a stride at a time.

use super::cursor::Timeline;
use super::goal::Goal;
use super::observer::Observer;
use crate::id::{EventId, NodeId};
use crate::time::SimTime;
use crate::trace::{Event, EventKind};

/// How much what watches a run may work in a stride, for each of its turns: about as much as all else that happens then.
pub const WORK_PER_TURN: u64 = 100;

/// What came of a turn toward a goal.
enum Turned {
    /// There is more to do.
    On,
    /// The cursor is where it was bound for.
    There,
    /// It is at the end: there is no such thing.
    Nowhere,
}

impl<O: Observer> Timeline<O> {
    /// From now on no call takes more turns than this, nor goes on for long after so many events or after
    /// [`WORK_PER_TURN`] for each: where its goal lies further, [`Timeline::go_on`] gets there. Without it, each call gets to its goal.
    pub fn set_stride(&mut self, turns: u32) {
        self.stride = turns.max(1);
    }

    /// How many turns a call takes at most.
    pub fn stride(&self) -> u32 {
        self.stride
    }

    /// Whether the cursor is not yet where it is bound for.
    pub fn is_on_its_way(&self) -> bool {
        self.goal.is_some()
    }

    /// The moment that the cursor is bound for, where one was named; else where it is.
    pub fn aim(&self) -> SimTime {
        match self.goal {
            Some(Goal::Moment(time)) => time,
            _ => self.now(),
        }
    }

    /// Stays where the cursor is, wherever it was bound for.
    pub fn stay(&mut self) {
        self.goal = None;
    }

    /// Goes on by a stride to where the cursor is bound for. Returns whether it is there.
    pub fn go_on(&mut self) -> bool {
        self.pursue();
        !self.is_on_its_way()
    }

    /// Sets out for `goal`. Returns whether there is such a thing and the cursor is there already.
    pub(super) fn go_for(&mut self, goal: Goal) -> bool {
        self.set_out(goal);
        self.pursue()
    }

    /// Takes the cursor to a moment from which `goal` lies ahead.
    fn set_out(&mut self, goal: Goal) {
        self.goal = Some(goal);
        match goal {
            Goal::Moment(time) => self.approach(|moment| moment.now() <= time),
            // A later moment may have as many events: what has none may have happened since.
            Goal::Count(count) => self.approach(|moment| moment.events() < count),
            Goal::Back { here, .. } => self.restore(|moment| moment.events() < here),
            Goal::Next(_) | Goal::NextInteresting { .. } | Goal::NextNoticed(_) => {}
        }
    }

    fn pursue(&mut self) -> bool {
        // A turn may have hundreds of events, where a node tells all others.
        let (from, work) = (self.happened(), self.present.observer.work());
        let most_work = u64::from(self.stride).saturating_mul(WORK_PER_TURN);
        for _ in 0..self.stride {
            let worked = self.present.observer.work().abs_diff(work);
            if self.happened().abs_diff(from) >= self.stride.into() || worked > most_work {
                break;
            }
            let Some(goal) = self.goal else { break };
            match self.turn_toward(goal) {
                Turned::On => {}
                Turned::There => {
                    self.goal = None;
                    return true;
                }
                Turned::Nowhere => {
                    self.goal = None;
                    return false;
                }
            }
        }
        false
    }

    /// How much has happened: events, and messages that a cut met, which may be none.
    fn happened(&self) -> u64 {
        let kernel = self.machine().kernel();
        u64::from(kernel.events()) + kernel.swept()
    }

    fn turn_toward(&mut self, goal: Goal) -> Turned {
        let before = self.present.events();
        match goal {
            Goal::Moment(time) => {
                if self.turn(time) {
                    return Turned::On;
                }
                self.settle(time);
                Turned::There
            }
            Goal::Count(count) if before >= count => Turned::There,
            Goal::Count(_) if self.turn(self.bounds.end) => Turned::On,
            Goal::Count(_) => Turned::Nowhere,
            Goal::Next(count) => self.turn_to_end(|this| this.present.events() > count),
            Goal::NextInteresting { violations } => self.turn_to_end(|this| {
                let fresh = this.events().skip(before as usize);
                fresh.iter().any(|event| this.is_interesting(event))
                    || this.observer().violations().len() > violations
            }),
            Goal::NextNoticed(node) => self.turn_to_end(|this| {
                let fresh = this.events().skip(before as usize);
                fresh.iter().any(|event| this.is_notable(event, node))
            }),
            Goal::Back { here, is_far } => {
                if self.turn(self.bounds.end) && self.present.events() < here {
                    return Turned::On;
                }
                let count = if is_far {
                    self.interesting_before(before)
                } else {
                    before
                };
                self.set_out(Goal::Count(count));
                Turned::On
            }
        }
    }

    /// Takes a turn, and says whether what is wanted is so then.
    fn turn_to_end(&mut self, is_wanted: impl Fn(&Self) -> bool) -> Turned {
        if !self.turn(self.bounds.end) {
            self.settle(self.bounds.end);
            return Turned::Nowhere;
        }
        if is_wanted(self) {
            Turned::There
        } else {
            Turned::On
        }
    }

    /// How many events there are up to the latest interesting one among the first `count`; 0 if there is none.
    pub fn interesting_before(&self, count: u32) -> u32 {
        let violations = self.observer().violations();
        let is_interesting = |id: &u32| {
            self.is_interesting(&self.trace.events()[*id as usize])
                || violations.binary_search(&EventId(*id)).is_ok()
        };
        let found = (0..count).rev().find(is_interesting);
        found.map_or(0, |id| id + 1)
    }

    /// How many events there are up to the latest interesting one of a node's own past among the first `count`; 0 if
    /// there is none.
    pub fn notable_before(&self, count: u32, node: NodeId) -> u32 {
        let events = self.trace.events();
        let is_notable = |id: &u32| self.is_notable(&events[*id as usize], node);
        let found = (0..count).rev().find(is_notable);
        found.map_or(0, |id| id + 1)
    }

    fn is_notable(&self, event: &Event, node: NodeId) -> bool {
        event.is_own_past_of(node) && self.is_interesting(event)
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
}
