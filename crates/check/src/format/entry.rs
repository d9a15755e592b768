//! One entry of a history, as it is read and as it is written.

use super::document::Problem;
use super::scan::Fault;
use crate::history::{Ended, Event, Function, History, Operation, Process, Time};
use crate::value::Value;
use std::sync::Arc;

/// What an entry tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Invoke,
    Ok,
    Fail,
    Info,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Invoke => "invoke",
            Self::Ok => "ok",
            Self::Fail => "fail",
            Self::Info => "info",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::Invoke, Self::Ok, Self::Fail, Self::Info]
            .into_iter()
            .find(|k| k.name() == name)
    }
}

/// An entry of the text: where it starts, and its fields.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it starts: a byte of the text.
    pub at: usize,
    /// Its fields.
    pub fields: Fields,
}

impl Entry {
    /// What an entry takes on its way into a history, without its values.
    pub const BYTES: usize = size_of::<Self>() + size_of::<Said>() + size_of::<Operation>() / 2;
}

/// The fields of an entry that somebody needs.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// Who says it: a number or a name.
    pub process: Option<Value>,
    kind: Option<Value>,
    function: Option<Value>,
    key: Option<Value>,
    value: Option<Value>,
    time: Option<Value>,
    /// Where a number in the key or the value is spelt as it is not written back: a byte of the text.
    pub respelt: Option<usize>,
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

    /// About how many bytes its values take on the heap.
    pub fn bytes(&self) -> usize {
        let all = [&self.process, &self.function, &self.key, &self.value];
        all.into_iter().flatten().map(Value::bytes).sum()
    }

    /// The field with this name has been read, with an odd spelling of a number there.
    pub fn spelt(&mut self, name: &str, odd: Option<usize>) {
        if matches!(name, "key" | "value") {
            self.respelt = self.respelt.or(odd);
        }
    }

    /// Gives the accounts of a transfer that are texts the name that `renamed` makes of them.
    pub fn rename_accounts(&mut self, renamed: impl Fn(&str) -> Value) {
        let function = self.function.as_ref().and_then(Value::as_name);
        let (Some("transfer"), Some(Value::Map(transfer))) = (function, &mut self.value) else {
            return;
        };
        for account in ["from", "to"] {
            if let Some(account) = Arc::make_mut(transfer).get_mut(&Value::text(account))
                && let Value::Text(name) = account
            {
                *account = renamed(name);
            }
        }
    }

    /// The name of its function, if it has one.
    pub fn function(&self) -> Option<&str> {
        self.function.as_ref().and_then(Value::as_name)
    }

    /// Whether its function is one that clients call.
    pub fn is_known(&self) -> bool {
        let function = self.function();
        function.is_none_or(|function| function.parse::<Function>().is_ok())
    }

    /// Whether its type is `info`: the outcome of a call is unknown, or it is not about a call.
    pub fn is_info(&self) -> bool {
        self.kind.as_ref().and_then(Value::as_name) == Some(Kind::Info.name())
    }
}

/// An entry of a client.
#[derive(Debug)]
pub(super) struct Said {
    /// Where its entry starts: a byte of the text.
    pub at: usize,
    /// The process that says it.
    pub process: Process,
    /// What it says of the call.
    pub kind: Kind,
    /// The name of the function that is called.
    pub function: String,
    /// The object that is called; nothing if the entry names none, or `nil`.
    pub key: Option<Value>,
    /// The argument of a call, or the result of a return.
    pub value: Value,
    /// The time that the entry gives, as it is written.
    pub time: Option<Value>,
    /// Where a number in its key or value is spelt as it is not written back.
    pub respelt: Option<usize>,
}

/// That a field of the entry at `at` is missing, or is not what is wanted.
pub(super) fn unfit(
    at: usize,
    field: &'static str,
    wanted: &'static str,
    found: Option<&Value>,
) -> Fault {
    let problem = match found {
        None => Problem::Missing { field, wanted },
        Some(found) => Problem::Field {
            field,
            wanted,
            found: found.clone(),
        },
    };
    Fault { at, problem }
}

/// Why an entry must have a value, if it must: nil would have to be written.
fn needs_a_value(kind: Kind, function: &str) -> Option<String> {
    let called: Function = function.parse().ok()?;
    let is_lock = matches!(called, Function::Acquire | Function::Release);
    match kind {
        Kind::Invoke if !called.tells() && !is_lock => Some(format!(
            "a call of `{function}` says what it is called with"
        )),
        Kind::Ok if called.tells() => Some(format!(
            "a `{function}` that ended ok says what it returned"
        )),
        _ => None,
    }
}

impl Said {
    /// The entry as one of `process`. An error names a `type` or `f` that is missing or wrong.
    pub fn new(entry: Entry, process: Process) -> Result<Self, Fault> {
        let Entry { at, fields } = entry;
        let kind = fields.kind.as_ref().and_then(Value::as_name);
        let kind = kind
            .and_then(Kind::of)
            .ok_or_else(|| unfit(at, "type", "invoke, ok, fail or info", fields.kind.as_ref()))?;
        let function = fields.function.as_ref().and_then(Value::as_name);
        let function = function
            .ok_or_else(|| unfit(at, "f", "the name of a function", fields.function.as_ref()))?;
        if fields.value.is_none()
            && let Some(why) = needs_a_value(kind, function)
        {
            let problem = Problem::NoValue(why);
            return Err(Fault { at, problem });
        }
        Ok(Self {
            at,
            process,
            kind,
            function: function.to_owned(),
            key: fields.key.filter(|key| *key != Value::Nil),
            value: fields.value.unwrap_or_default(),
            time: fields.time.filter(|time| *time != Value::Nil),
            respelt: fields.respelt,
        })
    }
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
                let told = operation.call.function.tells() || *result != Value::Nil;
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
