//! What a leader knows: the write in hand, the servers that have acknowledged it, and the writes that wait.

use std::collections::VecDeque;

use sim::NodeId;
use sim::held::{Held, Measure};
use sim::protocol::Outlook;

use crate::describe::words::{counted, seconds};
use crate::parts::caller::Request;
use crate::parts::quorum::Votes;

/// From how many nanoseconds on it says that no server has acknowledged anything.
const NOTICED: i64 = 500_000_000;

/// A write, and the client that asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Write {
    pub(super) client: NodeId,
    pub(super) request: Request,
}

/// What a leader has to know besides what every server knows.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Office {
    /// Writes of this term, including the one in hand.
    writes: u32,
    in_hand: Option<InHand>,
    /// Writes that wait for the one in hand.
    waiting: VecDeque<Write>,
    /// Writes that took effect.
    acted: u32,
    /// Since when it has waited for an acknowledgement without getting any.
    unanswered_since: Option<i64>,
}

/// A copy that is being made.
#[derive(Clone, Debug, Hash)]
pub(super) struct InHand {
    /// The write; none for the copy that the leader found when it was elected.
    write: Option<Write>,
    version: (i64, u32),
    /// The servers that have acknowledged it.
    acks: Votes,
}

impl Office {
    /// Whether a copy is being made.
    pub(super) fn has_copy_in_hand(&self) -> bool {
        self.in_hand.is_some()
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

    /// The next write that waits, if none is in hand.
    pub(super) fn next(&mut self) -> Option<Write> {
        self.in_hand.is_none().then(|| self.waiting.pop_front())?
    }

    /// Takes a write in hand at the time `now`, for `members` servers; its version.
    pub(super) fn take_up(
        &mut self,
        write: Option<Write>,
        term: i64,
        members: u16,
        now: i64,
    ) -> (i64, u32) {
        self.unanswered_since.get_or_insert(now);
        self.writes += 1;
        let version = (term, self.writes);
        self.in_hand = Some(InHand {
            write,
            version,
            acks: Votes::of_majority(members),
        });
        version
    }

    /// Another server has acknowledged something.
    pub(super) fn hears_a_follower(&mut self) {
        self.unanswered_since = None;
    }

    /// A server has acknowledged this version. Whether that makes a majority.
    pub(super) fn acked(&mut self, from: NodeId, version: (i64, u32)) -> bool {
        let in_hand = self.in_hand.as_mut();
        in_hand.is_some_and(|in_hand| in_hand.version == version && in_hand.acks.add(from))
    }

    /// What is in hand takes effect: the write, unless it was only a copy.
    pub(super) fn finish(&mut self) -> Option<Write> {
        let write = self.in_hand.take()?.write;
        self.acted += u32::from(write.is_some());
        write
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        size_of_val(self) + self.waiting.held(by)
    }

    /// What it believes about its writes.
    pub(super) fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let mut beliefs = vec![format!(
            "I let {} take effect.",
            counted(self.acted as usize, "write")
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
                "#{} has {} copies of the {} that it needs.",
                write.request.operation,
                in_hand.acks.count(),
                in_hand.acks.needed()
            ));
        }
        beliefs
    }
}
