//! JSON: one object after another, such as one per line, or an array of them.
//!
//! JSON has no sets, which become arrays, no keywords, which become texts, and only texts for keys, of which those that
//! spell a whole number, as JSON would, are read as that number; so are the accounts of a transfer, because balances have them
//! for keys. `NaN` and `Infinity`, which some libraries write, are read.

use super::document::Problem;
use super::entry::{Entry, Fields, written};
use super::number::{is_respelt, number};
use super::scan::{Fault, Room, Scanner};
use crate::history::History;
use crate::value::Value;
use std::fmt::Write;

pub(super) fn entries(text: &str, room: Room) -> Result<Vec<Entry>, Fault> {
    let mut scanner = Scanner::new(text, "JSON", room);
    let mut entries = Vec::new();
    space(&mut scanner);
    if scanner.peek() == Some(b'[') {
        let start = scanner.at;
        let read = list(&mut scanner, "]", |scanner| {
            let entry = entry(scanner)?;
            scanner.room.hold(entry.at, Entry::BYTES)?;
            entries.push(entry);
            Ok(())
        });
        read.map_err(|fault| scanner.unclosed(fault, start, "the array"))?;
        space(&mut scanner);
        return match scanner.peek() {
            None => Ok(entries),
            Some(_) => Err(scanner.fault("more follows the array of entries")),
        };
    }
    while scanner.peek().is_some() {
        let entry = entry(&mut scanner)?;
        scanner.room.hold(entry.at, Entry::BYTES)?;
        entries.push(entry);
        space(&mut scanner);
        if scanner.peek() == Some(b',') {
            return Err(scanner.fault(
                "a comma after an entry; entries with commas between stand in an array, `[...]`",
            ));
        }
    }
    Ok(entries)
}

/// The one value of a text.
pub(super) fn single(text: &str) -> Result<Value, Fault> {
    let mut scanner = Scanner::new(text, "JSON", Room::ANY);
    space(&mut scanner);
    let value = value(&mut scanner)?;
    space(&mut scanner);
    match scanner.peek() {
        None => Ok(value),
        Some(_) => Err(scanner.fault("one value is enough")),
    }
}

fn entry(scanner: &mut Scanner<'_>) -> Result<Entry, Fault> {
    let at = scanner.at;
    match scanner.peek() {
        Some(b'{') => fields(scanner).map_err(|fault| scanner.unclosed(fault, at, "the object")),
        None => Err(scanner.unexpected("an entry")),
        Some(_) => {
            let is_value = skip(scanner).is_ok();
            let problem = Problem::NotAMap(scanner.shown(at, is_value));
            Err(Fault { at, problem })
        }
    }
}

fn fields(scanner: &mut Scanner<'_>) -> Result<Entry, Fault> {
    let at = scanner.at;
    let mut fields = Fields::default();
    list(scanner, "}", |scanner| {
        let at = scanner.at;
        let name = name(scanner)?;
        match fields.slot(&name) {
            None => skip(scanner)?,
            Some(Some(_)) => {
                return Err(Fault {
                    at,
                    ..scanner.fault(&format!("a second \"{name}\" in an object"))
                });
            }
            Some(slot) => {
                *slot = Some(value(scanner)?);
                fields.spelt(&name, scanner.take_respelt());
            }
        }
        Ok(())
    })?;
    fields.rename_accounts(key);
    Ok(Entry { at, fields })
}

fn space(scanner: &mut Scanner<'_>) {
    scanner.take_while(|c| c.is_whitespace() || c == '\u{feff}');
}

/// Passes over a value that nobody needs, whatever its tokens are.
fn skip(scanner: &mut Scanner<'_>) -> Result<(), Fault> {
    let mut open = Vec::new();
    loop {
        space(scanner);
        match scanner.peek() {
            None => return Err(scanner.unexpected("a value")),
            Some(b'"') => scanner.skip_string()?,
            Some(bracket @ (b'{' | b'[')) => {
                // In ASCII either bracket closes two places after it opens.
                open.push(bracket + 2);
                scanner.at += 1;
                continue;
            }
            Some(bracket @ (b'}' | b']')) if open.pop() == Some(bracket) => scanner.at += 1,
            Some(b'}' | b']') => return Err(scanner.unexpected("a value")),
            Some(b',' | b':') if !open.is_empty() => {
                scanner.at += 1;
                continue;
            }
            Some(_) => {
                let token = scanner.take_while(|c| {
                    !c.is_whitespace() && !matches!(c, ',' | ':' | '"' | '{' | '}' | '[' | ']')
                });
                if token.is_empty() {
                    return Err(scanner.unexpected("a value"));
                }
            }
        }
        if open.is_empty() {
            return Ok(());
        }
    }
}

