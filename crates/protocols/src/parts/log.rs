//! A log in which each entry has the term of the leader that took it, and the rules of Raft that need nothing but such logs:
//! what is the same in two of them, which is newer, what a leader knows of a follower's (Ongaro, *Consensus: bridging theory
//! and practice*, Stanford, 2014, chapter 3). Who votes, when an entry takes effect and what is kept on disk is for
//! those to say who have such logs: [`raft`](crate::agreement::raft), and the [`replicated_log`](super::replicated_log).

use std::collections::VecDeque;

use sim::held::{Held, Measure};

/// An entry of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry<C> {
    /// The term of the leader that took it.
    pub term: i64,
    /// What it holds.
    pub content: C,
}

/// The place of an entry, and its term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Its place, from 1; 0 for the beginning of the log.
    pub index: u32,
    /// Its term; 0 for the beginning of the log.
    pub term: i64,
}

impl Mark {
    /// Whether a log that ends here is as new as one that ends at the other, or newer: by its term first, by its length among
    /// logs of one term (section 3.6.1).
    pub fn is_as_new_as(self, other: Mark) -> bool {
        (self.term, self.index) >= (other.term, other.index)
    }
}

/// A server's entries, behind those that its snapshot stands for if it has one.
#[derive(Clone, Debug, Hash)]
pub struct Log<C> {
    /// The last entry that the snapshot stands for.
    base: Mark,
    entries: VecDeque<Entry<C>>,
}

impl<C> Default for Log<C> {
    fn default() -> Log<C> {
        Log {
            base: Mark::default(),
            entries: VecDeque::new(),
        }
    }
}

/// What it holds.
impl<C: Copy> Log<C> {
    /// The last entry that the snapshot stands for.
    pub fn base(&self) -> Mark {
        self.base
    }

    /// How many entries it holds in memory.
    pub fn length(&self) -> u32 {
        self.entries.len() as u32
    }

    /// The last entry.
    pub fn last(&self) -> Mark {
        Mark {
            index: self.base.index + self.length(),
            term: self.entries.back().map_or(self.base.term, |last| last.term),
        }
    }

    fn place(&self, index: u32) -> Option<usize> {
        index
            .checked_sub(self.base.index + 1)
            .map(|place| place as usize)
    }

    /// The entry at a place, if it is in memory.
    pub fn get(&self, index: u32) -> Option<&Entry<C>> {
        self.entries.get(self.place(index)?)
    }

    /// The entries in memory, in order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry<C>> + ExactSizeIterator {
        self.entries.iter()
    }

    /// The term of the entry at a place, as long as it is known.
    pub fn term_at(&self, index: u32) -> Option<i64> {
        if index == self.base.index {
            return Some(self.base.term);
        }
        self.get(index).map(|entry| entry.term)
    }

    /// Whether it is the same as another log up to an entry of that one (log matching, section 3.5). What its snapshot
    /// stands for is committed, and so the same everywhere.
    pub fn is_alike(&self, at: Mark) -> bool {
        at.index < self.base.index || self.term_at(at.index) == Some(at.term)
    }

    /// How many of the entries of a leader, which belong behind a place, are here already.
    pub fn shared(
        &self,
        previous: u32,
        entries: &[Entry<C>],
        is_same: impl Fn(&Entry<C>, &Entry<C>) -> bool,
    ) -> usize {
        let is_here = |(index, entry): &(u32, &Entry<C>)| {
            *index <= self.base.index || self.get(*index).is_some_and(|own| is_same(own, entry))
        };
        (previous + 1..).zip(entries).take_while(is_here).count()
    }

    /// At most `count` entries from a place on.
    pub fn from(&self, index: u32, count: u32) -> Vec<Entry<C>> {
        let first = self.place(index).unwrap_or(0).min(self.entries.len());
        let rest = self.entries.range(first..);
        rest.take(count as usize).copied().collect()
    }

    /// The place of the first entry of this term or a later one. Terms never decrease along a log.
    pub fn first_since(&self, term: i64) -> u32 {
        let before = self.entries.partition_point(|entry| entry.term < term);
        self.base.index + 1 + before as u32
    }

    /// The place of the last entry of a term, if there is one.
    pub fn last_of(&self, term: i64) -> Option<u32> {
        let last = self.first_since(term + 1) - 1;
        (self.term_at(last) == Some(term)).then_some(last)
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.entries.held(by)
    }
}

/// What becomes of it.
impl<C: Copy> Log<C> {
    /// Adds an entry; its place.
    pub fn push(&mut self, entry: Entry<C>) -> u32 {
        self.entries.push_back(entry);
        self.last().index
    }

    /// Drops the entries from a place on: those that it had there.
    pub fn truncate(&mut self, index: u32) -> VecDeque<Entry<C>> {
        let length = self.place(index).unwrap_or(0);
        self.entries.split_off(length.min(self.entries.len()))
    }

