//! How entries reach the followers (chapter 3.5).

use sim::Context;

use super::Node;
use super::log::{Content, Entry};
use super::message::{Append, Appended, Message, Result, Sent, Timer};
use super::server::Server;
use super::storage::Owed;
use crate::parts::log::Mark;

/// The leader.
impl Server {
    /// Appends an entry to the leader's log, and sends it to the others; its place.
    pub(super) fn append(&mut self, content: Content, context: &mut Context<'_, Node>) -> u32 {
        let term = self.ballot.term;
        let index = self.push(Entry { term, content }, context);
        for peer in self.others() {
            self.send_new(peer, context);
        }
        self.owe_entries(Owed::OwnEntries { term, index }, context);
        index
    }

    /// The servers that get entries from this leader.
    fn others(&self) -> impl Iterator<Item = u8> + use<> {
        self.config().all().without(self.me).places()
    }

    /// Time for a heartbeat.
    pub(super) fn beat(&mut self, context: &mut Context<'_, Node>) {
        let term = self.ballot.term;
        if self.rules.checks_quorum && !self.is_in_touch(context) {
            return self.step_down(context);
        }
        self.renew_transfer(context);
        context.set_timer(self.rules.heartbeat, Timer::Beat { term });
        self.send_all(context);
    }

    /// Sends each follower what it was not sent yet; without anything, that the leader leads.
    pub(super) fn send_all(&mut self, context: &mut Context<'_, Node>) {
        for peer in self.others() {
            self.send(peer, context);
        }
    }

    /// Sends a follower entries that it was not sent yet, if there are any.
    fn send_new(&mut self, to: u8, context: &mut Context<'_, Node>) {
        let last = self.log.last().index;
        let is_due = |office: &mut super::office::Office| {
            let peer = office.peer(to);
            peer.log.next <= last && peer.sending.is_none()
        };
        if self.office_mut().is_some_and(is_due) {
            self.send(to, context);
        }
    }

    /// Asks all to confirm that this server leads: by messages without entries, about the last entry that each is known to
    /// have.
    pub(super) fn ask_all(&mut self, context: &mut Context<'_, Node>) {
        for to in self.others() {
            let peer = self.office().map(|office| &office.peers[usize::from(to)]);
            let Some(peer) = peer.filter(|peer| peer.sending.is_none()) else {
                continue;
            };
            let index = peer.log.matched;
            match self.log.term_at(index) {
                Some(term) => {
                    let previous = Mark { index, term };
                    self.send_append(to, previous, Vec::new(), context);
                }
                None => self.send(to, context),
            }
        }
    }

    fn send(&mut self, to: u8, context: &mut Context<'_, Node>) {
        let (base, batch) = (self.log.base().index, self.rules.batch);
        let Some(office) = self.office_mut() else {
            return;
        };
        let next = office.peer(to).log.next;
        if next <= base || office.peer(to).sending.is_some() {
            return self.send_chunk(to, context);
        }
        let entries = self.log.from(next, batch);
        let previous = Mark {
            index: next - 1,
            term: self.log.term_at(next - 1).unwrap_or(0),
        };
        if let Some(office) = self.office_mut() {
            office.peer(to).log.next += entries.len() as u32;
        }
        self.send_append(to, previous, entries, context);
    }

    fn send_append(
        &self,
        to: u8,
        previous: Mark,
        entries: Vec<Entry>,
        context: &mut Context<'_, Node>,
    ) {
        let append = Append {
            term: self.ballot.term,
            previous,
            entries,
            commit: self.commit,
            sent: context.monotonic(),
        };
        context.send(self.node(to), Message::Append(append));
    }

    /// A follower has answered.
    pub(super) fn appended(&mut self, from: u8, answer: Appended, context: &mut Context<'_, Node>) {
        self.see(answer.term, context);
        if self.is_stale(answer.term) || !self.leads() {
            return;
        }
        if answer.to.term == self.ballot.term {
            self.confirmed(from, answer.to.at, context);
        }
        match answer.result {
            Result::Stored(index) => self.stored(from, index, context),
            Result::Differs { at, term, hint } => {
                let next = self.back_up(at, term, hint);
                self.rewind(from, next, answer.to.at, context);
            }
            Result::Stale => {}
        }
        self.serve_reads(context);
    }

    /// A follower has answered what was sent at a moment of the leader's term.
    pub(super) fn confirmed(&mut self, from: u8, sent: i64, context: &Context<'_, Node>) {
        let (now, wall) = (context.monotonic(), context.wall());
        if let Some(office) = self.office_mut() {
            let peer = office.peer(from);
            peer.confirmed = peer.confirmed.max(sent);
            (peer.log.heard, peer.heard_wall) = (now, wall);
        }
    }

