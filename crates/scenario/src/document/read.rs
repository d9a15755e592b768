//! From JSON to a scenario, with everything that is wrong with it at once.

use std::collections::{BTreeMap, BTreeSet};

use protocols::ProtocolEntry;
use serde_json::Value;
use sim::{SimDuration, SimTime};

use super::fields::{Fields, Problem, Problems, nearest, read_quantity};
use super::limits::{
    DRIFT, DURATION, EVENTS, LATENCY, MOST_NODES, SECOND, SEED, SKEW, VERSION, parameter_range,
};
use super::model::{CheckKind, CheckSettings, Network, NodeSettings, Scenario, Shape};
use crate::deed::Timed;
use crate::quantity::Range;

impl Scenario {
    /// Reads a scenario from JSON text.
    pub fn from_json(text: &str) -> Result<Scenario, Vec<Problem>> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| vec![Problem::new("the document", format!("is no JSON: {error}"))])?;
        Scenario::from_value(&value)
    }

    /// Reads a scenario from a JSON value.
    pub fn from_value(value: &Value) -> Result<Scenario, Vec<Problem>> {
        let problems = Problems::default();
        let scenario = read(Fields::new("", value, &problems));
        let problems = problems.into_vec();
        match scenario {
            Some(scenario) if problems.is_empty() => Ok(scenario),
            _ => Err(problems),
        }
    }
}

fn read(mut fields: Fields<'_>) -> Option<Scenario> {
    fields.quantity("version", Range::count(VERSION, VERSION), VERSION);
    let protocol = protocol(&mut fields);
    let nodes = nodes(&mut fields, protocol);
    let parameters = parameters(&mut fields, protocol);
    let defences = defences(&mut fields, protocol);
    let network = fields
        .object("network")
        .map_or_else(Network::default, network);
    let seed = fields.quantity("seed", SEED, 1.0) as u32;
    let duration =
        SimDuration::from_nanos_f64(fields.quantity("duration", DURATION, 60.0 * SECOND));
    let events = fields.quantity("events", EVENTS, 1e6) as u32;
    let checks = fields.list("checks", 16).into_iter();
    let checks = checks
        .map(|(path, value)| check(Fields::new(path, value, fields.problems())))
        .collect();
    let plan = fields.texts("plan", 1000);
    let mut scenario = Scenario {
        seed,
        duration,
        events,
        protocol: protocol?,
        parameters,
        nodes,
        network,
        defences,
        checks,
        plan: Vec::new(),
    };
    for (place, text) in plan.iter().enumerate() {
        match Timed::parse(text, &scenario) {
            Ok(timed) if timed.at <= SimTime::ZERO + scenario.duration => scenario.plan.push(timed),
            Ok(_) => fields.complain(
                &format!("plan[{place}]"),
                format!("is \"{text}\", after the end of the run"),
            ),
            Err(what) => fields.complain(&format!("plan[{place}]"), what),
        }
    }
    fields.finish();
    Some(scenario)
}

fn protocol(fields: &mut Fields<'_>) -> Option<&'static ProtocolEntry> {
    let Some(value) = fields.value("protocol") else {
        fields.complain("protocol", "is missing");
        return None;
    };
    let name = value.as_str().unwrap_or_default();
    let found = protocols::find(name);
    if found.is_none() {
        let known = protocols::PROTOCOLS.iter().map(|entry| entry.id);
        fields.complain(
            "protocol",
            format!("is {value}, which is not known{}", nearest(name, known)),
        );
    }
    found
}

fn nodes(fields: &mut Fields<'_>, protocol: Option<&'static ProtocolEntry>) -> Vec<NodeSettings> {
    let entries = fields.list("nodes", MOST_NODES);
    let nodes: Vec<NodeSettings> = entries
        .into_iter()
        .map(|(path, value)| node(Fields::new(path, value, fields.problems()), protocol))
        .collect();
    for (place, node) in nodes.iter().enumerate() {
        if nodes[..place].iter().any(|other| other.name == node.name) {
            fields.complain(
                &format!("nodes[{place}].name"),
                format!("is \"{}\", as another node's", node.name),
            );
        }
    }
    for role in protocol.map_or(&[][..], |protocol| protocol.roles) {
        let count = nodes.iter().filter(|node| node.role == role.id).count();
        if count < role.fewest || count > role.most {
            let (id, fewest, most) = (role.id, role.fewest, role.most);
            fields.complain(
                "nodes",
                format!("has {count} of role \"{id}\"; it must have from {fewest} to {most}"),
            );
        }
    }
    nodes
}

fn node(mut fields: Fields<'_>, protocol: Option<&'static ProtocolEntry>) -> NodeSettings {
    let name = fields.text("name", 24, "");
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        fields.complain(
            "name",
            format!("is \"{name}\"; it must be letters, digits and dashes"),
        );
    }
    let roles = protocol.map_or(&[][..], |protocol| protocol.roles);
    let choices: Vec<(&'static str, &'static str)> =
        roles.iter().map(|role| (role.id, role.id)).collect();
    let node = NodeSettings {
        name,
        role: fields.choice(
            "role",
            &choices,
            choices.first().map_or("", |(role, _)| role),
        ),
        skew: fields.quantity("skew", SKEW, 0.0),
        drift: fields.quantity("drift", DRIFT, 0.0),
        service: fields.quantity("service", LATENCY, 0.0),
    };
    fields.finish();
    node
}

