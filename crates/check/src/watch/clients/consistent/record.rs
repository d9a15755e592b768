//! The clients' history, kept from the facts on record.

use sim::held::{Held, Measure, all_held};
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
    /// The processes that each node calls as: several if it calls again before its last call has ended.
    processes: Map<NodeId, Vec<Process>>,
    /// The number of each of the history's operations in the run.
    numbers: Vec<u32>,
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
            processes: Map::new(),
            numbers: Vec::new(),
            open: Map::new(),
            ended: 0,
        }
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.history.held(by)
            + self.events.held(by)
            + self.clients.held(by)
            + self.processes.held(by)
            + all_held(self.processes.values(), by)
            + self.numbers.held(by)
            + self.open.held(by)
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

    /// The number of an operation in the run.
    pub fn number(&self, op: OpId) -> Option<u32> {
        self.numbers.get(op.index()).copied()
    }

    fn invoked(&mut self, operation: u32, node: NodeId, call: Call, at: Time) -> bool {
        let process = self.process(node);
        let Ok(op) = self.history.invoke(process, call, at) else {
            return false;
        };
        self.clients.push(node);
        self.numbers.push(operation);
        self.open.insert(operation, op).is_none()
    }

    /// The first of a node's processes that has no open call; a new one if all have.
    fn process(&mut self, node: NodeId) -> Process {
        let history = &self.history;
        let processes = self.processes.entry(node).or_default();
        let mut free = processes.iter().filter(|own| history.open(**own).is_none());
        free.next().copied().unwrap_or_else(|| {
            let process = match processes.is_empty() {
                true => Process(u32::from(node.0)),
                // Beyond all numbers of nodes.
                false => Process((1 << 16) + history.operations().len() as u32),
            };
            processes.push(process);
            process
        })
    }

    fn returned(&mut self, operation: u32, outcome: Outcome, value: i64, at: Time) -> bool {
        let Some(op) = self.open.remove(&operation) else {
            return false;
        };
        self.ended += 1;
        let result = match self.history.get(op).map(|op| op.call.function) {
            Some(history::Function::Read) => self.value(value),
            Some(history::Function::Cas) => Value::Bool(value != 0),
            _ => Value::Nil,
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
            Function::CompareAndSet => {
                let (expected, new) = (self.value(value >> 32), self.value(value & 0xffff_ffff));
                (history::Function::Cas, Value::pair(expected, new))
            }
            Function::Pay | Function::Request => return None,
        };
        Some(Call::on(key, function, argument))
    }
}
