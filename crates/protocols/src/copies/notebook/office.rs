//! What the server knows that clients ask: which notes its copies keep, and which clients wait.

use sim::held::{Held, Measure, all_held};
use sim::sorted::{Map, Set};
use sim::sorting::sort_by_key;
use sim::{NodeId, TimerId};

use crate::parts::caller::Request;
use crate::parts::quorum::{Votes, majority};

/// What the server that clients ask has to know.
#[derive(Clone, Debug, Hash)]
pub(super) struct Office {
    pub(super) copies: Vec<NodeId>,
    /// The notes that each copy has said it keeps.
    kept: Map<NodeId, Keeps>,
    /// The notes of this server that each copy has not said it keeps.
    missing: Map<NodeId, Set<u32>>,
    /// The clients that wait for an answer, by note and operation.
    waiting: Map<(u32, u32), (NodeId, Request)>,
    /// The notes that may have become safe since clients were last answered, and those that clients have asked about since.
    touched: Set<u32>,
    /// While it asks for the notes that it has forgotten: what the copies have told.
    recalls: Option<Recalls>,
    /// When it asks again.
    pub(super) recall_again: Option<TimerId>,
    pub(super) answered: u32,
}

/// The answers to one recovery.
#[derive(Clone, Debug, Hash)]
struct Recalls {
    /// The copies that have told all that they ever said they keep.
    whole: Votes,
    /// The copies that have forgotten notes themselves. They get them back from this server alone, so if all have, nobody has
    /// more to tell.
    forgotten: Votes,
}

/// What a copy keeps, as it has said in its latest life. A copy that keeps notes in memory has forgotten what it kept in
/// an earlier life.
#[derive(Clone, Debug, Default, Hash)]
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
            missing: Map::new(),
            waiting: Map::new(),
            touched: Set::new(),
            recalls: None,
            recall_again: None,
            answered: 0,
        }
    }

    /// Begins to ask for forgotten notes. It asks so many copies that each note of a majority is with one of them; the
    /// server's own memory does not count.
    pub(super) fn begin_recall(&mut self) {
        let others = self.copies.len() as u16;
        self.recalls = Some(Recalls {
            whole: Votes::of(majority(others + 1).min(others)),
            forgotten: Votes::of(others),
        });
    }

    pub(super) fn is_recalling(&self) -> bool {
        self.recalls.is_some()
    }

    /// While it asks for forgotten notes: how many copies have told theirs, and how many must.
    pub(super) fn recall_progress(&self) -> Option<(u16, u16)> {
        let recalls = self.recalls.as_ref()?;
        Some((recalls.whole.count(), recalls.whole.needed()))
    }

    /// A copy has answered the present recovery. Whether this server needs to ask no longer because of that.
    pub(super) fn recalled(&mut self, from: NodeId, is_whole: bool) -> bool {
        let is_over = |recalls: &mut Recalls| {
            let votes = if is_whole {
                &mut recalls.whole
            } else {
                &mut recalls.forgotten
            };
            votes.add(from);
            votes.is_full()
        };
        self.recalls.take_if(is_over).is_some()
    }

    /// This server has these notes when it starts.
    pub(super) fn begin_with(&mut self, own: &Set<u32>) {
        let lacks_all = |copy: &NodeId| (*copy, own.clone());
        self.missing = self.copies.iter().map(lacks_all).collect();
    }

    /// This server has one more note.
    pub(super) fn has(&mut self, note: u32) {
        self.touched.insert(note);
        for copy in &self.copies {
            let kept = self.kept.get(copy);
            if kept.is_none_or(|kept| !kept.notes.contains(&note)) {
                self.missing.entry(*copy).or_default().insert(note);
            }
        }
    }

    /// Notes are as safe on this server as they can be.
    pub(super) fn touch(&mut self, notes: &[u32]) {
        self.touched.extend(notes.iter().copied());
    }

    /// A copy has said in one of its lives that it keeps these notes; `own` are this server's.
    pub(super) fn confirm(&mut self, from: NodeId, life: i64, notes: Vec<u32>, own: &Set<u32>) {
        let keeps = self.kept.entry(from).or_default();
        let missing = self.missing.entry(from).or_default();
        if life > keeps.life {
            missing.clone_from(own);
        }
        if let Some(kept) = keeps.of_life(life) {
            for note in &notes {
                missing.remove(note);
            }
            self.touched.extend(notes.iter().copied());
            kept.extend(notes);
        }
    }

    /// The notes that a copy has not said it keeps, in order.
    pub(super) fn lacks(&self, copy: NodeId) -> Option<&Set<u32>> {
        self.missing.get(&copy)
    }

    /// A client waits until a note is safe.
    pub(super) fn wait(&mut self, note: u32, client: NodeId, request: Request) {
        self.touched.insert(note);
        self.waiting
            .insert((note, request.operation), (client, request));
    }

    /// Takes out the clients that have waited for what is safe, in the order of their operations. Only what was touched since
    /// it was last asked can have become safe.
    pub(super) fn answerable(
        &mut self,
        is_safe: impl Fn(u32, &Office) -> bool,
    ) -> Vec<(NodeId, Request)> {
        let mut safe = Vec::new();
        for note in std::mem::take(&mut self.touched) {
            let waits = self.waiting.range((note, 0)..=(note, u32::MAX));
            let keys: Vec<(u32, u32)> = waits.map(|(key, _)| *key).collect();
            if !keys.is_empty() && is_safe(note, self) {
                safe.extend(keys.iter().filter_map(|key| self.waiting.remove(key)));
            }
        }
        sort_by_key(&mut safe, |(_, request)| request.operation);
        safe
    }

    /// Whether a majority of the servers has a note. `is_here` says whether this server has it.
    pub(super) fn is_with_majority(&self, note: u32, is_here: bool) -> bool {
        let copies = self.kept.values().filter(|kept| kept.notes.contains(&note));
        let needed = majority(self.copies.len() as u16 + 1);
        copies.count() + usize::from(is_here) >= usize::from(needed)
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        let kept = self.kept.values().map(|kept| &kept.notes);
        self.copies.held(by)
            + self.kept.held(by)
            + all_held(kept, by)
            + self.missing.held(by)
            + all_held(self.missing.values(), by)
            + self.waiting.held(by)
            + self.touched.held(by)
    }
}
