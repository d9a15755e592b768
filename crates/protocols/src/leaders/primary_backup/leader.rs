//! What a leader does: it takes writes, copies them, and lets them take effect.

use sim::trace::Fact;
use sim::{Context, NodeId};

use super::Node;
use super::message::{Copy, Message};
use super::office::{Office, Write};
use super::server::Server;
use crate::parts::caller::Reply;
use crate::parts::election::Timer;

impl Server {
    /// A majority has voted for this server.
    pub(super) fn take_office(&mut self, context: &mut Context<'_, Node>) {
        self.election.lead(Office::default(), context);
        let term = self.election.term();
        // A majority may have acknowledged the copy that it found: it keeps the copy, under its own term.
        if self.copy.operation == 0 {
            self.tell_the_living(Message::Heartbeat { term }, context);
        } else {
            self.hand_out(self.copy.operation, None, context);
        }
        context.set_timer(self.rules.heartbeat, Timer::Beat { term }.into());
    }

    /// Says that it leads, and repeats what has not been acknowledged.
    pub(super) fn beat(&mut self, of_term: i64, context: &mut Context<'_, Node>) {
        let (term, copy, now) = (self.election.term(), self.copy, context.monotonic());
        let in_hand = match self.election.office() {
            Some(office) if term == of_term => office.in_hand(),
            _ => return,
        };
        let in_hand = in_hand.map(|in_hand| (in_hand.round, now - in_hand.sent));
        context.set_timer(self.rules.heartbeat, Timer::Beat { term }.into());
        match in_hand {
            Some((_, age)) if age >= self.rules.patience.as_nanos() as i64 / 2 => {
                self.send_again(context);
            }
            Some((round, _)) => {
                self.tell_the_living(Message::Replicate { term, copy, round }, context);
            }
            None => self.tell_the_living(Message::Heartbeat { term }, context),
        }
    }

    /// Takes a write: at once if none is in hand.
    pub(super) fn take(&mut self, write: Write, context: &mut Context<'_, Node>) {
        let Some(office) = self.election.office_mut() else {
            return;
        };
        if office.has(write) {
            return;
        }
        if office.in_hand().is_some() {
            office.queue(write);
        } else {
            self.hand_out(write.request.operation, Some(write), context);
        }
    }

    /// Writes an operation to the register, and hands out copies.
    fn hand_out(&mut self, operation: u32, write: Option<Write>, context: &mut Context<'_, Node>) {
        let (term, members) = (self.election.term(), self.election.members());
        let Some(office) = self.election.office_mut() else {
            return;
        };
        let version = office.take_up(write, term, members);
        self.store(Copy { version, operation }, context);
        self.send_again(context);
        if !self.rules.needs_majority {
            self.take_effect(context);
        }
    }

    /// Sends the copy in hand in a round of its own.
    fn send_again(&mut self, context: &mut Context<'_, Node>) {
        let (term, copy, members) = (self.election.term(), self.copy, self.election.members());
        let Some(office) = self.election.office_mut() else {
            return;
        };
        let round = office.begin_round(context.monotonic(), members);
        self.tell_the_living(Message::Replicate { term, copy, round }, context);
        self.own_copy_when_durable(round, context);
    }

    /// A server has acknowledged a copy.
    pub(super) fn acked(
        &mut self,
        from: NodeId,
        version: (i64, u32),
        round: u32,
        context: &mut Context<'_, Node>,
    ) {
        let (now, patience) = (context.monotonic(), self.rules.patience.as_nanos() as i64);
        let Some(office) = self.election.office_mut() else {
            return;
        };
        if from != context.me() {
            office.hears_a_follower();
        }
        if office.acked(from, version, round, |sent| now - sent < patience) {
            self.take_effect(context);
        }
    }

    /// The write in hand takes effect, and the next one is taken up.
    fn take_effect(&mut self, context: &mut Context<'_, Node>) {
        let term = self.election.term();
        let Some(office) = self.election.office_mut() else {
            return;
        };
        let (done, next) = office.finish();
        if let Some(Write { client, request }) = done {
            let operation = request.operation;
            context.record(Fact::Acts { operation, term });
            let reply = Reply::done(request, i64::from(operation));
            context.send(client, Message::Done { reply, term });
        }
        if let Some(write) = next {
            self.hand_out(write.request.operation, Some(write), context);
        }
    }
}
