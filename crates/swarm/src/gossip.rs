//! Counters that spread by gossip and are kept on disk: a node tells others only what it has synced.

use rand::Rng;
use sim::protocol::Claim;
use sim::{Context, NodeId, Protocol, SimDuration, Stored};

const PERIOD: SimDuration = SimDuration::from_millis(80);

/// A node that remembers the largest number it has heard of.
#[derive(Clone, Debug, Default, Hash)]
pub struct Node {
    /// What it has written.
    value: u64,
    /// What it knows to be durable.
    durable: u64,
    /// The place of its next write: no place is written twice.
    place: u64,
}

/// What nodes tell each other.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Rumour {
    value: u64,
    /// What the sender's wall clock showed.
    wall: i64,
    /// Whether it answers one.
    is_answer: bool,
}

impl Node {
    fn learn(&mut self, value: u64, context: &mut Context<'_, Node>) {
        self.value = value;
        context.write(self.place, value);
        self.place += 1;
        context.sync(value);
    }

    fn tell(&self, to: NodeId, is_answer: bool, context: &mut Context<'_, Node>) {
        let wall = context.wall();
        let rumour = Rumour {
            value: self.durable,
            wall,
            is_answer,
        };
        context.send(to, rumour);
    }

    /// What an operator can ask for. Drawn deeds ask for two operations; both do the same.
    fn learn_at_once(&mut self, _: i64, context: &mut Context<'_, Node>) {
        self.learn(self.value + 1, context);
    }
}

impl Protocol for Node {
    type Message = Rumour;
    type Timer = ();
    type Record = u64;

    sim::vocabulary! {
        messages {
            rumour if !rumour.is_answer => Replication "rumour" [rumour.value, rumour.wall] {
                label: "{0}",
                says: "I have heard of {0}",
            }
            rumour => Reply "answer" [rumour.value, rumour.wall] {
                label: "{0}",
                says: "and I of {0}",
            }
        }
        timers { () => "it is time to gossip" }
        operations {
            "learn": "Learn of the next number" by [] => Node::learn_at_once,
            "invent": "Learn of the next number, too" by [] => Node::learn_at_once,
        }
    }

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        for (place, stored) in context.durable() {
            self.place = place + 1;
            if let Stored::Whole(value) = stored {
                self.durable = self.durable.max(*value);
            }
        }
        self.value = self.durable;
        context.set_timer(PERIOD, ());
    }

    fn on_message(&mut self, from: NodeId, rumour: Rumour, context: &mut Context<'_, Self>) {
        if rumour.value > self.value {
            self.learn(rumour.value, context);
        }
        if !rumour.is_answer {
            self.tell(from, true, context);
        }
    }

    fn on_timer(&mut self, (): (), context: &mut Context<'_, Self>) {
        let drawn = context.random().next_u64();
        let to = NodeId((drawn % u64::from(context.nodes())) as u16);
        if drawn >> 60 == 0 {
            self.learn(self.value + 1, context);
        }
        self.tell(to, false, context);
        context.set_timer(PERIOD, ());
    }

    fn on_synced(&mut self, token: u64, _: &mut Context<'_, Self>) {
        self.durable = self.durable.max(token);
    }

    fn corrupt(rumour: &mut Rumour, random: u64) {
        rumour.value ^= 1 << (random % 8);
    }

    fn claim(&self) -> Option<Claim> {
        (self.durable % 3 == 1).then_some(Claim::to_lead(0))
    }
}
