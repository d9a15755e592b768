//! The log in memory: entries behind a snapshot.

use std::collections::VecDeque;

use sim::NodeId;
use sim::held::{Held, Measure};

use super::members::Members;
use crate::parts::caller::Request;

/// An entry of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The term of the leader that took it.
    pub term: i64,
    /// What it holds.
    pub content: Content,
}

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing: with such an entry a term begins.
    Nothing,
    /// What a client asks for.
    Command(NodeId, Request),
    /// A configuration.
    Members(Members),
}

impl Content {
    /// The number by which facts tell contents apart: a command's operation, 0 for nothing, less for configurations.
    pub fn number(&self) -> i64 {
        match self {
            Content::Nothing => 0,
            Content::Command(_, request) => i64::from(request.operation),
            Content::Members(members) => members.number(),
        }
    }
}

/// The place of an entry, and its term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Its place, from 1; 0 for the beginning of the log.
    pub index: u32,
    /// Its term; 0 for the beginning of the log.
    pub term: i64,
}

impl Mark {
    /// How new a log is that ends here: by its term first, by its length among logs of one term (section 3.6.1).
    pub fn age(self) -> (i64, u32) {
        (self.term, self.index)
    }
}

/// A server's entries behind those that its snapshot stands for.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    /// The last entry that the snapshot stands for.
    base: Mark,
    entries: VecDeque<Entry>,
}

impl Log {
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

    pub fn get(&self, index: u32) -> Option<&Entry> {
        self.entries.get(self.place(index)?)
    }

    /// The term of the entry at a place, as long as it is known.
    pub fn term_at(&self, index: u32) -> Option<i64> {
        if index == self.base.index {
            return Some(self.base.term);
        }
        self.get(index).map(|entry| entry.term)
    }

    /// At most `count` entries from a place on.
    pub fn from(&self, index: u32, count: u32) -> Vec<Entry> {
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

    /// Adds an entry; its place.
    pub fn push(&mut self, entry: Entry) -> u32 {
        self.entries.push_back(entry);
        self.last().index
    }

    /// Drops the entries from a place on.
    pub fn truncate(&mut self, index: u32) {
        let length = self.place(index).unwrap_or(0);
        self.entries.truncate(length);
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

    pub fn held(&self, by: Measure) -> usize {
        self.entries.held(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(terms: &[i64]) -> Log {
        let mut log = Log::default();
        for term in terms {
            log.push(Entry {
                term: *term,
                content: Content::Nothing,
            });
        }
        log
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
}
