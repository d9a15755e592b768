//! Entries become a history.

use super::clients::Clients;
use super::clock::Clock;
use super::document::{Document, Keyed, Problem};
use super::entry::{Entry, Kind, Said, tells};
use super::keys::{Keys, split};
use super::scan::{Fault, Places};
use crate::history::{Call, Function, History, Time};
use crate::value::Value;

/// Builds the history, in the order of the entries.
pub(super) fn assemble(text: &str, entries: Vec<Entry>, keyed: Keyed) -> Result<Document, Fault> {
    let clients = Clients::of(&entries)?;
    let mut history = History::new();
    clients.name_in(&mut history);
    let said = entries.into_iter().filter_map(|entry| {
        let process = clients.number(entry.fields.process.as_ref()?)?;
        Some(Said::new(entry, process))
    });
    let said: Vec<Said> = said.collect::<Result<_, _>>()?;
    let keys = Keys::of(&said, keyed, text)?;
    let is_timed = said.iter().any(|entry| entry.time.is_some());
    if !is_timed {
        history.count_entries();
    }
    let mut clock = Clock::of(is_timed);
    let mut places = Places::new(text);
    let mut positions = Vec::new();
    let mut idle = Vec::new();
    for mut entry in said {
        let at = entry.at;
        let now = clock.now(entry.time.as_ref(), at);
        keys.give(&mut entry)?;
        let appended = append(&mut history, entry, now, &keys);
        if appended.map_err(|problem| Fault { at, problem })? {
            positions.push(places.of(at));
        } else {
            idle.push(at);
        }
    }
    let mut notes: Vec<String> = clients.note().into_iter().chain(keys.note()).collect();
    notes.extend(clock.note(text));
    notes.extend(idle_note(&idle, text));
    Ok(Document {
        history,
        positions,
        notes,
    })
}

/// Jepsen logs what clients do besides their calls as info entries.
fn idle_note(idle: &[usize], text: &str) -> Option<String> {
    let line = Places::new(text).of(*idle.first()?).line;
    let told = match idle.len() {
        1 => "1 info entry of a client without an open call is".to_owned(),
        count => format!("{count} info entries of clients without an open call are"),
    };
    Some(format!("{told} left out (the first is on line {line})"))
}

/// Appends an entry. Returns whether it is part of the history.
fn append(history: &mut History, entry: Said, now: Time, keys: &Keys) -> Result<bool, Problem> {
    let open = history.open(entry.process).and_then(|op| history.get(op));
    if entry.kind == Kind::Invoke {
        if let Some(open) = open {
            return Err(Problem::StillOpen(open.client()));
        }
        let function: Function = entry.function.parse()?;
        let argument = if tells(function) {
            Value::Nil
        } else {
            entry.value
        };
        let call = Call {
            function,
            key: entry.key,
            argument,
        };
        history.invoke(entry.process, call, now)?;
        return Ok(true);
    }
    let Some(operation) = open else {
        return match entry.kind {
            Kind::Info => Ok(false),
            _ => Err(Problem::NotOpen(history.client(entry.process))),
        };
    };
    let op = operation.id;
    let called = operation.call.function;
    if entry.function.parse() != Ok(called) {
        return Err(Problem::OtherFunction {
            called,
            ended: entry.function,
        });
    }
    let (key, value) = split(entry.key, entry.value, keys);
    if let (Some(ended), own) = (key, &operation.call.key)
        && own.as_ref() != Some(&ended)
    {
        let called = own.clone().unwrap_or_default();
        return Err(Problem::OtherKey { called, ended });
    }
    match entry.kind {
        Kind::Ok => {
            let told = tells(called) || value != operation.call.argument;
            history.ok(op, if told { value } else { Value::Nil }, now)?;
        }
        Kind::Fail => history.fail(op, now)?,
        Kind::Info | Kind::Invoke => history.info(op, now)?,
    }
    Ok(true)
}
