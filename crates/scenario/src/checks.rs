//! The checks that a scenario can name. To add a kind, add its line to [`CHECKS`].

use sim::sorted::Map;

use check::causal::Level;
use check::model::Model;
use check::session::Guarantee;
use check::watch::{
    CausalOrder, Check, Consistent, DeadAreFound, Demand, EffectTimes, EndsWithin, GoodputRecovers,
    MoneyConserved, NoFalseAlarm, NoFalseFailure, NoGhostWrite, OneHolder, ReadsWritten,
    RecoversWithin, StaleWrite, Times, Watch,
};
use protocols::{ParameterSpec, Quantity};
use sim::SimDuration;

use crate::document::Scenario;
use crate::document::limits::SECOND;
use crate::scope::NodeSet;

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
        id: "acknowledged-kept",
        about: "No acknowledged write is dropped.",
        parameters: &[],
        build: |_, _| {
            let protected = check::watch::Protected::Acknowledged;
            Box::new(check::watch::LostWrite::new(protected))
        },
    },
    CheckEntry {
        id: "acknowledged-survive",
        about: "What a client was told is written is found by whoever reads later, or something newer.",
        parameters: &[NIL],
        build: |settings, _| Box::new(check::watch::AcknowledgedSurvive::new(nil(settings))),
    },
    CheckEntry {
        id: "answered-in-time",
        about: "Of any so many operations in a row, enough are answered while their client waits.",
        parameters: &[ROW, GOOD_SHARE],
        build: |settings, _| {
            Box::new(check::watch::EnoughGood::new(
                check::watch::Counted::AnsweredOperations,
                settings.count("row"),
                settings.share("share"),
            ))
        },
    },
    CheckEntry {
        id: "at-least-once",
        about: "Each operation has its effect.",
        parameters: &[GRACE],
        build: |settings, _| effect_times(Times::AtLeastOnce, settings),
    },
    CheckEntry {
        id: "at-most-once",
        about: "No operation has its effect twice.",
        parameters: &[],
        build: |_, _| Box::new(EffectTimes::new(Times::AtMostOnce, SimDuration::ZERO)),
    },
    CheckEntry {
        id: "available",
        about: "Of the operations that begin during a fault, enough are answered.",
        parameters: &[GOOD_SHARE],
        build: |settings, _| Box::new(check::watch::Available::new(settings.share("share"))),
    },
    CheckEntry {
        id: "causal",
        about: "Causes come before effects, for every client.",
        parameters: &[NIL],
        build: |settings, _| Box::new(Consistent::causal(Level::Causal, nil(settings))),
    },
    CheckEntry {
        id: "causal-convergent",
        about: "Causes come before effects, and all agree on the order of the writes in the end.",
        parameters: &[NIL],
        build: |settings, _| Box::new(Consistent::causal(Level::Convergent, nil(settings))),
    },
    CheckEntry {
        id: "causal-order",
        about: "What answers something is shown after it, to each reader.",
        parameters: &[],
        build: |_, _| Box::new(CausalOrder::new()),
    },
    CheckEntry {
        id: "causes-told",
        about: "No effect is told before its cause.",
        parameters: &[],
        build: |_, _| {
            let telling = check::watch::Telling::Causes;
            Box::new(check::watch::ToldOrder::new(telling))
        },
    },
    CheckEntry {
        id: "clock-error",
        about: "A clock that its node has set is off by no more than a bound.",
        parameters: &[CLOCK_BOUND, CLOCK_SETTLES],
        build: |settings, _| {
            let (bound, settles) = (settings.duration("bound"), settings.duration("settles"));
            Box::new(check::watch::ClockError::new(bound, settles))
        },
    },
    CheckEntry {
        id: "concurrency-told",
        about: "Of two that could not know of each other, none is told to be the first.",
        parameters: &[],
        build: |_, _| {
            let telling = check::watch::Telling::Concurrency;
            Box::new(check::watch::ToldOrder::new(telling))
        },
    },
    CheckEntry {
        id: "concurrent-kept",
        about: "No acknowledged write is dropped for one of which neither knew.",
        parameters: &[],
        build: |_, _| {
            let protected = check::watch::Protected::Concurrent;
            Box::new(check::watch::LostWrite::new(protected))
        },
    },
    CheckEntry {
        id: "copies-agree",
        about: "All copies become the same once nothing happens any more.",
        parameters: &[SETTLES],
        build: |settings, _| {
            let settles = settings.duration("settles");
            Box::new(check::watch::CopiesAgree::new(settles))
        },
    },
    CheckEntry {
        id: "counts-right",
        about: "Of the reads of counters during a fault, enough get a number that is right.",
        parameters: &[GOOD_SHARE],
        build: |settings, _| Box::new(check::watch::CountsRight::new(settings.share("share"))),
    },
    CheckEntry {
        id: "dead-are-found",
        about: "A node that crashes is soon taken for dead.",
        parameters: &[NOTICED_WITHIN],
        build: |settings, _| Box::new(DeadAreFound::new(settings.duration("within"))),
    },
    CheckEntry {
        id: "ends-within",
        about: "Each operation ends within a bound, in whatever way.",
        parameters: &[BOUND],
        build: |settings, _| Box::new(EndsWithin::new(settings.duration("bound"))),
    },
    CheckEntry {
        id: "exactly-once",
        about: "Each operation has its effect, and has it once.",
        parameters: &[GRACE],
        build: |settings, _| effect_times(Times::ExactlyOnce, settings),
    },
    CheckEntry {
        id: "external-consistency",
        about: "Whatever began after another had ended has the larger timestamp.",
        parameters: &[],
        build: |_, _| Box::new(check::watch::ExternalConsistency::new()),
    },
    CheckEntry {
        id: "followers-kept",
        about: "No write is dropped for one that it followed.",
        parameters: &[],
        build: |_, _| {
            let protected = check::watch::Protected::Followers;
            Box::new(check::watch::LostWrite::new(protected))
        },
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
    CheckEntry {
        id: "half-round-trip",
        about: "Whoever compares clocks over a round trip is wrong by no more than half of it.",
        parameters: &[SLACK],
        build: |settings, _| {
            let slack = settings.duration("slack");
            Box::new(check::watch::HalfRoundTrip::new(slack))
        },
    },
    CheckEntry {
        id: "linearizable",
        about: "Every key behaves like one register: each operation takes effect at one moment between its call and its answer.",
        parameters: &[NIL],
        build: |settings, _| Box::new(Consistent::linearizable(Model::Register, nil(settings))),
    },
    CheckEntry {
        id: "linearizable-counter",
        about: "Every key behaves like one counter: each operation takes effect at one moment between its call and its answer.",
        parameters: &[NIL],
        build: |settings, _| Box::new(Consistent::linearizable(Model::Counter, nil(settings))),
    },
    CheckEntry {
        id: "linearizable-list",
        about: "Every key behaves like one list: each operation takes effect at one moment between its call and its answer.",
        parameters: &[NIL],
        build: |settings, _| Box::new(Consistent::linearizable(Model::KvAppend, nil(settings))),
    },
    CheckEntry {
        id: "linearizable-lock",
        about: "Every lock has one holder at a time, as its clients are told.",
        parameters: &[NIL],
        build: |settings, _| Box::new(Consistent::linearizable(Model::Mutex, nil(settings))),
    },
    CheckEntry {
        id: "measured",
        about: "Each measured length is within the clock's drift of the true one.",
        parameters: &[DRIFT_SHARE, SLACK],
        build: |settings, _| {
            let ppm = libm::round(settings.share("drift") * 1e6) as u32;
            let slack = settings.duration("slack");
            Box::new(check::watch::Measured::new(ppm, slack))
        },
    },
    CheckEntry {
        id: "money-conserved",
        about: "What was charged is in the books.",
        parameters: &[],
        build: |_, _| Box::new(MoneyConserved::new()),
    },
    CheckEntry {
        id: "monotonic-reads",
        about: "No client reads a version older than one it has read.",
        parameters: &[NIL],
        build: |settings, _| {
            Box::new(Consistent::session(
                Guarantee::MonotonicReads,
                nil(settings),
            ))
        },
    },
    CheckEntry {
        id: "monotonic-writes",
        about: "Who reads what a client wrote reads nothing older than what that client had written before.",
        parameters: &[NIL],
        build: |settings, _| {
            Box::new(Consistent::session(
                Guarantee::MonotonicWrites,
                nil(settings),
            ))
        },
    },
    CheckEntry {
        id: "no-false-alarm",
        about: "No node is taken for dead that is running.",
        parameters: &[UP_FOR],
        build: |settings, _| Box::new(NoFalseAlarm::new(settings.duration("grace"))),
    },
    CheckEntry {
        id: "no-false-failure",
        about: "What a client calls failed has no effect, before or after.",
        parameters: &[],
        build: |_, _| Box::new(NoFalseFailure::new()),
    },
    CheckEntry {
        id: "no-ghost-write",
        about: "No acknowledged write is undone by an older one.",
        parameters: &[],
        build: |_, _| Box::new(NoGhostWrite::new()),
    },
    CheckEntry {
        id: "one-holder",
        about: "A lock has one holder at a time.",
        parameters: &[],
        build: |_, _| Box::new(OneHolder::new()),
    },
    CheckEntry {
        id: "one-leader-acts",
        about: "Once a leader has acted, none acts that led before it.",
        parameters: &[],
        build: |_, _| Box::new(check::watch::OneLeaderActs::new()),
    },
    CheckEntry {
        id: "read-your-writes",
        about: "No client reads a version older than what it wrote itself.",
        parameters: &[NIL],
        build: |settings, _| {
            Box::new(Consistent::session(
                Guarantee::ReadYourWrites,
                nil(settings),
            ))
        },
    },
    CheckEntry {
        id: "reads-written",
        about: "Every value that is read was written.",
        parameters: &[],
        build: |_, _| Box::new(ReadsWritten::new()),
    },
    CheckEntry {
        id: "recovers-within",
        about: "Once the last fault is over, operations end within a bound, and when the bound is over they end well.",
        parameters: &[BOUND],
        build: |settings, _| Box::new(RecoversWithin::new(settings.duration("bound"))),
    },
    CheckEntry {
        id: "stale-write",
        about: "Nothing is stored under an older token than that of the holder in office.",
        parameters: &[],
        build: |_, _| Box::new(StaleWrite::new()),
    },
    CheckEntry {
        id: "tail-latency",
        about: "Of any hundred answers in a row, at most one takes longer than a bound.",
        parameters: &[BOUND],
        build: |settings, _| {
            let bound = settings.duration("bound");
            Box::new(check::watch::TailLatency::new(bound))
        },
    },
    CheckEntry {
        id: "useful-answers",
        about: "Of any so many answers in a row, enough come while somebody waits for them.",
        parameters: &[ROW, GOOD_SHARE],
        build: |settings, _| {
            Box::new(check::watch::EnoughGood::new(
                check::watch::Counted::UsefulAnswers,
                settings.count("row"),
                settings.share("share"),
            ))
        },
    },
    CheckEntry {
        id: "writes-follow-reads",
        about: "Who reads what a client wrote reads nothing older than what that client had read before.",
        parameters: &[NIL],
        build: |settings, _| {
            Box::new(Consistent::session(
                Guarantee::WritesFollowReads,
                nil(settings),
            ))
        },
    },
];

