//! The words of deeds.

use sim::action::{Meddling, MishapKind};

use crate::model::{ClockDeed, NodeDeed, SlowDeed};
use crate::terms::quantity::factor;
use crate::terms::words::word;

pub(crate) const NODE_DEEDS: [(&str, NodeDeed); 5] = [
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

/// The words for faults that strike at random; a limping node is slower by so many thousandths.
pub(crate) const fn faults(permille: u32) -> [(&'static str, MishapKind); 4] {
    [
        ("crash", MishapKind::Crash),
        ("pause", MishapKind::Pause),
        ("limp", MishapKind::Limp(permille)),
        ("isolate", MishapKind::Isolate),
    ]
}

/// The word for a fault that strikes at random, and by how much a limping node is slower.
pub(crate) fn fault_word(kind: MishapKind) -> (&'static str, Option<f64>) {
    match kind {
        MishapKind::Limp(permille) => (word(&faults(permille), kind), Some(factor(permille))),
        MishapKind::Crash | MishapKind::Pause | MishapKind::Isolate => {
            (word(&faults(0), kind), None)
        }
    }
}
