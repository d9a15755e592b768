//! Documents and queries made at random, all of them right, so that what is written can be read.

use proptest::prelude::*;
use scenario::quantity::{Range, Unit};
use scenario::setting::{LINK_SETTINGS, NODE_SETTINGS, Setting};
use serde_json::{Map, Value, json};

/// A value in a range, as it would be written.
pub fn quantity(range: Range) -> impl Strategy<Value = String> {
    let far = range.max.min(1e12);
    (0u32..=1000).prop_map(move |permille| {
        let drawn = range.min + (far - range.min) * f64::from(permille) / 1000.0;
        let value = match range.unit {
            Unit::Share | Unit::Number | Unit::Ppm => drawn,
            _ => drawn.round(),
        };
        range.unit.format(value)
    })
}

/// Some of a table's settings with values.
fn settings<T, P>(table: &'static [Setting<T, P>]) -> impl Strategy<Value = Map<String, Value>> {
    let one = |setting: &'static Setting<T, P>| {
        prop::option::weighted(0.2, quantity(setting.range)).prop_map(|text| (setting.key, text))
    };
    let all: Vec<_> = table.iter().map(one).collect();
    all.prop_map(|drawn| {
        let set = drawn.into_iter();
        set.filter_map(|(key, text)| Some((key.to_owned(), Value::from(text?))))
            .collect()
    })
}

const NAMES: [&str; 4] = ["alice", "bob", "n-1", "bank"];

/// Nodes joined by `+`.
pub fn nodes() -> impl Strategy<Value = String> {
    prop::sample::subsequence(NAMES.to_vec(), 1..=3).prop_map(|names| names.join("+"))
}

/// One node.
pub fn node() -> impl Strategy<Value = &'static str> {
    prop::sample::select(NAMES.to_vec())
}

/// Links.
pub fn scope() -> impl Strategy<Value = String> {
    let two = prop::sample::subsequence(NAMES.to_vec(), 2);
    (two, prop::bool::ANY, prop::bool::ANY).prop_map(|(ends, both, all)| match (both, all) {
        (true, _) => format!("{}-{}", ends[0], ends[1]),
        (false, true) => format!("{}..*", ends[0]),
        (false, false) => format!("{}..{}", ends[1], ends[0]),
    })
}

fn who() -> impl Strategy<Value = String> {
    let roles = ["all", "random", "leader", "majority", "minority"];
    prop_oneof![
        nodes(),
        prop::sample::select(roles.to_vec()).prop_map(str::to_owned)
    ]
}

fn length() -> impl Strategy<Value = String> {
    (1u32..60_000).prop_map(|ms| Unit::Duration.format(f64::from(ms) * 1e6))
}

fn cut() -> impl Strategy<Value = String> {
    let kind = prop_oneof![
        scope().prop_map(|scope| format!("cut:{scope}")),
        nodes().prop_map(|nodes| format!("split:{nodes}")),
        nodes().prop_map(|nodes| format!("isolate:{nodes}")),
        nodes().prop_map(|nodes| format!("mute:{nodes}")),
        node().prop_map(|node| format!("bridge:{node}")),
        prop::sample::select(vec!["halves", "ring", "half"]).prop_map(str::to_owned),
    ];
    (kind, prop::bool::ANY)
        .prop_map(|(kind, holds)| format!("{}{kind}", if holds { "hold-" } else { "" }))
}

/// A knob with a value, as `key` and `value`.
pub fn knob() -> impl Strategy<Value = (String, String)> {
    let of_links = prop::sample::select(LINK_SETTINGS.iter().collect::<Vec<_>>());
    let of_links = (of_links, prop::option::of(scope())).prop_flat_map(|(setting, scope)| {
        let key = scope.map_or(setting.key.to_owned(), |scope| {
            format!("{}.{scope}", setting.key)
        });
        quantity(setting.range).prop_map(move |value| (key.clone(), value))
    });
    let of_nodes = prop::sample::select(NODE_SETTINGS.iter().collect::<Vec<_>>());
    let of_nodes = (of_nodes, node()).prop_flat_map(|(setting, node)| {
        let key = format!("{}.{node}", setting.key);
        quantity(setting.range).prop_map(move |value| (key.clone(), value))
    });
    prop_oneof![of_links, of_nodes]
}