const ROW: ParameterSpec = ParameterSpec {
    id: "row",
    label: "In a row",
    about: "How many in a row are looked at.",
    quantity: Quantity::Count,
    default: 20.0,
    min: 1.0,
    max: 10_000.0,
};

const GOOD_SHARE: ParameterSpec = ParameterSpec {
    id: "share",
    label: "Share",
    about: "Which share of them must be good.",
    quantity: Quantity::Share,
    default: 0.9,
    min: 0.0,
    max: 1.0,
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

const SETTLES: ParameterSpec = ParameterSpec {
    id: "settles",
    label: "Time to settle",
    about: "How long copies may differ after the last write, fault or repair.",
    quantity: Quantity::Duration,
    default: 5.0 * SECOND,
    min: 0.0,
    max: 3600.0 * SECOND,
};

const NIL: ParameterSpec = ParameterSpec {
    id: "nil",
    label: "Nothing",
    about: "The number with which a read says that nothing was written yet.",
    quantity: Quantity::Count,
    default: 0.0,
    min: -1e9,
    max: 1e9,
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

const BOUND: ParameterSpec = ParameterSpec {
    id: "bound",
    label: "Bound",
    about: "How long an operation may take.",
    quantity: Quantity::Duration,
    default: 5.0 * SECOND,
    min: 0.0,
    max: 3600.0 * SECOND,
};

fn effect_times(times: Times, settings: &CheckSettings) -> Box<dyn Check> {
    Box::new(EffectTimes::new(times, settings.duration("grace")))
}

fn nil(settings: &CheckSettings) -> i64 {
    settings.value("nil") as i64
}

const GRACE: ParameterSpec = ParameterSpec {
    id: "grace",
    label: "Grace",
    about: "How long after its client gave up an effect may still come.",
    quantity: Quantity::Duration,
    default: 5.0 * SECOND,
    min: 0.0,
    max: 3600.0 * SECOND,
};

const DRIFT_SHARE: ParameterSpec = ParameterSpec {
    id: "drift",
    label: "Drift",
    about: "By how much at most a good clock runs too fast or too slow.",
    quantity: Quantity::Share,
    default: 0.0002,
    min: 0.0,
    max: 1.0,
};

const SLACK: ParameterSpec = ParameterSpec {
    id: "slack",
    label: "Slack",
    about: "How much may be off besides.",
    quantity: Quantity::Duration,
    default: 1e6,
    min: 0.0,
    max: 60.0 * SECOND,
};

const CLOCK_BOUND: ParameterSpec = ParameterSpec {
    id: "bound",
    label: "Bound",
    about: "How far off a clock may be.",
    quantity: Quantity::Duration,
    default: 50e6,
    min: 0.0,
    max: 3600.0 * SECOND,
};

const CLOCK_SETTLES: ParameterSpec = ParameterSpec {
    id: "settles",
    label: "Time to settle",
    about: "From when on clocks have to be right.",
    quantity: Quantity::Duration,
    default: 3.0 * SECOND,
    min: 0.0,
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
    /// The nodes whose facts it judges.
    pub among: NodeSet,
    /// The value of each of its kind's parameters.
    pub parameters: Map<&'static str, f64>,
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
    let build = |settings: &CheckSettings| {
        let check = (settings.kind.build)(settings, scenario);
        if settings.among == NodeSet::ALL {
            return check;
        }
        let nodes = settings.among.nodes(scenario.nodes.len());
        Box::new(check::watch::Among::new(nodes, check))
    };
    Watch::new(scenario.checks.iter().map(build).collect())
}
