//! What exactly happened: what an event's `code` and `args` mean, for each [`EventKind`](super::EventKind) that has more
//! to say than its name. Nothing outside the trace knows where in an event a number lies: who records a [`Detail`] says
//! it by name, and so does who reads it.
//!
//! ```
//! use sim::trace::{Event, Loss, Lost};
//!
//! fn why(event: &Event) -> &'static str {
//!     match event.detail::<Lost>().map(|lost| lost.why) {
//!         Some(Loss::Link | Loss::Burst) => "the link lost it",
//!         Some(_) => "something else ended it",
//!         None => "this is not an event of a loss",
//!     }
//! }
//! ```
//!
//! | file | its subject |
//! | --- | --- |
//! | `mod` | all details but facts, each said once |
//! | `table` | what a [`Detail`] is, and what is made of such a list: enums, and how they lie in an event |
//! | `field` | how one field lies in a word |

pub(super) mod field;
pub(super) mod table;

pub(super) use field::{Field, coded_fields};
pub use table::Detail;
pub(super) use table::details;

use super::coded::{ascending, coded};
use super::kind::EventKind;
use crate::clock::Rate;
use crate::id::NodeId;
use crate::time::SimDuration;

/// The end of a copy of a message that was not handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Why it ended.
    pub why: Loss,
    /// How far it came, in thousandths of its way.
    pub permille: i64,
}

impl Lost {
    /// How far it came, as a share of its way.
    pub fn share(self) -> f64 {
        self.permille as f64 / 1000.0
    }
}

impl Detail for Lost {
    const KIND: EventKind = EventKind::Lost;

    fn pack(self) -> (u8, [i64; 3]) {
        (self.why.code(), [self.permille, 0, 0])
    }

    fn unpack(code: u8, [permille, ..]: [i64; 3]) -> Option<Lost> {
        let why = Loss::from_code(code)?;
        Some(Lost { why, permille })
    }
}

/// How fast a node is from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limp {
    /// How long it takes for everything, in thousandths of what is usual.
    pub permille: u32,
}

impl Limp {
    /// Whether the node is slower than usual.
    pub fn is_slow(self) -> bool {
        self.permille > 1000
    }
}

impl Detail for Limp {
    const KIND: EventKind = EventKind::Limp;

    fn pack(self) -> (u8, [i64; 3]) {
        (0, [self.permille.into(), 0, 0])
    }

    fn unpack(_: u8, [permille, ..]: [i64; 3]) -> Option<Limp> {
        let permille = u32::try_from(permille).ok()?;
        Some(Limp { permille })
    }
}

/// What an operator tells a node to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatorCommand {
    /// Its place among the vocabulary's operations.
    pub operation: u8,
    /// Its argument.
    pub argument: i64,
}

impl Detail for OperatorCommand {
    const KIND: EventKind = EventKind::Operation;

    fn pack(self) -> (u8, [i64; 3]) {
        (self.operation, [self.argument, 0, 0])
    }

    fn unpack(operation: u8, [argument, ..]: [i64; 3]) -> Option<OperatorCommand> {
        Some(OperatorCommand {
            operation,
            argument,
        })
    }
}

// The numbers are part of every digest: never change or reuse one. `in [n]` says in which of the event's arguments a
// field lies.

coded! {
    /// Why a copy of a message ended.
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
        /// It was dropped by hand.
        Hand = 9,
    }
}

details! {
    /// What happened to a clock.
    pub enum ClockChange of Clock {
        /// The wall clock jumped.
        Step = 0 {
            /// By how many nanoseconds; backwards if negative.
            by: i64 in [0],
        },
        /// The wall clock began to be corrected without a jump.
        Slew = 1 {
            /// By how many nanoseconds in the end; backwards if negative.
            by: i64 in [0],
            /// The most by which its rate differs in the meantime.
            rate: Rate in [1],
        },
        /// The wall clock's rate changed.
        Rate = 2 {
            /// What it is.
            rate: Rate in [0],
        },
        /// The monotonic clock's rate changed.
        MonotonicRate = 3 {
            /// What it is.
            rate: Rate in [0],
        },
    }
}

