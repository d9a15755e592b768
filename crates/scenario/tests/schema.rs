//! The committed schema is the one that the code says, and a validator that knows nothing of Slowfire accepts every lab.
//!
//! `SLOWFIRE_BLESS=1 cargo test -p slowfire-scenario --test schema` writes it anew.

use std::fs;
use std::path::Path;

use jsonschema_valid::Config;
use jsonschema_valid::schemas::Draft;
use scenario::{lab, schema};
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/document.schema.json");

fn generated() -> Value {
    schema::schema().to_value()
}

/// The committed schema.
fn committed() -> Value {
    let text = fs::read_to_string(FILE).expect("the schema is committed");
    serde_json::from_str(&text).expect("it is JSON")
}

/// What a stranger's validator says of a document.
fn judged(schema: &Value, document: &Value) -> Result<(), String> {
    let validator = Config::from_schema(schema, Some(Draft::Draft7)).expect("it is a schema");
    let errors = validator.validate(document);
    errors.map_err(|errors| errors.map(|error| error.to_string()).collect())
}

#[test]
fn the_committed_schema_is_current() {
    let text = format!("{:#}\n", generated());
    if std::env::var_os("SLOWFIRE_BLESS").is_some() {
        fs::create_dir_all(Path::new(FILE).parent().unwrap()).unwrap();
        fs::write(FILE, &text).unwrap();
    }
    let committed = fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        committed == text,
        "the schema is out of date: SLOWFIRE_BLESS=1 writes it anew"
    );
}

#[test]
fn the_schema_is_a_schema() {
    let schema = committed();
    let validator = Config::from_schema(&schema, Some(Draft::Draft7)).unwrap();
    assert!(validator.validate_schema().is_ok());
}

#[test]
fn every_lab_is_valid_for_a_stranger() {
    let schema = committed();
    for lab in lab::carried() {
        assert_eq!(judged(&schema, &lab), Ok(()), "{}", lab["id"]);
    }
}

#[test]
fn every_golden_document_is_valid_for_a_stranger() {
    let schema = committed();
    for name in ["everything", "lab", "minimal"] {
        let path = format!("{}/tests/golden/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let document = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(judged(&schema, &document), Ok(()), "{name}");
    }
}

#[test]
fn what_is_wrong_is_wrong_for_a_stranger_too() {
    let schema = committed();
    let right = json!({
        "protocol": "payments",
        "parameters": { "timeout": "900ms" },
        "nodes": [{ "name": "a", "role": "client" }, { "name": "b", "role": "bank" }],
        "checks": [{ "kind": "exactly-once", "grace": "3s" }],
    });
    assert_eq!(judged(&schema, &right), Ok(()));
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
        assert!(judged(&schema, &wrong).is_err(), "{place}");
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
        undescribed(name, &schema["definitions"][name], &mut found);
    }
    assert_eq!(found, [] as [String; 0]);
}
