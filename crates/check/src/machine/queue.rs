//! Queues as a machine that refuses what known results rule out.

use super::calls::{QueueCall, QueueCalls};
use super::fates::{Fates, Taken};
use super::lines::{EMPTY, Lines};
use super::terms::{Item, Lookahead, REFUSED};
use crate::history::Call;
use crate::model::Queue;
use crate::value::Value;
use rustc_hash::FxHashSet;
use sim::held::Measure;

/// A queue that refuses what known results rule out.
///
/// Without that, a search would learn only at a `dequeue`, long after, that two overlapping
/// `enqueue` went the wrong way round. The first and the last
/// rule are for items that are enqueued once and whose `dequeue` is known:
///
/// - an item is not put behind one whose `dequeue` began only after its own had ended, nor is that
///   one enqueued while the other is about to be;
/// - items that no known `dequeue` returns are not told apart;
/// - an unknown `dequeue` does not take an item that a known one returns.
#[derive(Clone, Debug)]
pub(crate) struct QueueMachine {
    pub(crate) lookahead: Lookahead,
    calls: QueueCalls,
    fates: Fates,
    /// Whether an item that no known `dequeue` returns stays for good.
    untaken_stay: bool,
    lines: Lines,
}

/// Stands in a state for each item that no known `dequeue` returns.
const UNTOLD: u32 = u32::MAX - 1;

impl QueueMachine {
    pub(crate) fn new(lookahead: Lookahead) -> Self {
        Self {
            lookahead,
            calls: QueueCalls::default(),
            fates: Fates::default(),
            untaken_stay: false,
            lines: Lines::new(),
        }
    }

    pub(crate) fn specification(&self) -> &Queue {
        &Queue
    }

    pub(crate) fn class(&mut self, call: &Call, seen: Option<&Value>) -> u32 {
        self.calls.class(call, seen)
    }

    /// Learns what becomes of the items.
    pub(crate) fn prepare(&mut self, items: &[Item]) {
        self.fates.learn(items, &self.calls);
        self.untaken_stay = self.lookahead == Lookahead::All && !self.fates.has_unknown_takers;
        let leaves = leaves(&self.fates, self.untaken_stay);
        self.lines.weigh(leaves);
    }

    /// The entry by which an open call of this class has taken effect, as a known result shows.
    pub(crate) fn shown_by(&self, class: u32) -> Option<u32> {
        self.fates.shown_by(self.calls[class], self.lookahead)
    }

    #[inline]
    pub(crate) fn step(&mut self, state: u32, class: u32) -> u32 {
        match self.calls[class] {
            QueueCall::Puts(item) => self.put(state, item),
            QueueCall::FindsNothing if state == EMPTY => state,
            QueueCall::FindsNothing => REFUSED,
            QueueCall::TakesAny => match self.lines.front(state) {
                None => state,
                Some(head) if self.fates.taken(head).is_some() => REFUSED,
                Some(_) => self.lines.popped(state),
            },
            QueueCall::Takes(item) => match self.lines.front(state) {
                Some(head) if head == item => self.lines.popped(state),
                _ => REFUSED,
            },
        }
    }

    fn put(&mut self, state: u32, item: u32) -> u32 {
        let leaves = leaves(&self.fates, self.untaken_stay);
        let leaves_before = |taken: Taken| taken.by < self.lines.heaviest(state, &leaves);
        if self.fates.taken(item).is_some_and(leaves_before) {
            return REFUSED;
        }
        let told = match self.is_untold(item) {
            true => UNTOLD,
            false => item,
        };
        self.lines.pushed(state, told, leaves)
    }

    /// Whether nobody can tell the item from others: with lookahead, those that no known `dequeue` returns.
    fn is_untold(&self, item: u32) -> bool {
        self.lookahead == Lookahead::All && !self.fates.is_taken(item)
    }

