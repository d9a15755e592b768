//! What exactly happened: what an event's `code` means, for each [`EventKind`](super::EventKind) that has one.
//!
//! ```
//! use sim::trace::{Event, Loss};
//!
//! fn why(event: &Event) -> &'static str {
//!     match Loss::from_code(event.code) {
//!         Some(Loss::Link | Loss::Burst) => "the link lost it",
//!         Some(_) => "something else ended it",
//!         None => "this is not an event of a loss",
//!     }
//! }
//! ```

use super::coded::coded;

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

coded! {
    /// What happened to a clock.
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
}

coded! {
    /// Which setting of a node was changed.
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
        /// Faults that strike it at random. `args` are their name, and the mean times between and of them in
        /// nanoseconds. Both are 0 where they end.
        Mishap = 6,
    }
}

coded! {
    /// What happened to the network.
    pub enum NetworkChange {
        /// A setting of links was changed. `args[0]` is a [`LinkSetting`], `args[1]` and `args[2]` are the links'
        /// sender and receiver, or -1 for all.
        Setting = 0,
        /// Links were cut. `args[0]` is the cut's name: as it was given, or from 2^32 on for flapping, or from 2^33 on
        /// for mishaps.
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

coded! {
    /// What happened to a disk.
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
}

coded! {
    /// What was done to a message on its way.
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
}

impl DiskChange {
    /// Whether it befell the disk, and is no part of the node's own work.
    pub(super) fn is_a_fault(self) -> bool {
        match self {
            DiskChange::Written | DiskChange::Synced => false,
            DiskChange::Unsynced | DiskChange::Wiped | DiskChange::Slowed | DiskChange::Torn => {
                true
            }
        }
    }
}
