//! The storage, which keeps the file that the lock guards.

use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId, Stored};

use super::{LOCK, Message, Node, Record};
use crate::describe::roles::Role;
use crate::parts::after_sync::AfterSync;

/// The place of the file on disk.
const FILE_PLACE: u64 = 0;

/// A file, and what the storage keeps with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The operations that wrote the lines, in order.
    lines: Vec<u32>,
    /// The highest token that a request has carried.
    fence: i64,
    /// The latest write of each client, so that a write that is sent again is not done again.
    latest: Map<u16, u32>,
}

/// Keeps a file. It accepts every request, unless it checks tokens.
#[derive(Clone, Debug)]
pub struct Storage {
    is_fenced: bool,
    file: File,
    /// How many lines later writes have removed. They are lost: a writer should have read them and kept them.
    lost: u32,
    refused: u32,
    /// Answers that wait for the disk.
    answers: AfterSync<(NodeId, Message)>,
}

impl Storage {
    /// An empty file. With `is_fenced`, the storage refuses a request whose token is older than the highest it has seen.
    pub fn new(is_fenced: bool) -> Storage {
        Storage {
            is_fenced,
            file: File::default(),
            lost: 0,
            refused: 0,
            answers: AfterSync::default(),
        }
    }

    pub fn hear(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Node>) {
        match message {
            Message::Open { token } => self.open(from, token, context),
            Message::Write {
                token,
                operation,
                lines,
            } => self.write(from, token, operation, lines, context),
            _ => {}
        }
    }

    /// Whether a request with `token` is accepted. Opening the file raises the fence too: otherwise an older holder could
    /// still change the file after the new holder has read it.
    fn admits(&mut self, token: i64) -> bool {
        if self.is_fenced && token < self.file.fence {
            self.refused += 1;
            return false;
        }
        self.file.fence = self.file.fence.max(token);
        true
    }

    fn open(&mut self, from: NodeId, token: i64, context: &mut Context<'_, Node>) {
        if !self.admits(token) {
            let operation = 0;
            context.send(from, Message::Fenced { operation, token });
            return;
        }
        let lines = self.file.lines.clone();
        self.answer_once_durable(from, Message::Contents { token, lines }, context);
    }

    fn write(
        &mut self,
        from: NodeId,
        token: i64,
        operation: u32,
        lines: Vec<u32>,
        context: &mut Context<'_, Node>,
    ) {
        let latest = self.file.latest.get(&from.0);
        if latest.is_some_and(|latest| operation <= *latest) {
            self.answer_once_durable(from, Message::Written { operation }, context);
        } else if self.admits(token) {
            self.replace(operation, token, lines, context);
            self.file.latest.insert(from.0, operation);
            self.answer_once_durable(from, Message::Written { operation }, context);
        } else {
            context.record(Fact::Refused {
                operation,
                key: LOCK,
                version: token,
            });
            context.send(from, Message::Fenced { operation, token });
        }
    }

    fn replace(
        &mut self,
        operation: u32,
        token: i64,
        lines: Vec<u32>,
        context: &mut Context<'_, Node>,
    ) {
        context.record(Fact::Stored {
            operation,
            key: LOCK,
            version: token,
        });
        for lost in self.file.lines.iter().filter(|line| !lines.contains(line)) {
            self.lost += 1;
            context.record(Fact::Discarded {
                operation: *lost,
                by: operation,
                key: LOCK,
            });
        }
        self.file.lines = lines;
    }

    fn answer_once_durable(
        &mut self,
        to: NodeId,
        answer: Message,
        context: &mut Context<'_, Node>,
    ) {
        context.write(FILE_PLACE, Record::File(self.file.clone()));
        self.answers.owe((to, answer), context);
    }
}

impl Role<Node> for Storage {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        if let Some(Stored::Whole(Record::File(file))) = context.read(FILE_PLACE) {
            self.file = file.clone();
        }
    }

    fn synced(&mut self, sync: u64, context: &mut Context<'_, Node>) {
        if let Some((to, answer)) = self.answers.due(sync) {
            context.send(to, answer);
        }
    }

    fn role(&self) -> &'static str {
        "storage"
    }

    fn describe(&self, _: &Outlook<'_>) -> Description {
        let lines = self.file.lines.len();
        let mut state = vec![
            ("lines in the file".to_owned(), lines.to_string()),
            ("lines lost".to_owned(), self.lost.to_string()),
        ];
        let belief = if self.is_fenced {
            state.push(("refused".to_owned(), self.refused.to_string()));
            format!(
                "Token {} is the highest that I have seen. A client with a lower token has lost the lock.",
                self.file.fence
            )
        } else {
            "A client that writes holds the lock, otherwise it would not write.".to_owned()
        };
        let badge = if self.lost > 0 {
            format!("{lines} lines, {} lost", self.lost)
        } else {
            format!("{lines} lines")
        };
        Description {
            badge,
            state,
            beliefs: vec![belief],
        }
    }
}
