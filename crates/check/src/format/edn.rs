//! Jepsen's EDN: one map after another, or one vector of maps.

use super::entries::{entry, written};
use super::{Entry, Position, Problem, ReadError};
use crate::history::History;
use crate::value::Value;
use clojure_reader::edn::{Edn, read};
use std::fmt::Write;

/// Reads the entries one by one, so that each one's place is known.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, ReadError> {
    let mut cursor = Cursor {
        rest: text,
        at: Position { line: 1, column: 1 },
    };
    let mut entries = Vec::new();
    cursor.skip_blank();
    let closing = match cursor.rest.chars().next() {
        Some('[') => Some(']'),
        Some('(') => Some(')'),
        _ => None,
    };
    if closing.is_some() {
        cursor.advance(1);
    }
    loop {
        cursor.skip_blank();
        if cursor.rest.is_empty() && closing.is_none() {
            return Ok(entries);
        }
        if closing.is_some_and(|closing| cursor.rest.starts_with(closing)) {
            cursor.advance(1);
            cursor.skip_blank();
            if cursor.rest.is_empty() {
                return Ok(entries);
            }
            let problem = Problem::Syntax("nothing follows the vector of entries".to_owned());
            return Err(ReadError {
                at: cursor.at,
                problem,
            });
        }
        let at = cursor.at;
        let (form, rest) = read(cursor.rest).map_err(|error| syntax(at, &error))?;
        entries.extend(client_entry(at, &form)?);
        cursor.advance(cursor.rest.len() - rest.len());
    }
}

struct Cursor<'a> {
    rest: &'a str,
    at: Position,
}

impl Cursor<'_> {
    fn advance(&mut self, bytes: usize) {
        let (passed, rest) = self.rest.split_at(bytes);
        for c in passed.chars() {
            if c == '\n' {
                self.at = Position {
                    line: self.at.line + 1,
                    column: 1,
                };
            } else {
                self.at.column += 1;
            }
        }
        self.rest = rest;
    }

    /// Passes over what EDN takes for space: commas and comments too.
    fn skip_blank(&mut self) {
        let blank = |c: char| c.is_whitespace() || c == ',' || c == '\u{feff}';
        loop {
            let space = self.rest.len() - self.rest.trim_start_matches(blank).len();
            self.advance(space);
            if !self.rest.starts_with(';') {
                return;
            }
            self.advance(self.rest.find('\n').unwrap_or(self.rest.len()));
        }
    }
}

/// The reader counts from where it was started.
fn syntax(start: Position, error: &clojure_reader::error::Error) -> ReadError {
    let count = |n: Option<usize>| n.and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
    let (line, column) = (count(error.line), count(error.column));
    let column = if line == 1 {
        start.column + column - 1
    } else {
        column
    };
    let problem = Problem::Syntax(format!("this is not EDN ({:?})", error.code));
    ReadError {
        at: Position {
            line: start.line + line - 1,
            column,
        },
        problem,
    }
}

fn client_entry(at: Position, form: &Edn<'_>) -> Result<Option<Entry>, ReadError> {
    let form = untagged(form);
    let Edn::Map(_) = form else {
        return Err(ReadError {
            at,
            problem: Problem::NotAMap,
        });
    };
    entry(at, |name| {
        let found = form.get(&Edn::key(name.to_owned())).map(value).transpose();
        found.map_err(|problem| ReadError { at, problem })
    })
}

/// Jepsen tags its entries (`#jepsen.history.Op{...}`) and its pairs of key and value.
fn untagged<'a, 'e>(form: &'a Edn<'e>) -> &'a Edn<'e> {
    match form {
        Edn::Tagged(_, inner) => untagged(inner),
        form => form,
    }
}

fn value(form: &Edn<'_>) -> Result<Value, Problem> {
    Ok(match untagged(form) {
        Edn::Nil => Value::Nil,
        Edn::Bool(truth) => Value::Bool(*truth),
        Edn::Int(number) => Value::Int(*number),
        Edn::Str(text) | Edn::Key(text) | Edn::Symbol(text) => Value::text(text.as_ref()),
        Edn::Vector(list) | Edn::List(list) => {
            Value::List(list.iter().map(value).collect::<Result<_, _>>()?)
        }
        Edn::Set(set) => Value::Set(set.iter().map(value).collect::<Result<_, _>>()?),
        Edn::Map(map) => Value::Map(
            map.iter()
                .map(|(k, v)| Ok((value(k)?, value(v)?)))
                .collect::<Result<_, Problem>>()?,
        ),
        other => return Err(Problem::Value(format!("{other}"))),
    })
}

/// Writes a history as EDN, one entry per line.
pub fn write_edn(history: &History) -> String {
    let mut text = String::new();
    for (index, (entry, operation)) in written(history).enumerate() {
        let call = &operation.call;
        let key = call
            .key
            .as_ref()
            .map(|key| format!(":key {key}, "))
            .unwrap_or_default();
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{{:index {index}, :time {}, :process {}, :type :{}, :f :{}, {key}:value {}}}",
            entry.time.0, operation.process, entry.kind, call.function, entry.value
        );
    }
    text
}
