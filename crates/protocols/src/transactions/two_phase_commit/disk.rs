//! The log on a node's disk, and what the node owes once it is forced.

use sim::held::Measure;
use sim::{Context, SimDuration};

use super::message::{Record, Timer};
use super::{Choices, Node};
use crate::parts::disk::group_commit::GroupCommit;

/// How often a log is synced that is never forced.
const FLUSH: SimDuration = SimDuration::from_millis(1200);

/// A node's disk. Each record of a transaction has a place of its own, so a torn write takes none that was there before.
#[derive(Clone, Debug, Hash)]
pub(super) struct Disk<T> {
    /// Whether a record is durable before anybody hears of it.
    is_forced: bool,
    commit: GroupCommit<T>,
}

impl<T> Disk<T> {
    pub(super) fn new(choices: &Choices) -> Disk<T> {
        Disk {
            is_forced: choices.forces_log,
            commit: GroupCommit::default(),
        }
    }

    /// Begins a life.
    pub(super) fn start(&self, context: &mut Context<'_, Node>) {
        if !self.is_forced {
            context.set_timer(FLUSH, Timer::Flush);
        }
    }

    /// Writes a record. It becomes durable with the next sync, whoever waits for that.
    pub(super) fn write(&self, place: u64, record: Record, context: &mut Context<'_, Node>) {
        context.write(place, record);
    }

    /// Owes something once all that was written so far is durable. What is due at once, because nothing is forced.
    #[must_use]
    pub(super) fn force(&mut self, owed: T, context: &mut Context<'_, Node>) -> Option<T> {
        if !self.is_forced {
            return Some(owed);
        }
        self.commit.owe(owed, context);
        None
    }

    /// The sync with this token has ended: what is due.
    pub(super) fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) -> Vec<T> {
        self.commit.synced(token, context)
    }

    /// Syncs what nobody waits for. Its token is no other sync's: nothing is owed to it.
    pub(super) fn flush(&self, context: &mut Context<'_, Node>) {
        context.sync(0);
        context.set_timer(FLUSH, Timer::Flush);
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.commit.held(by)
    }
}
