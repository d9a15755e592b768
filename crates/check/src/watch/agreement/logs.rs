//! What each node's log holds, as facts tell it.

use std::collections::VecDeque;

use sim::NodeId;
use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact};

use crate::watch::verdict::Words;

/// How many places of the log are remembered at most. What a node that was away needs from further back
/// comes as a snapshot.
const REMEMBERED: usize = 2048;

/// An entry: the term of the leader that took it, and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub term: i64,
    pub content: i64,
}

impl Entry {
    /// What it holds, in words.
    pub fn words(&self, words: &Words<'_>) -> String {
        match self.content {
            0 => "an empty entry".to_owned(),
            content if content > 0 => format!("{} #{content}", words.operation),
            _ => "a set of members".to_owned(),
        }
    }
}

/// The log of one node.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    /// The last place that a snapshot stands for, and its term.
    base: u32,
    base_term: i64,
    entries: VecDeque<Entry>,
}

/// What a node has at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AtPlace {
    /// A snapshot stands for it.
    Snapshot,
    /// This entry.
    Entry(Entry),
    /// Nothing.
    Nothing,
}

impl Log {
    /// The last place that a snapshot stands for.
    pub fn base(&self) -> u32 {
        self.base
    }

    pub fn at(&self, index: u32) -> AtPlace {
        if index <= self.base {
            return AtPlace::Snapshot;
        }
        let entry = self.entries.get((index - self.base) as usize - 1);
        entry.map_or(AtPlace::Nothing, |entry| AtPlace::Entry(*entry))
    }

    /// The term of the entry at a place, if it is known.
    pub fn term_at(&self, index: u32) -> Option<i64> {
        match self.at(index) {
            AtPlace::Entry(entry) => Some(entry.term),
            AtPlace::Snapshot if index == self.base => Some(self.base_term),
            AtPlace::Snapshot | AtPlace::Nothing => None,
        }
    }

    fn truncate(&mut self, index: u32) {
        let length = index.saturating_sub(self.base + 1);
        self.entries.truncate(length as usize);
    }

    /// Takes in an entry at a place. Whether it is right behind the others; if not, the log is kept as it was before.
    fn take(&mut self, index: u32, entry: Entry) -> bool {
        self.truncate(index);
        let is_next = index == self.base + 1 + self.entries.len() as u32;
        if is_next {
            self.entries.push_back(entry);
        }
        is_next
    }

    fn compact(&mut self, index: u32, term: i64) {
        let gone = index.saturating_sub(self.base) as usize;
        self.entries.drain(..gone.min(self.entries.len()));
        (self.base, self.base_term) = (index, term);
    }
}

/// The logs of all nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Logs(Map<NodeId, Log>);

impl Logs {
    /// Takes in an event. A node that restarts has the log that it then puts on record.
    pub fn observe(&mut self, event: &Event) {
        if event.kind == EventKind::Restart {
            self.0.insert(event.node, Log::default());
        }
        match event.fact() {
            Some(Fact::Logged {
                index,
                term,
                content,
            }) => {
                let log = self.0.entry(event.node).or_default();
                log.take(index, Entry { term, content });
            }
            Some(Fact::Truncated { index }) => {
                self.0.entry(event.node).or_default().truncate(index)
            }
            Some(Fact::Compacted { index, term }) => {
                self.0.entry(event.node).or_default().compact(index, term);
            }
            _ => {}
        }
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        let logs = self.0.values().map(|log| log.entries.held(by));
        self.0.held(by) + logs.sum::<usize>()
    }

    /// The log of a node.
    pub fn of(&self, node: NodeId) -> Option<&Log> {
        self.0.get(&node)
    }
}

/// What is known of each place of the log, from some place on.
#[derive(Clone, Debug)]
pub(super) struct Places<T> {
    /// The place before the first.
    before: u32,
    known: VecDeque<Option<T>>,
}

impl<T> Default for Places<T> {
    fn default() -> Places<T> {
        Places {
            before: 0,
            known: VecDeque::new(),
        }
    }
}

impl<T> Places<T> {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.known.held(by)
    }

    /// What is known of a place.
    pub fn get(&self, index: u32) -> Option<&T> {
        let place = index.checked_sub(self.before + 1)?;
        self.known.get(place as usize)?.as_ref()
    }

    /// Remembers what is known of a place; of a place that is forgotten, nothing.
    pub fn set(&mut self, index: u32, what: T) {
        let Some(place) = index.checked_sub(self.before + 1) else {
            return;
        };
        let mut place = place as usize;
        if place >= self.known.len() + REMEMBERED {
            // Far ahead of all that is known: nothing of that is worth keeping.
            self.known.clear();
            (self.before, place) = (index - 1, 0);
        }
        while self.known.len() <= place {
            self.known.push_back(None);
        }
        self.known[place] = Some(what);
        let most = self.before + (self.known.len().saturating_sub(REMEMBERED)) as u32;
        self.forget(most);
    }

    /// The place before the first of which anything is known.
    pub fn forgotten(&self) -> u32 {
        self.before
    }

    fn forget(&mut self, index: u32) {
        while self.before < index && self.known.pop_front().is_some() {
            self.before += 1;
        }
    }

    /// The last place of which anything is known.
    pub fn last(&self) -> u32 {
        self.before + self.known.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounded_number_of_places_is_remembered() {
        let mut places = Places::default();
        for index in 1..=3 * REMEMBERED as u32 {
            places.set(index, index);
        }
        let (first, last) = (places.forgotten() + 1, places.last());
        assert_eq!(
            (first, last),
            (2 * REMEMBERED as u32 + 1, 3 * REMEMBERED as u32)
        );
        assert_eq!(
            (places.get(first), places.get(last)),
            (Some(&first), Some(&last))
        );
        assert_eq!(places.get(first - 1), None);
        places.set(10 * REMEMBERED as u32, 7);
        assert_eq!(places.get(10 * REMEMBERED as u32), Some(&7));
        assert_eq!(places.get(last), None);
    }
}
