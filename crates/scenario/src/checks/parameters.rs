//! The parameters of checks, beside their names, labels and nouns.

use protocols::{ParameterSpec, Quantity};

use crate::terms::limits::SECOND;

/// A length of time up to an hour.
const fn length(
    id: &'static str,
    label: &'static str,
    about: &'static str,
    default: f64,
) -> ParameterSpec {
    ParameterSpec {
        id,
        label,
        about,
        quantity: Quantity::Duration,
        default,
        min: 0.0,
        max: 3600.0 * SECOND,
    }
}

/// A share from 0 to 1.
const fn share(
    id: &'static str,
    label: &'static str,
    about: &'static str,
    default: f64,
) -> ParameterSpec {
    ParameterSpec {
        quantity: Quantity::Share,
        max: 1.0,
        ..length(id, label, about, default)
    }
}

pub(super) const BOUND: ParameterSpec = length(
    "bound",
    "Bound",
    "How long an operation may take.",
    5.0 * SECOND,
);

pub(super) const LOCK_BOUND: ParameterSpec = length(
    "bound",
    "Bound",
    "How long a lock may be held.",
    5.0 * SECOND,
);

pub(super) const CALM_FOR: ParameterSpec = length(
    "settles",
    "Time to settle",
    "How long nothing must have failed before a leader is expected to stay.",
    SECOND,
);

pub(super) const CLOCK_BOUND: ParameterSpec =
    length("bound", "Bound", "How far off a clock may be.", 50e6);

pub(super) const CLOCK_SETTLES: ParameterSpec = length(
    "settles",
    "Time to settle",
    "From when on clocks have to be right.",
    3.0 * SECOND,
);

pub(super) const DRIFT_SHARE: ParameterSpec = share(
    "drift",
    "Drift",
    "By how much at most a good clock runs too fast or too slow.",
    0.0002,
);

pub(super) const GOOD_SHARE: ParameterSpec =
    share("share", "Share", "Which share of them must be good.", 0.9);

pub(super) const GOODPUT_SHARE: ParameterSpec = share(
    "share",
    "Share",
    "Which share of the goodput before the fault must be reached again.",
    0.9,
);

pub(super) const GRACE: ParameterSpec = length(
    "grace",
    "Grace",
    "How long after its client gave up an effect may still come.",
    5.0 * SECOND,
);

pub(super) const LATE: ParameterSpec = length(
    "late",
    "Late",
    "How long a message between servers may take. A longer one counts as a fault.",
    0.05 * SECOND,
);

pub(super) const LEAST: ParameterSpec = ParameterSpec {
    quantity: Quantity::Count,
    min: 1.0,
    max: 10_000.0,
    ..length(
        "least",
        "At least",
        "How many of them there must be to judge by.",
        1.0,
    )
};

pub(super) const NIL: ParameterSpec = ParameterSpec {
    quantity: Quantity::Count,
    min: -1e9,
    max: 1e9,
    ..length(
        "nil",
        "Nothing",
        "The number with which a read says that nothing was written yet.",
        0.0,
    )
};

pub(super) const NOTICED_WITHIN: ParameterSpec = length(
    "within",
    "Within",
    "How long after the crash it must be noticed.",
    3.0 * SECOND,
);

pub(super) const PARTICIPANTS: ParameterSpec = ParameterSpec {
    quantity: Quantity::Count,
    min: 1.0,
    max: 100.0,
    ..length(
        "participants",
        "Participants",
        "How many participants an operation has. Each of them has to promise its part before one carries it out.",
        2.0,
    )
};

pub(super) const LEAST_SET: ParameterSpec = ParameterSpec {
    quantity: Quantity::Count,
    min: 1.0,
    max: 100.0,
    ..length("least", "At least", "How many rows have to be set.", 1.0)
};

pub(super) const ROW: ParameterSpec = ParameterSpec {
    quantity: Quantity::Count,
    min: 1.0,
    max: 10_000.0,
    ..length("row", "In a row", "How many in a row are counted.", 20.0)
};

pub(super) const SETTLES: ParameterSpec = length(
    "settles",
    "Time to settle",
    "How long copies may differ after the last write, fault or repair.",
    5.0 * SECOND,
);

pub(super) const SLACK: ParameterSpec = ParameterSpec {
    max: 60.0 * SECOND,
    ..length("slack", "Slack", "How much more may be off.", 1e6)
};

pub(super) const UP_FOR: ParameterSpec = length(
    "grace",
    "Grace",
    "How long a node must have been up for an alarm to be false.",
    SECOND,
);

pub(super) const WINDOW: ParameterSpec = ParameterSpec {
    min: 0.001 * SECOND,
    ..length(
        "window",
        "Window",
        "Over how much time goodput is measured.",
        2.0 * SECOND,
    )
};

pub(super) const WITHIN: ParameterSpec = length(
    "within",
    "Within",
    "How long after the fault the goodput must be reached again.",
    5.0 * SECOND,
);