fn parameters(
    fields: &mut Fields<'_>,
    protocol: Option<&'static ProtocolEntry>,
) -> BTreeMap<&'static str, f64> {
    let specs = protocol.map_or(&[][..], |protocol| protocol.parameters);
    let mut values: BTreeMap<_, _> = specs.iter().map(|spec| (spec.id, spec.default)).collect();
    let Some(entries) = fields.object("parameters") else {
        return values;
    };
    for (name, value) in entries.entries() {
        let Some(spec) = specs.iter().find(|spec| spec.id == name) else {
            let near = nearest(name, specs.iter().map(|spec| spec.id));
            entries.complain(name, format!("is no parameter of the protocol{near}"));
            continue;
        };
        match read_quantity(value, parameter_range(spec)) {
            Ok(value) => drop(values.insert(spec.id, value)),
            Err(what) => entries.complain(name, what),
        }
    }
    values
}

fn defences(
    fields: &mut Fields<'_>,
    protocol: Option<&'static ProtocolEntry>,
) -> BTreeSet<&'static str> {
    let specs = protocol.map_or(&[][..], |protocol| protocol.defences);
    let mut on = BTreeSet::new();
    for name in fields.texts("defences", 32) {
        match specs.iter().find(|spec| spec.id == name) {
            Some(spec) => drop(on.insert(spec.id)),
            None => {
                let near = nearest(&name, specs.iter().map(|spec| spec.id));
                fields.complain(
                    "defences",
                    format!("names \"{name}\", which is no defence of the protocol{near}"),
                );
            }
        }
    }
    on
}

fn network(mut fields: Fields<'_>) -> Network {
    let default = Network::default();
    let shapes = [
        ("log-normal", Shape::LogNormal),
        ("normal", Shape::Normal),
        ("uniform", Shape::Uniform),
    ];
    let network = Network {
        shape: fields.choice("shape", &shapes, default.shape),
        latency: fields.quantity("latency", LATENCY, default.latency),
        jitter: fields.quantity("jitter", LATENCY, default.jitter),
        loss: fields.quantity("loss", Range::SHARE, default.loss),
        duplication: fields.quantity("duplication", Range::SHARE, default.duplication),
        spread: fields.quantity("spread", LATENCY, default.spread),
    };
    fields.finish();
    network
}

fn check(mut fields: Fields<'_>) -> CheckSettings {
    let kind = fields.text("kind", 40, "");
    let kind = match kind.as_str() {
        "exactly-once" => {
            let grace = fields.quantity("grace", DURATION, 5.0 * SECOND);
            CheckKind::ExactlyOnce {
                grace: SimDuration::from_nanos_f64(grace),
            }
        }
        other => {
            let near = nearest(other, ["exactly-once"].into_iter());
            fields.complain("kind", format!("is \"{other}\", which is no check{near}"));
            CheckKind::ExactlyOnce {
                grace: SimDuration::ZERO,
            }
        }
    };
    let settings = CheckSettings {
        id: fields.text("id", 40, "check"),
        label: fields.text("label", 120, ""),
        noun: fields.text("noun", 24, "operation"),
        kind,
    };
    fields.finish();
    settings
}
