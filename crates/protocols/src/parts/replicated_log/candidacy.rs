//! How a server comes to lead.

use sim::{Context, NodeId};

use super::message::Message;
use super::office::Office;
use super::{Hosts, Owed, Server, Timer};
use crate::parts::log::Mark;

impl Server {
    /// No leader for too long: the server asks for promises of votes, or takes over.
    pub(super) fn no_leader<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        self.election.loses_patience();
        self.election.suspect_leader(context);
        if !self.rules.is_elected {
            self.election.begin_term(context);
            return self.take_office(context);
        }
        self.election.ask_for_promises(context);
        let last = self.log.last();
        self.tell_all(&Message::Sound { last }, context);
        self.would(context.me(), self.election.term(), context);
    }

    fn tell_all<P: Hosts>(&self, message: &Message, context: &mut Context<'_, P>) {
        for peer in self.election.peers() {
            context.send(*peer, message.clone().into());
        }
    }

    /// A server asks whether this one would vote for it.
    pub(super) fn sounded<P: Hosts>(&self, from: NodeId, last: Mark, context: &mut Context<'_, P>) {
        if self.is_free(context.monotonic()) && last.is_as_new_as(self.log.last()) {
            let term = self.election.term();
            context.send(from, Message::Would { term }.into());
        }
    }

    /// A server would vote for this one, in a term later than `term`. With a majority of promises, it stands.
    pub(super) fn would<P: Hosts>(
        &mut self,
        from: NodeId,
        term: i64,
        context: &mut Context<'_, P>,
    ) {
        if self.election.promised(from, term) {
            let term = self.election.stand(context);
            self.owe(Owed::AskForVotes(term), context);
            self.election.wait(context);
        }
    }

    /// Its own vote is durable: it asks the others for theirs.
    pub(super) fn ask_for_votes<P: Hosts>(&mut self, term: i64, context: &mut Context<'_, P>) {
        if self.election.stands_in(term) {
            let last = self.log.last();
            self.tell_all(&Message::Stand { term, last }, context);
            self.voted(context.me(), term, context);
        }
    }

    /// Whether it can vote: it neither leads a majority nor has heard a leader recently.
    fn is_free(&self, now: i64) -> bool {
        if self.election.leads() {
            !self.is_in_touch(now)
        } else {
            !self.election.is_loyal(now)
        }
    }

    /// Another server stands for election. If this server cannot vote, it does not even learn of the term.
    pub(super) fn stand_asked<P: Hosts>(
        &mut self,
        from: NodeId,
        term: i64,
        last: Mark,
        context: &mut Context<'_, P>,
    ) {
        if !self.is_free(context.monotonic()) {
            return;
        }
        self.election.see(term, context);
        if last.is_as_new_as(self.log.last()) && self.election.grant(from, term) {
            let vote = Message::Vote { term };
            self.owe(Owed::Send(from, vote), context);
            self.election.wait(context);
        }
    }

    pub(super) fn voted<P: Hosts>(
        &mut self,
        from: NodeId,
        term: i64,
        context: &mut Context<'_, P>,
    ) {
        if self.election.voted(from, term) {
            self.take_office(context);
        }
    }

    /// The server leads. The entries that it found take effect with the first entry of its own term, at the latest.
    fn take_office<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        let (peers, last) = (self.election.peers(), self.log.last());
        let office = Office::new(peers, last, context.monotonic());
        self.election.lead(office, context);
        self.append(None, context);
        let term = self.election.term();
        context.set_timer(self.rules.heartbeat, Timer::Beat { term }.into());
    }
}
