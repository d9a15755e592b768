//! Entries become a history.

use super::clients::Clients;
use super::clock::{Clock, Counted};
use super::document::{Document, Keyed, Problem};
use super::entry::{Entry, Kind, Said};
use super::keys::{Keys, split};
use super::scan::{Fault, Places};
use crate::history::{Call, Function, History, Time};
use crate::quoted::Quoted;
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
    known(&said)?;
    let keys = Keys::of(&said, keyed, text)?;
    let spelling = spelling_note(&said, text);
    let counted = counted(&said, text);
    if let Some(what) = counted {
        history.count(what.name());
    }
    let mut clock = Clock::of(counted);
    let mut places = Places::new(text);
    let mut positions = Vec::new();
    let mut idle = Vec::new();
    for mut entry in said {
        let at = entry.at;
        let position = places.of(at);
        let now = clock.now(entry.time.as_ref(), at, position.line);
        keys.give(&mut entry)?;
        let appended = append(&mut history, entry, now, &keys);
        if appended.map_err(|problem| Fault { at, problem })? {
            positions.push(position);
        } else {
            idle.push(at);
        }
    }
    let mut notes: Vec<String> = clients.note().into_iter().chain(keys.note()).collect();
    notes.extend(clock.note(text));
    notes.extend(idle_note(&idle, text));
    notes.extend(spelling);
    Ok(Document {
        history,
        positions,
        notes,
    })
}

/// What stands for times that tell nothing, because there are none or all are the same.
fn counted(said: &[Said], text: &str) -> Option<Counted> {
    let times: Vec<&Value> = said
        .iter()
        .filter_map(|entry| entry.time.as_ref())
        .collect();
    if times.len() == 1 || times.windows(2).any(|pair| pair[0] != pair[1]) {
        return None;
    }
    let mut places = Places::new(text);
    let lines: Vec<u32> = said.iter().map(|entry| places.of(entry.at).line).collect();
    Some(match lines.is_sorted_by(|a, b| a < b) {
        true => Counted::Lines,
        false => Counted::Entries,
    })
}

/// Whether clients call only what is known. What else is odd may come of it: a transaction looks like a pair.
fn known(said: &[Said]) -> Result<(), Fault> {
    let mut calls = said.iter().filter(|entry| entry.kind == Kind::Invoke);
    calls.try_for_each(|call| {
        let function: Result<Function, _> = call.function.parse();
        let at = call.at;
        function.map(drop).map_err(|unknown| Fault {
            at,
            problem: Problem::Function(unknown),
        })
    })
}

/// Whoever wrote 1.0 or 100M may have meant something else than 1 and 100.
fn spelling_note(said: &[Said], text: &str) -> Option<String> {
    let odd: Vec<usize> = said.iter().filter_map(|entry| entry.respelt).collect();
    let first = *odd.iter().min()?;
    let line = Places::new(text).of(first).line;
    let is_of_it = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let spelt = text[first..].split(|c| !is_of_it(c)).next()?;
    let count = match odd.len() {
        1 => "1 value has a whole number".to_owned(),
        count => format!("{count} values have whole numbers"),
    };
    Some(format!(
        "{count} in another spelling, such as {} on line {line}; numbers of the same size are equal here, so 1.0 and \
         1M are 1",
        Quoted(spelt)
    ))
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
        let argument = if function.tells() {
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
            let told = called.tells() || value != operation.call.argument;
            history.ok(op, if told { value } else { Value::Nil }, now)?;
        }
        Kind::Fail => history.fail(op, now)?,
        Kind::Info | Kind::Invoke => history.info(op, now)?,
    }
    Ok(true)
}
