//! From a scenario to a world with its checks.

use protocols::Plan;
use sim::network::LinkProfile;
use sim::sorting::sort_by_key;
use sim::{Bounds, Intervention, Machine, NodeId, Setup, SimTime, Timeline};

pub use crate::checks::watch;
use crate::deed::Timed;
use crate::document::{NodeSettings, Scenario};
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
        links: own_links(scenario),
        nodes: scenario.nodes.iter().map(NodeSettings::profile).collect(),
        mishaps: scenario.all_mishaps(),
        flapping: scenario.all_flapping(),
    };
    (scenario.protocol.build)(&plan, &setup)
}

fn own_links(scenario: &Scenario) -> Vec<(NodeId, NodeId, LinkProfile)> {
    let links = scenario.links();
    let owners = links.owners(None, scenario.nodes.len()).into_iter();
    owners
        .map(|(from, to)| (from, to, links.of(from, to).profile()))
        .collect()
}

/// What is done to a run: what its scenario plans, and `deeds` after that at equal times.
pub fn script(scenario: &Scenario, deeds: &[Timed]) -> Vec<Intervention> {
    let mut all: Vec<&Timed> = scenario.plan.iter().chain(deeds).collect();
    sort_by_key(&mut all, |timed| timed.at);
    let mut settings = Settings::of(scenario);
    let mut script = Vec::new();
    for timed in all {
        let actions = timed.deed.actions(&mut settings).into_iter();
        script.extend(actions.map(|action| Intervention {
            at: timed.at,
            action,
        }));
    }
    script
}

/// A timeline of a scenario at its beginning.
pub fn timeline(scenario: &Scenario, deeds: &[Timed]) -> Timeline {
    let bounds = Bounds {
        end: SimTime::ZERO + scenario.duration,
        events: scenario.events,
        keyframe_bytes: KEYFRAME_BYTES,
        keyframe_events: Bounds::KEYFRAME_EVENTS,
    };
    Timeline::new(
        machine(scenario),
        Box::new(watch(scenario)),
        script(scenario, deeds),
        bounds,
    )
}
