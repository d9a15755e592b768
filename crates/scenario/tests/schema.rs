//! The committed schema is the one that the code says, and a validator that knows nothing of Slowfire accepts every lab.
//!
//! `SLOWFIRE_BLESS=1 cargo test -p slowfire-scenario --test schema` writes it anew.

use std::fs;
use std::sync::LazyLock;

use boon::{Compiler, SchemaIndex, Schemas};
use scenario::{lab, schema};
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/document.schema.json");

fn generated() -> Value {
    schema::schema().to_value()
}

/// The committed schema, written anew before any test reads it where that is asked for.
static COMMITTED: LazyLock<String> = LazyLock::new(|| {
    if std::env::var_os("SLOWFIRE_BLESS").is_some() {
        fs::write(FILE, written()).expect("the schema can be written");
    }
    fs::read_to_string(FILE).expect("the schema is committed")
});

/// What the file should be.
fn written() -> String {
    format!("{:#}\n", generated())
}

/// The committed schema, as a stranger's validator reads it.
fn validator() -> (Schemas, SchemaIndex) {
    let value = serde_json::from_str(&COMMITTED).expect("it is JSON");
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let name = "slowfire:document";
    compiler
        .add_resource(name, value)
        .expect("it has no other name");
    let index = compiler
        .compile(name, &mut schemas)
        .expect("it is a schema");
    (schemas, index)
}

#[test]
fn the_committed_schema_is_current() {
    assert!(
        *COMMITTED == written(),
        "crates/scenario/schema/document.schema.json is out of date: `SLOWFIRE_BLESS=1 cargo test -p slowfire-scenario \
         --test schema` writes it anew"
    );
}

#[test]
fn every_lab_is_valid_for_a_stranger() {
    let (schemas, index) = validator();
    for lab in lab::carried() {
        if let Err(error) = schemas.validate(&lab, index) {
            panic!("{}: {error:#}", lab["id"]);
        }
    }
}

#[test]
fn every_golden_document_is_valid_for_a_stranger() {
    let (schemas, index) = validator();
    for name in ["everything", "lab", "minimal"] {
        let path = format!("{}/tests/golden/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let document = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        if let Err(error) = schemas.validate(&document, index) {
            panic!("{name}: {error:#}");
        }
    }
}

#[test]
fn what_is_wrong_is_wrong_for_a_stranger_too() {
    let (schemas, index) = validator();
    let right = json!({
        "protocol": "payments",
        "parameters": { "timeout": "900ms" },
        "nodes": [{ "name": "a", "role": "client" }, { "name": "b", "role": "bank" }],
        "checks": [{ "kind": "exactly-once", "grace": "3s" }],
    });
    assert!(schemas.validate(&right, index).is_ok());
    for (place, value) in [
        ("/protocol", json!("paymnets")),
        ("/parameters/timeout", json!("900")),
        ("/parameters/timeot", json!("900ms")),
        ("/nodes/0/role", json!("server")),
        ("/nodes/0/skwe", json!("1s")),
        ("/checks/0/kind", json!("twice")),
        ("/checks/0/garce", json!("3s")),
        ("/network", json!({ "loss": 1.5 })),
        ("/network", json!({ "ordering": "tcp" })),
        ("/seed", json!(-1)),
        ("/losss", json!(0.1)),
    ] {
        let mut wrong = right.clone();
        let (object, field) = place.rsplit_once('/').unwrap();
        wrong.pointer_mut(object).unwrap()[field] = value;
        assert!(schemas.validate(&wrong, index).is_err(), "{place}");
        assert!(scenario::link::Link::from_value(&wrong).is_err(), "{place}");
    }
}

/// Every property of a schema without a description, by its path.
fn undescribed(path: &str, schema: &Value, found: &mut Vec<String>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let path = format!("{path}.{name}");
        if property.get("description").is_none() && property.get("$ref").is_none() {
            found.push(path.clone());
        }
        undescribed(&path, property, found);
        undescribed(&path, property.get("items").unwrap_or(&Value::Null), found);
    }
}

#[test]
fn every_field_is_described() {
    let schema = generated();
    let mut found = Vec::new();
    for name in ["Lab", "Scenario"] {
        undescribed(name, &schema["$defs"][name], &mut found);
    }
    assert_eq!(found, [] as [String; 0]);
}
