//! The checks that a scenario can name. To add a kind, add its line to [`CHECKS`].

use std::collections::BTreeMap;

use check::watch::{
    Check, DeadAreFound, Demand, ExactlyOnce, GoodputRecovers, NoFalseAlarm, Watch,
};
use protocols::{ParameterSpec, Quantity};
use sim::SimDuration;

use crate::document::Scenario;
use crate::document::limits::SECOND;

/// A kind of check as scenarios see it.
#[derive(Debug)]
pub struct CheckEntry {
    /// Its name in a scenario.
    pub id: &'static str,
    /// What it demands, in a line.
    pub about: &'static str,
    /// What can be set, beside its name, label and noun.
    pub parameters: &'static [ParameterSpec],
    /// Builds the check.
    pub build: fn(&CheckSettings, &Scenario) -> Box<dyn Check>,
}

/// Every kind of check.
pub const CHECKS: &[CheckEntry] = &[
    CheckEntry {
        id: "exactly-once",
        about: "Each operation has its effect, and has it once.",
        parameters: &[GRACE],
        build: |settings, _| Box::new(ExactlyOnce::new(settings.duration("grace"))),
    },
    CheckEntry {
        id: "dead-are-found",
        about: "A node that crashes is soon taken for dead.",
        parameters: &[NOTICED_WITHIN],
        build: |settings, _| Box::new(DeadAreFound::new(settings.duration("within"))),
    },
    CheckEntry {
        id: "no-false-alarm",
        about: "No node is taken for dead that is running.",
        parameters: &[UP_FOR],
        build: |settings, _| Box::new(NoFalseAlarm::new(settings.duration("grace"))),
    },
    CheckEntry {
        id: "goodput-recovers",
        about: "Soon after a fault is over, as many operations end well as before it.",
        parameters: &[GOODPUT_SHARE, WITHIN, WINDOW],
        build: |settings, _| {
            Box::new(GoodputRecovers::new(Demand {
                share: settings.share("share"),
                within: settings.duration("within"),
                window: settings.duration("window"),
            }))
        },
    },
];

const GRACE: ParameterSpec = ParameterSpec {
    id: "grace",
    label: "Grace",
    about: "How long after its client gave up an effect may still come.",
    quantity: Quantity::Duration,
    default: 5.0 * SECOND,
    min: 0.0,
    max: 3600.0 * SECOND,
};

const NOTICED_WITHIN: ParameterSpec = ParameterSpec {
    id: "within",
    label: "Within",
    about: "How long after the crash it must be noticed.",
    quantity: Quantity::Duration,
    default: 3.0 * SECOND,
    min: 0.0,
    max: 3600.0 * SECOND,
};

const UP_FOR: ParameterSpec = ParameterSpec {
    id: "grace",
    label: "Grace",
    about: "How long a node must have been up for an alarm to be false.",
    quantity: Quantity::Duration,
    default: 1.0 * SECOND,
    min: 0.0,
    max: 3600.0 * SECOND,
};

const GOODPUT_SHARE: ParameterSpec = ParameterSpec {
    id: "share",
    label: "Share",
    about: "Which share of the goodput before the fault it must come to.",
    quantity: Quantity::Share,
    default: 0.9,
    min: 0.0,
    max: 1.0,
};

const WITHIN: ParameterSpec = ParameterSpec {
    id: "within",
    label: "Within",
    about: "How long after the fault it must have come to that.",
    quantity: Quantity::Duration,
    default: 5.0 * SECOND,
    min: 0.0,
    max: 3600.0 * SECOND,
};

const WINDOW: ParameterSpec = ParameterSpec {
    id: "window",
    label: "Window",
    about: "Over how much time goodput is measured.",
    quantity: Quantity::Duration,
    default: 2.0 * SECOND,
    min: 0.001 * SECOND,
    max: 3600.0 * SECOND,
};

/// A check of a scenario.
#[derive(Clone, Debug)]
pub struct CheckSettings {
    /// Its name.
    pub id: String,
    /// What it demands, as in *every payment is charged exactly once*.
    pub label: String,
    /// What an operation is called, as in *payment*.
    pub noun: String,
    /// What it judges.
    pub kind: &'static CheckEntry,
    /// The value of each of its kind's parameters.
    pub parameters: BTreeMap<&'static str, f64>,
}

impl CheckSettings {
    /// A duration parameter.
    pub fn duration(&self, id: &str) -> SimDuration {
        SimDuration::from_nanos_f64(self.value(id))
    }

    /// A counting parameter.
    pub fn count(&self, id: &str) -> u32 {
        self.value(id) as u32
    }

    /// A share.
    pub fn share(&self, id: &str) -> f64 {
        self.value(id)
    }

    fn value(&self, id: &str) -> f64 {
        *self
            .parameters
            .get(id)
            .expect("a check has a value for every parameter of its kind")
    }
}

/// The checks of a scenario, in order.
pub fn watch(scenario: &Scenario) -> Watch {
    let build = |settings: &CheckSettings| (settings.kind.build)(settings, scenario);
    Watch::new(scenario.checks.iter().map(build).collect())
}
