//! Strict two-phase locking: a transaction keeps each lock until it has ended.
//!
//! Locks are on rows, and on the list as a whole: whoever has read the whole list has also locked the rows that were not
//! found. A transaction that changes a row first locks the list with an *intention* (Gray, Lorie, Putzolu and Traiger,
//! *Granularity of locks and degrees of consistency in a shared data base*, 1976).

use sim::held::{Held, Measure};
use sim::sorted::Set;

/// What can be locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Lockable {
    /// The list as a whole.
    List,
    /// One row.
    Row(i64),
}

/// How it is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Mode {
    /// To read it.
    Shared,
    /// To change a part of it.
    Intention,
    /// To change it.
    Exclusive,
}

impl Mode {
    fn goes_with(self, other: Mode) -> bool {
        self == other && self != Mode::Exclusive
    }
}

/// A lock, and the transaction that has it or wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Lock {
    pub what: Lockable,
    pub mode: Mode,
    pub by: u32,
}

impl Lock {
    fn excludes(&self, other: &Lock) -> bool {
        self.what == other.what && self.by != other.by && !self.mode.goes_with(other.mode)
    }
}

/// The locks that are held, and those that are waited for.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Locks {
    held: Set<Lock>,
    /// In the order of their asking.
    awaited: Vec<Lock>,
}

/// What becomes of a wish for a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Wish {
    /// It is held.
    Granted,
    /// It waits for this transaction, and perhaps for others.
    Waits(u32),
    /// It would wait for itself, by way of others.
    Deadlock,
}

impl Locks {
    /// A transaction wants a lock.
    pub(super) fn ask(&mut self, lock: Lock) -> Wish {
        if self.held.contains(&lock) {
            return Wish::Granted;
        }
        let other = self.in_the_way(&lock, self.awaited.len()).next();
        match other {
            None => {
                self.held.insert(lock);
                Wish::Granted
            }
            Some(_) if self.closes_a_circle(&lock) => Wish::Deadlock,
            Some(other) => {
                self.awaited.push(lock);
                Wish::Waits(other)
            }
        }
    }

    /// The transactions that hold a lock that excludes it, or asked for one among the first `before` that wait.
    fn in_the_way(&self, lock: &Lock, before: usize) -> impl Iterator<Item = u32> {
        let earlier = self.awaited[..before].iter();
        let others = self.held.iter().chain(earlier);
        others
            .filter(|other| lock.excludes(other))
            .map(|other| other.by)
    }

    /// Whether somebody in the way waits for the transaction itself: a circle in the *wait-for graph*.
    fn closes_a_circle(&self, lock: &Lock) -> bool {
        let mut seen = Set::new();
        let mut next: Vec<u32> = self.in_the_way(lock, self.awaited.len()).collect();
        while let Some(other) = next.pop() {
            if other == lock.by {
                return true;
            }
            if seen.insert(other) {
                next.extend(self.waits_for(other));
            }
        }
        false
    }

    /// The transactions that a transaction waits for.
    pub(super) fn waits_for(&self, number: u32) -> impl Iterator<Item = u32> {
        let wishes = self.awaited.iter().enumerate();
        let own = wishes.filter(move |(_, lock)| lock.by == number);
        own.flat_map(|(place, lock)| self.in_the_way(lock, place))
    }

    /// A transaction has ended: it lets go of all its locks.
    pub(super) fn release(&mut self, number: u32) {
        self.held.retain(|lock| lock.by != number);
        self.awaited.retain(|lock| lock.by != number);
    }

    /// The next lock that can be granted to somebody who waits.
    pub(super) fn grant(&mut self) -> Option<Lock> {
        let mut places = 0..self.awaited.len();
        let free = |place: &usize| {
            let lock = &self.awaited[*place];
            self.in_the_way(lock, *place).next().is_none()
        };
        let place = places.find(free)?;
        let lock = self.awaited.remove(place);
        self.held.insert(lock);
        Some(lock)
    }

    /// The locks that are held.
    pub(super) fn all(&self) -> impl Iterator<Item = &Lock> {
        self.held.iter()
    }

    /// The transactions that wait, in the order of their asking.
    pub(super) fn waiting(&self) -> impl Iterator<Item = u32> + '_ {
        self.awaited.iter().map(|lock| lock.by)
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.held.held(by) + self.awaited.held(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(mode: Mode, by: u32) -> Lock {
        let what = Lockable::List;
        Lock { what, mode, by }
    }

    #[test]
    fn two_readers_that_both_want_to_change_the_list_are_a_deadlock() {
        let mut locks = Locks::default();
        assert_eq!(locks.ask(list(Mode::Shared, 1)), Wish::Granted);
        assert_eq!(locks.ask(list(Mode::Shared, 2)), Wish::Granted);
        assert_eq!(locks.ask(list(Mode::Intention, 1)), Wish::Waits(2));
        assert_eq!(locks.ask(list(Mode::Intention, 2)), Wish::Deadlock);
        locks.release(2);
        assert_eq!(locks.grant(), Some(list(Mode::Intention, 1)));
        assert_eq!(locks.grant(), None);
    }

    #[test]
    fn a_reader_stands_in_line_behind_a_change_that_waits() {
        let mut locks = Locks::default();
        locks.ask(list(Mode::Shared, 1));
        locks.ask(list(Mode::Shared, 2));
        assert_eq!(locks.ask(list(Mode::Intention, 1)), Wish::Waits(2));
        assert_eq!(locks.ask(list(Mode::Shared, 3)), Wish::Waits(1));
        locks.release(2);
        assert_eq!(locks.grant(), Some(list(Mode::Intention, 1)));
        assert_eq!(locks.grant(), None);
        locks.release(1);
        assert_eq!(locks.grant(), Some(list(Mode::Shared, 3)));
    }

    #[test]
    fn locks_on_rows_do_not_exclude_changes_of_other_rows() {
        let mut locks = Locks::default();
        let row = |row, mode, by| Lock {
            what: Lockable::Row(row),
            mode,
            by,
        };
        locks.ask(row(1, Mode::Shared, 1));
        assert_eq!(locks.ask(row(2, Mode::Exclusive, 2)), Wish::Granted);
        assert_eq!(locks.ask(row(1, Mode::Exclusive, 2)), Wish::Waits(1));
        assert_eq!(locks.waits_for(2).collect::<Vec<_>>(), [1]);
    }
}
