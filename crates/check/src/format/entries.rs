//! Entries become a history, and back.

use super::clients::Clients;
use super::clock::Clock;
use super::keys::{Keys, split};
use super::scan::{Fault, Places};
use super::{Document, Keyed, Kind, Problem};
use crate::history::{Call, Ended, Event, Function, History, Operation, Process, Time};
use crate::value::Value;

/// An entry of the text: where it starts, and its fields.
#[derive(Debug)]
pub(super) struct Entry {
    pub at: usize,
    pub fields: Fields,
}

/// The fields of an entry that somebody needs.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub process: Option<Value>,
    kind: Option<Value>,
    function: Option<Value>,
    key: Option<Value>,
    value: Option<Value>,
    time: Option<Value>,
}

impl Fields {
    /// Where the field with this name goes; `None` for one that nobody needs.
    pub fn slot(&mut self, name: &str) -> Option<&mut Option<Value>> {
        Some(match name {
            "process" => &mut self.process,
            "type" => &mut self.kind,
            "f" => &mut self.function,
            "key" => &mut self.key,
            "value" => &mut self.value,
            "time" => &mut self.time,
            _ => return None,
        })
    }

    /// Gives the accounts of a transfer that are texts the name that `renamed` makes of them.
    pub fn rename_accounts(&mut self, renamed: impl Fn(&str) -> Value) {
        let function = self.function.as_ref().and_then(Value::as_name);
        let (Some("transfer"), Some(Value::Map(transfer))) = (function, &mut self.value) else {
            return;
        };
        for account in ["from", "to"] {
            if let Some(account) = transfer.get_mut(&Value::text(account))
                && let Value::Text(name) = account
            {
                *account = renamed(name);
            }
        }
    }

    pub fn is_info(&self) -> bool {
        self.kind.as_ref().and_then(Value::as_name) == Some(Kind::Info.name())
    }
}

/// An entry of a client.
#[derive(Debug)]
pub(super) struct Said {
    pub at: usize,
    process: Process,
    pub kind: Kind,
    pub function: String,
    pub key: Option<Value>,
    pub value: Value,
    time: Option<Value>,
}

impl Said {
    fn new(entry: Entry, process: Process) -> Result<Self, Fault> {
        let Entry { at, fields } = entry;
        let wrong = |field, wanted| Fault {
            at,
            problem: Problem::Field { field, wanted },
        };
        let kind = fields
            .kind
            .as_ref()
            .and_then(Value::as_name)
            .and_then(Kind::of);
        let function = fields.function.as_ref().and_then(Value::as_name);
        Ok(Self {
            at,
            process,
            kind: kind.ok_or_else(|| wrong("type", "invoke, ok, fail or info"))?,
            function: function
                .ok_or_else(|| wrong("f", "the name of a function"))?
                .to_owned(),
            key: fields.key.filter(|key| *key != Value::Nil),
            value: fields.value.unwrap_or_default(),
            time: fields.time.filter(|time| *time != Value::Nil),
        })
    }
}

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
    let mut clock = Clock::of(said.iter().any(|entry| entry.time.is_some()));
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
    let count = idle.len();
    Some(format!(
        "{count} info entries of clients without an open call are left out (the first is on line {line})"
    ))
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

/// Whether the function's value is what it returns, and not what it is called with.
pub(super) fn tells(function: Function) -> bool {
    matches!(function, Function::Read | Function::Dequeue)
}

/// The entries of a history as they are written.
pub(super) fn written(history: &History) -> impl Iterator<Item = (Written<'_>, &Operation)> {
    history.events().iter().filter_map(|&event| {
        let operation = history.get(event.op())?;
        Some((Written::new(event, operation)?, operation))
    })
}

/// What an entry says.
pub(super) struct Written<'a> {
    pub(super) kind: &'static str,
    pub(super) value: &'a Value,
    pub(super) time: Time,
}

impl<'a> Written<'a> {
    fn new(event: Event, operation: &'a Operation) -> Option<Self> {
        let argument = &operation.call.argument;
        let (kind, value, time) = match (event, &operation.ended) {
            (Event::Invoke(_), _) => (Kind::Invoke, argument, operation.invoked),
            (_, Ended::Ok { at, result, .. }) => {
                let told = tells(operation.call.function) || *result != Value::Nil;
                (Kind::Ok, if told { result } else { argument }, *at)
            }
            (_, Ended::Fail { at, .. }) => (Kind::Fail, argument, *at),
            (_, Ended::Info { at, .. }) => (Kind::Info, argument, *at),
            (_, Ended::Open) => return None,
        };
        Some(Self {
            kind: kind.name(),
            value,
            time,
        })
    }
}