    /// A snapshot stands for the entries up to `base`; the entries behind it stay.
    pub fn compact(&mut self, base: Mark) {
        let gone = (base.index.saturating_sub(self.base.index)).min(self.length());
        self.entries.drain(..gone as usize);
        self.base = base;
    }

    /// Begins behind `base`, without entries.
    pub fn reset(&mut self, base: Mark) {
        self.entries.clear();
        self.base = base;
    }
}

/// What a leader knows of another server's log.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub struct Progress {
    /// The place of the next entry to send.
    pub next: u32,
    /// Up to where the log is the leader's.
    pub matched: u32,
    /// When the latest answer came, or the leader was elected.
    pub heard: i64,
    /// When the leader last went back to send what the server lacks, or was elected.
    rewound: i64,
}

impl Progress {
    /// What a leader knows that has just been elected and whose log ends at `last`.
    pub fn new(last: Mark, now: i64) -> Progress {
        Progress {
            next: last.index + 1,
            matched: 0,
            heard: now,
            rewound: now,
        }
    }

    /// Goes back to the entry `next`, since a message that was sent at a moment was refused. Not if the leader has gone back
    /// since: what it sent in the meantime is refused for the same reason. Whether it has.
    pub fn rewind(&mut self, next: u32, sent: i64, now: i64) -> bool {
        let is_due = sent >= self.rewound;
        if is_due {
            (self.rewound, self.next) = (now, next);
            // A server that has forgotten entries has to get them again.
            self.matched = self.matched.min(next - 1);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(terms: &[i64]) -> Log<char> {
        let mut log = Log::default();
        for entry in entries(terms) {
            log.push(entry);
        }
        log
    }

    fn entries(terms: &[i64]) -> Vec<Entry<char>> {
        let entry = |term: &i64| Entry {
            term: *term,
            content: 'a',
        };
        terms.iter().map(entry).collect()
    }

    #[test]
    fn a_term_is_found_by_its_first_and_its_last_entry() {
        let mut log = log(&[1, 1, 2, 2, 2, 5]);
        for _ in 0..2 {
            assert_eq!([2, 3, 5].map(|term| log.first_since(term)), [3, 6, 6]);
            assert_eq!(log.last_of(2), Some(5));
            assert_eq!(log.last_of(4), None);
            log.compact(Mark { index: 2, term: 1 });
            assert_eq!((log.length(), log.last().index), (4, 6));
        }
        assert_eq!(log.last_of(1), Some(2), "the snapshot's last entry counts");
    }

    #[test]
    fn places_stay_the_same_behind_a_snapshot() {
        let mut log = log(&[1, 1, 2, 3]);
        log.compact(Mark { index: 2, term: 1 });
        assert_eq!(
            [1, 2, 3, 4, 5].map(|index| log.term_at(index)),
            [None, Some(1), Some(2), Some(3), None]
        );
        log.truncate(4);
        assert_eq!(log.last(), Mark { index: 3, term: 2 });
        assert_eq!(log.from(3, 9).len(), 1);
        log.reset(Mark { index: 9, term: 4 });
        assert_eq!(log.last(), Mark { index: 9, term: 4 });
    }

    #[test]
    fn a_later_term_is_newer_than_a_longer_log() {
        let [long, late] = [(9, 2), (3, 4)].map(|(index, term)| Mark { index, term });
        assert!(late.is_as_new_as(long) && !long.is_as_new_as(late));
        assert!(long.is_as_new_as(long));
        assert!(long.is_as_new_as(Mark { index: 8, term: 2 }));
    }

    #[test]
    fn logs_share_entries_up_to_the_first_that_differs() {
        let mut log = log(&[1, 1, 2, 2]);
        let by_term = |own: &Entry<char>, other: &Entry<char>| own.term == other.term;
        for (previous, terms, shared) in [
            (0, &[1, 1, 2][..], 3),
            (1, &[1, 3, 3], 1),
            (2, &[2, 2, 2], 2),
            (4, &[2], 0),
        ] {
            let entries = entries(terms);
            assert_eq!(log.shared(previous, &entries, by_term), shared, "{terms:?}");
        }
        log.compact(Mark { index: 2, term: 1 });
        assert_eq!(log.shared(0, &entries(&[7, 7, 2, 9]), by_term), 3);
        let alike = |index, term| log.is_alike(Mark { index, term });
        assert!(alike(1, 7) && alike(2, 1) && alike(4, 2));
        assert!(!alike(2, 2) && !alike(5, 2));
        assert_eq!(log.truncate(4).len(), 1);
        assert_eq!(log.truncate(9).len(), 0);
    }

    #[test]
    fn a_leader_goes_back_once_for_what_was_refused_at_once() {
        let mut progress = Progress::new(Mark { index: 9, term: 3 }, 100);
        progress.matched = 6;
        assert!(!progress.rewind(4, 90, 110), "sent in another term");
        assert!(progress.rewind(4, 100, 120));
        assert_eq!((progress.next, progress.matched), (4, 3));
        assert!(!progress.rewind(2, 110, 130));
        assert_eq!(progress.next, 4);
    }
}
