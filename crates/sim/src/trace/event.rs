//! What can happen in a run, in at most 64 bytes an event.

use super::fact::Fact;
use crate::id::{EventId, MessageId, NodeId};
use crate::time::SimTime;

/// What kind of thing happened. The numbers are part of every digest: never change or reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EventKind {
    /// A node began to run, for the first time.
    Start = 0,
    /// A node sent a message. `code` is the message's kind, `args` its gist.
    Send = 1,
    /// A node took a message from its inbox and handled it. Caused by its sending. `args` are what it reads: where bits
    /// have flipped, they differ from those of the sending.
    Deliver = 2,
    /// A copy of a message ended without being handled. `code` is a [`Loss`], `args[0]` how far it came in thousandths
    /// of its way; what it said stands in its cause, its sending.
    Lost = 3,
    /// The network made one more copy of a message. Caused by its sending.
    Duplicate = 4,
    /// A message reached a node that was busy or paused, and waits in its inbox.
    Queued = 5,
    /// A timer fired. `code` is the timer's kind; caused by the event in which it was set.
    TimerFired = 6,
    /// A node stopped and lost its memory.
    Crash = 7,
    /// A crashed node began anew, with its disk.
    Restart = 8,
    /// A node stopped without knowing it.
    Pause = 9,
    /// A paused node went on.
    Resume = 10,
    /// A node became slower or faster. `args[0]` is the factor in thousandths.
    Limp = 11,
    /// A clock was changed from outside or by synchronisation. `code` is a [`ClockChange`], `args[0]` the amount in
    /// nanoseconds or parts per billion.
    Clock = 12,
    /// The network's settings changed. `code` is a [`NetworkChange`], `args` what was set.
    Network = 13,
    /// Something happened to a disk. `code` is a [`DiskChange`].
    Disk = 14,
    /// A node put a fact on record. `code` is a [`super::FactKind`], `args` what it says.
    Fact = 15,
    /// An operator told a node to do something. `code` is the operation, `args[0]` its argument.
    Operation = 16,
    /// A message met a cut that holds messages until it heals.
    Held = 17,
    /// Somebody took hold of a message on its way. `code` is a [`MessageChange`].
    Meddled = 18,
    /// A node's setting was changed. `code` is a [`NodeSetting`], `args` its value as far as numbers tell it.
    Setting = 19,
}

/// Why a copy of a message ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Loss {
    /// The link lost it.
    Link = 0,
    /// The link lost it in a burst.
    Burst = 1,
    /// It met a cut.
    Cut = 2,
    /// The link's queue was full.
    QueueFull = 3,
    /// A checksum found it corrupted.
    Checksum = 4,
    /// Its receiver was down.
    ReceiverDown = 5,
    /// Its receiver's inbox was full.
    InboxFull = 6,
    /// It was in its receiver's inbox when the receiver crashed.
    ReceiverCrashed = 7,
    /// A filter dropped it.
    Filter = 8,
    /// Somebody dropped it by hand.
    Hand = 9,
}

/// What happened to a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ClockChange {
    /// The wall clock jumped.
    Step = 0,
    /// The wall clock began to be corrected without a jump. `args[1]` is the most parts per billion.
    Slew = 1,
    /// The wall clock's rate changed.
    Rate = 2,
    /// The monotonic clock's rate changed.
    MonotonicRate = 3,
}

/// Which setting of a node was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum NodeSetting {
    /// How long it serves a message. `args[0]` is in nanoseconds.
    Service = 0,
    /// How many messages may wait. `args[0]` is how many.
    Inbox = 1,
    /// Its disk. `args` are a write's and a sync's nanoseconds, and the chance of a torn write in steps of 2^-32.
    Disk = 2,
    /// Its wall clock's periodic error. `args` are amplitude and period in nanoseconds.
    Wobble = 3,
    /// Its interval clock's bound. `args` are the base in nanoseconds and the drift in parts per billion.
    Uncertainty = 4,
    /// Its clock's synchronisation. `args` are the server, or -1 for none, and the polling interval in nanoseconds.
    Ntp = 5,
    /// Faults that strike it at random. `args` are their name, and the mean times between and of them in nanoseconds;
    /// both are 0 where they end.
    Mishap = 6,
}

/// What happened to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum NetworkChange {
    /// A link's setting was changed.
    Setting = 0,
    /// Links were cut. `args[0]` is the cut's name: as it was given, or 2^32 on for flapping, or 2^33 on for mishaps.
    Cut = 1,
    /// A cut healed. `args[0]` is its name, or -1 for all.
    Heal = 2,
    /// A filter was added. `args[0]` is its name.
    Filter = 3,
    /// A filter was removed. `args[0]` is its name, or -1 for all.
    Unfilter = 4,
    /// A cut began to come and go by itself. `args[0]` is its name.
    Flapping = 5,
    /// A cut no longer comes and goes by itself. `args[0]` is its name.
    Steady = 6,
}

/// What happened to a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum DiskChange {
    /// A record was written, not yet durably. `args[0]` is its place.
    Written = 0,
    /// All that was written before became durable.
    Synced = 1,
    /// A crash lost what was not synced. `args[0]` is how many records.
    Unsynced = 2,
    /// Everything on it was lost.
    Wiped = 3,
    /// It became slower or faster. `args[0]` is the factor in thousandths.
    Slowed = 4,
    /// A crash tore the last write. `args[0]` is its place.
    Torn = 5,
}

/// What was done to a message on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum MessageChange {
    /// It was dropped.
    Drop = 0,
    /// It was delayed. `args[0]` is by how many nanoseconds.
    Delay = 1,
    /// It was copied.
    Duplicate = 2,
    /// It was delivered at once.
    DeliverNow = 3,
    /// It was corrupted.
    Corrupt = 4,
}

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in true time.
    pub time: SimTime,
    /// What exactly; the meaning depends on `kind` and `code`.
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
    /// A refinement of `kind`.
    pub code: u8,
}

impl Event {
    /// An event that puts `fact` on record, with no cause: for whoever makes a trace by hand.
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

    /// Whether it is about a message, so that `message` and `peer` mean something.
    pub fn is_about_a_message(&self) -> bool {
        matches!(
            self.kind,
            EventKind::Send
                | EventKind::Deliver
                | EventKind::Lost
                | EventKind::Duplicate
                | EventKind::Queued
                | EventKind::Held
                | EventKind::Meddled
        )
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
            EventKind::Clock => self.code != ClockChange::Slew as u8,
            EventKind::Disk => self.code >= DiskChange::Unsynced as u8,
            EventKind::Fact => self.fact().is_some_and(|fact| fact.is_interesting()),
            _ => false,
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
