//! What a document looks like, as a JSON Schema: for editors, and for validators that know nothing about Slowfire.
//!
//! The code that reads a document sketches it (see [`Fields`](crate::document::Fields)), and the tables of settings,
//! protocols and checks say what they know, so the schema follows them by itself. Validation says what a schema cannot say, such as that a name
//! must be a node's.
//!
//! `words` says in one line what each field is, for editors.

use std::borrow::Cow;

use protocols::{ParameterSpec, ProtocolEntry};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};
use sim::protocol::{Argument, OperationWord};

use crate::checks::CHECKS;
use crate::document::read;
use crate::document::sketch::{Form, Sketch};
use crate::lab;
use crate::setting::{LINK_SETTINGS, NODE_SETTINGS, Network, NodeSettings, find};
use crate::terms::limits::{MOST_BYTES, parameter_range};
use crate::terms::quantity::{OFF_ON, Range, Unit};

mod words;

/// The schema of all documents.
pub fn schema() -> Schema {
    let generator = SchemaSettings::draft2020_12().into_generator();
    generator.into_root_schema_for::<Document>()
}

/// A document: a lab, or a scenario alone.
struct Document;

/// A lab.
struct Lab;

/// A scenario.
struct Scenario;

impl JsonSchema for Document {
    fn schema_name() -> Cow<'static, str> {
        "Document".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (lab, scenario) = (
            generator.subschema_for::<Lab>(),
            generator.subschema_for::<Scenario>(),
        );
        json_schema!({
            "description": "A lab, or a scenario alone.",
            "if": { "required": ["scenario"] },
            "then": lab,
            "else": scenario,
        })
    }
}

impl JsonSchema for Lab {
    fn schema_name() -> Cow<'static, str> {
        "Lab".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let sample = lab::labs().first().map(|lab| &lab.scenario);
        let mut fields = sample.map_or_else(Map::new, |sample| {
            properties("lab", &lab::read::sketch(sample))
        });
        let scenario = generator.subschema_for::<Scenario>();
        fields.insert("scenario".to_owned(), scenario.to_value());
        json_schema!({
            "description": "A scenario with a lesson.",
            "type": "object",
            "properties": fields,
            "required": ["scenario"],
            "unevaluatedProperties": false,
        })
    }
}

impl JsonSchema for Scenario {
    fn schema_name() -> Cow<'static, str> {
        "Scenario".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut fields = properties("scenario", &read::sketch());
        fields["checks"]["items"]["allOf"] = CHECKS
            .iter()
            .map(|entry| {
                given(
                    "kind",
                    entry.id,
                    Value::Object(parameters(entry.parameters)),
                )
            })
            .collect();
        let named = fields["protocol"].take();
        fields["protocol"] = json!({
            "description": words::of("scenario", "protocol"),
            "anyOf": [named, script()],
        });
        // What they may be depends on the protocol.
        fields["parameters"] =
            json!({ "description": words::of("scenario", "parameters"), "type": "object" });
        let chosen = protocols::all().map(|entry| given("protocol", entry.id, of_protocol(entry)));
        json_schema!({
            "description": "Everything that a run is built from.",
            "type": "object",
            "properties": fields,
            "required": ["protocol"],
            "allOf": chosen.collect::<Vec<_>>(),
            "unevaluatedProperties": false,
        })
    }
}

/// A protocol that the document brings along.
fn script() -> Value {
    json!({
        "type": "object",
        "properties": {
            "script": {
                "description": words::of("protocol", "script"),
                "type": "string",
                "maxLength": MOST_BYTES,
            },
        },
        "required": ["script"],
        "additionalProperties": false,
    })
}

/// These properties, if a field is this word.
fn given(field: &str, word: &str, properties: Value) -> Value {
    json!({
        "if": { "properties": { field: { "const": word } }, "required": [field] },
        "then": { "properties": properties },
    })
}

fn of_protocol(entry: &ProtocolEntry) -> Value {
    let defences: Vec<&str> = entry.defences.iter().map(|spec| spec.id).collect();
    let roles: Vec<&str> = entry.roles.iter().map(|role| role.id).collect();
    json!({
        "parameters": { "properties": parameters(entry.parameters), "additionalProperties": false },
        "defences": { "items": { "enum": defences } },
        "nodes": { "items": { "properties": { "role": { "enum": roles } } } },
        "plan": { "description": deeds_of(entry) },
    })
}

/// What its deeds can name: its operations, and its messages.
fn deeds_of(entry: &ProtocolEntry) -> String {
    let operations: Vec<String> = entry.vocabulary.operations.iter().map(operation).collect();
    let mut messages: Vec<&str> = Vec::new();
    for word in entry.vocabulary.messages {
        if !messages.contains(&word.name) {
            messages.push(word.name);
        }
    }
    let filtered = format!("Messages, for filters: {}.", messages.join(", "));
    match operations.is_empty() {
        true => format!("No operations. {filtered}"),
        false => format!("Operations: {}. {filtered}", operations.join("; ")),
    }
}

