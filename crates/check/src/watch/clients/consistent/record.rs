//! The clients' history, kept from the facts on record.

use sim::sorted::Map;
use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, NodeId};

use crate::history::{self, Call, History, OpId, Process, Time};
use crate::value::Value;

/// The clients' history so far, and which events and nodes its entries are from.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// The value with which a read says that there is nothing.
    nil: i64,
    /// The operations of all clients, as the checkers read them.
    pub history: History,
    /// The event of each of the history's entries.
    events: Vec<EventId>,
    /// The node that asked for each of the history's operations.
    clients: Vec<NodeId>,
    /// What each open operation of the run is in the history.
    open: Map<u32, OpId>,
    /// How many operations have ended.
    pub ended: u32,
}

impl Record {
    /// A history in which nothing has happened.
    pub fn new(nil: i64) -> Record {
        Record {
            nil,
            history: History::new(),
            events: Vec::new(),
            clients: Vec::new(),
            open: Map::new(),
            ended: 0,
        }
    }

    /// Takes in an event. Whether it is an entry of the history.
    pub fn observe(&mut self, id: EventId, event: &Event) -> bool {
        let at = Time(event.time.as_nanos());
        let is_entry = match event.fact() {
            Some(Fact::Invoked {
                operation,
                function,
                key,
                value,
            }) => {
                let call = self.call(function, key, value);
                call.is_some_and(|call| self.invoked(operation, event.node, call, at))
            }
            Some(Fact::Returned {
                operation,
                outcome,
                value,
            }) => self.returned(operation, outcome, value, at),
            _ => false,
        };
        if is_entry {
            self.events.push(id);
        }
        is_entry
    }

    /// The events of an operation: its invocation, and its return if there was one.
    pub fn events_of(&self, op: OpId) -> impl Iterator<Item = EventId> {
        let operation = self.history.get(op);
        let entries = operation
            .into_iter()
            .flat_map(|op| [Some(op.invoke_event), op.ended.event()]);
        entries
            .flatten()
            .filter_map(|entry| self.events.get(entry as usize).copied())
    }

    /// The node that asked for an operation.
    pub fn client(&self, op: OpId) -> Option<NodeId> {
        self.clients.get(op.index()).copied()
    }

    fn invoked(&mut self, operation: u32, node: NodeId, call: Call, at: Time) -> bool {
        let client = Process(u32::from(node.0));
        let process = match self.history.open(client) {
            None => client,
            // Beyond all numbers of nodes.
            Some(_) => Process((1 << 16) + self.history.operations().len() as u32),
        };
        let Ok(op) = self.history.invoke(process, call, at) else {
            return false;
        };
        self.clients.push(node);
        self.open.insert(operation, op).is_none()
    }

    fn returned(&mut self, operation: u32, outcome: Outcome, value: i64, at: Time) -> bool {
        let Some(op) = self.open.remove(&operation) else {
            return false;
        };
        self.ended += 1;
        let function = self.history.get(op).map(|op| op.call.function);
        let result = if function == Some(history::Function::Read) {
            self.value(value)
        } else {
            Value::Nil
        };
        let ended = match outcome {
            Outcome::Ok => self.history.ok(op, result, at),
            Outcome::Fail => self.history.fail(op, at),
            Outcome::Unknown => self.history.info(op, at),
        };
        ended.is_ok()
    }

    fn value(&self, value: i64) -> Value {
        if value == self.nil {
            Value::Nil
        } else {
            Value::Int(value)
        }
    }

    fn call(&self, function: Function, key: i64, value: i64) -> Option<Call> {
        let (function, argument) = match function {
            Function::Read => (history::Function::Read, Value::Nil),
            Function::Write => (history::Function::Write, self.value(value)),
            Function::Append => (history::Function::Append, Value::Int(value)),
            Function::Add => (history::Function::Add, Value::Int(value)),
            Function::Acquire => (history::Function::Acquire, Value::Nil),
            Function::Release => (history::Function::Release, Value::Nil),
            Function::Pay | Function::Request => return None,
        };
        Some(Call::on(key, function, argument))
    }
}
