//! Keeps the settings of all rooms.

use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId, Stored};

use super::{Choices, Message, Node, Setting};
use crate::describe::roles::Role;

/// A hub that keeps one setting for each client.
#[derive(Clone, Debug)]
pub struct Hub {
    /// Whether it compares sequence numbers.
    compares: bool,
    rooms: Map<NodeId, Setting>,
    /// What waits for the disk before it is confirmed, by the sync's token.
    unconfirmed: Map<u64, (NodeId, Setting)>,
    syncs: u64,
}

impl Hub {
    pub(super) fn new(choices: &Choices) -> Hub {
        Hub {
            compares: choices.has_sequence_numbers,
            rooms: Map::new(),
            unconfirmed: Map::new(),
            syncs: 0,
        }
    }

    pub(super) fn set(&mut self, from: NodeId, setting: Setting, context: &mut Context<'_, Node>) {
        let kept = self.rooms.get(&from).filter(|_| self.compares);
        let is_old = kept.is_some_and(|kept| kept.sequence > setting.sequence);
        if is_old {
            context.record(Fact::Refused {
                operation: setting.operation,
                key: i64::from(from.0),
                version: i64::from(setting.sequence),
            });
        } else if kept != Some(&setting) {
            self.keep(from, setting, context);
        }
        // An old setting is confirmed, too: it was in force, or a newer one overtook it, and need not be sent again.
        self.syncs += 1;
        self.unconfirmed.insert(self.syncs, (from, setting));
        context.sync(self.syncs);
    }

    fn keep(&mut self, from: NodeId, setting: Setting, context: &mut Context<'_, Node>) {
        self.rooms.insert(from, setting);
        context.write(u64::from(from.0), setting);
        context.record(Fact::Stored {
            operation: setting.operation,
            key: i64::from(from.0),
            version: i64::from(setting.sequence),
        });
    }
}

impl Role<Node> for Hub {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for (place, stored) in context.durable() {
            if let Stored::Whole(setting) = stored {
                self.rooms.insert(NodeId(place as u16), *setting);
            }
        }
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        if let Some((client, setting)) = self.unconfirmed.remove(&token) {
            context.send(client, Message::Confirm(setting));
        }
    }

    fn role(&self) -> &'static str {
        "hub"
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let rooms = self.rooms.iter();
        let rooms = rooms.map(|(room, setting)| {
            let degrees = format!("{}°", setting.degrees);
            ((outlook.name)(*room), degrees)
        });
        let rooms: Vec<(String, String)> = rooms.collect();
        let badge = rooms
            .iter()
            .map(|(room, degrees)| format!("{room} {degrees}"));
        let belief = if self.compares {
            "Of two settings for a room, the one with the larger number is in force."
        } else {
            "Of two settings for a room, the one that reached me last is in force."
        };
        Description {
            badge: badge.collect::<Vec<_>>().join(", "),
            state: rooms,
            beliefs: vec![belief.to_owned()],
        }
    }
}
