//! Which write a read returned, where every write of an object writes another value.

use crate::consistency::budget::Unknown;
use crate::history::{Function, OpId, Operation};
use crate::table::Table;
use crate::value::Value;
use sim::held::{Held, Measure};

/// The writes of a history so far, by what they wrote.
#[derive(Clone, Debug, Default)]
pub(crate) struct Versions {
    /// What is there before any write.
    initial: Value,
    written: Table<(Option<Value>, Value), OpId>,
}

/// What a read returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    /// What is there before any write.
    Initial,
    /// What this operation wrote.
    Written(OpId),
    /// What nobody has written so far.
    Unwritten,
}

impl Versions {
    /// Before any write of objects that start like this.
    pub(crate) fn starting(initial: Value) -> Self {
        let written = Table::default();
        Self { initial, written }
    }

    /// Bytes that it takes on the heap, without those of values.
    pub(crate) fn held(&self, by: Measure) -> usize {
        self.written.held(by)
    }

    /// What is there before any write.
    pub(crate) fn initial(&self) -> &Value {
        &self.initial
    }

    /// Takes in a call. One that is known to have failed wrote nothing.
    ///
    /// # Errors
    /// If it is neither a read nor a write, or repeats a value: then reads cannot be traced.
    pub(crate) fn invoke(&mut self, operation: &Operation) -> Result<(), Unknown> {
        let call = &operation.call;
        let premise = |text| Err(Unknown::Premise(text));
        match call.function {
            _ if operation.failed() => Ok(()),
            Function::Read => Ok(()),
            Function::Write if call.argument == self.initial => premise(format!(
                "a write of {} cannot be told from no write",
                self.initial
            )),
            Function::Write => {
                let version = (call.key.clone(), call.argument.clone());
                match self.written.insert(version, operation.id) {
                    None => Ok(()),
                    Some(_) => premise(format!(
                        "{} is written twice, so it is unknown which of the writes a read returned",
                        call.argument
                    )),
                }
            }
            function => premise(format!(
                "this check is for reads and writes, not for `{function}`"
            )),
        }
    }

    /// What a read that ended ok returned.
    pub(crate) fn read(&self, operation: &Operation) -> Version {
        match operation.result() {
            None => Version::Initial,
            Some(value) if *value == self.initial => Version::Initial,
            Some(value) => {
                let version = (operation.call.key.clone(), value.clone());
                self.written
                    .get(&version)
                    .map_or(Version::Unwritten, |&op| Version::Written(op))
            }
        }
    }
}

/// "from `key`", or "from the register".
pub(crate) fn place(operation: &Operation) -> String {
    match &operation.call.key {
        Some(key) => format!("key {key}"),
        None => "the register".to_owned(),
    }
}
