//! A server: tells its time to every client that asks.

use sim::protocol::{Description, Outlook, time_of_day};
use sim::trace::Fact;
use sim::{Context, NodeId};

use super::{Message, Node};
use crate::describe::roles::Role;

/// A server.
#[derive(Clone, Debug, Default, Hash)]
pub struct Server {
    /// How many questions it has answered.
    answered: u32,
}

impl Server {
    /// A client asks what time it is, in its question `ask`.
    pub fn asked(&mut self, client: NodeId, ask: u32, context: &mut Context<'_, Node>) {
        self.answered += 1;
        let told = context.wall();
        context.record(Fact::ClockRead {
            reading: told,
            bound: -1,
        });
        context.send(client, Message::Tell { ask, told });
    }
}

impl Role<Node> for Server {
    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        Description {
            badge: String::new(),
            state: vec![("answered".to_owned(), self.answered.to_string())],
            beliefs: vec![format!("My clock shows {}.", time_of_day(outlook.wall, 3))],
        }
    }
}
