//! What a leader knows: the write in hand, the servers that have acknowledged it, and the writes that wait.

use std::collections::VecDeque;

use sim::NodeId;
use sim::protocol::Outlook;

use crate::describe::words::{counted, seconds};
use crate::parts::caller::Request;
use crate::parts::quorum::Tally;

/// From how many nanoseconds on it says that no server has acknowledged anything.
const NOTICED: i64 = 500_000_000;

/// A write, and the client that asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Write {
    pub(super) client: NodeId,
    pub(super) request: Request,
}

/// What a leader has to know besides what every server knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Office {
    /// Writes of this term, including the one in hand.
    writes: u32,
    in_hand: Option<InHand>,
    /// Writes that wait for the one in hand.
    waiting: VecDeque<Write>,
    rounds: u32,
    /// Writes that took effect.
    acted: u32,
    /// Since when it has waited for an acknowledgement without getting any.
    unanswered_since: Option<i64>,
}

/// A copy that is being made.
#[derive(Clone, Debug)]
pub(super) struct InHand {
    /// The write; none for the copy that the leader found when it was elected.
    write: Option<Write>,
    version: (i64, u32),
    /// The round in which it was last sent, and when.
    pub(super) round: u32,
    pub(super) sent: i64,
    /// The servers that have acknowledged it in that round.
    acks: Tally,
}

impl Office {
    pub(super) fn in_hand(&self) -> Option<&InHand> {
        self.in_hand.as_ref()
    }

    /// Whether this write is in hand or waits already.
    pub(super) fn has(&self, write: Write) -> bool {
        let in_hand = self.in_hand.as_ref().and_then(|in_hand| in_hand.write);
        in_hand == Some(write) || self.waiting.contains(&write)
    }

    /// Lets a write wait for the one in hand.
    pub(super) fn queue(&mut self, write: Write) {
        self.waiting.push_back(write);
    }

    /// Takes a write in hand, for `members` servers; its version.
    pub(super) fn take_up(&mut self, write: Option<Write>, term: i64, members: u16) -> (i64, u32) {
        self.writes += 1;
        let version = (term, self.writes);
        self.in_hand = Some(InHand {
            write,
            version,
            round: 0,
            sent: 0,
            acks: Tally::of_majority(members),
        });
        version
    }

    /// Begins a round, in which earlier acknowledgements no longer count; its number.
    pub(super) fn begin_round(&mut self, now: i64, members: u16) -> u32 {
        self.rounds += 1;
        self.unanswered_since.get_or_insert(now);
        if let Some(in_hand) = &mut self.in_hand {
            in_hand.round = self.rounds;
            in_hand.sent = now;
            in_hand.acks = Tally::of_majority(members);
        }
        self.rounds
    }

    /// Another server has acknowledged something.
    pub(super) fn hears_a_follower(&mut self) {
        self.unanswered_since = None;
    }

    /// A server has acknowledged this version in this round. Whether that makes a majority.
    ///
    /// Only acknowledgements of what `is_recent` count: the sender of an older one may have voted for another
    /// leader since.
    pub(super) fn acked(
        &mut self,
        from: NodeId,
        version: (i64, u32),
        round: u32,
        is_recent: impl Fn(i64) -> bool,
    ) -> bool {
        self.in_hand.as_mut().is_some_and(|in_hand| {
            let counts =
                (version, round) == (in_hand.version, in_hand.round) && is_recent(in_hand.sent);
            counts && in_hand.acks.add(from)
        })
    }

    /// The write in hand takes effect: the write, unless it was only a copy, and the next write that waits.
    pub(super) fn finish(&mut self) -> (Option<Write>, Option<Write>) {
        let Some(in_hand) = self.in_hand.take() else {
            return (None, None);
        };
        self.acted += u32::from(in_hand.write.is_some());
        (in_hand.write, self.waiting.pop_front())
    }

    pub(super) fn memory(&self) -> usize {
        size_of_val(self) + self.waiting.capacity() * size_of::<Write>()
    }

    /// What it believes about its writes.
    pub(super) fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let mut beliefs = vec![format!(
            "I let {} take effect.",
            counted(self.acted, "write")
        )];
        let unanswered = self.unanswered_since.map(|since| outlook.monotonic - since);
        if let Some(silence) = unanswered.filter(|silence| *silence > NOTICED) {
            beliefs.push(format!(
                "No server has acknowledged a copy for {}. The other servers may be slow.",
                seconds(silence)
            ));
        }
        if let Some(in_hand) = &self.in_hand
            && let Some(write) = in_hand.write
        {
            beliefs.push(format!(
                "#{} has {} of the {} copies that it needs.",
                write.request.operation,
                in_hand.acks.count(),
                in_hand.acks.needed()
            ));
        }
        beliefs
    }
}
