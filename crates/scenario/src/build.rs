//! From a scenario to a world with its checks.

use check::watch::{Check, ExactlyOnce, Watch};
use protocols::Plan;
use sim::clock::Rate;
use sim::{
    Bounds, Intervention, Machine, NodeProfile, ProcessProfile, Setup, SimDuration, SimTime,
    Timeline,
};

use crate::deed::Timed;
use crate::document::{CheckKind, NodeSettings, Scenario};
use crate::knob::Settings;

/// Bytes that a run's keyframes may take.
const KEYFRAME_BYTES: usize = 48 << 20;

/// The world of a scenario at its beginning.
pub fn machine(scenario: &Scenario) -> Box<dyn Machine> {
    let plan = Plan {
        roles: scenario.nodes.iter().map(|node| node.role).collect(),
        parameters: scenario.parameters.clone(),
        defences: scenario.defences.clone(),
    };
    let setup = Setup {
        seed: u64::from(scenario.seed),
        link: scenario.network.profile(),
        links: Vec::new(),
        nodes: scenario.nodes.iter().map(profile).collect(),
        mishaps: Vec::new(),
        flapping: Vec::new(),
    };
    (scenario.protocol.build)(&plan, &setup)
}

/// The checks of a scenario, in order.
pub fn watch(scenario: &Scenario) -> Watch {
    let check = |kind: CheckKind| -> Box<dyn Check> {
        match kind {
            CheckKind::ExactlyOnce { grace } => Box::new(ExactlyOnce::new(grace)),
        }
    };
    Watch::new(
        scenario
            .checks
            .iter()
            .map(|settings| check(settings.kind))
            .collect(),
    )
}

/// What is done to a run: what its scenario plans, and `deeds` after that at equal times.
pub fn script(scenario: &Scenario, deeds: &[Timed]) -> Vec<Intervention> {
    let mut all: Vec<&Timed> = scenario.plan.iter().chain(deeds).collect();
    all.sort_by_key(|timed| timed.at);
    let mut settings = Settings::of(scenario);
    all.into_iter()
        .map(|timed| Intervention {
            at: timed.at,
            action: timed.deed.action(&mut settings),
        })
        .collect()
}

/// A timeline of a scenario at its beginning.
pub fn timeline(scenario: &Scenario, deeds: &[Timed]) -> Timeline {
    let bounds = Bounds {
        end: SimTime::ZERO + scenario.duration,
        events: scenario.events,
        keyframe_bytes: KEYFRAME_BYTES,
    };
    Timeline::new(
        machine(scenario),
        Box::new(watch(scenario)),
        script(scenario, deeds),
        bounds,
    )
}

fn profile(node: &NodeSettings) -> NodeProfile {
    NodeProfile {
        skew: node.skew as i64,
        drift: Rate((node.drift * 1000.0) as i64),
        process: ProcessProfile {
            service: SimDuration::from_nanos_f64(node.service),
            ..ProcessProfile::default()
        },
        ..NodeProfile::default()
    }
}
