//! From a scenario to a world with its checks.

use check::watch::Watch;
use protocols::Plan;
use sim::network::LinkProfile;
use sim::sorting::sort_by_key;
use sim::{Bounds, Intervention, Machine, NodeId, Setup, SimTime, Timeline};

use crate::checks;
use crate::deed::Timed;
use crate::knob::Settings;
use crate::model::Scenario;
use crate::setting::NodeSettings;

/// Bytes of memory that a run may take where nothing else is said: its trace, its keyframes, and what its checks remember.
pub const MEMORY: usize = 256 << 20;

/// Bytes that a run's keyframes may take of that.
const KEYFRAME_BYTES: usize = 96 << 20;

/// The world of a scenario at its beginning.
pub fn machine(scenario: &Scenario) -> Box<dyn Machine> {
    let plan = Plan {
        roles: scenario.nodes.iter().map(|node| node.role).collect(),
        parameters: scenario.parameters.clone(),
        defences: scenario.defences.clone(),
        source: scenario.protocol.source,
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
    let owners = links.owners(None, scenario.nodes.len());
    links.of_each(owners, |from, to, settings| (from, to, settings.profile()))
}

/// The pauses that nodes' settings ask for, from the beginning. They have names, so that turning the settings finds
/// them.
fn pauses(scenario: &Scenario) -> impl Iterator<Item = Intervention> {
    let nodes = (0..).map(NodeId).zip(&scenario.nodes);
    nodes
        .filter(|(_, settings)| settings.pauses > 0.0)
        .map(|(node, settings)| Intervention {
            at: SimTime::ZERO,
            action: settings.strike_with_pauses(node),
        })
}

/// What is done to a run: what its scenario plans, and `deeds` after that at equal times.
pub fn script(scenario: &Scenario, deeds: &[Timed]) -> Vec<Intervention> {
    let mut all: Vec<&Timed> = scenario.plan.iter().chain(deeds).collect();
    sort_by_key(&mut all, |timed| timed.at);
    let mut settings = Settings::of(scenario);
    let mut script: Vec<Intervention> = pauses(scenario).collect();
    for timed in all {
        let actions = timed.deed.actions(&mut settings).into_iter();
        script.extend(actions.map(|action| Intervention {
            at: timed.at,
            action,
        }));
    }
    script
}

/// The checks of a scenario, before anything has happened.
pub fn watch(scenario: &Scenario) -> Watch {
    checks::watch(&scenario.checks, scenario.nodes.len(), None)
}

/// A timeline of a scenario at its beginning.
pub fn timeline(scenario: &Scenario, deeds: &[Timed]) -> Timeline<Watch> {
    timeline_within(MEMORY, scenario, deeds)
}

/// A timeline of a scenario at its beginning, which may take so many bytes of memory.
pub fn timeline_within(memory: usize, scenario: &Scenario, deeds: &[Timed]) -> Timeline<Watch> {
    let bounds = Bounds {
        end: SimTime::ZERO + scenario.duration,
        events: scenario.events,
        memory,
        keyframe_bytes: KEYFRAME_BYTES,
        keyframe_events: Bounds::KEYFRAME_EVENTS,
    };
    Timeline::new(
        machine(scenario),
        watch(scenario),
        script(scenario, deeds),
        bounds,
    )
}

#[cfg(test)]
mod tests {
    use sim::trace::EventKind;

    use crate::Run;

    /// Each pause in the run of this link: the node, and when it is paused, in seconds.
    fn pauses(link: &str) -> Vec<(String, f64)> {
        let (mut run, problems) = Run::open(link);
        assert_eq!(problems, []);
        run.seek(run.timeline().end());
        let events = run.timeline().events();
        let paused = events.iter().filter(|event| event.kind == EventKind::Pause);
        paused
            .map(|event| {
                (
                    run.scenario().name(event.node),
                    event.time.as_millis_f64() / 1e3,
                )
            })
            .collect()
    }

    #[test]
    fn a_node_is_paused_as_often_as_its_settings_say() {
        assert_eq!(pauses("#/double-charge"), []);
        // A run takes one minute, and a pause one second.
        let found = pauses("#/double-charge?pauses.bank=12");
        assert!((5..=18).contains(&found.len()), "{found:?}");
        assert!(found.iter().all(|(node, _)| node == "bank"), "{found:?}");
    }

    #[test]
    fn pauses_begin_and_end_with_a_turn_during_the_run() {
        let found = pauses("#/double-charge?do=pauses.alice:30@10s,pauses.alice:0@40s");
        assert!(!found.is_empty());
        for (node, at) in &found {
            assert!(node == "alice" && (10.0..40.0).contains(at), "{found:?}");
        }
        let found = pauses("#/double-charge?pauses.bob=30&do=pauses.bob:0@20s");
        assert!(!found.is_empty());
        assert!(found.iter().all(|(_, at)| *at < 20.0), "{found:?}");
        assert_eq!(pauses("#/double-charge?pauses.bob=30&do=calm@0s"), []);
    }
}
