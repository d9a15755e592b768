//! Histories: what the clients called, what they were told, and when.
//!
//! A [`History`] is appended to as a run goes on: [`invoke`](History::invoke), then one of
//! [`ok`](History::ok), [`fail`](History::fail) and [`info`](History::info). An operation that
//! never returns, or returns *info*, stays open to the end: it may have taken effect, may take
//! effect later, or never will.
//!
//! | module | its subject |
//! | --- | --- |
//! | `operation` | one operation: a call, and how it ended |
//! | [`facts`] | what the facts of a run say, as calls and results |

pub mod facts;
mod operation;

pub use operation::{Call, Ended, Function, OpId, Operation, Process, Time, UnknownFunction};

use crate::quoted::Quoted;
use crate::value::Value;
use sim::held::{Held, Measure};
use sim::sorted::Map;
use std::sync::Arc;

/// One entry of a history, in the order in which they happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A client called.
    Invoke(OpId),
    /// A client was told how its call ended; [`Operation::ended`] says how.
    Return(OpId),
}

impl Event {
    /// The operation that the entry is about.
    pub fn op(self) -> OpId {
        match self {
            Self::Invoke(op) | Self::Return(op) => op,
        }
    }
}

/// Why an entry does not fit the history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// A process calls while its last call is still open.
    #[error("process {0} calls again before its last call has ended")]
    StillOpen(Process),
    /// A process is told the end of a call it did not make.
    #[error("process {0} has no open call")]
    NotOpen(Process),
    /// An operation ends twice, or was never invoked.
    #[error("operation {0} is not open")]
    Ended(OpId),
    /// Time runs backwards.
    #[error("time runs backwards: {now} after {last}")]
    Backwards {
        /// The entry's time.
        now: Time,
        /// The time of the entry before it.
        last: Time,
    },
    /// There are more entries than `u32` can number.
    #[error("the history has too many entries")]
    Full,
}

/// The clients' operations of one run, in true time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    operations: Vec<Operation>,
    events: Vec<Event>,
    open: Map<Process, OpId>,
    names: Map<Process, Arc<str>>,
    last: Time,
    /// What times count, if they are no times: entries or lines, from 1.
    counted: Option<&'static str>,
}

impl History {
    /// Bytes that it takes on the heap, without those of values. The values of a run are whole numbers, and take none.
    pub fn held(&self, by: Measure) -> usize {
        self.operations.held(by) + self.events.held(by) + self.open.held(by) + self.names.held(by)
    }

    /// A history without operations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives a process a name, for the operations that it has yet to call.
    pub fn name(&mut self, process: Process, name: &str) {
        self.names.insert(process, name.into());
    }

    /// Nobody knows when its entries were made: their times count what has this name, from 1.
    pub fn count(&mut self, what: &'static str) {
        self.counted = Some(what);
    }

    /// A time in words: *0.006000 s*, or *line 7* where times count lines.
    pub fn moment(&self, at: Time) -> String {
        match self.counted {
            None => at.to_string(),
            Some(what) => format!("{what} {}", at.0),
        }
    }

    /// A process in words: by its name, if it has one.
    pub fn client(&self, process: Process) -> String {
        match self.names.get(&process) {
            Some(name) => format!("process {}", Quoted(name)),
            None => format!("process {process}"),
        }
    }

    /// A client calls at `at`.
    ///
    /// # Errors
    /// If the process has an open call, or time runs backwards.
    pub fn invoke(&mut self, process: Process, call: Call, at: Time) -> Result<OpId, HistoryError> {
        self.check_time(at)?;
        if self.open.contains_key(&process) {
            return Err(HistoryError::StillOpen(process));
        }
        let id = u32::try_from(self.operations.len()).map_err(|_| HistoryError::Full)?;
        let event = self.next_event()?;
        let op = OpId(id);
        self.operations.push(Operation {
            id: op,
            process,
            name: self.names.get(&process).cloned(),
            call,
            invoked: at,
            invoke_event: event,
            ended: Ended::Open,
        });
        self.open.insert(process, op);
        self.push(Event::Invoke(op), at);
        Ok(op)
    }

    /// The client is told that `op` took effect, with this result.
    ///
    /// # Errors
    /// If the operation is not open, or time runs backwards.
    pub fn ok(&mut self, op: OpId, result: Value, at: Time) -> Result<(), HistoryError> {
        self.end(op, at, |event| Ended::Ok { at, event, result })
    }

    /// The client is told that `op` certainly took no effect.
    ///
    /// # Errors
    /// If the operation is not open, or time runs backwards.
    pub fn fail(&mut self, op: OpId, at: Time) -> Result<(), HistoryError> {
        self.end(op, at, |event| Ended::Fail { at, event })
    }

    /// The client gives up on `op` without knowing whether it took effect.
    ///
    /// # Errors
    /// If the operation is not open, or time runs backwards.
    pub fn info(&mut self, op: OpId, at: Time) -> Result<(), HistoryError> {
        self.end(op, at, |event| Ended::Info { at, event })
    }

