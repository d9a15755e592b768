//! Who answers.

use sim::protocol::{Description, Outlook};
use sim::{Context, NodeId};

use crate::describe::roles::Role;
use crate::describe::words::counted;

use super::{Message, Node};

/// A server that answers whatever reaches it, in order. What is waiting, it does not see.
#[derive(Clone, Debug, Default, Hash)]
pub struct Server {
    answered: u32,
    /// How many of the answers were to second and later attempts.
    repeated: u32,
}

impl Server {
    pub(super) fn call(
        &mut self,
        from: NodeId,
        call: u32,
        attempt: u32,
        context: &mut Context<'_, Node>,
    ) {
        self.answered += 1;
        self.repeated += u32::from(attempt > 1);
        context.send(from, Message::Answer { call, attempt });
    }
}

impl Role<Node> for Server {
    fn describe(&self, _: &Outlook<'_>) -> Description {
        Description {
            badge: format!("sent {}", counted(self.answered as usize, "answer")),
            state: vec![
                ("answers".to_owned(), self.answered.to_string()),
                ("to retries".to_owned(), self.repeated.to_string()),
            ],
            beliefs: vec![
                "I answer what reaches me, in order. Whether anyone still waits for it, I cannot know."
                    .to_owned(),
            ],
        }
    }
}
