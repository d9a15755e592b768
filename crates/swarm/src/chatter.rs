//! Everybody tells everybody else a number, again and again, whatever they hear.
//!
//! An open loop: what is sent, and when, depends on the sender's clock alone. So two runs that differ in one link's
//! weather send the same messages everywhere.

use sim::protocol::{Description, Outlook};
use sim::{Context, NodeId, Protocol, SimDuration};

/// How often a node speaks, by its own monotonic clock.
pub const PERIOD: SimDuration = SimDuration::from_millis(50);

/// A node that tells the others how often it has spoken.
#[derive(Clone, Debug, Default, Hash)]
pub struct Node {
    spoken: u32,
    heard: u64,
}

/// How often its sender had spoken.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Number(u32);

impl Node {
    fn speak(&mut self, context: &mut Context<'_, Node>) {
        self.spoken = self.spoken.wrapping_add(1);
        for other in context.others() {
            context.send(other, Number(self.spoken));
        }
    }

    /// What an operator can ask for. Drawn deeds ask for two operations; both do the same.
    fn speak_at_once(&mut self, _: i64, context: &mut Context<'_, Node>) {
        self.speak(context);
    }
}

impl Protocol for Node {
    type Message = Number;
    type Timer = ();
    type Record = ();

    sim::vocabulary! {
        messages {
            Number(spoken) => Heartbeat "number" [spoken] { label: "{0}", says: "I have spoken {0} times" }
        }
        timers { () => "it is time to speak" }
        operations {
            "speak": "Speak at once" by [] => Node::speak_at_once,
            "shout": "Speak at once, too" by [] => Node::speak_at_once,
        }
    }

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        context.set_timer(PERIOD, ());
    }

    fn on_message(&mut self, _: NodeId, number: Number, _: &mut Context<'_, Self>) {
        self.heard += u64::from(number.0);
    }

    fn on_timer(&mut self, (): (), context: &mut Context<'_, Self>) {
        self.speak(context);
        context.set_timer(PERIOD, ());
    }

    fn corrupt(number: &mut Number, random: u64) {
        number.0 ^= 1 << (random % 32);
    }

    fn describe(&self, _: &Outlook<'_>) -> Description {
        Description {
            badge: format!("{} heard", self.heard),
            ..Description::default()
        }
    }
}
