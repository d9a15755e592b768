//! Moments of a run that are kept, within a budget of memory.

use crate::machine::{Machine, Observer};
use crate::time::SimTime;

/// A run at a moment, with whatever watches it.
pub(super) struct Moment {
    pub machine: Box<dyn Machine>,
    pub observer: Box<dyn Observer>,
    /// How many interventions have taken effect.
    pub applied: usize,
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

impl Moment {
    pub fn now(&self) -> SimTime {
        self.machine.kernel().now()
    }

    /// How many events have happened.
    pub fn events(&self) -> u32 {
        self.machine.kernel().events()
    }

    fn bytes(&self) -> usize {
        size_of::<Moment>() + self.machine.bytes() + self.observer.bytes()
    }
}

/// How many events lie between keyframes at first. Replaying so many takes well under a millisecond.
const FIRST_SPACING: u32 = 2048;

/// Bytes of a keyframe that are worth one more event between keyframes: copying them takes about as long.
const BYTES_PER_EVENT: usize = 128;

struct Keyframe {
    moment: Moment,
    bytes: usize,
}

/// Earlier moments of a run, in order. The first is its beginning and always there.
pub(super) struct Keyframes {
    kept: Vec<Keyframe>,
    bytes: usize,
    /// How many events lie between keyframes at least.
    spacing: u32,
    /// Bytes that they may take, the beginning aside.
    budget: usize,
}

impl Keyframes {
    pub fn new(beginning: Moment, budget: usize) -> Keyframes {
        let mut keyframes = Keyframes {
            kept: Vec::new(),
            bytes: 0,
            spacing: FIRST_SPACING,
            budget,
        };
        keyframes.push(beginning);
        keyframes
    }

    /// Bytes of memory that they take, roughly.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Keeps `present` if the latest keyframe lies far enough behind it.
    #[inline]
    pub fn offer(&mut self, present: &Moment) {
        let Some(latest) = self.kept.last() else {
            return;
        };
        let worth = u32::try_from(latest.bytes / BYTES_PER_EVENT).unwrap_or(u32::MAX);
        let spacing = self.spacing.max(worth);
        if present.events() < latest.moment.events().saturating_add(spacing) {
            return;
        }
        self.push(present.clone());
        while self.bytes > self.budget && self.kept.len() > 1 {
            self.thin_out();
        }
    }

    /// The last keyframe that matches; the beginning if none does.
    pub fn last(&self, matches: impl Fn(&Moment) -> bool) -> &Moment {
        let place = self
            .kept
            .iter()
            .rposition(|keyframe| matches(&keyframe.moment));
        &self.kept[place.unwrap_or(0)].moment
    }

    /// Forgets all that do not match, the beginning aside.
    pub fn retain(&mut self, matches: impl Fn(&Moment) -> bool) {
        self.retain_by(|place, keyframe| place == 0 || matches(&keyframe.moment));
    }

    fn push(&mut self, moment: Moment) {
        let bytes = moment.bytes();
        self.bytes += bytes;
        self.kept.push(Keyframe { moment, bytes });
    }

    /// Forgets every other one, and takes them half as often from now on.
    fn thin_out(&mut self) {
        self.spacing = self.spacing.saturating_mul(2);
        self.retain_by(|place, _| place.is_multiple_of(2));
    }

    fn retain_by(&mut self, stays: impl Fn(usize, &Keyframe) -> bool) {
        let mut place = 0;
        self.kept.retain(|keyframe| {
            place += 1;
            stays(place - 1, keyframe)
        });
        self.bytes = self.kept.iter().map(|keyframe| keyframe.bytes).sum();
    }
}
