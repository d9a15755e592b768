//! What becomes of the items of a queue, as far as results tell.

use super::calls::{QueueCall, QueueCalls};
use super::terms::{Item, Lookahead};
use crate::history::OpId;
use sim::held::{Held, Measure};

/// What is known of each item.
#[derive(Clone, Debug, Default)]
pub(super) struct Fates {
    fates: Vec<Fate>,
    /// Whether a `dequeue` of unknown result may take what no known one does.
    pub(super) has_unknown_takers: bool,
}

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
pub(super) struct Taken {
    pub(super) invoke: u32,
    pub(super) by: u32,
}

impl Fates {
    /// Learns them from the operations that there are.
    pub(super) fn learn(&mut self, items: &[Item], calls: &QueueCalls) {
        self.fates.resize(calls.items(), Fate::default());
        for fate in &mut self.fates {
            (fate.is_taken, fate.taken) = (false, None);
        }
        self.has_unknown_takers = false;
        let mut taken_again = Vec::new();
        for item in items {
            match (calls[item.class], item.by) {
                (QueueCall::Puts(put), _) => self.fates[put as usize].enqueued.again(item.op),
                (QueueCall::Takes(taken), Some(by)) => {
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
                (QueueCall::FindsNothing, Some(_)) => {}
                _ => self.has_unknown_takers = true,
            }
        }
        for item in taken_again {
            self.fates[item as usize].taken = None;
        }
        for fate in &mut self.fates {
            let is_put_once = matches!(fate.enqueued, Enqueued::By(_));
            fate.taken = fate.taken.filter(|_| is_put_once);
        }
    }

    /// When an item left that is enqueued once and taken once.
    #[inline]
    pub(super) fn taken(&self, item: u32) -> Option<Taken> {
        self.fates.get(item as usize)?.taken
    }

    /// The entry by which an `enqueue` has taken effect that alone brings its item, as a known `dequeue` returns it.
    pub(super) fn shown_by(&self, call: QueueCall, lookahead: Lookahead) -> Option<u32> {
        match (call, lookahead) {
            (QueueCall::Puts(item), Lookahead::All) => self.taken(item).map(|taken| taken.by),
            _ => None,
        }
    }

    /// Whether a known `dequeue` returns an item.
    #[inline]
    pub(super) fn is_taken(&self, item: u32) -> bool {
        let fate = self.fates.get(item as usize);
        fate.is_some_and(|fate| fate.is_taken)
    }

    /// The items that somebody enqueues.
    pub(super) fn enqueued(&self) -> impl Iterator<Item = u32> {
        let all = (0..).zip(&self.fates);
        all.filter(|(_, fate)| fate.enqueued != Enqueued::Never)
            .map(|(item, _)| item)
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.fates.held(by)
    }

    pub(super) fn bytes(&self) -> usize {
        2 * size_of::<Fate>() * self.fates.len()
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
