//! Keeps the settings of all rooms.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId};

use super::{Choices, Message, Node, Setting};
use crate::describe::roles::Role;
use crate::parts::disk::two_slots::TwoSlots;

/// A hub that keeps one setting for each client.
#[derive(Clone, Debug, Hash)]
pub struct Hub {
    /// Whether it compares sequence numbers.
    compares: bool,
    rooms: Map<NodeId, Setting>,
    /// The rooms on disk, and what waits for it before it is confirmed.
    slots: TwoSlots<Setting, (NodeId, Setting)>,
}

impl Hub {
    pub(super) fn new(choices: &Choices) -> Hub {
        Hub {
            compares: choices.has_sequence_numbers,
            rooms: Map::new(),
            slots: TwoSlots::default(),
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
        self.slots.owe((from, setting), context);
    }

    fn keep(&mut self, from: NodeId, setting: Setting, context: &mut Context<'_, Node>) {
        self.rooms.insert(from, setting);
        self.slots.save(u64::from(from.0), setting);
        context.record(stored(from, &setting));
    }
}

/// A room has this setting.
fn stored(room: NodeId, setting: &Setting) -> Fact {
    Fact::Stored {
        operation: setting.operation,
        key: i64::from(room.0),
        version: i64::from(setting.sequence),
    }
}

impl Role<Node> for Hub {
    fn held(&self, by: Measure) -> usize {
        self.rooms.held(by) + self.slots.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        for (room, setting) in self.slots.start(context) {
            let room = NodeId(room as u16);
            self.rooms.insert(room, setting);
            context.record(stored(room, &setting));
        }
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        for (client, setting) in self.slots.synced(token, context) {
            context.send(client, Message::Confirm(setting));
        }
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
