//! Moments of a run that are kept, within a budget of memory.

use super::bounds::Bounds;
use super::gauge::Gauge;
use super::observer::Observer;
use super::turn::conclude;
use crate::collections::held::Measure;
use crate::time::SimTime;
use crate::world::Machine;

/// A run at a moment, with whatever watches it.
#[derive(Clone)]
pub(super) struct Moment<O> {
    /// The run.
    pub machine: Box<dyn Machine>,
    /// What watches it, having seen all events up to here.
    pub observer: O,
    /// How much memory it may take, and whether it does.
    pub gauge: Gauge,
    /// How many interventions have taken effect.
    pub applied: usize,
    /// Whether it is the end of the run, and what watches it knows. Nothing goes on from here.
    pub is_over: bool,
}

impl<O: Observer> Moment<O> {
    /// The moment in virtual time.
    pub fn now(&self) -> SimTime {
        self.machine.kernel().now()
    }

    /// How many events have happened.
    pub fn events(&self) -> u32 {
        self.machine.kernel().events()
    }

    /// The run is over: what watches it judges that, here and not in a copy, which could be as large as all of it. What was
    /// before is in the keyframes.
    pub fn end(&mut self) {
        if !self.is_over {
            let now = self.now();
            conclude(&*self.machine, &mut self.observer, now);
        }
        self.is_over = true;
    }

    /// Bytes of memory that it takes.
    pub fn bytes(&self, by: Measure) -> usize {
        size_of::<Moment<O>>() + self.machine.held(by) + self.observer.held(by)
    }
}

/// Bytes of a keyframe that are worth one more event between keyframes: copying them takes about as long.
const BYTES_PER_EVENT: usize = 128;

/// A larger keyframe is not made: copying it would hold up a page for longer than a frame. Going back goes further then, a
/// stride at a time.
const LARGEST: usize = 16 << 20;

struct Keyframe<O> {
    moment: Moment<O>,
    bytes: usize,
}

/// Earlier moments of a run, in order. The first is its beginning and always there.
pub(super) struct Keyframes<O> {
    kept: Vec<Box<Keyframe<O>>>,
    bytes: usize,
    /// The one that is forgotten next, if there has to be room.
    next_out: usize,
    /// How many events lie between keyframes at least.
    spacing: u32,
    /// How many lie between them where there is room.
    least_spacing: u32,
    /// After how many events of a run a keyframe is worth making again, where one was not.
    worthwhile_from: u32,
    /// Bytes that they may take, without the beginning.
    budget: usize,
}

impl<O: Observer> Keyframes<O> {
    /// The beginning as the first keyframe; the others come as far apart as `bounds` says.
    pub fn new(beginning: Moment<O>, bounds: &Bounds) -> Keyframes<O> {
        let mut keyframes = Keyframes {
            kept: Vec::new(),
            bytes: 0,
            next_out: 1,
            spacing: bounds.keyframe_events.max(1),
            least_spacing: bounds.keyframe_events.max(1),
            worthwhile_from: 0,
            budget: bounds.keyframe_bytes,
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
    pub fn offer(&mut self, present: &Moment<O>) {
        let Some(latest) = self.kept.last() else {
            return;
        };
        let worth = u32::try_from(latest.bytes / BYTES_PER_EVENT).unwrap_or(u32::MAX);
        let spacing = self.spacing.max(worth);
        let latest = latest.moment.events();
        let events = present.events();
        if events < latest.saturating_add(spacing) || events < self.worthwhile_from {
            return;
        }
        self.keep(present);
    }

    #[cold]
    fn keep(&mut self, present: &Moment<O>) {
        let bytes = present.bytes(Measure::Copied);
        if bytes > LARGEST.min(self.budget) {
            let worth = u32::try_from(bytes / BYTES_PER_EVENT).unwrap_or(u32::MAX);
            self.worthwhile_from = present.events().saturating_add(worth);
            return;
        }
        self.push(present.clone());
        self.fit_into(self.budget);
    }

    /// Forgets every other one, from the beginning on, until they take no more than this. It is what they may take from now on.
    pub fn fit_into(&mut self, budget: usize) {
        self.budget = budget;
        while self.bytes > self.budget && self.kept.len() > 1 {
            self.forget_next();
        }
    }

    /// The last keyframe that is early enough, given that all before it are too; the beginning if none is.
    pub fn last(&self, is_early_enough: impl Fn(&Moment<O>) -> bool) -> &Moment<O> {
        let early = self
            .kept
            .partition_point(|keyframe| is_early_enough(&keyframe.moment));
        &self.kept[early.saturating_sub(1)].moment
    }

    /// Forgets all that do not match, except the beginning.
    pub fn retain(&mut self, matches: impl Fn(&Moment<O>) -> bool) {
        self.worthwhile_from = 0;
        // What made them sparse may be undone.
        self.spacing = self.least_spacing;
        let mut is_beginning = true;
        self.kept
            .retain(|keyframe| std::mem::take(&mut is_beginning) || matches(&keyframe.moment));
        self.bytes = self.kept.iter().map(|keyframe| keyframe.bytes).sum();
        self.next_out = 1;
    }

    fn push(&mut self, moment: Moment<O>) {
        let bytes = moment.bytes(Measure::Copied);
        self.bytes += bytes;
        self.kept.push(Box::new(Keyframe { moment, bytes }));
    }

    /// Forgets one at a time, as freeing half of them at once would hold up a page. Where every other one is gone, they are taken
    /// half as often from then on.
    fn forget_next(&mut self) {
        // The latest one was made just now.
        if self.next_out + 1 >= self.kept.len() {
            self.next_out = 1;
            self.spacing = self.spacing.saturating_mul(2);
        }
        let forgotten = self.kept.remove(self.next_out);
        self.bytes -= forgotten.bytes;
        self.next_out += 1;
    }
}
