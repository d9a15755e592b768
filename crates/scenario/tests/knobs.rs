//! Every parameter and every defence of every protocol does something: turning it changes a run of a lab.
//!
//! What a parameter does may show only under a defence, or with another seed, so each is turned in several runs. The
//! settings of links and nodes are tried in `setting`, against what the kernel is given.

use protocols::{ParameterSpec, ProtocolEntry};
use scenario::document::Scenario;
use scenario::lab::labs;
use scenario::run::play::Play;
use sim::trace::Digest;

/// How many seeds a run is tried with.
const SEEDS: u32 = 5;

fn digest(scenario: &Scenario) -> Digest {
    Play::new(scenario, &[]).to_end(None, |_, _| {}).digest
}

/// The labs' runs of a protocol: as they open, with each defence the other way round, and with all on.
fn runs(protocol: &ProtocolEntry) -> Vec<Scenario> {
    let of_protocol = labs().iter().map(|lab| &lab.scenario);
    let of_protocol = of_protocol.filter(|scenario| scenario.protocol.id == protocol.id);
    let variants = of_protocol.flat_map(|scenario| {
        let turned = protocol.defences.iter().map(|defence| {
            let mut other = scenario.clone();
            turn(&mut other, defence.id);
            other
        });
        let mut all = scenario.clone();
        all.defences = protocol.defences.iter().map(|spec| spec.id).collect();
        [scenario.clone()].into_iter().chain(turned).chain([all])
    });
    let variants: Vec<Scenario> = variants.collect();
    let seeds = (0..SEEDS).flat_map(|more| {
        variants.iter().map(move |scenario| Scenario {
            seed: scenario.seed.wrapping_add(more),
            ..scenario.clone()
        })
    });
    seeds.collect()
}

fn turn(scenario: &mut Scenario, defence: &'static str) {
    if !scenario.defences.remove(defence) {
        scenario.defences.insert(defence);
    }
}

/// Values of a parameter to try, from those near `value` to the ends of its range.
fn values(spec: &ParameterSpec, value: f64) -> [f64; 4] {
    [value * 2.0, value / 2.0, spec.max, spec.min].map(|value| value.clamp(spec.min, spec.max))
}

/// Whether a change makes another run of any of these.
fn shows(runs: &[Scenario], change: impl Fn(&mut Scenario)) -> bool {
    runs.iter().any(|scenario| {
        let mut changed = scenario.clone();
        change(&mut changed);
        digest(&changed) != digest(scenario)
    })
}

fn parameter_shows(runs: &[Scenario], spec: &ParameterSpec) -> bool {
    (0..4).any(|place| {
        shows(runs, |scenario| {
            let value = scenario.parameters[spec.id];
            let other = values(spec, value)[place];
            scenario.parameters.insert(spec.id, other);
        })
    })
}

#[test]
fn every_parameter_and_every_defence_changes_a_run() {
    let mut dead = Vec::new();
    for protocol in protocols::all() {
        let runs = runs(protocol);
        let parameters = protocol.parameters.iter();
        let silent = parameters.filter(|spec| !parameter_shows(&runs, spec));
        dead.extend(silent.map(|spec| format!("{}: parameter {}", protocol.id, spec.id)));
        let defences = protocol.defences.iter();
        let silent = defences.filter(|spec| !shows(&runs, |scenario| turn(scenario, spec.id)));
        dead.extend(silent.map(|spec| format!("{}: defence {}", protocol.id, spec.id)));
    }
    assert!(dead.is_empty(), "nothing reads these: {dead:#?}");
}
