//! Queues as a machine that refuses what known results rule out.

use super::lines::{EMPTY, Lines};
use super::numbered::Numbered;
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
    pub(crate) lookahead: Lookahead,
    items: Numbered,
    fates: Vec<Fate>,
    /// Whether an item that no known `dequeue` returns stays for good.
    untaken_stay: bool,
    classes: Vec<Class>,
    class_numbers: FxHashMap<Class, u32>,
    lines: Lines,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Class {
    Puts(u32),
    Takes(u32),
    FindsNothing,
    TakesAny,
}

/// What is known of an item.
#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    enqueued: Enqueued,
    /// Whether a known `dequeue` returns it.
    is_taken: bool,
    /// When it left, if it is enqueued once and taken once.
    taken: Option<Taken>,
}

/// Which operations enqueue an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Enqueued {
    #[default]
    Never,
    By(OpId),
    BySeveral,
}

/// When an item left: the entries of the history with which its `dequeue` began and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Taken {
    invoke: u32,
    by: u32,
}

/// Stands in a state for each item that no known `dequeue` returns.
const UNTOLD: u32 = u32::MAX - 1;

impl QueueMachine {
    pub(crate) fn new(lookahead: Lookahead) -> Self {
        Self {
            lookahead,
            items: Numbered::default(),
            fates: Vec::new(),
            untaken_stay: false,
            classes: Vec::new(),
            class_numbers: FxHashMap::default(),
            lines: Lines::new(),
        }
    }

    pub(crate) fn specification(&self) -> &Queue {
        &Queue
    }

    pub(crate) fn class(&mut self, call: &Call, seen: Option<&Value>) -> u32 {
        let class = match (call.function, seen) {
            (Function::Enqueue, _) => Class::Puts(self.item(&call.argument)),
            (_, None) => Class::TakesAny,
            (_, Some(Value::Nil)) => Class::FindsNothing,
            (_, Some(item)) => Class::Takes(self.item(item)),
        };
        let next = self.classes.len() as u32;
        let number = *self.class_numbers.entry(class).or_insert(next);
        if number == next {
            self.classes.push(class);
        }
        number
    }

    fn item(&mut self, item: &Value) -> u32 {
        let item = self.items.number(item);
        if item as usize == self.fates.len() {
            self.fates.push(Fate::default());
        }
        item
    }

    /// Learns what becomes of the items.
    pub(crate) fn prepare(&mut self, items: &[Item]) {
        for fate in &mut self.fates {
            (fate.is_taken, fate.taken) = (false, None);
        }
        let mut taken_again = Vec::new();
        let mut unknown_dequeues = false;
        for item in items {
            match (self.classes[item.class as usize], item.by) {
                (Class::Puts(put), _) => self.fates[put as usize].enqueued.again(item.op),
                (Class::Takes(taken), Some(by)) => {
                    let fate = &mut self.fates[taken as usize];
                    if fate.is_taken {
                        taken_again.push(taken);
                    }
                    fate.is_taken = true;
                    fate.taken = Some(Taken {
                        invoke: item.invoke,
                        by,
                    });
                }
                (Class::FindsNothing, Some(_)) => {}
                _ => unknown_dequeues = true,
            }
        }
        for item in taken_again {
            self.fates[item as usize].taken = None;
        }
        for fate in &mut self.fates {
            fate.taken = fate
                .taken
                .filter(|_| matches!(fate.enqueued, Enqueued::By(_)));
        }
        self.untaken_stay = self.lookahead == Lookahead::All && !unknown_dequeues;
        let leaves = leaves(&self.fates, self.untaken_stay);
        self.lines.weigh(leaves);
    }

    #[inline]
    pub(crate) fn step(&mut self, state: u32, class: u32) -> u32 {
        match self.classes[class as usize] {
            Class::Puts(item) => self.put(state, item),
            Class::FindsNothing if state == EMPTY => state,
            Class::FindsNothing => REFUSED,
            Class::TakesAny => match self.lines.front(state) {
                None => state,
                Some(head) if self.taken(head).is_some() => REFUSED,
                Some(_) => self.lines.popped(state),
            },
            Class::Takes(item) => match self.lines.front(state) {
                Some(head) if head == item => self.lines.popped(state),
                _ => REFUSED,
            },
        }
    }

