//! The replica, which keeps copies: its own, and some for other replicas.

use sim::held::{Held, Measure};
use sim::sorted::Map;

use sim::protocol::{Description, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, TimerId};

use super::{Message, Node, Timer};
use crate::describe::roles::Role;
use crate::parts::disk::two_slots::TwoSlots;

/// A replica. Whatever it tells about a copy, the copy is durable.
#[derive(Clone, Debug, Hash)]
pub struct Replica {
    /// How often it tries to hand over what it keeps for others.
    every: SimDuration,
    /// The newest durable write that it has under each key.
    copies: Map<i64, u32>,
    /// The newest durable write that it keeps for another, under each key.
    hints: Map<(NodeId, i64), u32>,
    /// The writes that are on their way to the disk, by name.
    saving: Map<u64, u32>,
    hand_off: Option<TimerId>,
    slots: TwoSlots<u32, Owed>,
}

/// What is owed once a write is durable: the copy counts, and a node is told.
#[derive(Clone, Copy, Debug, Hash)]
struct Owed {
    copy: Kept,
    to: NodeId,
    message: Message,
}

/// A write that is kept.
#[derive(Clone, Copy, Debug, Hash)]
struct Kept {
    stands_in_for: Option<NodeId>,
    key: i64,
    copy: u32,
}

impl Kept {
    /// The name of its record: a replica's own copy by its key, a copy for another replica beyond all keys.
    fn name(&self) -> u64 {
        let owner = self.stands_in_for.map_or(0, |node| u64::from(node.0) + 1);
        owner << 32 | self.key as u64
    }

    /// The copy whose record has this name.
    fn named(name: u64, copy: u32) -> Kept {
        let owner = (name >> 32) as u16;
        Kept {
            stands_in_for: owner.checked_sub(1).map(NodeId),
            key: i64::from(name as u32),
            copy,
        }
    }
}

impl Replica {
    /// A replica that has nothing, and tries to hand over what is not its own this often.
    pub(super) fn new(every: SimDuration) -> Replica {
        Replica {
            every,
            copies: Map::new(),
            hints: Map::new(),
            saving: Map::new(),
            hand_off: None,
            slots: TwoSlots::default(),
        }
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        match message {
            Message::Read { operation, key } => {
                let copy = self.newest(key);
                context.send(from, Message::Value { operation, copy });
            }
            Message::Write {
                operation,
                key,
                copy,
                stands_in_for,
            } => {
                let written = Message::Written { operation };
                let copy = Kept {
                    stands_in_for,
                    key,
                    copy,
                };
                self.save(copy, from, written, context);
            }
            Message::HandOff { key, copy } => {
                let taken = Message::Taken { key, copy };
                let copy = Kept {
                    stands_in_for: None,
                    key,
                    copy,
                };
                self.save(copy, from, taken, context);
            }
            Message::Taken { key, copy } => self.forget(from, key, copy),
            Message::Value { .. } | Message::Written { .. } => {}
        }
    }

    /// Writes a copy to disk unless it is older than what is there, and then tells a node.
    fn save(&mut self, copy: Kept, to: NodeId, message: Message, context: &mut Context<'_, Node>) {
        if copy.copy <= self.durable(&copy) {
            return context.send(to, message);
        }
        let saving = self.saving.entry(copy.name()).or_insert(0);
        if copy.copy > *saving {
            *saving = copy.copy;
            self.slots.save(copy.name(), copy.copy);
        }
        self.slots.owe(Owed { copy, to, message }, context);
    }

    /// The newest durable write where this one would be kept.
    fn durable(&self, copy: &Kept) -> u32 {
        let kept = match copy.stands_in_for {
            None => self.copies.get(&copy.key),
            Some(owner) => self.hints.get(&(owner, copy.key)),
        };
        kept.copied().unwrap_or(0)
    }

    /// A copy is durable: it counts unless a newer one does.
    fn keep(&mut self, kept: Kept, context: &mut Context<'_, Node>) {
        let Kept {
            stands_in_for,
            key,
            copy,
        } = kept;
        if copy <= self.durable(&kept) {
            return;
        }
        match stands_in_for {
            None => self.copies.insert(key, copy),
            Some(owner) => self.hints.insert((owner, key), copy),
        };
        if stands_in_for.is_none() {
            context.record(Fact::Stored {
                operation: copy,
                key,
                version: i64::from(copy),
            });
        }
    }

    /// Forgets what it keeps for another replica, which has this write now.
    fn forget(&mut self, owner: NodeId, key: i64, copy: u32) {
        let is_it = |hint: &(NodeId, i64), kept: u32| *hint == (owner, key) && kept <= copy;
        self.hints.retain(|hint, kept| !is_it(hint, *kept));
    }

    /// The newest durable write under a key that is here, for itself or for another.
    fn newest(&self, key: i64) -> u32 {
        let own = self.copies.get(&key).copied().unwrap_or(0);
        let hints = self.hints.iter().filter(|((_, kept), _)| *kept == key);
        hints.map(|(_, copy)| *copy).fold(own, u32::max)
    }

    fn hand_off_later(&mut self, context: &mut Context<'_, Node>) {
        if self.hand_off.is_none() && !self.hints.is_empty() {
            self.hand_off = Some(context.set_timer(self.every, Timer::HandOff));
        }
    }

    /// Tries to hand over what it keeps for others.
    pub(super) fn hand_off(&mut self, context: &mut Context<'_, Node>) {
        self.hand_off = None;
        for ((owner, key), copy) in &self.hints {
            let (key, copy) = (*key, *copy);
            context.send(*owner, Message::HandOff { key, copy });
        }
        self.hand_off_later(context);
    }
}

impl Role<Node> for Replica {
    /// Begins with what the disk has.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for (name, copy) in self.slots.start(context) {
            self.keep(Kept::named(name, copy), context);
        }
        self.hand_off_later(context);
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        for Owed { copy, to, message } in self.slots.synced(token, context) {
            self.keep(copy, context);
            context.send(to, message);
        }
        self.hand_off_later(context);
    }

    fn held(&self, by: Measure) -> usize {
        self.copies.held(by) + self.hints.held(by) + self.saving.held(by) + self.slots.held(by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let numbers = self.copies.values().map(|copy| format!("#{copy}"));
        let numbers = numbers.collect::<Vec<String>>().join(", ");
        let for_others = self.hints.iter();
        let for_others = for_others.map(|((owner, _), copy)| ((outlook.name)(*owner), *copy));
        let for_others: Vec<(String, u32)> = for_others.collect();
        let badge = match for_others.first() {
            Some((owner, copy)) if numbers.is_empty() => format!("#{copy} for {owner}"),
            None if numbers.is_empty() => "no copy".to_owned(),
            _ => format!("has {numbers}"),
        };
        let mut state = vec![("has".to_owned(), numbers.clone())];
        if !for_others.is_empty() {
            state.push(("keeps for others".to_owned(), for_others.len().to_string()));
        }
        Description {
            badge,
            state,
            beliefs: beliefs(&numbers, &for_others),
        }
    }
}

fn beliefs(numbers: &str, for_others: &[(String, u32)]) -> Vec<String> {
    let own = match numbers {
        "" => "I have nothing of my own.".to_owned(),
        _ => format!(
            "{numbers} is the newest write that I was given. There may be newer writes that I was not told about."
        ),
    };
    let hint =
        |(owner, copy): &(String, u32)| format!("I keep #{copy} for {owner} until {owner} has it.");
    [own]
        .into_iter()
        .chain(for_others.iter().map(hint))
        .collect()
}
