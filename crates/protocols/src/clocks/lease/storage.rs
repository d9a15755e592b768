//! The storage, which keeps the file that the lock guards.

use sim::held::{Held, Measure};
use sim::protocol::{CopyOf, Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId};

use super::lines::{Line, Lines};
use super::{LOCK, Message, Node, Record};
use crate::describe::roles::Role;
use crate::describe::words::counted;
use crate::parts::disk::two_slots::TwoSlots;

/// The name of the file on disk.
const FILE: u64 = 0;

/// A file, and what the storage keeps with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct File {
    lines: Lines,
    /// The highest token that a request has carried.
    fence: i64,
    /// The latest write of each client, so that a write that is sent again is not done again.
    latest: Map<u16, u32>,
}

impl File {
    /// Bytes that it takes on the heap.
    pub(super) fn held(&self, by: Measure) -> usize {
        self.lines.held(by) + self.latest.held(by)
    }
}

/// The file has the line, for the record.
fn stored(line: &Line) -> Fact {
    Fact::Stored {
        operation: line.operation,
        key: LOCK,
        version: line.token,
    }
}

/// Keeps a file. It accepts every request, unless it checks tokens.
#[derive(Clone, Debug, Hash)]
pub struct Storage {
    is_fenced: bool,
    file: File,
    /// How many lines later writes have removed. They are lost: a writer should have read them and kept them.
    lost: u32,
    refused: u32,
    /// What waits for the disk.
    disk: TwoSlots<Record, Owed>,
}

/// What the storage owes once the file is durable as it is: facts to put on record, and an answer.
#[derive(Clone, Debug, Hash)]
struct Owed {
    facts: Vec<Fact>,
    to: NodeId,
    answer: Message,
}

impl Storage {
    /// An empty file. With `is_fenced`, the storage refuses a request whose token is older than the highest it has seen.
    pub fn new(is_fenced: bool) -> Storage {
        Storage {
            is_fenced,
            file: File::default(),
            lost: 0,
            refused: 0,
            disk: TwoSlots::default(),
        }
    }

    /// A client opens the file, or writes lines to it; every other message is not for a storage server.
    pub fn hear(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Node>) {
        match message {
            Message::Open { ask, token } => self.open(from, ask, token, context),
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

    fn open(&mut self, from: NodeId, ask: u32, token: i64, context: &mut Context<'_, Node>) {
        let answer = if self.admits(token) {
            let lines = self.file.lines.clone();
            Message::Contents { ask, token, lines }
        } else {
            let operation = 0;
            Message::Fenced { operation, token }
        };
        self.answer_once_durable(from, answer, Vec::new(), context);
    }

    fn write(
        &mut self,
        from: NodeId,
        token: i64,
        operation: u32,
        lines: Lines,
        context: &mut Context<'_, Node>,
    ) {
        let latest = self.file.latest.get(&from.0).copied().unwrap_or(0);
        if operation < latest {
            // Its client has begun another write since, and waits for this one no longer.
            return;
        }
        if operation == latest {
            self.answer_once_durable(from, Message::Written { operation }, Vec::new(), context);
        } else if self.admits(token) {
            let facts = self.replace(operation, token, lines);
            self.file.latest.insert(from.0, operation);
            self.answer_once_durable(from, Message::Written { operation }, facts, context);
        } else {
            let refused = Fact::Refused {
                operation,
                key: LOCK,
                version: token,
            };
            let answer = Message::Fenced { operation, token };
            self.answer_once_durable(from, answer, vec![refused], context);
        }
    }

    /// Returns what happens to the file, for the record.
    fn replace(&mut self, operation: u32, token: i64, lines: Lines) -> Vec<Fact> {
        let lost = self.file.lines.replace(lines, token);
        self.lost += lost.len() as u32;
        let lost = lost.into_iter().map(|lost| Fact::Discarded {
            operation: lost.operation,
            by: operation,
            key: LOCK,
        });
        let line = Line { operation, token };
        std::iter::once(stored(&line)).chain(lost).collect()
    }

    /// A refusal waits too: it stands on a fence that a crash could still take away, and then the same write could come
    /// again and pass.
    fn answer_once_durable(
        &mut self,
        to: NodeId,
        answer: Message,
        facts: Vec<Fact>,
        context: &mut Context<'_, Node>,
    ) {
        self.disk.save(FILE, Record::File(self.file.clone()));
        self.disk.owe(Owed { facts, to, answer }, context);
    }
}

impl Role<Node> for Storage {
    /// The lines of the file.
    fn copies(&self) -> Option<Vec<CopyOf>> {
        let lines = self.file.lines.backward().map(|line| CopyOf {
            key: LOCK,
            operation: line.operation,
        });
        Some(lines.collect())
    }

    fn held(&self, by: Measure) -> usize {
        self.file.held(by) + self.disk.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        if let Some(Record::File(file)) = self.disk.start(context).remove(&FILE) {
            self.file = file;
            let lines: Vec<&Line> = self.file.lines.backward().collect();
            for line in lines.into_iter().rev() {
                context.record(stored(line));
            }
        }
    }

    fn synced(&mut self, sync: u64, context: &mut Context<'_, Node>) {
        for Owed { facts, to, answer } in self.disk.synced(sync, context) {
            for fact in facts {
                context.record(fact);
            }
            context.send(to, answer);
        }
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
            format!("{}, {} lost", counted(lines, "line"), self.lost)
        } else {
            counted(lines, "line")
        };
        Description {
            badge,
            state,
            beliefs: vec![belief],
        }
    }
}
