//! What can happen in a run, in 48 bytes per event.

use super::detail::{ClockChange, Detail, DiskChange};
use super::fact::Fact;
use super::gist::Gist;
use super::kind::EventKind;
use crate::id::{EventId, MessageId, NodeId};
use crate::time::SimTime;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in true time.
    pub time: SimTime,
    /// What exactly; `kind` and `code` say what the numbers mean. Outside the kernel, [`Event::detail`] and
    /// [`Event::gist`] read them.
    pub(crate) args: [i64; 3],
    /// The event without which this one would not have happened, or [`EventId::NONE`].
    pub cause: EventId,
    /// The message it is about, where `kind` is about one.
    pub message: MessageId,
    /// Where it happened.
    pub node: NodeId,
    /// The other end, where it is about a message; else the node itself.
    pub peer: NodeId,
    /// What kind of thing happened.
    pub kind: EventKind,
    /// What exactly, among all that `kind` has: the number of a [`Loss`](super::Loss), of a fact, of a message's kind.
    pub code: u8,
}

impl Event {
    /// An event at `node` that is about no message and says no more than its kind, with no cause.
    pub fn of_kind(time: SimTime, node: NodeId, kind: EventKind) -> Event {
        Event {
            time,
            args: [0; 3],
            cause: EventId::NONE,
            message: MessageId::default(),
            node,
            peer: node,
            kind,
            code: 0,
        }
    }

    /// An event at `node` that says `detail`, with no cause.
    pub fn of(time: SimTime, node: NodeId, detail: impl Detail) -> Event {
        Event::of_kind(time, node, EventKind::Start).saying(detail)
    }

    /// The event, if it said `detail`.
    pub(crate) fn saying<D: Detail>(self, detail: D) -> Event {
        let (code, args) = detail.pack();
        Event {
            kind: D::KIND,
            code,
            args,
            ..self
        }
    }

    /// What exactly happened; `None` if events of its kind say something else.
    #[inline]
    pub fn detail<D: Detail>(&self) -> Option<D> {
        if self.kind == D::KIND {
            D::unpack(self.code, self.args)
        } else {
            None
        }
    }

    /// The fact it puts on record, if it does.
    #[inline]
    pub fn fact(&self) -> Option<Fact> {
        self.detail()
    }

    /// What its message says, if it is one of those that say so themselves: the others refer to the sending.
    pub fn gist(&self) -> Option<Gist> {
        match self.kind {
            EventKind::Send | EventKind::Deliver | EventKind::Duplicate | EventKind::Held => {
                Some(Gist {
                    kind: self.code,
                    args: self.args,
                })
            }
            EventKind::Start
            | EventKind::Lost
            | EventKind::Queued
            | EventKind::TimerFired
            | EventKind::Crash
            | EventKind::Restart
            | EventKind::Pause
            | EventKind::Resume
            | EventKind::Limp
            | EventKind::Clock
            | EventKind::Network
            | EventKind::Disk
            | EventKind::Fact
            | EventKind::Operation
            | EventKind::Meddled
            | EventKind::Setting => None,
        }
    }

    /// The numbers in which what exactly happened is kept: for records that keep them as they are.
    pub fn numbers(&self) -> [i64; 3] {
        self.args
    }

    /// Whether `node` knows of it when it happens.
    ///
    /// A node sees what it does and what it handles. It does not see that a message was lost, delayed or copied, that
    /// the node itself was paused or is slow, that somebody else changed its clock, or what happens to the network. What
    /// its disk makes true counts as its own doing, although a node that is paused hears of it later. A crash takes the memory, of which nothing is said here: the caller leaves out what happened before the node's last
    /// crash.
    pub fn is_known_to(&self, node: NodeId) -> bool {
        self.node == node
            && match self.kind {
                EventKind::Start
                | EventKind::Restart
                | EventKind::Send
                | EventKind::Deliver
                | EventKind::TimerFired
                | EventKind::Fact
                | EventKind::Operation => true,
                // A node's own corrections have a cause; what befalls its clock has none.
                EventKind::Clock => self.cause != EventId::NONE,
                EventKind::Disk => {
                    let change = self.detail::<DiskChange>();
                    change.is_some_and(|change| !change.is_a_fault())
                }
                EventKind::Lost
                | EventKind::Duplicate
                | EventKind::Queued
                | EventKind::Crash
                | EventKind::Pause
                | EventKind::Resume
                | EventKind::Limp
                | EventKind::Network
                | EventKind::Held
                | EventKind::Meddled
                | EventKind::Setting => false,
            }
    }

    /// Whether it belongs to what `node` can tell of its own past: all that it knows of, and its crash, of which it learns when
    /// it restarts.
    pub fn is_own_past_of(&self, node: NodeId) -> bool {
        let is_own_crash = self.node == node && self.kind == EventKind::Crash;
        is_own_crash || self.is_known_to(node)
    }

    /// Whether it is about a message, so that `message` and `peer` mean something.
    pub fn is_about_a_message(&self) -> bool {
        match self.kind {
            EventKind::Send
            | EventKind::Deliver
            | EventKind::Lost
            | EventKind::Duplicate
            | EventKind::Queued
            | EventKind::Held
            | EventKind::Meddled => true,
            EventKind::Start
            | EventKind::TimerFired
            | EventKind::Crash
            | EventKind::Restart
            | EventKind::Pause
            | EventKind::Resume
            | EventKind::Limp
            | EventKind::Clock
            | EventKind::Network
            | EventKind::Disk
            | EventKind::Fact
            | EventKind::Operation
            | EventKind::Setting => false,
        }
    }

    /// Whether a reader who skips from moment to moment would want to stop here.
    pub fn is_interesting(&self) -> bool {
        match self.kind {
            EventKind::Crash
            | EventKind::Restart
            | EventKind::Pause
            | EventKind::Resume
            | EventKind::Limp
            | EventKind::Network
            | EventKind::Operation
            | EventKind::Meddled
            | EventKind::Setting => true,
            EventKind::Clock => !matches!(self.detail(), Some(ClockChange::Slew { .. })),
            EventKind::Disk => self.detail().is_some_and(DiskChange::is_a_fault),
            EventKind::Fact => self.fact().is_some_and(|fact| fact.is_interesting()),
            EventKind::Start
            | EventKind::Send
            | EventKind::Deliver
            | EventKind::Lost
            | EventKind::Duplicate
            | EventKind::Queued
            | EventKind::TimerFired
            | EventKind::Held => false,
        }
    }

    /// The event as words for the digest.
    pub(super) fn words(&self) -> [u64; 6] {
        let kind = self.kind as u64 | (self.code as u64) << 8;
        [
            self.time.as_nanos(),
            self.args[0] as u64,
            self.args[1] as u64,
            self.args[2] as u64,
            (self.cause.0 as u64) << 32 | self.message.0 as u64,
            kind | (self.node.0 as u64) << 16 | (self.peer.0 as u64) << 32,
        ]
    }
}

const _: () = assert!(
    size_of::<Event>() == 48,
    "what is said of a run's memory counts on an event's 48 bytes"
);
