//! The entries of a history as JSON, one object per line.
//!
//! JSON has no sets, which become arrays, and only texts for keys, of which those that spell a
//! whole number are read as that number.

use super::entries::{entry, written};
use super::{Entry, Position, Problem, ReadError};
use crate::history::History;
use crate::value::Value;
use serde_json::{Map, Value as Json, json};

pub(super) fn entries(text: &str) -> Result<Vec<Entry>, ReadError> {
    let mut entries = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim_start_matches('\u{feff}');
        let start = text.chars().take_while(|c| c.is_whitespace()).count();
        if text.trim().is_empty() {
            continue;
        }
        let column = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let at = Position {
            line,
            column: column(start + 1),
        };
        let parsed: Json = serde_json::from_str(text).map_err(|error| ReadError {
            at: Position {
                line,
                column: column(error.column().max(1)),
            },
            problem: Problem::Syntax(format!("this is not JSON ({})", without_place(&error))),
        })?;
        let Json::Object(map) = parsed else {
            return Err(ReadError {
                at,
                problem: Problem::NotAMap,
            });
        };
        entries.extend(entry(at, |name| {
            map.get(name)
                .map(value)
                .transpose()
                .map_err(|problem| ReadError { at, problem })
        })?);
    }
    Ok(entries)
}

/// The error's text without the place in it, which counts from the start of the line.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn value(json: &Json) -> Result<Value, Problem> {
    Ok(match json {
        Json::Null => Value::Nil,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => Value::Int(
            number
                .as_i64()
                .ok_or_else(|| Problem::Value(number.to_string()))?,
        ),
        Json::String(text) => Value::text(text),
        Json::Array(list) => Value::List(list.iter().map(value).collect::<Result<_, _>>()?),
        Json::Object(map) => Value::Map(
            map.iter()
                .map(|(k, v)| Ok((key(k), value(v)?)))
                .collect::<Result<_, Problem>>()?,
        ),
    })
}

fn key(text: &str) -> Value {
    text.parse().map_or_else(|_| Value::text(text), Value::Int)
}

fn json(value: &Value) -> Json {
    match value {
        Value::Nil => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Int(number) => Json::from(*number),
        Value::Text(text) => Json::String(text.clone()),
        Value::List(list) => list.iter().map(json).collect(),
        Value::Set(set) => set.iter().map(json).collect(),
        Value::Map(map) => Json::Object(
            map.iter()
                .map(|(k, v)| (key_text(k), json(v)))
                .collect::<Map<_, _>>(),
        ),
    }
}

fn key_text(key: &Value) -> String {
    match key {
        Value::Text(text) => text.clone(),
        key => key.to_string(),
    }
}

/// Writes a history as JSON, one entry per line.
pub fn write_json(history: &History) -> String {
    let mut text = String::new();
    for (index, (entry, operation)) in written(history).enumerate() {
        let mut line = json!({
            "index": index,
            "time": entry.time.0,
            "process": operation.process.0,
            "type": entry.kind,
            "f": operation.call.function.name(),
            "value": json(entry.value),
        });
        if let (Json::Object(map), Some(key)) = (&mut line, &operation.call.key) {
            map.insert("key".to_owned(), json(key));
        }
        text.push_str(&line.to_string());
        text.push('\n');
    }
    text
}
