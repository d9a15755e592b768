//! Keeps the records.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId};

use super::record::{Checks, Record};
use super::{Body, Choices, Message, Node};
use crate::describe::roles::Role;

/// A store of records.
#[derive(Clone, Debug, Hash)]
pub struct Store {
    checks: Checks,
    records: Map<NodeId, Record>,
    rejected: u32,
}

impl Store {
    pub(super) fn new(choices: &Choices) -> Store {
        Store {
            checks: Checks::of(choices),
            records: Map::new(),
            rejected: 0,
        }
    }

    pub(super) fn serve(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        let body = match message.body {
            Body::Write(record) if !record.is_intact(self.checks) => {
                self.rejected += 1;
                context.record(Fact::Damaged {
                    operation: message.operation,
                });
                return;
            }
            Body::Write(record) => {
                self.keep(message.operation, record, context);
                Body::Written
            }
            Body::Read(key) => Body::Found(self.records.get(&key).map(|record| record.sealed())),
            Body::Written | Body::Found(_) => return,
        };
        context.send(from, Message { body, ..message });
    }

    fn keep(&mut self, operation: u32, record: Record, context: &mut Context<'_, Node>) {
        self.records.insert(record.key, record);
        context.record(Fact::Stored {
            operation,
            key: i64::from(record.key.0),
            version: i64::from(operation),
        });
    }

    fn belief(&self) -> &'static str {
        if self.checks.ends {
            "What I keep is what was written: the checksum that its writer made fits it."
        } else if self.checks.hops {
            "What I keep is what was written: the messages that brought it had the right checksums."
        } else {
            "What I keep is what arrived."
        }
    }
}

impl Role<Node> for Store {
    fn held(&self, by: Measure) -> usize {
        self.records.held(by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let records = self.records.values();
        let named = records.map(|record| ((outlook.name)(record.key), record.value.to_string()));
        let mut state: Vec<(String, String)> = named.collect();
        let values: Vec<&str> = state.iter().map(|(_, value)| value.as_str()).collect();
        let badge = match values.as_slice() {
            [] => "keeps nothing".to_owned(),
            values => format!("keeps {}", values.join(", ")),
        };
        state.push(("thrown away".to_owned(), self.rejected.to_string()));
        Description {
            badge,
            state,
            beliefs: vec![self.belief().to_owned()],
        }
    }
}