/// Something done to a run.
pub fn deed() -> impl Strategy<Value = String> {
    let verbs = prop::sample::select(vec!["crash", "restart", "pause", "resume", "wipe"]);
    let slow = prop::sample::select(vec!["limp", "slowdisk"]);
    let grabs = prop::sample::select(vec!["drop", "dup", "now", "corrupt"]);
    let faults = prop::sample::select(vec!["crash", "pause", "limp*2.5", "isolate"]);
    let sign = prop::sample::select(vec!['+', '-']);
    let what = prop_oneof![
        (verbs, who()).prop_map(|(verb, who)| format!("{verb}:{who}")),
        (slow, who(), 1u32..9000).prop_map(|(verb, who, permille)| {
            format!("{verb}:{who}*{}", f64::from(permille) / 1000.0)
        }),
        (who(), sign.clone(), length()).prop_map(|(who, sign, by)| format!("step:{who}{sign}{by}")),
        (who(), sign, length(), 1u32..9000)
            .prop_map(|(who, sign, by, rate)| format!("slew:{who}{sign}{by}*{rate}ppm")),
        (-900i32..900).prop_map(|rate| format!("drift.leader:{rate}ppm")),
        (-900i32..900).prop_map(|rate| format!("monotonic.all:{rate}ppm")),
        cut(),
        cut().prop_map(|cut| format!("heal:{cut}")),
        Just("heal".to_owned()),
        Just("filter:pay".to_owned()),
        (scope(), 1u32..100).prop_map(|(scope, share)| format!("filter.{scope}:any*{share}%")),
        scope().prop_map(|scope| format!("unfilter.{scope}:receipt")),
        Just("unfilter".to_owned()),
        (faults, nodes(), length(), length())
            .prop_map(|(fault, nodes, a, b)| format!("strike.{fault}:{nodes}=1{a}/{b}")),
        Just("calm".to_owned()),
        (cut(), length(), length()).prop_map(|(cut, a, b)| format!("flap:{cut}={a}/{b}")),
        cut().prop_map(|cut| format!("unflap:{cut}")),
        (grabs, 0u32..999).prop_map(|(verb, id)| format!("{verb}:m{id}")),
        (0u32..999, length()).prop_map(|(id, by)| format!("delay:m{id}+{by}")),
        (who(), -9i64..9).prop_map(|(who, argument)| format!("op.pay:{who}={argument}")),
        knob().prop_map(|(key, value)| format!("{key}:{value}")),
    ];
    (what, 0u32..60_000)
        .prop_map(|(what, ms)| format!("{what}@{}", Unit::Duration.format(f64::from(ms) * 1e6)))
}

/// A scenario's document.
pub fn scenario() -> impl Strategy<Value = Value> {
    let network = settings(LINK_SETTINGS);
    let all_nodes: Vec<_> = NAMES.iter().map(|_| settings(NODE_SETTINGS)).collect();
    let links = prop::collection::vec(
        (nodes(), nodes(), prop::bool::ANY, settings(LINK_SETTINGS)),
        0..3,
    );
    let plan = prop::collection::vec(deed(), 0..6);
    let mishaps = prop::collection::vec((nodes(), length(), length()), 0..3);
    let defences = prop::sample::subsequence(vec!["retry", "idempotency-key"], 0..=2);
    let rest = (mishaps, defences, any::<u32>(), cut());
    (network, all_nodes, links, plan, rest).prop_map(|(network, all_nodes, links, plan, rest)| {
        let (mishaps, defences, seed, cut) = rest;
        let node = |(name, mut node): (&&str, Map<String, Value>)| {
            node.insert("name".to_owned(), json!(name));
            let role = if *name == "bank" { "bank" } else { "client" };
            node.insert("role".to_owned(), json!(role));
            Value::Object(node)
        };
        let link = |(from, to, both, mut own): (String, String, bool, Map<String, Value>)| {
            own.insert("from".to_owned(), json!(from));
            own.insert("to".to_owned(), json!(to));
            own.insert("both".to_owned(), json!(both));
            Value::Object(own)
        };
        let mishap = |(node, every, lasts): (String, String, String)| {
            json!({ "node": node, "kind": "limp", "factor": 3.5, "every": format!("1{every}"), "lasts": lasts })
        };
        json!({
            "version": 1,
            "seed": seed,
            "duration": "61s",
            "protocol": "payments",
            "parameters": { "timeout": "900ms", "payments": 12 },
            "network": network,
            "links": links.into_iter().map(link).collect::<Vec<_>>(),
            "nodes": NAMES.iter().zip(all_nodes).map(node).collect::<Vec<_>>(),
            "mishaps": mishaps.into_iter().map(mishap).collect::<Vec<_>>(),
            "flapping": [{ "cut": cut, "first": "3s" }],
            "defences": defences,
            "checks": [{ "kind": "exactly-once", "grace": "3s", "noun": "payment" }],
            "plan": plan,
        })
    })
}
