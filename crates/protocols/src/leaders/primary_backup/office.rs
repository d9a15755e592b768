//! What a leader does: it takes writes, copies them, and lets them take effect.

use std::collections::VecDeque;

use sim::protocol::Outlook;
use sim::trace::Fact;
use sim::{Context, NodeId};

use super::server::{Part, Server};
use super::{Copy, Message, Node, Timer, Write};
use crate::parts::quorum::Tally;

/// What a leader has to know beside what every server knows.
#[derive(Clone, Debug)]
pub(super) struct Office {
    /// Writes of this term, the one in hand included.
    writes: u32,
    /// The write in hand; none for the copy that the leader found when it took office.
    in_hand: Option<InHand>,
    /// Writes that wait for the one in hand.
    waiting: VecDeque<Write>,
    rounds: u32,
    /// Writes that took effect.
    acted: u32,
    /// Since when nothing has been acknowledged though it was asked for.
    unanswered_since: Option<i64>,
}

/// A copy that is being made.
#[derive(Clone, Debug)]
struct InHand {
    write: Option<Write>,
    version: (i64, u32),
    /// In which round it was last sent, and when.
    round: u32,
    sent: i64,
    /// Who has acknowledged it in that round.
    acks: Tally,
}

impl Server {
    /// The majority has voted for this one.
    pub(super) fn take_office(&mut self, context: &mut Context<'_, Node>) {
        let term = self.ballot.term;
        context.record(Fact::Leads { term });
        self.part = Part::Leader(Box::new(Office {
            writes: 0,
            in_hand: None,
            waiting: VecDeque::new(),
            rounds: 0,
            acted: 0,
            unanswered_since: None,
        }));
        // What it found is what a majority may have acknowledged: it is kept, under this term.
        if self.copy.operation == 0 {
            self.tell_the_living(Message::Heartbeat { term }, context);
        } else {
            self.hand_out(self.copy.operation, None, context);
        }
        context.set_timer(self.rules.heartbeat, Timer::Beat { term });
    }

    /// Says that it leads; and says again what has not been acknowledged.
    pub(super) fn beat(&mut self, of_term: i64, context: &mut Context<'_, Node>) {
        let (term, patience) = (self.ballot.term, self.rules.patience.as_nanos() as i64);
        let now = context.monotonic();
        let copy = self.copy;
        let Part::Leader(office) = &mut self.part else {
            return;
        };
        if term != of_term {
            return;
        }
        context.set_timer(self.rules.heartbeat, Timer::Beat { term });
        match &office.in_hand {
            Some(in_hand) if now - in_hand.sent >= patience / 2 => self.send_again(context),
            Some(in_hand) => {
                let round = in_hand.round;
                self.tell_the_living(Message::Replicate { term, copy, round }, context);
            }
            None => self.tell_the_living(Message::Heartbeat { term }, context),
        }
    }

    /// A write: at once if none is in hand.
    pub(super) fn take(&mut self, write: Write, context: &mut Context<'_, Node>) {
        let Part::Leader(office) = &mut self.part else {
            return;
        };
        if office.has(write) {
            return;
        }
        if office.in_hand.is_some() {
            office.waiting.push_back(write);
        } else {
            self.hand_out(write.operation, Some(write), context);
        }
    }

    /// Makes an operation the register's, and hands out copies.
    fn hand_out(&mut self, operation: u32, write: Option<Write>, context: &mut Context<'_, Node>) {
        let (term, tally) = (self.ballot.term, Tally::of_majority(self.members()));
        let Part::Leader(office) = &mut self.part else {
            return;
        };
        office.writes += 1;
        let version = (term, office.writes);
        office.in_hand = Some(InHand {
            write,
            version,
            round: 0,
            sent: 0,
            acks: tally,
        });
        self.store(Copy { version, operation }, context);
        self.send_again(context);
        if !self.rules.needs_majority {
            self.take_effect(context);
        }
    }

    /// Sends the copy in hand in a round of its own: what was acknowledged before counts no longer.
    fn send_again(&mut self, context: &mut Context<'_, Node>) {
        let (term, copy, now) = (self.ballot.term, self.copy, context.monotonic());
        let tally = Tally::of_majority(self.members());
        let Part::Leader(office) = &mut self.part else {
            return;
        };
        office.rounds += 1;
        let round = office.rounds;
        office.unanswered_since.get_or_insert(now);
        if let Some(in_hand) = &mut office.in_hand {
            in_hand.round = round;
            in_hand.sent = now;
            in_hand.acks = tally;
        }
        self.tell_the_living(Message::Replicate { term, copy, round }, context);
        self.own_copy_when_durable(round, context);
    }

    pub(super) fn acked(
        &mut self,
        from: NodeId,
        term: i64,
        version: (i64, u32),
        round: u32,
        context: &mut Context<'_, Node>,
    ) {
        let patience = self.rules.patience.as_nanos() as i64;
        let (me, now) = (context.me(), context.monotonic());
        let Part::Leader(office) = &mut self.part else {
            return;
        };
        if term != self.ballot.term {
            return;
        }
        if from != me {
            office.unanswered_since = None;
        }
        let Some(in_hand) = &mut office.in_hand else {
            return;
        };
        // An old acknowledgement says nothing: who gave it may have voted for another since.
        let counts =
            (version, round) == (in_hand.version, in_hand.round) && now - in_hand.sent < patience;
        if counts && in_hand.acks.add(from) {
            self.take_effect(context);
        }
    }

    /// The write in hand takes effect, and the next one is taken up.
    fn take_effect(&mut self, context: &mut Context<'_, Node>) {
        let term = self.ballot.term;
        let Part::Leader(office) = &mut self.part else {
            return;
        };
        let Some(in_hand) = office.in_hand.take() else {
            return;
        };
        let next = office.waiting.pop_front();
        if let Some(Write { operation, client }) = in_hand.write {
            office.acted += 1;
            context.record(Fact::Acts { operation, term });
            context.send(client, Message::Done { operation, term });
        }
        if let Some(write) = next {
            self.hand_out(write.operation, Some(write), context);
        }
    }
}

impl Office {
    /// Whether this write is in hand or waits already.
    fn has(&self, write: Write) -> bool {
        let in_hand = self.in_hand.as_ref().and_then(|in_hand| in_hand.write);
        in_hand == Some(write) || self.waiting.contains(&write)
    }

    pub(super) fn memory(&self) -> usize {
        size_of_val(self) + self.waiting.capacity() * size_of::<Write>()
    }

    pub(super) fn beliefs(&self, term: i64, outlook: &Outlook<'_>) -> Vec<String> {
        let mut beliefs = vec![format!(
            "I lead, in term {term}. I let {} writes take effect.",
            self.acted
        )];
        if let Some(since) = self.unanswered_since {
            let silence = (outlook.monotonic - since) as f64 / 1e9;
            if silence > 0.5 {
                beliefs.push(format!(
                    "Nobody has acknowledged a copy for {silence:.1} s. They may be slow."
                ));
            }
        }
        if let Some(InHand {
            write: Some(write),
            acks,
            ..
        }) = &self.in_hand
        {
            beliefs.push(format!(
                "#{} has {} of {} copies that it needs.",
                write.operation,
                acks.count(),
                acks.needed()
            ));
        }
        beliefs
    }
}
