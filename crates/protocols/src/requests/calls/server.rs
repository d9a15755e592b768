//! Does what it is asked to do.

use sim::protocol::{Description, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId};

use super::{Message, Node};
use crate::describe::roles::Role;

/// A server that does what it is asked to do, and says so.
#[derive(Clone, Debug, Default, Hash)]
pub struct Server {
    done: u32,
}

impl Server {
    pub(super) fn serve(&mut self, from: NodeId, call: u32, context: &mut Context<'_, Node>) {
        self.done += 1;
        context.record(Fact::Effect {
            operation: call,
            amount: 1,
            total: i64::from(self.done),
        });
        context.send(from, Message::Answer { call });
    }
}

impl Role<Node> for Server {
    fn describe(&self, _: &Outlook<'_>) -> Description {
        Description {
            badge: format!("{} done", self.done),
            state: vec![("done".to_owned(), self.done.to_string())],
            beliefs: vec![
                "I answered every call that I carried out. Whether an answer arrived, I cannot know."
                    .to_owned(),
            ],
        }
    }
}
