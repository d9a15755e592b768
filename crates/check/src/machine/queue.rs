//! Queues as a machine that refuses what known results rule out.

use super::interned::Interned;
use super::terms::{Item, Lookahead, REFUSED};
use crate::history::{Call, Function, OpId};
use crate::model::Queue;
use crate::value::Value;
use rustc_hash::{FxHashMap, FxHashSet};
use sim::held::{Held, Measure};

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
    queue: Interned<Queue>,
    pub(crate) lookahead: Lookahead,
    /// The operation that enqueues an item; `None` for an item that several operations enqueue.
    enqueued_by: FxHashMap<Value, Option<OpId>>,
    taken: FxHashMap<Value, Taken>,
    taken_at_all: FxHashSet<Value>,
    /// Whether an item that no known `dequeue` returns stays for good.
    untaken_stay: bool,
    steps: FxHashMap<(u32, u32), u32>,
}

/// When an item left: the entries of the history with which its `dequeue` began and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Taken {
    invoke: u32,
    by: u32,
}

impl QueueMachine {
    pub(crate) fn new(lookahead: Lookahead) -> Self {
        Self {
            queue: Interned::new(Queue),
            lookahead,
            enqueued_by: FxHashMap::default(),
            taken: FxHashMap::default(),
            taken_at_all: FxHashSet::default(),
            untaken_stay: false,
            steps: FxHashMap::default(),
        }
    }

    pub(crate) fn specification(&self) -> &Queue {
        self.queue.specification()
    }

    pub(crate) fn class(&mut self, call: &Call, seen: Option<&Value>) -> u32 {
        self.queue.class(call, seen)
    }

    /// Learns what becomes of the items.
    pub(crate) fn prepare(&mut self, items: &[Item]) {
        let mut taken: FxHashMap<&Value, Vec<Taken>> = FxHashMap::default();
        let mut unknown_dequeues = false;
        for item in items {
            match (self.queue.call(item.class), item.by) {
                (
                    (
                        Call {
                            function: Function::Enqueue,
                            argument,
                            ..
                        },
                        _,
                    ),
                    _,
                ) => {
                    let first = self
                        .enqueued_by
                        .entry(argument.clone())
                        .or_insert(Some(item.op));
                    *first = first.filter(|&first| first == item.op);
                }
                ((_, Some(seen)), Some(by)) => {
                    taken.entry(seen).or_default().push(Taken {
                        invoke: item.invoke,
                        by,
                    });
                }
                _ => unknown_dequeues = true,
            }
        }
        let once = |value: &Value, taken: &[Taken]| match (self.enqueued_by.get(value), taken) {
            (Some(Some(_)), &[taken]) => Some((value.clone(), taken)),
            _ => None,
        };
        self.taken_at_all = taken.keys().map(|&value| value.clone()).collect();
        self.taken = taken
            .iter()
            .filter_map(|(value, taken)| once(value, taken))
            .collect();
        self.untaken_stay = self.lookahead == Lookahead::All && !unknown_dequeues;
        // They were taken with what was known before.
        self.steps.clear();
    }

    #[inline]
    pub(crate) fn step(&mut self, state: u32, class: u32) -> u32 {
        if let Some(&after) = self.steps.get(&(state, class)) {
            return after;
        }
        let after = if self.is_hopeless(state, class) {
            REFUSED
        } else {
            match self.queue.step(state, class) {
                REFUSED => REFUSED,
                after => self.view(after),
            }
        };
        self.steps.insert((state, class), after);
        after
    }

    /// The state without what nobody can tell: with lookahead, which is which of the items that no
    /// known `dequeue` returns. A nil stands for each of them.
    pub(crate) fn view(&mut self, state: u32) -> u32 {
        let untold = |item: &Value| *item != Value::Nil && !self.taken_at_all.contains(item);
        let items = self.queue.state(state);
        if self.lookahead == Lookahead::None || !items.iter().any(untold) {
            return state;
        }
        let told = |item: &Value| {
            if untold(item) {
                Value::Nil
            } else {
                item.clone()
            }
        };
        let viewed = items.iter().map(told).collect();
        self.queue.intern(viewed)
    }

    fn is_hopeless(&self, state: u32, class: u32) -> bool {
        let items = self.queue.state(state);
        match self.queue.call(class) {
            (
                Call {
                    function: Function::Enqueue,
                    argument,
                    ..
                },
                _,
            ) => items
                .iter()
                .any(|ahead| self.leaves_before(argument, ahead)),
            (_, None) => items
                .front()
                .is_some_and(|head| self.taken.contains_key(head)),
            // The nils in a viewed state are items.
            (_, Some(seen)) => *seen == Value::Nil && !items.is_empty(),
        }
    }

    /// Whether `item` certainly left before `other` did.
    fn leaves_before(&self, item: &Value, other: &Value) -> bool {
        self.taken
            .get(item)
            .is_some_and(|own| match self.taken.get(other) {
                Some(other) => own.by < other.invoke,
                None => self.untaken_stay && !self.taken_at_all.contains(other),
            })
    }

    /// Whether a call of class `first` has to be placed before one of class `then`, if neither is.
    pub(crate) fn comes_first(&self, first: u32, then: u32) -> bool {
        match (self.queue.call(first).0, self.queue.call(then).0) {
            (
                Call {
                    function: Function::Enqueue,
                    argument: first,
                    ..
                },
                Call {
                    function: Function::Enqueue,
                    argument: then,
                    ..
                },
            ) => self.leaves_before(first, then),
            _ => false,
        }
    }

    /// What to try first: to take items, and to put those in that leave first.
    pub(crate) fn preference(&self, class: u32) -> u32 {
        match self.queue.call(class).0 {
            Call {
                function: Function::Enqueue,
                argument,
                ..
            } => self.taken.get(argument).map_or(u32::MAX, |taken| taken.by),
            _ => 0,
        }
    }

    pub(crate) fn reads_only(&self, class: u32) -> bool {
        self.queue.reads_only(class)
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
        let taken: FxHashSet<&Value> = known
            .iter()
            .filter_map(|&class| self.queue.call(class).1)
            .collect();
        let matters = |&class: &u32| {
            let (call, _) = self.queue.call(class);
            call.function != Function::Enqueue || taken.contains(&call.argument)
        };
        unknown.iter().map(matters).collect()
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        let items = self.queue.state(state);
        if !items.contains(&Value::Nil) {
            return self.queue.describe(state);
        }
        let untaken = self.enqueued_by.keys();
        let untaken: Vec<&Value> = untaken
            .filter(|item| !self.taken_at_all.contains(item))
            .collect();
        // Which of several it is was not kept.
        let (shown, what) = match untaken[..] {
            [item] => (item.clone(), item.to_string()),
            _ => (Value::Word("_".into()), "what stands there as _".to_owned()),
        };
        let told = items.iter().map(|item| match item {
            Value::Nil => shown.clone(),
            item => item.clone(),
        });
        let told = Value::List(told.collect());
        let stays = if self.untaken_stay {
            ": it stays, and so does all behind it"
        } else {
            ""
        };
        format!("the queue is {told}, where no known dequeue returns {what}{stays}")
    }

    pub(crate) fn held(&self, by: Measure) -> usize {
        self.queue.held(by)
            + self.enqueued_by.held(by)
            + self.taken.held(by)
            + self.taken_at_all.held(by)
            + self.steps.held(by)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.queue.bytes() + 16 * self.steps.len() + 64 * self.taken.len()
    }
}
