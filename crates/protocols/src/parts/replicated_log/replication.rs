//! How entries reach the followers, and when they take effect.

use sim::{Context, NodeId};

use super::journal::Entry;
use super::message::{Append, Appended, Message};
use super::{Hosts, Owed, Server, journal};
use crate::parts::caller::Request;
use crate::parts::log::Mark;
use crate::parts::quorum::majority;

/// How many entries a message carries at most. A follower that was cut off for long lacks thousands, and while the leader looks
/// for where the logs differ, every message would carry all of them.
const MOST_ENTRIES: u32 = 256;

/// The leader.
impl Server {
    /// Appends an entry, and sends it to the followers.
    pub(super) fn append<P: Hosts>(
        &mut self,
        request: Option<Request>,
        context: &mut Context<'_, P>,
    ) {
        let term = self.election.term();
        let content = request;
        self.push(Entry { term, content }, context);
        let length = self.log.length();
        self.owe(Owed::OwnEntries { term, length }, context);
        self.send_entries(context);
        if !self.rules.is_fenced {
            self.take_effect_up_to(length as usize, context);
        }
    }

    /// Sends each follower the entries that it has not been sent; without any, that it leads.
    pub(super) fn send_entries<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        for place in 0..self.election.peers().len() {
            self.send_entries_to(self.election.peers()[place], context);
        }
    }

    fn send_entries_to<P: Hosts>(&mut self, peer: NodeId, context: &mut Context<'_, P>) {
        let (term, length) = (self.election.term(), self.log.length());
        let office = self.election.office_mut();
        let Some(follower) = office.and_then(|office| office.followers.get_mut(&peer)) else {
            return;
        };
        let first = follower.next.min(length + 1);
        follower.next = (length + 1).min(first + MOST_ENTRIES);
        let index = first - 1;
        let append = Append {
            term,
            previous: Mark {
                index,
                term: self.log.term_at(index).unwrap_or(0),
            },
            entries: self.log.from(first, MOST_ENTRIES),
            committed: self.effects.count() as u32,
            sent: context.monotonic(),
        };
        context.send(peer, Message::Append(append).into());
    }

    /// A follower has answered.
    pub(super) fn appended<P: Hosts>(
        &mut self,
        from: NodeId,
        answer: Appended,
        context: &mut Context<'_, P>,
    ) {
        self.election.see(answer.term, context);
        if answer.term != self.election.term() {
            return;
        }
        let (own, now) = (self.log.length(), context.monotonic());
        let office = self.election.office_mut();
        let Some(follower) = office.and_then(|office| office.followers.get_mut(&from)) else {
            return;
        };
        follower.heard = now;
        if answer.is_alike {
            follower.matched = follower.matched.max(answer.length.min(own));
            let lacks_more = follower.next <= own;
            self.commit(context);
            if lacks_more {
                self.send_entries_to(from, context);
            }
        } else if follower.rewind(answer.length + 1, answer.sent, now) {
            // The logs are alike somewhere further back.
            self.send_entries_to(from, context);
        }
    }

    /// So many of the leader's own entries are durable.
    pub(super) fn own_entries_are_durable<P: Hosts>(
        &mut self,
        length: u32,
        context: &mut Context<'_, P>,
    ) {
        if let Some(office) = self.election.office_mut() {
            office.durable = office.durable.max(length);
            self.commit(context);
        }
    }

    /// What a majority has accepted takes effect if it is of this term, or precedes an entry that is.
    fn commit<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        let needed = majority(self.election.members());
        let office = self.election.office();
        let Some(length) = office.and_then(|office| office.accepted_by(needed)) else {
            return;
        };
        if self.log.term_at(length) == Some(self.election.term()) {
            self.take_effect_up_to(length as usize, context);
        }
    }

    /// Whether a majority has answered the leader within its patience. Without fencing it does not ask.
    pub(super) fn is_in_touch(&self, now: i64) -> bool {
        let Some(office) = self.election.office() else {
            return false;
        };
        let in_touch = office.count_in_touch(|heard| self.election.is_recent(heard, now));
        !self.rules.is_fenced || in_touch >= usize::from(majority(self.election.members()))
    }
}

/// The follower.
impl Server {
    /// A leader sends entries.
    pub(super) fn append_asked<P: Hosts>(
        &mut self,
        from: NodeId,
        append: &Append,
        context: &mut Context<'_, P>,
    ) {
        let is_leader = self.hears_leader(from, append.term, context);
        let is_alike = is_leader && self.log.is_alike(append.previous);
        let length = if is_alike {
            self.accept(append, context)
        } else {
            let behind = append.previous.index;
            behind.min(self.log.length() + 1).saturating_sub(1)
        };
        let answer = Message::Appended(Appended {
            term: self.election.term(),
            length,
            is_alike,
            sent: append.sent,
        });
        self.owe(Owed::Send(from, answer), context);
    }

    /// Hears from a server that leads. Whether it is the leader to follow.
    fn hears_leader<P: Hosts>(
        &mut self,
        from: NodeId,
        term: i64,
        context: &mut Context<'_, P>,
    ) -> bool {
        self.election.see(term, context);
        // Without elections two can lead one term; then the one that is earlier in line does not give way.
        if term < self.election.term() || self.election.leads() && context.me() < from {
            return false;
        }
        self.election.follow(from, context);
        true
    }

    /// Takes over a leader's entries and effects. How many entries are alike.
    fn accept<P: Hosts>(&mut self, append: &Append, context: &mut Context<'_, P>) -> u32 {
        self.copy(append.previous.index, &append.entries, context);
        let alike = append.previous.index + append.entries.len() as u32;
        self.take_effect_up_to(append.committed.min(alike) as usize, context);
        alike
    }

    /// Copies a leader's entries. From the first that differs on, the follower's own entries are dropped.
    fn copy<P: Hosts>(&mut self, previous: u32, entries: &[Entry], context: &mut Context<'_, P>) {
        // Without elections a term can have two leaders, and its entries are not alike for that.
        let shared = self
            .log
            .shared(previous, entries, |own, other| own == other);
        let new = &entries[shared..];
        let first = previous + shared as u32 + 1;
        if let Some(by) = new.first().filter(|_| first <= self.log.length()) {
            journal::truncate(&mut self.log, first, by, context);
            // Only without fencing: what had taken effect has not, after all.
            self.effects.rewind_to(&self.log);
        }
        for entry in new {
            self.push(*entry, context);
        }
    }

    fn push<P: Hosts>(&mut self, entry: Entry, context: &mut Context<'_, P>) {
        journal::push(&mut self.log, entry, context);
    }
}
