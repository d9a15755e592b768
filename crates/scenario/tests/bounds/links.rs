//! Links that ask for much: every control of every lab at either end, alone and in pairs, and documents that are as large as
//! documents may be.

use protocols::ParameterSpec;
use scenario::checks::CHECKS;
use scenario::document::Scenario;
use scenario::knob::Knob;
use scenario::lab::{Lab, labs};
use scenario::link::Link;
use scenario::quantity::{Range, Unit};
use serde_json::{Value, json};

/// How many checks a document may have.
pub const MOST_CHECKS: usize = 16;
/// How many nodes.
const MOST_NODES: usize = 128;

/// Every heavy link.
pub fn all() -> Vec<String> {
    let of_labs = labs().iter().flat_map(|lab| {
        let ends = ends(&lab.scenario);
        let alone = ends.iter().map(|end| link(lab, &[end]));
        let pairs = ends.iter().enumerate().flat_map(|(place, first)| {
            let others = ends[place + 1..].iter();
            let others = others.filter(|second| second[0] != first[0]);
            others.map(|second| link(lab, &[first, second]))
        });
        alone.chain(pairs).collect::<Vec<_>>()
    });
    documents().into_iter().chain(of_labs).collect()
}

/// So many of the links, drawn evenly; the storms and the largest documents come first.
pub fn some(count: usize) -> Vec<String> {
    let all = all();
    let documents = documents().len();
    let storms = (0..documents).step_by((2 * documents / count.max(1)).max(1));
    let others = (documents..all.len()).step_by((2 * all.len() / count.max(1)).max(1));
    storms
        .chain(others)
        .map(|place| all[place].clone())
        .collect()
}

/// A control's keys with a value at one end: those of all nodes at once, for a setting of nodes.
type End = [Vec<String>; 2];

fn ends(scenario: &Scenario) -> Vec<End> {
    let all = turnable(scenario).into_iter();
    all.flat_map(|(keys, range)| {
        let both = [range.min, range.max.min(1e15)];
        both.map(|value| [keys.clone(), vec![range.unit.format(value)]])
    })
    .collect()
}

/// What can be turned: the keys of a knob of all links, of all nodes at once, or of the protocol, and its range.
pub fn turnable(scenario: &Scenario) -> Vec<(Vec<String>, Range)> {
    let mut all: Vec<(&str, Vec<String>, Range)> = Vec::new();
    for knob in Knob::all(scenario) {
        let name = match &knob {
            Knob::Node(setting, _) => setting.key,
            Knob::Parameter(spec) => spec.id,
            Knob::Link(setting, _) => setting.key,
        };
        let key = knob.key(scenario);
        match all.last_mut() {
            Some((last, keys, _)) if *last == name => keys.push(key),
            _ => all.push((name, vec![key], knob.range())),
        }
    }
    all.into_iter()
        .map(|(_, keys, range)| (keys, range))
        .collect()
}

fn link(lab: &Lab, ends: &[&End]) -> String {
    let pairs = ends.iter().flat_map(|[keys, value]| {
        let value = &value[0];
        keys.iter().map(move |key| format!("{key}={value}"))
    });
    format!("#/{}?{}", lab.id, pairs.collect::<Vec<_>>().join("&"))
}

/// For each lab a storm, and a storm of as many nodes and checks as there may be.
fn documents() -> Vec<String> {
    let each = labs().iter().flat_map(|lab| {
        let storm = storm(&lab.scenario);
        let kinds: Vec<_> = CHECKS.chunks(MOST_CHECKS).collect();
        let crowds = kinds.into_iter().map(move |kinds| crowd(&storm, kinds));
        let storm = storm_link(lab);
        std::iter::once(storm)
            .chain(crowds.flatten())
            .chain(late(&lab.scenario))
            .collect::<Vec<_>>()
    });
    each.collect()
}

/// A lab's run that is calm until it has a long past, and then has every check violated that one fault can violate.
fn late(scenario: &Scenario) -> Option<String> {
    let kinds: Vec<_> = CHECKS.chunks(MOST_CHECKS).collect();
    let text = crowd(scenario, kinds[0])?;
    let mut document = Link::parse(&text).0.variant.scenario.to_value();
    document["plan"] = json!([
        "halves@20s",
        "crash:random@21s",
        "restart:all@22s",
        "heal@25s"
    ]);
    document["duration"] = json!("30s");
    Some(Link::from_value(&document).ok()?.format())
}

/// Nothing takes time, each message comes twice, and clients do as much as they can.
pub fn storm(scenario: &Scenario) -> Scenario {
    let mut link = Link::parse("#/double-charge").0.variant;
    link.scenario = scenario.clone();
    for (key, value) in storm_of(scenario) {
        // What a lab does not have stays as it is.
        let _ = link.take(&key, &value);
    }
    link.scenario
}

fn storm_link(lab: &Lab) -> String {
    let pairs = storm_of(&lab.scenario).into_iter();
    let pairs: Vec<String> = pairs.map(|(key, value)| format!("{key}={value}")).collect();
    format!("#/{}?{}", lab.id, pairs.join("&"))
}

fn storm_of(scenario: &Scenario) -> Vec<(String, String)> {
    let network = [
        ("latency", "0s"),
        ("jitter", "0s"),
        ("loss", "0"),
        ("duplication", "1"),
        ("spread", "0s"),
    ];
    let network = network.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let end = |spec: &ParameterSpec| {
        let range = Knob::Parameter(spec_of(scenario, spec.id)?).range();
        let value = if range.unit == Unit::Duration {
            range.min
        } else {
            range.max
        };
        Some((spec.id.to_owned(), range.unit.format(value)))
    };
    let parameters = scenario.protocol.parameters.iter().filter_map(end);
    network.into_iter().chain(parameters).collect()
}

fn spec_of(scenario: &Scenario, id: &str) -> Option<&'static ParameterSpec> {
    scenario
        .protocol
        .parameters
        .iter()
        .find(|spec| spec.id == id)
}

/// A document with as many nodes of each role as there may be, and with these checks.
pub fn crowd(scenario: &Scenario, kinds: &[scenario::checks::CheckEntry]) -> Option<String> {
    let mut document = scenario.to_value();
    let nodes = document["nodes"].as_array()?.clone();
    let mut crowd = nodes.clone();
    for role in scenario.protocol.roles {
        let of_role: Vec<&Value> = nodes
            .iter()
            .filter(|node| node["role"] == role.id)
            .collect();
        let Some(first) = of_role.first() else {
            continue;
        };
        for number in of_role.len()..role.most.min(MOST_NODES) {
            if crowd.len() == MOST_NODES {
                break;
            }
            let mut node = (*first).clone();
            node["name"] = json!(format!("{}-{number}", role.id));
            if let Some(node) = node.as_object_mut() {
                node.remove("position");
            }
            crowd.push(node);
        }
    }
    document["nodes"] = json!(crowd);
    let check = |kind: &scenario::checks::CheckEntry| json!({"id": kind.id, "kind": kind.id, "label": kind.about, "noun": "operation"});
    document["checks"] = kinds.iter().map(check).collect();
    document["duration"] = json!("1h");
    Some(Link::from_value(&document).ok()?.format())
}
