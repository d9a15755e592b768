//! The state machine: registers under keys, and what each client asked for last.

use sim::NodeId;
use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::Function;

use crate::parts::caller::Request;

/// What the entries up to a place lead to.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Machine {
    /// The place of the last entry that it has taken in.
    pub applied: u32,
    registers: Map<i64, i64>,
    /// The last operation of each client, and its answer (section 6.3). A client has one operation under way at a time, and
    /// its numbers grow, so its last one is enough.
    sessions: Map<NodeId, Answered>,
}

/// An operation, and what it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answered {
    /// The operation's number.
    pub operation: u32,
    /// Its answer.
    pub value: i64,
}

/// A piece of a machine's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// What is under a key.
    Register(i64, i64),
    /// The last operation of a client.
    Session(NodeId, Answered),
}

/// A compare-and-set's argument: the value that it expects, and the one that it writes.
pub(super) fn expected_and_new(value: i64) -> (i64, i64) {
    (value >> 32, value & 0xffff_ffff)
}

impl Machine {
    /// The machine of a snapshot.
    pub fn of(index: u32, items: &[Item]) -> Machine {
        let mut machine = Machine {
            applied: index,
            ..Machine::default()
        };
        for item in items {
            match *item {
                Item::Register(key, value) => {
                    machine.registers.insert(key, value);
                }
                Item::Session(client, last) => {
                    machine.sessions.insert(client, last);
                }
            }
        }
        machine
    }

    /// Its registers as pieces of a snapshot.
    pub fn registers(&self) -> impl Iterator<Item = Item> {
        let registers = self.registers.iter();
        registers.map(|(key, value)| Item::Register(*key, *value))
    }

    /// Its sessions as pieces of a snapshot.
    pub fn sessions(&self) -> impl Iterator<Item = Item> {
        let sessions = self.sessions.iter();
        sessions.map(|(client, last)| Item::Session(*client, *last))
    }

    /// What is under a key; 0 if nothing is.
    pub fn read(&self, key: i64) -> i64 {
        self.registers.get(&key).copied().unwrap_or(0)
    }

    /// The last operation of a client.
    pub fn last_of(&self, client: NodeId) -> Option<Answered> {
        self.sessions.get(&client).copied()
    }

    /// Does what a client asks for. The answer.
    pub fn apply(&mut self, client: NodeId, request: Request) -> i64 {
        let value = match request.function {
            Function::CompareAndSet => {
                let (expected, new) = expected_and_new(request.value);
                let is_met = self.read(request.key) == expected;
                if is_met {
                    self.registers.insert(request.key, new);
                }
                i64::from(is_met)
            }
            _ => {
                self.registers.insert(request.key, request.value);
                0
            }
        };
        let operation = request.operation;
        self.sessions.insert(client, Answered { operation, value });
        value
    }

    pub fn held(&self, by: Measure) -> usize {
        self.registers.held(by) + self.sessions.held(by)
    }
}
