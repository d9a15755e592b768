//! What the server knows that clients ask: which notes its copies keep, and which clients wait.

use sim::held::{Held, Measure, all_held};
use sim::sorted::{Map, Set};
use sim::{NodeId, TimerId};

use crate::parts::caller::Request;
use crate::parts::quorum::{Votes, majority};

/// What the server that clients ask has to know.
#[derive(Clone, Debug)]
pub(super) struct Office {
    pub(super) copies: Vec<NodeId>,
    /// The notes that each copy has said it keeps.
    kept: Map<NodeId, Keeps>,
    /// The clients that wait for an answer, by operation.
    pub(super) waiting: Map<u32, (NodeId, Request)>,
    /// While it asks for the notes that it has forgotten: the copies that have told theirs.
    recalls: Option<Votes>,
    /// When it asks again.
    pub(super) recall_again: Option<TimerId>,
    pub(super) answered: u32,
}

/// What a copy keeps, as it has said in its latest life. A copy that keeps notes in memory has forgotten what it kept in
/// an earlier life.
#[derive(Clone, Debug, Default)]
struct Keeps {
    life: i64,
    notes: Set<u32>,
}

impl Keeps {
    /// The notes of this life; none if a later life has been heard of.
    fn of_life(&mut self, life: i64) -> Option<&mut Set<u32>> {
        if life > self.life {
            *self = Keeps {
                life,
                notes: Set::new(),
            };
        }
        (life == self.life).then_some(&mut self.notes)
    }
}

impl Office {
    pub(super) fn new(copies: Vec<NodeId>) -> Office {
        Office {
            copies,
            kept: Map::new(),
            waiting: Map::new(),
            recalls: None,
            recall_again: None,
            answered: 0,
        }
    }

    /// Begins to ask for forgotten notes. It asks so many copies that each note of a majority is with one of them; the
    /// server's own memory does not count.
    pub(super) fn begin_recall(&mut self) {
        let others = self.copies.len() as u16;
        self.recalls = Some(Votes::of(majority(others + 1).min(others)));
    }

    pub(super) fn is_recalling(&self) -> bool {
        self.recalls.is_some()
    }

    /// While it asks for forgotten notes: how many copies have told theirs, and how many must.
    pub(super) fn recall_progress(&self) -> Option<(u16, u16)> {
        let recalls = self.recalls.as_ref()?;
        Some((recalls.count(), recalls.needed()))
    }

    /// A copy has told all that it keeps. Whether this server no longer needs to ask for forgotten notes because of that,
    /// which only an answer to its present recovery can end.
    pub(super) fn recalled(&mut self, from: NodeId, is_answer: bool) -> bool {
        let is_over = |recalls: &mut Votes| {
            recalls.add(from);
            recalls.is_full()
        };
        is_answer && self.recalls.take_if(is_over).is_some()
    }

    /// A copy has said in one of its lives that it keeps these notes.
    pub(super) fn confirm(&mut self, from: NodeId, life: i64, notes: Vec<u32>) {
        if let Some(kept) = self.kept.entry(from).or_default().of_life(life) {
            kept.extend(notes);
        }
    }

    /// Whether a copy has said that it keeps a note.
    pub(super) fn keeps(&self, copy: NodeId, note: u32) -> bool {
        let kept = self.kept.get(&copy);
        kept.is_some_and(|kept| kept.notes.contains(&note))
    }

    /// Whether a majority of the servers has a note. `is_here` says whether this server has it.
    pub(super) fn is_with_majority(&self, note: u32, is_here: bool) -> bool {
        let copies = self.kept.values().filter(|kept| kept.notes.contains(&note));
        let needed = majority(self.copies.len() as u16 + 1);
        copies.count() + usize::from(is_here) >= usize::from(needed)
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        let kept = self.kept.values().map(|kept| &kept.notes);
        self.copies.held(by) + self.kept.held(by) + all_held(kept, by) + self.waiting.held(by)
    }
}