/// Reads what stands between an opening and a closing bracket, with commas between.
fn list<'a>(
    scanner: &mut Scanner<'a>,
    close: &str,
    mut read: impl FnMut(&mut Scanner<'a>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    scanner.at += 1;
    space(scanner);
    if scanner.take(close) {
        return Ok(());
    }
    scanner.descend()?;
    loop {
        space(scanner);
        read(scanner)?;
        space(scanner);
        if scanner.take(close) {
            scanner.ascend();
            return Ok(());
        }
        if !scanner.take(",") {
            return Err(scanner.unexpected(&format!("a comma or `{close}`")));
        }
    }
}

/// A name and its colon.
fn name(scanner: &mut Scanner<'_>) -> Result<String, Fault> {
    if scanner.peek() != Some(b'"') {
        return Err(scanner.unexpected("a name in double quotes"));
    }
    let name = scanner.string()?;
    space(scanner);
    if !scanner.take(":") {
        return Err(scanner.unexpected("a colon"));
    }
    space(scanner);
    Ok(name)
}

fn value(scanner: &mut Scanner<'_>) -> Result<Value, Fault> {
    let value = whole_value(scanner)?;
    scanner.hold(value)
}

fn whole_value(scanner: &mut Scanner<'_>) -> Result<Value, Fault> {
    match scanner.peek() {
        Some(b'"') => scanner.string().map(Value::text),
        Some(b'[') => {
            let start = scanner.open();
            list(scanner, "]", |scanner| {
                let element = value(scanner)?;
                scanner.push(element)
            })?;
            Ok(Value::list(scanner.close(start)))
        }
        Some(b'{') => {
            let mut map = sim::sorted::Map::new();
            list(scanner, "}", |scanner| {
                let at = scanner.at;
                let key = key(&name(scanner)?);
                if map.contains_key(&key) {
                    return Err(Fault {
                        at,
                        ..scanner.fault(&format!("{key} twice in an object"))
                    });
                }
                map.insert(key, value(scanner)?);
                Ok(())
            })?;
            Ok(Value::Map(map.into()))
        }
        _ => atom(scanner),
    }
}

fn atom(scanner: &mut Scanner<'_>) -> Result<Value, Fault> {
    let start = scanner.at;
    let token = scanner.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    Ok(match token {
        "null" => Value::Nil,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "NaN" => Value::number("##NaN"),
        "Infinity" => Value::number("##Inf"),
        "-Infinity" => Value::number("##-Inf"),
        _ => match number(token).filter(|_| !token.ends_with(['N', 'M'])) {
            Some(number) => {
                if is_respelt(token, &number) {
                    scanner.respell(start);
                }
                number
            }
            None => {
                scanner.at = start;
                return Err(scanner.unexpected("a value"));
            }
        },
    })
}

fn key(text: &str) -> Value {
    let number = text.parse::<i64>().ok();
    let number = number.filter(|number| number.to_string() == text);
    number.map_or_else(|| Value::text(text), Value::Int)
}

/// Writes a value as JSON.
fn json(value: &Value) -> String {
    let listed = |values: &mut dyn Iterator<Item = &Value>| {
        let values: Vec<String> = values.map(json).collect();
        format!("[{}]", values.join(","))
    };
    match value {
        Value::Nil => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Number(text) => match text.trim_start_matches("##") {
            "Inf" => "Infinity".to_owned(),
            "-Inf" => "-Infinity".to_owned(),
            text => text.to_owned(),
        },
        Value::Text(text) | Value::Word(text) => quoted(text),
        Value::Tagged(_) => quoted(&value.notation().to_string()),
        Value::List(list) => listed(&mut list.iter()),
        Value::Set(set) => listed(&mut set.iter()),
        Value::Map(map) => {
            let pair = |(key, value): (&Value, &Value)| {
                format!("{}:{}", quoted(&key_text(key)), json(value))
            };
            let pairs: Vec<String> = map.iter().map(pair).collect();
            format!("{{{}}}", pairs.join(","))
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn key_text(key: &Value) -> String {
    match key {
        Value::Text(text) => text.to_string(),
        key => key.notation().to_string(),
    }
}

/// Writes a history as JSON, one entry per line.
pub fn write_json(history: &History) -> String {
    let mut text = String::new();
    for (index, (entry, operation)) in written(history).enumerate() {
        let call = &operation.call;
        let key = call
            .key
            .as_ref()
            .map(|key| format!(r#""key":{},"#, json(key)))
            .unwrap_or_default();
        let process = operation
            .name()
            .map_or_else(|| operation.process.to_string(), quoted);
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            r#"{{"index":{index},"time":{},"process":{process},"type":"{}","f":"{}",{key}"value":{}}}"#,
            entry.time.0,
            entry.kind,
            call.function,
            json(entry.value)
        );
    }
    text
}
