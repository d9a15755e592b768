//! The kinds of things that can happen.

use super::coded::coded;

coded! {
    /// What kind of thing happened.
    pub enum EventKind {
        /// A node began to run, for the first time.
        Start = 0,
        /// A node sent a message. It says its [`Gist`](super::Gist).
        Send = 1,
        /// A node took a message from its inbox and handled it. Caused by its sending. Its [`Gist`](super::Gist) is what the node reads: where bits
        /// have flipped, it differs from that of the sending.
        Deliver = 2,
        /// A copy of a message ended without being handled. It says [`Lost`](super::Lost). What the message said is in its cause, its sending.
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
        /// A node became slower or faster. It says [`Limp`](super::Limp).
        Limp = 11,
        /// A clock was changed from outside or by synchronisation. It says [`ClockChange`](super::ClockChange).
        Clock = 12,
        /// The network's settings changed. It says [`NetworkChange`](super::NetworkChange).
        Network = 13,
        /// Something happened to a disk. It says [`DiskChange`](super::DiskChange).
        Disk = 14,
        /// A node put a fact on record. It says [`Fact`](super::Fact).
        Fact = 15,
        /// An operator told a node to do something. It says [`OperatorCommand`](super::OperatorCommand).
        Operation = 16,
        /// A message met a cut that holds messages until it heals.
        Held = 17,
        /// A message on its way was changed by hand. It says [`MessageChange`](super::MessageChange).
        Meddled = 18,
        /// A node's setting was changed. It says [`NodeSetting`](super::NodeSetting).
        Setting = 19,
    }
}
