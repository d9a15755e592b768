//! *Group commit*: one sync at a time, and each serves all that is owed when it begins.
//!
//! A disk that takes longer to sync than the time between two requests never catches up if each request has a sync of its
//! own (DeWitt et al., *Implementation techniques for main memory database systems*, SIGMOD 1984, on group commit).

use sim::held::{Held, Measure};
use sim::{Context, Protocol};

/// What is owed after the sync that is under way, and after the next one.
#[derive(Clone, Debug, Hash)]
pub struct GroupCommit<T> {
    due: Vec<T>,
    owed: Vec<T>,
    /// How many syncs have begun; the number of the latest one is its token.
    begun: u64,
    is_syncing: bool,
}

impl<T> Default for GroupCommit<T> {
    fn default() -> GroupCommit<T> {
        GroupCommit {
            due: Vec::new(),
            owed: Vec::new(),
            begun: 0,
            is_syncing: false,
        }
    }
}

impl<T> GroupCommit<T> {
    /// Owes something once all that has been written so far is durable.
    pub fn owe<P: Protocol>(&mut self, owed: T, context: &mut Context<'_, P>) {
        self.add(owed);
        self.begin_if_idle(context);
    }

    /// The sync with this token has ended: what is due. The next one begins if anything is owed.
    pub fn synced<P: Protocol>(&mut self, token: u64, context: &mut Context<'_, P>) -> Vec<T> {
        let due = self.end(token);
        self.begin_if_idle(context);
        due
    }

    fn begin_if_idle<P: Protocol>(&mut self, context: &mut Context<'_, P>) {
        if let Some(token) = self.begin() {
            context.sync(token);
        }
    }

    /// Owes something after the next sync.
    pub(super) fn add(&mut self, owed: T) {
        self.owed.push(owed);
    }

    /// The token of the sync that is to begin: none while another one is under way, or if nothing is owed.
    pub(super) fn begin(&mut self) -> Option<u64> {
        if self.is_syncing || self.owed.is_empty() {
            return None;
        }
        self.due = std::mem::take(&mut self.owed);
        self.is_syncing = true;
        self.begun += 1;
        Some(self.begun)
    }

    /// The sync with this token has ended: what is due.
    pub(super) fn end(&mut self, token: u64) -> Vec<T> {
        if token != self.begun {
            return Vec::new();
        }
        self.is_syncing = false;
        std::mem::take(&mut self.due)
    }

    /// Whether nothing is owed.
    pub fn is_idle(&self) -> bool {
        self.due.is_empty() && self.owed.is_empty()
    }

    /// Bytes of memory that it takes besides its own size, without what is owed points to.
    pub fn held(&self, by: Measure) -> usize {
        self.due.held(by) + self.owed.held(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sync_at_a_time_serves_all_that_was_owed_before_it_began() {
        let mut commit = GroupCommit::default();
        assert_eq!(commit.begin(), None);
        commit.add('a');
        assert_eq!(commit.begin(), Some(1));
        commit.add('b');
        commit.add('c');
        assert_eq!(commit.begin(), None);
        assert_eq!(commit.end(7), Vec::new());
        assert_eq!(commit.end(1), ['a']);
        assert_eq!(commit.begin(), Some(2));
        assert_eq!(commit.end(2), ['b', 'c']);
        assert!(commit.is_idle());
    }
}
