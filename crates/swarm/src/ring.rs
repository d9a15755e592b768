//! A token that goes round a ring: it is passed on until the next node confirms it, so it can be there twice.

use sim::protocol::Claim;
use sim::trace::Fact;
use sim::{Context, NodeId, Protocol, SimDuration, TimerId};

const HOLD: SimDuration = SimDuration::from_millis(20);
const PATIENCE: SimDuration = SimDuration::from_millis(60);

/// A node of the ring.
#[derive(Clone, Debug, Hash)]
pub struct Node {
    begins: bool,
    /// The round of the token that it holds.
    holds: Option<i64>,
    /// The latest round that it has seen.
    seen: i64,
    /// The round that it has passed on and that is not confirmed, and the timer after which it passes the token again.
    unconfirmed: Option<(i64, TimerId)>,
}

/// What nodes tell their neighbours.
#[derive(Clone, Copy, Debug, Hash)]
pub enum Message {
    /// Here is the token, in this round.
    Token(i64),
    /// I have it.
    Confirmed(i64),
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, Hash)]
pub enum Timer {
    /// It has held the token long enough.
    Held,
    /// The token was not confirmed in time.
    NotConfirmed,
}

/// The nodes of a ring; the first one begins.
pub fn nodes(count: u16) -> Vec<Node> {
    let node = |place| Node {
        begins: place == 0,
        holds: None,
        seen: -1,
        unconfirmed: None,
    };
    (0..count).map(node).collect()
}

impl Node {
    fn take(&mut self, round: i64, context: &mut Context<'_, Node>) {
        if round <= self.seen {
            return;
        }
        self.seen = round;
        if self.holds.replace(round).is_none() {
            context.set_timer(HOLD, Timer::Held);
        }
        context.record(Fact::Acquired {
            lock: 0,
            token: round,
        });
    }

    fn pass(&mut self, round: i64, context: &mut Context<'_, Node>) {
        let next = (context.me().0 + 1) % context.nodes();
        context.send(NodeId(next), Message::Token(round));
        let timer = context.set_timer(PATIENCE, Timer::NotConfirmed);
        self.unconfirmed = Some((round, timer));
    }

    /// What an operator can ask for. Drawn deeds ask for two operations; both do the same.
    fn take_at_once(&mut self, argument: i64, context: &mut Context<'_, Node>) {
        self.take(argument % 1_000_000, context);
    }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    sim::vocabulary! {
        messages {
            Message::Token(round) => Request "token" [round] {
                label: "token {0}",
                says: "here is the token, round {0}",
            }
            Message::Confirmed(round) => Acknowledgement "confirmed" [round] {
                label: "confirmed {0}",
                says: "I have it, round {0}",
            }
        }
        timers {
            Timer::Held => "it has held the token long enough",
            Timer::NotConfirmed => timeout "the token was not confirmed in time",
        }
        operations {
            "take": "Take the token of this round" by [] => Node::take_at_once,
            "seize": "Take the token of this round, too" by [] => Node::take_at_once,
        }
    }

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if self.begins {
            self.take(0, context);
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match message {
            Message::Token(round) => {
                context.send(from, Message::Confirmed(round));
                self.take(round, context);
            }
            Message::Confirmed(round) => {
                if let Some((_, timer)) = self.unconfirmed.take_if(|(passed, _)| *passed == round) {
                    context.cancel_timer(timer);
                }
            }
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match timer {
            Timer::Held => {
                if let Some(round) = self.holds.take() {
                    context.record(Fact::Released {
                        lock: 0,
                        token: round,
                    });
                    self.pass(round + 1, context);
                }
            }
            Timer::NotConfirmed => {
                if let Some((round, _)) = self.unconfirmed.take() {
                    self.pass(round, context);
                }
            }
        }
    }

    fn claim(&self) -> Option<Claim> {
        self.holds.map(|_| Claim::to_lead(0))
    }
}
