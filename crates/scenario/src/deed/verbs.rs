//! The words of deeds.

use sim::action::Meddling;

use super::{ClockDeed, NodeDeed, SlowDeed};

pub(super) const NODE_DEEDS: [(&str, NodeDeed); 5] = [
    ("crash", NodeDeed::Crash),
    ("restart", NodeDeed::Restart),
    ("pause", NodeDeed::Pause),
    ("resume", NodeDeed::Resume),
    ("wipe", NodeDeed::Wipe),
];

pub(super) const SLOW_DEEDS: [(&str, SlowDeed); 2] =
    [("limp", SlowDeed::Node), ("slowdisk", SlowDeed::Disk)];

pub(super) const CLOCK_DEEDS: [(&str, ClockDeed); 2] = [
    ("drift", ClockDeed::Wall),
    ("monotonic", ClockDeed::Monotonic),
];

pub(super) const MEDDLINGS: [(&str, Meddling); 4] = [
    ("drop", Meddling::Drop),
    ("dup", Meddling::Duplicate),
    ("now", Meddling::DeliverNow),
    ("corrupt", Meddling::Corrupt),
];

/// The word for no time server.
pub(super) const NO_SERVER: &str = "none";
