//! What a leader does: it takes writes, copies them, and lets them take effect.

use std::cmp::Ordering;

use sim::trace::Fact;
use sim::{Context, NodeId};

use super::Node;
use super::message::{Copy, Message};
use super::office::{Office, Write};
use super::server::{Owed, Server};
use crate::parts::caller::Reply;
use crate::parts::election::Timer;

impl Server {
    /// A majority has voted for this server.
    pub(super) fn take_office(&mut self, context: &mut Context<'_, Node>) {
        self.election.lead(Office::default(), context);
        let term = self.election.term();
        // A majority may have acknowledged the copy that it found: it keeps the copy, under its own term.
        if self.copy.operation == 0 {
            self.tell_the_living(&Message::Heartbeat { term }, context);
        } else {
            self.hand_out(self.copy.operation, None, context);
        }
        context.set_timer(self.rules.heartbeat, Timer::Beat { term }.into());
    }

    /// Says that it leads, and repeats what has not been acknowledged.
    pub(super) fn beat(&mut self, of_term: i64, context: &mut Context<'_, Node>) {
        let term = self.election.term();
        let has_copy_in_hand = match self.election.office() {
            Some(office) if term == of_term => office.has_copy_in_hand(),
            _ => return,
        };
        context.set_timer(self.rules.heartbeat, Timer::Beat { term }.into());
        if has_copy_in_hand {
            self.send_copy(context);
        } else {
            self.tell_the_living(&Message::Heartbeat { term }, context);
        }
    }

    /// Takes a write: at once if none is in hand.
    pub(super) fn take(&mut self, write: Write, context: &mut Context<'_, Node>) {
        let Some(office) = self.election.office_mut() else {
            return;
        };
        if !office.has(write) {
            office.queue(write);
            self.take_next(context);
        }
    }

    /// Takes the next writes that wait, until one is in hand. Of a write that was made before, only the answer is repeated.
    fn take_next(&mut self, context: &mut Context<'_, Node>) {
        let next = |server: &mut Server| server.election.office_mut().and_then(Office::next);
        while let Some(write) = next(self) {
            let operation = write.request.operation;
            match operation.cmp(&self.copy.last_of(write.client)) {
                Ordering::Greater => self.hand_out(operation, Some(write), context),
                Ordering::Equal => self.answer(write, context),
                // The client has done more since, so it does not wait for this.
                Ordering::Less => {}
            }
        }
    }

    /// Writes an operation to the register, and hands out copies.
    fn hand_out(&mut self, operation: u32, write: Option<Write>, context: &mut Context<'_, Node>) {
        let (term, members) = (self.election.term(), self.election.members());
        let Some(office) = self.election.office_mut() else {
            return;
        };
        let version = office.take_up(write, term, members, context.monotonic());
        let mut sessions = self.copy.sessions.clone();
        sessions.extend(write.map(|write| (write.client, operation)));
        let copy = Copy {
            version,
            operation,
            sessions,
        };
        self.store(copy, context);
        self.send_copy(context);
        self.owe(Owed::OwnCopy(version), context);
        if !self.rules.needs_majority {
            self.take_effect(context);
        }
    }

    fn send_copy(&self, context: &mut Context<'_, Node>) {
        let (term, copy) = (self.election.term(), self.copy.clone());
        self.tell_the_living(&Message::Replicate { term, copy }, context);
    }

    /// A server has acknowledged a copy.
    pub(super) fn acked(
        &mut self,
        from: NodeId,
        version: (i64, u32),
        context: &mut Context<'_, Node>,
    ) {
        let Some(office) = self.election.office_mut() else {
            return;
        };
        if from != context.me() {
            office.hears_a_follower();
        }
        if office.acked(from, version) {
            self.take_effect(context);
            self.take_next(context);
        }
    }

    /// What is in hand takes effect.
    fn take_effect(&mut self, context: &mut Context<'_, Node>) {
        let term = self.election.term();
        let office = self.election.office_mut();
        if let Some(write) = office.and_then(Office::finish) {
            let operation = write.request.operation;
            context.record(Fact::Acts { operation, term });
            self.answer(write, context);
        }
    }

    /// Tells a client that its write is done.
    fn answer(&self, write: Write, context: &mut Context<'_, Node>) {
        let Write { client, request } = write;
        let reply = Reply::done(request, i64::from(request.operation));
        let term = self.election.term();
        context.send(client, Message::Done { reply, term });
    }
}
