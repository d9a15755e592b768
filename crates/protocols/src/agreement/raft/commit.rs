//! When entries are committed, and what follows (section 3.6).

use sim::trace::Fact;
use sim::{Context, NodeId};

use super::Node;
use super::log::{Content, Entry};
use super::message::Told;
use super::server::Server;
use crate::parts::caller::Request;

impl Server {
    /// The leader counts copies: an entry of its own term that a quorum has stored is committed, and with it all before
    /// it. An entry of an earlier term is not committed by counting (section 3.6.2, figure 3.7; figure 8 of the paper).
    pub(super) fn advance(&mut self, context: &mut Context<'_, Node>) {
        let Some(office) = self.office() else { return };
        let stored = self.config().reached(|place| match place {
            me if me == self.me => office.own,
            other => office.peers[usize::from(other)].log.matched,
        });
        let Some(index) = stored.filter(|index| *index > self.commit) else {
            return;
        };
        let is_own = self.log.term_at(index) == Some(self.ballot.term);
        if is_own || !self.rules.commits_own_term_only {
            self.commit_to(index, context);
            self.after_commit(context);
        }
    }

    /// The log is committed up to a place: what it holds takes effect, in order.
    pub(super) fn commit_to(&mut self, index: u32, context: &mut Context<'_, Node>) {
        self.commit = self.commit.max(index);
        while self.machine.applied < self.commit {
            let next = self.machine.applied + 1;
            let Some(entry) = self.log.get(next).copied() else {
                break;
            };
            self.machine.applied = next;
            self.apply(next, entry, context);
        }
        self.answer_readings(context);
        self.snapshot_if_due(context);
    }

    fn apply(&mut self, index: u32, entry: Entry, context: &mut Context<'_, Node>) {
        if let Content::Command(client, request) = entry.content
            && self.has_session_with(client, request)
        {
            let operation = request.operation;
            context.record(Fact::PassedOver { operation });
        }
        context.record(Fact::Applied {
            index,
            known: self.ballot.term as u32,
            term: entry.term,
            content: entry.content.number(),
        });
        if let Content::Command(client, request) = entry.content
            && let Some(value) = self.carry_out(client, request)
        {
            self.answer(client, request.operation, index, value, context);
        }
    }

    /// Whether the session of a client has its request already, or a later one.
    fn has_session_with(&self, client: NodeId, request: Request) -> bool {
        let last = self.machine.last_of(client);
        self.rules.has_sessions && last.is_some_and(|last| last.operation >= request.operation)
    }

    /// Does what a client asks for, once. The answer, unless the client has asked for more since.
    fn carry_out(&mut self, client: NodeId, request: Request) -> Option<i64> {
        if !self.has_session_with(client, request) {
            return Some(self.machine.apply(client, request));
        }
        let last = self.machine.last_of(client)?;
        (last.operation == request.operation).then_some(last.value)
    }

    /// The leader answers a client, if it waits for this.
    fn answer(
        &mut self,
        client: NodeId,
        operation: u32,
        index: u32,
        value: i64,
        context: &mut Context<'_, Node>,
    ) {
        let term = self.ballot.term;
        let Some(office) = self.office_mut() else {
            return;
        };
        let waits = office.waiting.get(&client);
        if waits.is_some_and(|waiting| waiting.operation == operation && waiting.index <= index) {
            office.waiting.remove(&client);
            context.record(Fact::Acts { operation, term });
            self.tell(client, operation, Told::Done(value), context);
        }
    }

    /// What the leader has waited for may be committed.
    fn after_commit(&mut self, context: &mut Context<'_, Node>) {
        self.go_on_with_changes(context);
        self.serve_reads(context);
    }
}
