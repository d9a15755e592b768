//! The replica, which keeps copies: its own, and some for other replicas.

use sim::sorted::Map;

use sim::protocol::{Description, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored, TimerId};

use super::{Message, Node, Timer};
use crate::describe::roles::Role;
use crate::parts::after_sync::AfterSync;

/// A replica.
#[derive(Clone, Debug)]
pub struct Replica {
    /// How often it tries to hand over what it keeps for others.
    every: SimDuration,
    /// The newest write that it has under each key.
    copies: Map<i64, u32>,
    /// The newest write that it keeps for another, under each key.
    hints: Map<(NodeId, i64), u32>,
    hand_off: Option<TimerId>,
    /// What it says when what it wrote is durable, and to which node.
    after_sync: AfterSync<(NodeId, Message)>,
}

/// Where on disk a copy is: the replica's own under its key, a copy for another replica beyond all keys.
fn place(stands_in_for: Option<NodeId>, key: i64) -> u64 {
    let owner = stands_in_for.map_or(0, |node| u64::from(node.0) + 1);
    owner << 32 | key as u64
}

impl Replica {
    /// A replica that has nothing, and tries to hand over what is not its own this often.
    pub(super) fn new(every: SimDuration) -> Replica {
        Replica {
            every,
            copies: Map::new(),
            hints: Map::new(),
            hand_off: None,
            after_sync: AfterSync::default(),
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
                self.keep(stands_in_for, key, copy, context);
                let written = Message::Written { operation };
                self.after_sync.owe((from, written), context);
                self.hand_off_later(context);
            }
            Message::HandOff { key, copy } => {
                self.keep(None, key, copy, context);
                let taken = Message::Taken { key, copy };
                self.after_sync.owe((from, taken), context);
            }
            Message::Taken { key, copy } => self.forget(from, key, copy),
            Message::Value { .. } | Message::Written { .. } => {}
        }
    }

    /// Forgets what it keeps for another replica, which has this write now.
    fn forget(&mut self, owner: NodeId, key: i64, copy: u32) {
        let is_it = |hint: &(NodeId, i64), kept: u32| *hint == (owner, key) && kept <= copy;
        self.hints.retain(|hint, kept| !is_it(hint, *kept));
    }

    /// The newest write under a key that is here, for itself or for another.
    fn newest(&self, key: i64) -> u32 {
        let own = self.copies.get(&key).copied().unwrap_or(0);
        let hints = self.hints.iter().filter(|((_, kept), _)| *kept == key);
        hints.map(|(_, copy)| *copy).fold(own, u32::max)
    }

    /// Keeps a write unless it has a newer one.
    fn keep(
        &mut self,
        stands_in_for: Option<NodeId>,
        key: i64,
        copy: u32,
        context: &mut Context<'_, Node>,
    ) {
        let kept = match stands_in_for {
            None => self.copies.entry(key).or_insert(0),
            Some(owner) => self.hints.entry((owner, key)).or_insert(0),
        };
        if copy <= *kept {
            return;
        }
        *kept = copy;
        context.write(place(stands_in_for, key), copy);
        if stands_in_for.is_none() {
            context.record(Fact::Stored {
                operation: copy,
                key,
                version: i64::from(copy),
            });
        }
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
    /// Begins with what the disk has. A torn copy was never confirmed, but it has replaced an older one: the other
    /// replicas still have that.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for (place, stored) in context.durable() {
            let Stored::Whole(copy) = stored else {
                continue;
            };
            let key = i64::from(place as u32);
            match (place >> 32) as u16 {
                0 => self.copies.insert(key, *copy),
                owner => self.hints.insert((NodeId(owner - 1), key), *copy),
            };
        }
        self.hand_off_later(context);
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        if let Some((to, message)) = self.after_sync.due(token) {
            context.send(to, message);
        }
    }

    fn memory(&self) -> usize {
        self.copies.len() * size_of::<(i64, u32)>()
            + self.hints.len() * size_of::<((NodeId, i64), u32)>()
            + self.after_sync.memory()
    }

    fn role(&self) -> &'static str {
        "replica"
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let numbers = self.copies.values().map(|copy| format!("#{copy}"));
        let numbers = numbers.collect::<Vec<String>>().join(", ");
        let for_others = self.hints.iter();
        let for_others = for_others.map(|((owner, _), copy)| ((outlook.name)(*owner), *copy));
        let for_others: Vec<(String, u32)> = for_others.collect();
        let badge = match for_others.first() {
            Some((owner, copy)) if numbers.is_empty() => format!("#{copy} for {owner}"),
            _ => numbers.clone(),
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
