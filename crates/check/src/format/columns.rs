//! Jepsen's `history.txt`: one entry per line, in columns with tabs between: process, type, function, value, and perhaps
//! an error, which nobody needs.

use super::document::Problem;
use super::edn::spelt;
use super::entry::{Entry, Fields, written};
use super::scan::{Fault, Room, brief};
use crate::history::History;
use crate::value::Value;
use std::fmt::Write;

/// Whether the text begins as such a file does.
pub(super) fn is_in_columns(text: &str) -> bool {
    let line = text.lines().find(|line| !line.trim().is_empty());
    let kind = line.and_then(|line| line.split('\t').nth(1));
    kind.is_some_and(|kind| {
        matches!(
            kind.trim().trim_start_matches(':'),
            "invoke" | "ok" | "fail" | "info"
        )
    })
}

pub(super) fn entries(text: &str, mut room: Room) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            let entry = entry(line.trim_end_matches(['\n', '\r']), at, room)?;
            room.hold(at, Entry::BYTES + entry.fields.bytes())?;
            entries.push(entry);
        }
        at += line.len();
    }
    Ok(entries)
}

fn entry(line: &str, at: usize, room: Room) -> Result<Entry, Fault> {
    if !line.contains('\t') {
        let problem = Problem::NoColumns(brief(line));
        return Err(Fault { at, problem });
    }
    let mut fields = Fields::default();
    let mut from = 0;
    for (name, column) in ["process", "type", "f", "value"]
        .into_iter()
        .zip(line.splitn(5, '\t'))
    {
        let read = match name {
            "process" => {
                Ok(spelt(column, room).unwrap_or_else(|_| (Value::word(column.trim()), None)))
            }
            _ => spelt(column, room),
        };
        let (value, respelt) = read.map_err(|fault| Fault {
            at: at + from + fault.at,
            ..fault
        })?;
        fields.slot(name).map(|slot| slot.replace(value));
        fields.spelt(name, respelt.map(|place| at + from + place));
        from += column.len() + 1;
    }
    Ok(Entry { at, fields })
}

/// Writes a history as Jepsen's `history.txt`. It has no column for keys, so they are written as pairs `[key value]`.
pub fn write_columns(history: &History) -> String {
    let mut text = String::new();
    for (entry, operation) in written(history) {
        let process = operation
            .name()
            .map_or(Value::Int(operation.process.0.into()), Value::text);
        let function = operation.call.function;
        let key = operation.call.key.clone();
        let value = key.map_or_else(
            || entry.value.clone(),
            |key| Value::list([key, entry.value.clone()]),
        );
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{}\t:{}\t:{function}\t{}",
            process.notation(),
            entry.kind,
            value.notation()
        );
    }
    text
}