    fn put(&mut self, state: u32, item: u32) -> u32 {
        let leaves = leaves(&self.fates, self.untaken_stay);
        let leaves_before = |taken: Taken| taken.by < self.lines.heaviest(state, &leaves);
        if self.taken(item).is_some_and(leaves_before) {
            return REFUSED;
        }
        let told = match self.is_untold(item) {
            true => UNTOLD,
            false => item,
        };
        self.lines.pushed(state, told, leaves)
    }

    fn taken(&self, item: u32) -> Option<Taken> {
        self.fates.get(item as usize)?.taken
    }

    /// Whether nobody can tell the item from others: with lookahead, those that no known `dequeue` returns.
    fn is_untold(&self, item: u32) -> bool {
        let is_taken = |fate: &Fate| fate.is_taken;
        self.lookahead == Lookahead::All && !self.fates.get(item as usize).is_some_and(is_taken)
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
        match (self.classes[first as usize], self.classes[then as usize]) {
            (Class::Puts(first), Class::Puts(then)) => {
                let leaves = leaves(&self.fates, self.untaken_stay);
                self.taken(first)
                    .is_some_and(|taken| taken.by < leaves(then))
            }
            _ => false,
        }
    }

    /// What to try first: to take items, and to put those in that leave first.
    pub(crate) fn preference(&self, class: u32) -> u32 {
        match self.classes[class as usize] {
            Class::Puts(item) => self.taken(item).map_or(u32::MAX, |taken| taken.by),
            _ => 0,
        }
    }

    pub(crate) fn reads_only(&self, class: u32) -> bool {
        self.classes[class as usize] == Class::FindsNothing
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
        let class = |&class: &u32| self.classes[class as usize];
        let known: FxHashSet<Class> = known.iter().map(class).collect();
        let matters = |class| match class {
            Class::Puts(item) => known.contains(&Class::Takes(item)),
            _ => true,
        };
        unknown.iter().map(class).map(matters).collect()
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        let items = self.lines.numbers(state);
        if !items.contains(&UNTOLD) {
            let items = items.iter().map(|&item| self.items.value(item).clone());
            return format!("the queue is {}", Value::List(items.collect()));
        }
        let is_untaken = |&item: &u32| {
            self.fates[item as usize].enqueued != Enqueued::Never && self.is_untold(item)
        };
        let untaken: Vec<u32> = (0..self.fates.len() as u32).filter(is_untaken).collect();
        // Which of several it is was not kept.
        let (shown, what) = match untaken[..] {
            [item] => (
                self.items.value(item).clone(),
                self.items.value(item).to_string(),
            ),
            _ => (Value::Word("_".into()), "what stands there as _".to_owned()),
        };
        let told = items.iter().map(|&item| match item {
            UNTOLD => shown.clone(),
            item => self.items.value(item).clone(),
        });
        let told = Value::List(told.collect());
        format!("the queue is {told}, where no dequeue so far returns {what}")
    }

    pub(crate) fn held(&self, by: Measure) -> usize {
        self.items.held(by)
            + self.fates.held(by)
            + self.classes.held(by)
            + self.class_numbers.held(by)
            + self.lines.held(by)
    }

    pub(crate) fn bytes(&self) -> usize {
        let items = self.items.bytes() + 64 * self.fates.len();
        items + 48 * self.classes.len() + self.lines.bytes()
    }

    /// How many items were compared to find that two states are one.
    pub(crate) fn compared(&self) -> usize {
        self.lines.compared()
    }
}

impl Enqueued {
    fn again(&mut self, op: OpId) {
        *self = match *self {
            Self::Never => Self::By(op),
            Self::By(known) if known == op => Self::By(op),
            Self::By(_) | Self::BySeveral => Self::BySeveral,
        };
    }
}

/// For an item, the entry of the history from which it may have left: what certainly left before goes in before it.
fn leaves(fates: &[Fate], untaken_stay: bool) -> impl Fn(u32) -> u32 + '_ {
    let untaken = if untaken_stay { u32::MAX } else { 0 };
    move |item| match fates.get(item as usize) {
        Some(Fate {
            taken: Some(taken), ..
        }) => taken.invoke,
        Some(Fate { is_taken: true, .. }) => 0,
        _ => untaken,
    }
}
