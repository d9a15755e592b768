//! What becomes of a client's request.

use sim::{Context, NodeId};

use super::Node;
use super::log::Content;
use super::message::{Ask, Told};
use super::office::Waiting;
use super::server::Server;
use crate::parts::caller::Request;

impl Server {
    /// A client asks.
    pub(super) fn asked(&mut self, client: NodeId, ask: Ask, context: &mut Context<'_, Node>) {
        if ask.request.is_read() {
            self.read_asked(client, ask, context);
        } else if self.leads() {
            self.take(client, ask.request, context);
        } else {
            let told = Told::Elsewhere(self.leader());
            self.tell(client, ask.request.operation, told, context);
        }
    }

    /// The leader takes a command. Of one that it has carried out before, it repeats the answer (section 6.3).
    fn take(&mut self, client: NodeId, request: Request, context: &mut Context<'_, Node>) {
        let operation = request.operation;
        if self.rules.has_sessions {
            match self.machine.last_of(client) {
                Some(last) if last.operation == operation => {
                    return self.tell(client, operation, Told::Done(last.value), context);
                }
                // The client has asked for more since, and waits no longer.
                Some(last) if last.operation > operation => return,
                _ if self.is_taken(client, operation) => return,
                _ => {}
            }
        }
        if self.hands_over() {
            return self.tell(client, operation, Told::Elsewhere(None), context);
        }
        let index = self.log.last().index + 1;
        if let Some(office) = self.office_mut() {
            office.waiting.insert(client, Waiting { operation, index });
        }
        self.append(Content::Command(client, request), context);
    }

    /// Whether the leader has a client's command in its log already, or a later one: then the client waits for that.
    fn is_taken(&self, client: NodeId, operation: u32) -> bool {
        let waiting = self.office().and_then(|office| office.waiting.get(&client));
        waiting.is_some_and(|waiting| waiting.operation >= operation)
    }

    /// Whether the leader takes no commands, because it hands over the lead.
    fn hands_over(&self) -> bool {
        self.office()
            .is_some_and(|office| office.transfer.is_some())
    }
}
