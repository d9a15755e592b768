//! The clients' history, kept from the facts on record.

use sim::held::{Held, Measure, all_held};
use sim::sorted::Map;
use sim::trace::{Event, Fact, Outcome};
use sim::{EventId, NodeId};

use crate::history::facts::Reading;
use crate::history::{Call, History, OpId, Process, Time};
use crate::value::Value;

/// The clients' history so far, and which events and nodes its entries are from.
#[derive(Clone, Debug)]
pub(super) struct Record {
    reading: Reading,
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
    /// A history in which nothing has happened. `nil` is the value with which a read says that there is nothing.
    pub fn new(nil: i64) -> Record {
        Record {
            reading: Reading { nil: Some(nil) },
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
                let call = self.reading.call(function, key, value);
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
        let called = self.history.get(op).map(|op| op.call.function);
        let result = called.map_or(Value::Nil, |function| self.reading.result(function, value));
        let ended = match outcome {
            Outcome::Ok => self.history.ok(op, result, at),
            Outcome::Fail => self.history.fail(op, at),
            Outcome::Unknown => self.history.info(op, at),
        };
        ended.is_ok()
    }
}