    /// The open call of a process.
    pub fn open(&self, process: Process) -> Option<OpId> {
        self.open.get(&process).copied()
    }

    /// All operations, in the order of their invocation.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// An operation by its id.
    pub fn get(&self, op: OpId) -> Option<&Operation> {
        self.operations.get(op.index())
    }

    /// All entries, in the order in which they happened.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The time of the last entry.
    pub fn last(&self) -> Time {
        self.last
    }

    /// The true time of the entry with this number.
    pub fn time_of(&self, event: u32) -> Option<Time> {
        let event = *self.events.get(event as usize)?;
        let operation = self.get(event.op())?;
        match event {
            Event::Invoke(_) => Some(operation.invoked),
            Event::Return(_) => operation.ended.at(),
        }
    }

    /// The history as it was after its first `events` entries.
    pub fn prefix(&self, events: u32) -> Self {
        let events = &self.events[..(events as usize).min(self.events.len())];
        let mut prefix = Self {
            counted: self.counted,
            ..Self::new()
        };
        for (number, event) in (0..).zip(events) {
            prefix.copy_event(self, *event, number);
        }
        prefix
    }

    /// The operations by key; operations without a key are one group.
    pub fn by_key(&self) -> Map<Option<&Value>, Vec<&Operation>> {
        let mut keys: Map<_, Vec<_>> = Map::new();
        for operation in &self.operations {
            keys.entry(operation.call.key.as_ref())
                .or_default()
                .push(operation);
        }
        keys
    }

    fn copy_event(&mut self, from: &Self, event: Event, number: u32) {
        let original = &from.operations[event.op().index()];
        match event {
            Event::Invoke(op) => {
                self.operations.push(Operation {
                    ended: Ended::Open,
                    ..original.clone()
                });
                self.open.insert(original.process, op);
            }
            Event::Return(op) => {
                self.operations[op.index()].ended = original.ended.clone();
                self.open.remove(&original.process);
            }
        }
        self.events.push(event);
        self.last = from.time_of(number).unwrap_or(self.last);
    }

    fn end(
        &mut self,
        op: OpId,
        at: Time,
        ended: impl FnOnce(u32) -> Ended,
    ) -> Result<(), HistoryError> {
        self.check_time(at)?;
        let event = self.next_event()?;
        let operation = self
            .operations
            .get_mut(op.index())
            .ok_or(HistoryError::Ended(op))?;
        if operation.ended != Ended::Open {
            return Err(HistoryError::Ended(op));
        }
        operation.ended = ended(event);
        self.open.remove(&operation.process);
        self.push(Event::Return(op), at);
        Ok(())
    }

    fn check_time(&self, now: Time) -> Result<(), HistoryError> {
        if now < self.last {
            return Err(HistoryError::Backwards {
                now,
                last: self.last,
            });
        }
        Ok(())
    }

    fn next_event(&self) -> Result<u32, HistoryError> {
        u32::try_from(self.events.len()).map_err(|_| HistoryError::Full)
    }

    fn push(&mut self, event: Event, at: Time) {
        self.events.push(event);
        self.last = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read() -> Call {
        Call::new(Function::Read, Value::Nil)
    }

    #[test]
    fn an_operation_is_open_until_it_ends_and_ends_once() {
        let mut history = History::new();
        let op = history.invoke(Process(1), read(), Time(5)).unwrap();
        assert_eq!(history.open(Process(1)), Some(op));
        assert_eq!(
            history.invoke(Process(1), read(), Time(6)),
            Err(HistoryError::StillOpen(Process(1)))
        );
        history.ok(op, Value::Int(1), Time(7)).unwrap();
        assert_eq!(history.open(Process(1)), None);
        assert_eq!(history.info(op, Time(8)), Err(HistoryError::Ended(op)));
        assert_eq!(history.time_of(1), Some(Time(7)));
    }

    #[test]
    fn time_does_not_run_backwards() {
        let mut history = History::new();
        let op = history.invoke(Process(1), read(), Time(5)).unwrap();
        let error = HistoryError::Backwards {
            now: Time(4),
            last: Time(5),
        };
        assert_eq!(history.fail(op, Time(4)), Err(error));
        history.fail(op, Time(5)).unwrap();
    }

    #[test]
    fn a_prefix_reopens_what_had_not_returned() {
        let mut history = History::new();
        let a = history.invoke(Process(1), read(), Time(1)).unwrap();
        let b = history.invoke(Process(2), read(), Time(2)).unwrap();
        history.ok(b, Value::Nil, Time(3)).unwrap();
        let whole = history.clone();
        history.ok(a, Value::Nil, Time(4)).unwrap();
        assert_eq!(history.prefix(3), whole);
        assert_eq!(history.prefix(4), history);
    }
}