/// How an operation is written, and what it does, as in `op.lead:server=2 (hand the lead to a server, by its number)`.
fn operation(word: &OperationWord) -> String {
    let (argument, what) = match word.takes {
        Argument::Nothing => ("", ""),
        Argument::Number => ("=5", ", with a number"),
        Argument::Node => ("=2", ", by its number, from 1"),
        Argument::Nodes => ("=345", ", a digit for each: its number"),
    };
    let (first, rest) = word.does.split_at(1);
    let does = format!("{}{rest}", first.to_lowercase());
    let role = word.roles.first().copied().unwrap_or_default();
    format!("op.{}:{role}{argument} ({does}{what})", word.name)
}

fn parameters(specs: &[ParameterSpec]) -> Map<String, Value> {
    let property = |spec: &ParameterSpec| {
        let form = quantity(parameter_range(spec), Some(spec.default));
        (spec.id.to_owned(), described(form, spec.about))
    };
    specs.iter().map(property).collect()
}

/// The properties of an object that is called `of` among the descriptions.
fn properties(of: &str, sketch: &Sketch) -> Map<String, Value> {
    let property = |(field, form): (&str, Form)| {
        let property = self::form(field, form);
        (field.to_owned(), described(property, words::of(of, field)))
    };
    sketch.fields().into_iter().map(property).collect()
}

fn form(field: &str, form: Form) -> Value {
    match form {
        Form::Quantity(range, default) => quantity(range, default.or_else(|| default_of(field))),
        Form::Pair(range) => {
            let one = quantity(range, None);
            json!({ "type": "array", "items": one, "minItems": 2, "maxItems": 2 })
        }
        Form::Text(most) => json!({ "type": "string", "maxLength": most }),
        Form::Choice(words) if words.is_empty() => json!({ "type": "string" }),
        Form::Choice(words) => json!({ "enum": words }),
        Form::Texts(most, longest) => {
            let one = json!({ "type": "string", "maxLength": longest });
            json!({ "type": "array", "maxItems": most, "items": one })
        }
        Form::Object(sketch) => object(field, &sketch),
        Form::List(most, sketch) => {
            json!({ "type": "array", "maxItems": most, "items": object(field, &sketch) })
        }
    }
}

fn object(of: &str, sketch: &Sketch) -> Value {
    json!({
        "type": "object",
        "properties": properties(of, sketch),
        "unevaluatedProperties": false,
    })
}

/// What a setting of links or nodes is if nothing is said.
fn default_of(field: &str) -> Option<f64> {
    let link = find(LINK_SETTINGS, field).map(|setting| (setting.get)(&Network::default()));
    let node = || find(NODE_SETTINGS, field).map(|setting| (setting.get)(&NodeSettings::default()));
    link.or_else(node)
}

fn quantity(range: Range, default: Option<f64>) -> Value {
    let (min, max) = (range.min, range.max);
    let number = |kind: &str| json!({ "type": kind, "minimum": min, "maximum": max });
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    const NUMBER: &str = r"^\s*[+-]?[0-9.]+([eE][+-]?[0-9]+)?";
    let form = match range.unit {
        Unit::Duration => text(&format!(r"{NUMBER}(ns|us|µs|ms|s|min|h)\s*$")),
        Unit::Ppm => text(&format!(r"{NUMBER}ppm\s*$")),
        Unit::Bytes => text(&format!(r"({NUMBER}(B|kB|MB|GB)|^unlimited)\s*$")),
        Unit::Rate => text(&format!(r"({NUMBER}(B|kB|MB|GB)/s|^unlimited)\s*$")),
        Unit::Share => json!({ "anyOf": [number("number"), text(&format!(r"{NUMBER}%?\s*$"))] }),
        Unit::Count => json!({ "anyOf": [number("integer"), text(&format!(r"{NUMBER}\s*$"))] }),
        Unit::Number => json!({ "anyOf": [number("number"), text(&format!(r"{NUMBER}\s*$"))] }),
        Unit::Words(words) if words == OFF_ON => json!({ "enum": ["off", "on", false, true] }),
        Unit::Words(words) => json!({ "enum": words }),
    };
    let range_in_words = match range.unit {
        Unit::Words(_) => String::new(),
        _ => format!(
            "From {} to {}.",
            range.unit.format(min),
            range.unit.format(max)
        ),
    };
    let mut form = described(form, &range_in_words);
    if let Some(default) = default {
        form["default"] = range.unit.to_json(default);
    }
    form
}

/// A form with another description before its own.
fn described(mut form: Value, about: &str) -> Value {
    let range = form["description"].as_str().unwrap_or_default();
    let both = [about, range].join(" ");
    if !both.trim().is_empty() {
        form["description"] = json!(both.trim());
    }
    form
}