    /// A follower's log is the leader's up to a place.
    fn stored(&mut self, from: u8, index: u32, context: &mut Context<'_, Node>) {
        let counts_stored = self.rules.counts_what_is_stored;
        let last = self.log.last().index;
        let Some(office) = self.office_mut() else {
            return;
        };
        let peer = office.peer(from);
        let log = &mut peer.log;
        let index = if counts_stored { index } else { log.next - 1 };
        log.matched = log.matched.max(index.min(last));
        log.next = log.next.max(log.matched + 1);
        if peer
            .sending
            .as_ref()
            .is_some_and(|(one, _)| one.last.index <= index)
        {
            peer.sending = None;
        }
        self.advance(context);
        self.go_on_with_changes(context);
        self.go_on_with_transfer(context);
        self.send_new(from, context);
    }

    /// Where a follower's log may still be the leader's (section 3.5): behind the leader's last entry of the term that the
    /// follower has there, or before the follower's first entry of it.
    pub(super) fn back_up(&self, at: u32, term: Option<i64>, hint: u32) -> u32 {
        let last = term.and_then(|term| self.log.last_of(term));
        match last {
            Some(last) if last < at => last + 1,
            _ => hint.min(at).max(1),
        }
    }

    /// Goes back to send what a follower lacks.
    fn rewind(&mut self, to: u8, next: u32, sent: i64, context: &mut Context<'_, Node>) {
        let now = context.monotonic();
        let Some(office) = self.office_mut() else {
            return;
        };
        let peer = office.peer(to);
        if peer.sending.is_none() && peer.log.rewind(next, sent, now) {
            self.send(to, context);
        }
    }

    /// The leader's own entries are durable up to a place.
    pub(super) fn own_entries_are_durable(
        &mut self,
        term: i64,
        index: u32,
        context: &mut Context<'_, Node>,
    ) {
        if term != self.ballot.term {
            return;
        }
        if let Some(office) = self.office_mut() {
            office.own = office.own.max(index);
            self.advance(context);
        }
    }

    /// Whether a quorum has answered the leader within its patience.
    pub(super) fn is_in_touch(&self, context: &Context<'_, Node>) -> bool {
        let Some(office) = self.office() else {
            return false;
        };
        let now = context.monotonic();
        let heard = self.config().reached(|place| match place {
            me if me == self.me => now,
            other => office.peers[usize::from(other)].log.heard,
        });
        heard.is_some_and(|heard| self.is_recent(heard, context))
    }
}

/// The follower.
impl Server {
    /// Hears from a server that leads. Whether it is the leader to follow.
    pub(super) fn hears_leader(
        &mut self,
        from: u8,
        term: i64,
        context: &mut Context<'_, Node>,
    ) -> bool {
        self.see(term, context);
        if term != self.ballot.term || self.leads() {
            return false;
        }
        self.follow(from, context);
        true
    }

    /// A leader sends entries.
    pub(super) fn append_asked(
        &mut self,
        from: u8,
        append: &Append,
        context: &mut Context<'_, Node>,
    ) {
        let result = if self.hears_leader(from, append.term, context) {
            self.take_entries(append, context)
        } else if self.leads() {
            return;
        } else {
            Result::Stale
        };
        let sent = Sent {
            term: append.term,
            at: append.sent,
        };
        self.answer_leader(from, result, sent, context);
    }

    /// Takes over a leader's entries if its own log is the leader's up to there.
    fn take_entries(&mut self, append: &Append, context: &mut Context<'_, Node>) -> Result {
        if self.rules.checks_previous
            && let Some(differs) = self.difference(append.previous)
        {
            return differs;
        }
        // Only an unchecked leader's entries can belong behind a gap: they go to the end of the log.
        let previous = append.previous.index.min(self.log.last().index);
        self.copy(previous, &append.entries, context);
        let stored = append.previous.index + append.entries.len() as u32;
        let vouched = if self.rules.caps_commit {
            stored
        } else {
            self.log.last().index
        };
        self.commit_to(append.commit.min(vouched), context);
        Result::Stored(stored)
    }

    /// How its log differs from one that has this entry, if it does.
    pub(super) fn difference(&self, previous: Mark) -> Option<Result> {
        if self.log.is_alike(previous) {
            return None;
        }
        let own = self.log.term_at(previous.index);
        let hint = match own {
            Some(term) => self.log.first_since(term),
            None => self.log.last().index + 1,
        };
        Some(Result::Differs {
            at: previous.index,
            term: own,
            hint,
        })
    }

    /// Copies a leader's entries behind a place. From the first that differs on, its own are dropped.
    fn copy(&mut self, previous: u32, entries: &[Entry], context: &mut Context<'_, Node>) {
        if !self.rules.truncates_on_conflict_only {
            self.truncate((previous + 1).max(self.log.base().index + 1), context);
        }
        let is_same = |own: &Entry, other: &Entry| own.term == other.term;
        let shared = self.log.shared(previous, entries, is_same);
        let new = &entries[shared..];
        if !new.is_empty() {
            self.truncate(previous + shared as u32 + 1, context);
        }
        for entry in new {
            self.push(*entry, context);
        }
    }
}