    /// The state without what nobody can tell.
    pub(crate) fn view(&mut self, state: u32) -> u32 {
        let mut items = self.lines.numbers(state);
        let mut told = items
            .iter_mut()
            .filter(|item| self.is_untold(**item))
            .peekable();
        if told.peek().is_none() {
            return state;
        }
        told.for_each(|item| *item = UNTOLD);
        let leaves = leaves(&self.fates, self.untaken_stay);
        let put = |viewed, &item: &u32| self.lines.pushed(viewed, item, &leaves);
        items.iter().fold(EMPTY, put)
    }

    /// Whether a call of class `first` has to be placed before one of class `then`, if neither is.
    pub(crate) fn comes_first(&self, first: u32, then: u32) -> bool {
        match (self.calls[first], self.calls[then]) {
            (QueueCall::Puts(first), QueueCall::Puts(then)) => {
                let leaves = leaves(&self.fates, self.untaken_stay);
                self.fates
                    .taken(first)
                    .is_some_and(|taken| taken.by < leaves(then))
            }
            _ => false,
        }
    }

    /// What to try first: to take items, and to put those in that leave first.
    pub(crate) fn preference(&self, class: u32) -> u32 {
        match self.calls[class] {
            QueueCall::Puts(item) => self.fates.taken(item).map_or(u32::MAX, |taken| taken.by),
            _ => 0,
        }
    }

    pub(crate) fn reads_only(&self, class: u32) -> bool {
        self.calls[class] == QueueCall::FindsNothing
    }

    /// An unknown `enqueue` matters only if its item was dequeued by an operation that is known.
    ///
    /// Take a linearization in which such an item is enqueued all the same. Either an unknown
    /// `dequeue` takes it, and without the two the rest is as legal as before. Or it stays, and
    /// so does all behind it, and the queue is not found empty again: without it neither changes.
    pub(crate) fn matters(&self, known: &[u32], unknown: &[u32]) -> Vec<bool> {
        if self.lookahead == Lookahead::None {
            return vec![true; unknown.len()];
        }
        let class = |&class: &u32| self.calls[class];
        let known: FxHashSet<QueueCall> = known.iter().map(class).collect();
        let matters = |class| match class {
            QueueCall::Puts(item) => known.contains(&QueueCall::Takes(item)),
            _ => true,
        };
        unknown.iter().map(class).map(matters).collect()
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        let items = self.lines.numbers(state);
        if !items.contains(&UNTOLD) {
            let items = items.iter().map(|&item| self.calls.item(item).clone());
            return format!("the queue is {}", Value::list(items));
        }
        let untaken = self.fates.enqueued().filter(|&item| self.is_untold(item));
        let untaken: Vec<u32> = untaken.collect();
        // Which of several it is was not kept.
        let (shown, what) = match untaken[..] {
            [item] => (
                self.calls.item(item).clone(),
                self.calls.item(item).to_string(),
            ),
            _ => (Value::word("_"), "what stands there as _".to_owned()),
        };
        let told = items.iter().map(|&item| match item {
            UNTOLD => shown.clone(),
            item => self.calls.item(item).clone(),
        });
        let told = Value::list(told);
        format!("the queue is {told}, where no dequeue so far returns {what}")
    }

    pub(crate) fn held(&self, by: Measure) -> usize {
        self.calls.held(by) + self.fates.held(by) + self.lines.held(by)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.calls.bytes() + self.fates.bytes() + self.lines.bytes()
    }

    /// How many items were compared to find that two states are one.
    pub(crate) fn compared(&self) -> usize {
        self.lines.compared()
    }
}

/// For an item, the entry of the history from which it may have left: what certainly left before goes in before it.
fn leaves(fates: &Fates, untaken_stay: bool) -> impl Fn(u32) -> u32 + '_ {
    let untaken = if untaken_stay { u32::MAX } else { 0 };
    move |item| match fates.taken(item) {
        Some(taken) => taken.invoke,
        None if fates.is_taken(item) => 0,
        None => untaken,
    }
}
