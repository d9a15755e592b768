//! What becomes of a client's request.

use sim::trace::{Fact, Function};
use sim::{Context, NodeId};

use super::message::Message;
use super::{Hosts, Server};
use crate::parts::caller::{Reply, Request};

impl Server {
    /// A client asks.
    pub fn asked<P: Hosts>(
        &mut self,
        client: NodeId,
        request: Request,
        context: &mut Context<'_, P>,
    ) {
        if self.is_in_touch(context.monotonic()) {
            self.take(client, request, context);
        } else if let Some(leader) = self.election.leader() {
            context.send(leader, Message::Forward(client, request).into());
        } else {
            self.refuse(client, request, context);
        }
    }

    /// Another server passes on what a client asked it for.
    pub(super) fn forwarded<P: Hosts>(
        &mut self,
        client: NodeId,
        request: Request,
        context: &mut Context<'_, P>,
    ) {
        if self.is_in_touch(context.monotonic()) {
            self.take(client, request, context);
        } else {
            self.refuse(client, request, context);
        }
    }

    /// Says that it cannot serve a request, unless it has taken it before and may yet answer.
    fn refuse<P: Hosts>(&mut self, client: NodeId, request: Request, context: &mut Context<'_, P>) {
        if self.log.position(request.operation).is_none() {
            self.reply(client, Reply::refused(request), context);
        }
    }

    /// The leader takes a request. A request that it has taken before gets the same answer.
    fn take<P: Hosts>(&mut self, client: NodeId, request: Request, context: &mut Context<'_, P>) {
        let position = self.log.position(request.operation);
        if let Some(value) = position.and_then(|place| self.effects.result(place)) {
            return self.reply(client, Reply::done(request, value), context);
        }
        if let Some(office) = self.election.office_mut() {
            office.waiting.insert(request.operation, client);
        }
        if position.is_none() {
            self.append(Some(request), context);
        }
    }

    /// Lets entries take effect; a leader answers the clients that wait for them.
    pub(super) fn take_effect_up_to<P: Hosts>(
        &mut self,
        length: usize,
        context: &mut Context<'_, P>,
    ) {
        let first = self.effects.count();
        self.effects.apply_up_to(length, &self.log);
        for place in first..self.effects.count() {
            self.answer(place, context);
        }
    }

    /// The leader answers the client that waits for the entry at a place, if one does.
    fn answer<P: Hosts>(&mut self, place: usize, context: &mut Context<'_, P>) {
        let (term, entry) = (self.election.term(), self.log.get(place as u32 + 1));
        let request = entry.and_then(|entry| entry.content);
        let (Some(request), Some(value)) = (request, self.effects.result(place)) else {
            return;
        };
        let operation = request.operation;
        let office = self.election.office_mut();
        if let Some(client) = office.and_then(|office| office.waiting.remove(&operation)) {
            if request.function != Function::CompareAndSet {
                context.record(Fact::Acts { operation, term });
            }
            self.reply(client, Reply::done(request, value), context);
        }
    }
}