details! {
    /// Which setting of a node was changed, and to what.
    pub enum NodeSetting of Setting {
        /// How long it serves a message.
        Service = 0 {
            /// How long.
            length: SimDuration in [0],
        },
        /// How many messages may wait.
        Inbox = 1 {
            /// How many.
            room: u32 in [0],
        },
        /// Its disk.
        Disk = 2 {
            /// How long a write takes.
            write: SimDuration in [0],
            /// How long a sync takes.
            sync: SimDuration in [1],
            /// The chance of a torn write, in steps of 2^-32.
            torn: u64 in [2],
        },
        /// Its wall clock's periodic error; both are zero if it has none.
        Wobble = 3 {
            /// The largest error.
            amplitude: SimDuration in [0],
            /// The time from one largest error to the next.
            period: SimDuration in [1],
        },
        /// Its interval clock's bound.
        Uncertainty = 4 {
            /// The bound at a synchronisation.
            base: SimDuration in [0],
            /// How fast it grows.
            drift: Rate in [1],
        },
        /// Its clock's synchronisation.
        Ntp = 5 {
            /// The server; `None` if it no longer synchronises its clock.
            server: Option<NodeId> in [0],
            /// The time from one question to the next.
            poll: SimDuration in [1],
        },
        /// Faults that strike it at random; both means are zero where they end.
        Mishap = 6 {
            /// Their name.
            name: u32 in [0],
            /// The mean time from the end of one to the next.
            between: SimDuration in [1],
            /// The mean length of one.
            length: SimDuration in [2],
        },
    }
}

details! {
    /// What happened to the network.
    pub enum NetworkChange of Network {
        /// A setting of links was changed.
        Setting = 0 {
            /// Which.
            setting: LinkSetting in [0],
            /// The links' sender; `None` for all.
            from: Option<NodeId> in [1],
            /// The links' receiver; `None` for all.
            to: Option<NodeId> in [2],
        },
        /// Links were cut.
        Cut = 1 {
            /// The cut's name: as it was given, or from 2^32 on for flapping, or from 2^33 on for mishaps.
            name: i64 in [0],
        },
        /// A cut healed.
        Heal = 2 {
            /// Its name; `None` for all cuts.
            name: Option<i64> in [0],
        },
        /// A filter was added.
        Filter = 3 {
            /// Its name.
            name: u32 in [0],
        },
        /// A filter was removed.
        Unfilter = 4 {
            /// Its name; `None` for all filters.
            name: Option<i64> in [0],
        },
        /// A cut began to come and go by itself.
        Flapping = 5 {
            /// Its name.
            name: u32 in [0],
        },
        /// A cut no longer comes and goes by itself.
        Steady = 6 {
            /// Its name.
            name: u32 in [0],
        },
    }
}

coded! {
    /// Which setting of links was changed.
    pub enum LinkSetting {
        /// How long a message is on its way.
        Latency = 0,
        /// The chance that a message is lost.
        Loss = 1,
        /// Losses that come in bursts.
        Bursts = 2,
        /// Messages that arrive more than once.
        Duplication = 3,
        /// Messages whose bits flip.
        Corruption = 4,
        /// Whether messages can overtake each other.
        Ordering = 5,
        /// How many bytes pass per second.
        Bandwidth = 6,
    }
}

coded_fields!(LinkSetting);

details! {
    /// What happened to a disk.
    pub enum DiskChange of Disk {
        /// A record was written, not yet durably.
        Written = 0 {
            /// Where.
            place: u64 in [0],
        },
        /// All that was written before became durable.
        Synced = 1,
        /// A crash lost what was not synced.
        Unsynced = 2 {
            /// How many records.
            records: u64 in [0],
        },
        /// Everything on it was lost.
        Wiped = 3,
        /// It became slower or faster.
        Slowed = 4 {
            /// How long it takes for everything, in thousandths of what is usual.
            permille: u32 in [0],
        },
        /// A crash tore the last write.
        Torn = 5 {
            /// Where.
            place: u64 in [0],
        },
    }
}

details! {
    /// What was done to a message on its way.
    pub enum MessageChange of Meddled {
        /// It was dropped.
        Drop = 0,
        /// It was delayed.
        Delay = 1 {
            /// By how long.
            by: SimDuration in [0],
        },
        /// It was copied.
        Duplicate = 2,
        /// It was delivered at once.
        DeliverNow = 3,
        /// It was corrupted.
        Corrupt = 4,
    }
}

impl DiskChange {
    /// Whether it befell the disk, and is no part of the node's own work.
    pub(super) fn is_a_fault(self) -> bool {
        match self {
            DiskChange::Written { .. } | DiskChange::Synced => false,
            DiskChange::Unsynced { .. }
            | DiskChange::Wiped
            | DiskChange::Slowed { .. }
            | DiskChange::Torn { .. } => true,
        }
    }
}
