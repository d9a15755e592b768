//! A `drain` takes items until its queue is empty: it is a `dequeue` for each item that it returned.

use super::{Document, Position};
use crate::consistency::budget::Unknown;
use crate::history::{Call, Ended, Event, Function, History, HistoryError, Operation, Process};
use crate::model::{BadOperation, Misfit};
use crate::value::Value;

/// What is known of when the items of a drain were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// In true time: each between the call of the drain and its end. A history has no way to say that one came after the
    /// other within that time, so each is taken by a process of its own.
    InTime,
    /// One after the other, in the order of the process that drained.
    InTurn,
}

/// Why a drain is no sequence of dequeues.
#[derive(Debug)]
pub(crate) enum Undrained {
    /// Its result is no list of items.
    Misfit(BadOperation),
    /// Nobody knows what it took.
    Unknown(Unknown),
}

/// The items that a drain returned; none if it failed.
fn items(drain: &Operation) -> Result<&[Value], Undrained> {
    let result = match &drain.ended {
        Ended::Fail { .. } => return Ok(&[]),
        Ended::Ok { result, .. } => result,
        Ended::Open | Ended::Info { .. } => {
            let because = format!("{drain}: nobody knows how many items it took");
            return Err(Undrained::Unknown(Unknown::Premise(because)));
        }
    };
    match result.bare() {
        Value::List(items) if !items.contains(&Value::Nil) => Ok(items),
        _ => Err(Undrained::Misfit(BadOperation {
            op: drain.id,
            misfit: Misfit::Result {
                function: Function::Drain,
                wanted: "a list of items",
                found: result.clone(),
            },
        })),
    }
}

/// The document with dequeues for drains; each is at the place in the text of its drain's entry.
pub(crate) fn without_drains(document: &Document, taken: Taken) -> Result<Document, Undrained> {
    let operations = document.history.operations();
    let last = operations.iter().map(|op| op.process.0).max();
    let mut copy = Copy {
        history: document.history.prefix(0),
        positions: Vec::new(),
        taken,
        free: last.map_or(0, |last| last + 1),
        takers: vec![0; operations.len()],
    };
    for (number, &event) in (0..).zip(document.history.events()) {
        let operation = &operations[event.op().index()];
        let position = document.positions[number as usize];
        let copied = if operation.call.function == Function::Drain {
            copy.drain(operation, items(operation)?, event, position)
        } else {
            copy.same(operation, event, position)
        };
        copied.expect("a copy fits as the original did");
    }
    Ok(Document {
        history: copy.history,
        positions: copy.positions,
        notes: document.notes.clone(),
    })
}

struct Copy {
    history: History,
    positions: Vec<Position>,
    taken: Taken,
    /// The first process that has no operation.
    free: u32,
    /// For each drain, the first of the processes that take its items.
    takers: Vec<u32>,
}

impl Copy {
    fn same(
        &mut self,
        original: &Operation,
        event: Event,
        position: Position,
    ) -> Result<(), HistoryError> {
        self.positions.push(position);
        let process = original.process;
        if let Event::Invoke(_) = event {
            self.name(process, original);
            let call = original.call.clone();
            return self
                .history
                .invoke(process, call, original.invoked)
                .map(drop);
        }
        let op = self
            .history
            .open(process)
            .ok_or(HistoryError::NotOpen(process))?;
        match &original.ended {
            Ended::Ok { at, result, .. } => self.history.ok(op, result.clone(), *at),
            Ended::Fail { at, .. } => self.history.fail(op, *at),
            Ended::Info { at, .. } => self.history.info(op, *at),
            Ended::Open => Ok(()),
        }
    }

    fn drain(
        &mut self,
        drain: &Operation,
        items: &[Value],
        event: Event,
        position: Position,
    ) -> Result<(), HistoryError> {
        let begins = event == Event::Invoke(drain.id);
        if begins && self.taken == Taken::InTime {
            self.takers[drain.id.index()] = self.free;
            self.free += items.len() as u32;
        }
        for (place, item) in (0..).zip(items) {
            let process = match self.taken {
                Taken::InTurn => drain.process,
                Taken::InTime => Process(self.takers[drain.id.index()] + place),
            };
            if begins == (self.taken == Taken::InTime) {
                let at = if begins {
                    Some(drain.invoked)
                } else {
                    drain.ended.at()
                };
                let call = Call {
                    function: Function::Dequeue,
                    key: drain.call.key.clone(),
                    argument: Value::Nil,
                };
                self.name(process, drain);
                self.history.invoke(process, call, at.unwrap_or_default())?;
                self.positions.push(position);
            }
            if !begins {
                let op = self
                    .history
                    .open(process)
                    .ok_or(HistoryError::NotOpen(process))?;
                let at = drain.ended.at().unwrap_or_default();
                self.history.ok(op, item.clone(), at)?;
                self.positions.push(position);
            }
        }
        Ok(())
    }

    /// Whoever takes an item for another process is told of by that one's name.
    fn name(&mut self, process: Process, of: &Operation) {
        let number = of.process.to_string();
        match of.name() {
            Some(name) => self.history.name(process, name),
            None if process != of.process => self.history.name(process, &number),
            None => {}
        }
    }
}
