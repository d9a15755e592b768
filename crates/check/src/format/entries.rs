//! Entries become a history, and back.

use super::{Document, Entry, Keyed, Kind, Position, Problem, ReadError};
use crate::history::{Call, Ended, Event, Function, History, Operation, Process, Time};
use crate::value::Value;

/// The map of an entry, field by field; `None` for an entry that is not a client's.
pub(super) fn entry(
    at: Position,
    mut field: impl FnMut(&str) -> Result<Option<Value>, ReadError>,
) -> Result<Option<Entry>, ReadError> {
    let wrong = |field, wanted| ReadError {
        at,
        problem: Problem::Field { field, wanted },
    };
    let process = match field("process")? {
        Some(Value::Int(number)) => u32::try_from(number)
            .map_err(|_| wrong("process", "a number from 0, below 4294967296"))?,
        Some(Value::Text(_)) => return Ok(None),
        _ => {
            return Err(wrong(
                "process",
                "a number, or the name of what is not a client",
            ));
        }
    };
    let kind = match field("type")? {
        Some(Value::Text(name)) => Kind::of(&name),
        _ => None,
    };
    let function = match field("f")? {
        Some(Value::Text(name)) => name,
        _ => return Err(wrong("f", "the name of a function")),
    };
    let time = match field("time")? {
        None | Some(Value::Nil) => None,
        Some(Value::Int(time)) => {
            Some(u64::try_from(time).map_err(|_| wrong("time", "nanoseconds from 0"))?)
        }
        Some(_) => return Err(wrong("time", "a whole number of nanoseconds")),
    };
    Ok(Some(Entry {
        at,
        process,
        kind: kind.ok_or_else(|| wrong("type", "invoke, ok, fail or info"))?,
        function,
        key: field("key")?.filter(|key| *key != Value::Nil),
        value: field("value")?.unwrap_or_default(),
        time,
    }))
}

/// Builds the history. Entries without a time get the time of the one before, or, where none has
/// one, their number.
pub(super) fn assemble(entries: Vec<Entry>, keyed: Keyed) -> Result<Document, ReadError> {
    if entries.is_empty() {
        return Err(ReadError {
            at: Position { line: 1, column: 1 },
            problem: Problem::Empty,
        });
    }
    let pairs = match keyed {
        Keyed::Pairs => true,
        Keyed::Plain => false,
        Keyed::Detect => are_pairs(&entries),
    };
    let timed = entries.iter().any(|entry| entry.time.is_some());
    let mut document = Document {
        history: History::new(),
        positions: Vec::new(),
    };
    for (number, mut entry) in (0..).zip(entries) {
        let last = document.history.last();
        let now = if timed {
            entry.time.map_or(last, Time)
        } else {
            Time(number)
        };
        if pairs
            && let Value::List(pair) = &entry.value
            && let [key, value] = pair.as_slice()
        {
            (entry.key, entry.value) = (Some(key.clone()), value.clone());
        }
        let at = entry.at;
        let problem = |problem| ReadError { at, problem };
        if append(&mut document.history, entry, now).map_err(problem)? {
            document.positions.push(at);
        }
    }
    Ok(document)
}

fn are_pairs(entries: &[Entry]) -> bool {
    let mut invoked = entries
        .iter()
        .filter(|entry| entry.kind == Kind::Invoke)
        .peekable();
    invoked.peek().is_some()
        && invoked.all(|entry| {
            let pair = entry.value.as_pair();
            entry.key.is_none()
                && pair.is_some_and(|(_, value)| {
                    entry.function != Function::Cas.name() || value.as_pair().is_some()
                })
        })
}

/// Appends an entry. Returns whether it is part of the history.
fn append(history: &mut History, entry: Entry, now: Time) -> Result<bool, Problem> {
    let process = Process(entry.process);
    if entry.kind == Kind::Invoke {
        let function: Function = entry.function.parse()?;
        let argument = if tells(function) {
            Value::Nil
        } else {
            entry.value
        };
        history.invoke(
            process,
            Call {
                function,
                key: entry.key,
                argument,
            },
            now,
        )?;
        return Ok(true);
    }
    let open = history.open(process).and_then(|op| history.get(op));
    let Some(operation) = open else {
        // Jepsen logs what clients do besides their calls as info entries.
        return match entry.kind {
            Kind::Info => Ok(false),
            _ => Err(crate::history::HistoryError::NotOpen(process).into()),
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
    match entry.kind {
        Kind::Ok => {
            let told = tells(called) || entry.value != operation.call.argument;
            let result = if told { entry.value } else { Value::Nil };
            history.ok(op, result, now)?;
        }
        Kind::Fail => history.fail(op, now)?,
        Kind::Info | Kind::Invoke => history.info(op, now)?,
    }
    Ok(true)
}

/// Whether the function's value is what it returns, and not what it is called with.
fn tells(function: Function) -> bool {
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
