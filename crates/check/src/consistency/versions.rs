//! Which write a read returned, where every write of an object writes another value.

use crate::consistency::budget::Unknown;
use crate::history::{Function, History, OpId, Operation};
use crate::value::Value;
use sim::sorted::Map;

/// The writes of a history so far, by what they wrote.
#[derive(Clone, Debug, Default)]
pub(crate) struct Versions {
    written: Map<(Option<Value>, Value), OpId>,
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
    /// Takes in a call.
    ///
    /// # Errors
    /// If it is neither a read nor a write, or repeats a value: then reads cannot be traced.
    pub(crate) fn invoke(&mut self, operation: &Operation) -> Result<(), Unknown> {
        let call = &operation.call;
        let premise = |text| Err(Unknown::Premise(text));
        match call.function {
            Function::Read => Ok(()),
            Function::Write if call.argument == Value::Nil => {
                premise("a write of nil cannot be told from no write".to_owned())
            }
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
            None | Some(Value::Nil) => Version::Initial,
            Some(value) => {
                let version = (operation.call.key.clone(), value.clone());
                self.written
                    .get(&version)
                    .map_or(Version::Unwritten, |&op| Version::Written(op))
            }
        }
    }
}

/// Whether a version had certainly been replaced: another was written after its write had ended.
///
/// This is judged in true time, which the clients cannot see. But a client that was told "written", and then wrote or
/// saw the other version written later, treats the first one as replaced.
pub(crate) fn is_older(history: &History, version: Version, than: Version) -> bool {
    match (version, than) {
        (Version::Initial, Version::Written(_)) => true,
        (Version::Written(a), Version::Written(b)) => match (history.get(a), history.get(b)) {
            (Some(a), Some(b)) => a.result().is_some() && a.precedes(b),
            _ => false,
        },
        _ => false,
    }
}

/// "from `key`", or "from the register".
pub(crate) fn place(operation: &Operation) -> String {
    match &operation.call.key {
        Some(key) => format!("key {key}"),
        None => "the register".to_owned(),
    }
}
