//! Snapshots, which stand for the beginning of the log (chapter 5).

use std::sync::Arc;

use sim::Context;
use sim::held::{Held, Measure};
use sim::trace::Fact;

use super::Node;
use super::machine::{Item, Machine};
use super::message::{Chunk, Message, Received, Result, Sent, Shared, Snapshot};
use super::server::Server;
use super::storage::Owed;
use crate::parts::log::Mark;

/// A snapshot of which not all has arrived.
#[derive(Clone, Debug, Hash)]
pub(super) struct Incoming {
    last: Mark,
    items: Vec<Item>,
}

impl Incoming {
    pub fn held(&self, by: Measure) -> usize {
        self.items.held(by)
    }
}

/// Its own snapshots.
impl Server {
    /// Takes a snapshot once enough entries have been applied since the last one. The entries go when the snapshot is on
    /// disk: a crash in between must not find neither.
    pub(super) fn snapshot_if_due(&mut self, context: &mut Context<'_, Node>) {
        let applied = self.machine.applied.saturating_sub(self.log.base().index);
        if self.is_saving || applied < self.rules.snapshot_every {
            return;
        }
        self.is_saving = true;
        let snapshot = Arc::new(self.capture());
        if self.rules.saves_before_truncating {
            self.storage.save_snapshot(Arc::clone(&snapshot));
            self.owe(Owed::Compact(snapshot), context);
        } else {
            self.compact(Arc::clone(&snapshot), context);
            self.owe(Owed::Save(snapshot), context);
        }
    }

    fn capture(&self) -> Snapshot {
        let index = self.machine.applied;
        let term = if self.rules.snapshots_keep_term {
            self.log.term_at(index).unwrap_or(0)
        } else {
            0
        };
        let registers = self.machine.registers();
        let (members, items) = if self.rules.snapshots_are_whole {
            let items = registers.chain(self.machine.sessions()).collect();
            (self.members.at(index), items)
        } else {
            (self.first_members, registers.collect())
        };
        Snapshot {
            last: Mark { index, term },
            members,
            items,
        }
    }

    /// A snapshot stands for the entries up to its place: they go.
    pub(super) fn compact(&mut self, snapshot: Shared, context: &mut Context<'_, Node>) {
        let last = snapshot.last;
        if last.index <= self.log.base().index {
            return;
        }
        self.storage.compact(last.index, context);
        self.log.compact(last);
        self.members.compact(last.index);
        self.snapshot = Some(snapshot);
        compacted(last, context);
    }

    /// Begins a life with the snapshot on its disk.
    pub(super) fn begin_with(&mut self, snapshot: Shared, context: &mut Context<'_, Node>) {
        self.log.reset(snapshot.last);
        self.members.reset(snapshot.last.index, snapshot.members);
        self.restore(&snapshot);
        compacted(snapshot.last, context);
        self.snapshot = Some(snapshot);
    }

    fn restore(&mut self, snapshot: &Snapshot) {
        let index = snapshot.last.index;
        self.machine = Machine::of(index, &snapshot.items);
        self.commit = index;
    }
}

fn compacted(last: Mark, context: &mut Context<'_, Node>) {
    context.record(Fact::Compacted {
        index: last.index,
        term: last.term,
    });
}

/// The leader sends its snapshot to a follower that needs entries which are gone.
impl Server {
    pub(super) fn send_chunk(&mut self, to: u8, context: &mut Context<'_, Node>) {
        let latest = self.snapshot.clone();
        let Some(office) = self.office_mut() else {
            return;
        };
        let sending = &mut office.peer(to).sending;
        if sending.is_none() {
            *sending = latest.map(|snapshot| (snapshot, 0));
        }
        let Some((snapshot, offset)) = sending.clone() else {
            return;
        };
        let rest = snapshot.items.get(offset as usize..).unwrap_or_default();
        let items = &rest[..rest.len().min(self.rules.chunk as usize)];
        let chunk = Chunk {
            term: self.ballot.term,
            last: snapshot.last,
            members: snapshot.members,
            offset,
            items: items.to_vec(),
            is_end: items.len() == rest.len(),
            sent: context.monotonic(),
        };
        context.send(self.node(to), Message::Chunk(chunk));
    }

    /// A follower has so many pieces of a snapshot.
    pub(super) fn received(
        &mut self,
        from: u8,
        received: Received,
        context: &mut Context<'_, Node>,
    ) {
        self.see(received.term, context);
        if self.is_stale(received.term) {
            return;
        }
        self.confirmed(from, received.sent, context);
        let Some(office) = self.office_mut() else {
            return;
        };
        if let Some((snapshot, have)) = &mut office.peer(from).sending
            && snapshot.last.index == received.index
            && *have != received.have
        {
            *have = received.have;
            self.send_chunk(from, context);
        }
        self.serve_reads(context);
    }
}

/// The follower.
impl Server {
    /// A leader sends a part of its snapshot.
    pub(super) fn chunk_came(&mut self, from: u8, chunk: Chunk, context: &mut Context<'_, Node>) {
        let sent = Sent {
            term: chunk.term,
            at: chunk.sent,
        };
        let (node, index) = (self.node(from), chunk.last.index);
        let has_it = if !self.hears_leader(from, chunk.term, context) {
            if self.leads() {
                return;
            }
            return self.answer_leader(from, Result::Stale, sent, context);
        } else if self.rules.takes_newer_snapshots_only && index <= self.commit {
            true
        } else {
            self.collect(chunk, context)
        };
        if has_it {
            return self.answer_leader(from, Result::Stored(index), sent, context);
        }
        let have = self
            .incoming
            .as_ref()
            .map_or(0, |one| one.items.len() as u32);
        let term = self.ballot.term;
        let received = Received {
            term,
            index,
            have,
            sent: sent.at,
        };
        context.send(node, Message::Received(received));
    }

    /// Adds a part of a snapshot to those that have come. Whether the whole snapshot is here, and installed.
    fn collect(&mut self, chunk: Chunk, context: &mut Context<'_, Node>) -> bool {
        let last = chunk.last;
        if self.incoming.as_ref().is_none_or(|one| one.last != last) {
            self.incoming = Some(Incoming {
                last,
                items: Vec::new(),
            });
        }
        let Some(incoming) = &mut self.incoming else {
            return false;
        };
        if incoming.items.len() != chunk.offset as usize {
            return false;
        }
        incoming.items.extend(chunk.items);
        if !chunk.is_end {
            return false;
        }
        let items = std::mem::take(&mut incoming.items);
        self.incoming = None;
        let members = chunk.members;
        let snapshot = Snapshot {
            last,
            members,
            items,
        };
        self.install(Arc::new(snapshot), context);
        true
    }

    /// Goes on from a leader's snapshot. The entries behind it stay if the log has its last entry; otherwise all go.
    fn install(&mut self, snapshot: Shared, context: &mut Context<'_, Node>) {
        let (base, last) = (self.log.base().index, snapshot.last);
        self.storage.save_snapshot(Arc::clone(&snapshot));
        if last.index > base && self.log.term_at(last.index) == Some(last.term) {
            self.log.compact(last);
            self.members.compact(last.index);
        } else {
            self.truncate(base + 1, context);
            // What may still lie on disk is older than the snapshot.
            self.storage.cut(1, context);
            self.log.reset(last);
            self.members.reset(last.index, snapshot.members);
        }
        self.restore(&snapshot);
        compacted(last, context);
        self.snapshot = Some(snapshot);
    }
}
