//! From a scenario to JSON: what differs from the defaults, so that reading gives the same scenario.

use protocols::ParameterSpec;
use serde_json::{Map, Value, json};

use super::migrate::VERSION;
use crate::checks::CheckSettings;
use crate::deed::fault_word;
use crate::model::LinkSettings;
use crate::model::{FlappingSettings, MishapSettings, Scenario};
use crate::setting::{LINK_SETTINGS, NODE_SETTINGS, Network, NodeSettings, Setting};
use crate::terms::limits::parameter_range;
use crate::terms::scope::{Names, NodeSet};

type Object = Map<String, Value>;

impl Scenario {
    /// Writes the scenario as a JSON value.
    pub fn to_value(&self) -> Value {
        let names = &self.names();
        let mut object = Object::new();
        let mut put = |field: &str, value: Value| {
            let is_empty = value.as_array().is_some_and(Vec::is_empty)
                || value.as_object().is_some_and(Object::is_empty);
            if !is_empty {
                object.insert(field.to_owned(), value);
            }
        };
        put("version", json!(VERSION));
        put("seed", json!(self.seed));
        put("duration", json!(self.duration.to_string()));
        put("events", json!(self.events));
        put(
            "protocol",
            match self.protocol.source {
                Some(source) => json!({ "script": source }),
                None => json!(self.protocol.id),
            },
        );
        // What is written is what runs: today's revision.
        if self.protocol.revision() > 1 {
            put("revision", json!(self.protocol.revision()));
        }
        put(
            "parameters",
            parameters(self.protocol.parameters, &self.parameters),
        );
        put("network", network(&self.network));
        put("links", list(&self.links, |own| link(own, names)));
        put("nodes", list(&self.nodes, |one| node(one, names)));
        put("mishaps", list(&self.mishaps, |one| mishap(one, names)));
        put("flapping", list(&self.flapping, |one| flapping(one, names)));
        put("defences", list(&self.defences, |id| json!(id)));
        put("checks", list(&self.checks, |one| check(one, names)));
        put("plan", list(&self.plan, |timed| json!(timed.format(self))));
        Value::Object(object)
    }
}

fn list<T>(items: impl IntoIterator<Item = T>, write: impl Fn(T) -> Value) -> Value {
    Value::Array(items.into_iter().map(write).collect())
}

/// The settings of `one` that differ from those of `default`.
fn settings<T, P>(table: &[Setting<T, P>], one: &T, default: &T) -> Object {
    let differing = table.iter().filter_map(|setting| {
        let value = (setting.get)(one);
        let differs = value != (setting.get)(default);
        differs.then(|| (setting.key.to_owned(), setting.range.unit.to_json(value)))
    });
    differing.collect()
}

fn parameters(specs: &[ParameterSpec], values: &sim::sorted::Map<&'static str, f64>) -> Value {
    let differing = specs.iter().filter_map(|spec| {
        let value = values.get(spec.id).copied().unwrap_or(spec.default);
        let unit = parameter_range(spec).unit;
        (value != spec.default).then(|| (spec.id.to_owned(), unit.to_json(value)))
    });
    Value::Object(differing.collect())
}

fn network(network: &Network) -> Value {
    Value::Object(settings(LINK_SETTINGS, network, &Network::default()))
}

fn link(own: &LinkSettings, names: &Names<'_>) -> Value {
    let (from, to, both) = own.scope.parts();
    let mut object: Object = own
        .settings()
        .map(|(setting, value)| (setting.key.to_owned(), setting.range.unit.to_json(value)))
        .collect();
    for (field, nodes) in [("from", from), ("to", to)] {
        if nodes != NodeSet::ALL {
            object.insert(field.to_owned(), json!(nodes.format(names)));
        }
    }
    if both {
        object.insert("both".to_owned(), json!(true));
    }
    Value::Object(object)
}

fn node(node: &NodeSettings, names: &Names<'_>) -> Value {
    let mut object = settings(NODE_SETTINGS, node, &NodeSettings::default());
    object.insert("name".to_owned(), json!(node.name));
    object.insert("role".to_owned(), json!(node.role));
    if let Some((x, y)) = node.position {
        object.insert("position".to_owned(), json!([x, y]));
    }
    if let Some(server) = node.ntp {
        let server = NodeSet::of(server).format(names);
        object.insert("ntp".to_owned(), json!(server));
    }
    Value::Object(object)
}

fn mishap(mishap: &MishapSettings, names: &Names<'_>) -> Value {
    let (kind, factor) = fault_word(mishap.kind);
    let mut value = json!({
        "kind": kind,
        "node": mishap.nodes.format(names),
        "every": mishap.every.to_string(),
        "lasts": mishap.lasts.to_string(),
    });
    if let Some(factor) = factor {
        value["factor"] = json!(factor);
    }
    value
}

fn flapping(flapping: &FlappingSettings, names: &Names<'_>) -> Value {
    json!({
        "cut": flapping.cut.format(names),
        "first": flapping.first.to_string(),
        "stays": flapping.stays.to_string(),
        "gone": flapping.gone.to_string(),
    })
}

fn check(check: &CheckSettings, names: &Names<'_>) -> Value {
    let mut value = parameters(check.kind.parameters, &check.parameters);
    value["kind"] = json!(check.kind.id);
    value["id"] = json!(check.id);
    if check.label != check.kind.about {
        value["label"] = json!(check.label);
    }
    value["noun"] = json!(check.noun);
    if check.among != NodeSet::ALL {
        value["among"] = json!(check.among.format(names));
    }
    value
}
