//! What can happen in a run, in at most 64 bytes per event.

use super::coded::coded;
use super::detail::{ClockChange, DiskChange};
use super::fact::Fact;
use crate::id::{EventId, MessageId, NodeId};
use crate::time::SimTime;

coded! {
    /// What kind of thing happened.
    pub enum EventKind {
        /// A node began to run, for the first time.
        Start = 0,
        /// A node sent a message. `code` is the message's kind, `args` its gist.
        Send = 1,
        /// A node took a message from its inbox and handled it. Caused by its sending. `args` are what it reads: where
        /// bits have flipped, they differ from those of the sending.
        Deliver = 2,
        /// A copy of a message ended without being handled. `code` is a [`Loss`](super::Loss), `args[0]` how far it came
        /// in thousandths of its way. What it said is in its cause, its sending.
        Lost = 3,
        /// The network made one more copy of a message. Caused by its sending.
        Duplicate = 4,
        /// A message reached a node that was busy or paused, and waits in its inbox.
        Queued = 5,
        /// A timer fired. `code` is the timer's kind; caused by the event in which it was set.
        TimerFired = 6,
        /// A node stopped and lost its memory.
        Crash = 7,
        /// A crashed node started again, with its disk.
        Restart = 8,
        /// A node stopped, and did not notice.
        Pause = 9,
        /// A paused node continued.
        Resume = 10,
        /// A node became slower or faster. `args[0]` is the factor in thousandths.
        Limp = 11,
        /// A clock was changed from outside or by synchronisation. `code` is a [`ClockChange`], `args[0]` the amount in
        /// nanoseconds or parts per billion.
        Clock = 12,
        /// The network's settings changed. `code` is a [`NetworkChange`](super::NetworkChange), `args` what was set.
        Network = 13,
        /// Something happened to a disk. `code` is a [`DiskChange`].
        Disk = 14,
        /// A node put a fact on record. `code` is a [`FactKind`](super::FactKind), `args` what it says.
        Fact = 15,
        /// An operator told a node to do something. `code` is the operation, `args[0]` its argument.
        Operation = 16,
        /// A message met a cut that holds messages until it heals.
        Held = 17,
        /// A message on its way was changed by hand. `code` is a [`MessageChange`](super::MessageChange).
        Meddled = 18,
        /// A node's setting was changed. `code` is a [`NodeSetting`](super::NodeSetting), `args` its value as far as
        /// numbers can tell it.
        Setting = 19,
    }
}

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in true time.
    pub time: SimTime,
    /// What exactly; `kind` and `code` say what the numbers mean.
    pub args: [i64; 3],
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
    /// An event that puts `fact` on record, with no cause: for traces that are made by hand.
    pub fn of_fact(time: SimTime, node: NodeId, fact: Fact) -> Event {
        let (code, args) = fact.pack();
        let (cause, message) = (EventId::NONE, MessageId::default());
        Event {
            time,
            args,
            cause,
            message,
            node,
            peer: node,
            kind: EventKind::Fact,
            code,
        }
    }

    /// The fact it puts on record, if it does.
    pub fn fact(&self) -> Option<Fact> {
        (self.kind == EventKind::Fact)
            .then(|| Fact::unpack(self.code, self.args))
            .flatten()
    }

    /// Whether `node` knows of it when it happens.
    ///
    /// A node sees what it does and what it handles. It does not see that a message was lost, delayed or copied, that
    /// the node itself was paused or is slow, that somebody else changed its clock, or what happens to the network. A
    /// crash takes the memory, of which nothing is said here: the caller leaves out what happened before the node's last
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
                    DiskChange::from_code(self.code).is_some_and(|change| !change.is_a_fault())
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
            EventKind::Clock => ClockChange::from_code(self.code) != Some(ClockChange::Slew),
            EventKind::Disk => DiskChange::from_code(self.code).is_some_and(DiskChange::is_a_fault),
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
    size_of::<Event>() <= 64,
    "a traced event costs at most 64 bytes"
);
