//! What is wrong with a history, told in names and numbers.

use sim::SimTime;

use super::record::Record;
use crate::consistency::conclusion::Violation;
use crate::history::{Function, Operation};
use crate::value::Value;
use crate::watch::parts::phrase::seconds;
use crate::watch::verdict::Words;

/// How a violation of a history is told.
pub(super) struct Sentence<'a> {
    /// The history, and the events that it was read from.
    pub record: &'a Record,
    /// How nodes and operations are called.
    pub words: &'a Words<'a>,
}

impl Sentence<'_> {
    /// The violation in names and numbers, where it is about what a client read.
    pub fn of(&self, violation: &Violation) -> String {
        let read = violation.operations.first();
        let read = read
            .and_then(|op| self.record.history.get(*op))
            .filter(|op| op.call.function == Function::Read && op.result().is_some());
        let told = read.and_then(|read| {
            self.miscount(read)
                .or_else(|| self.contradiction(read, violation))
                .or_else(|| self.riddle(read, violation))
        });
        told.unwrap_or_else(|| format!("{}.", violation.because))
    }

    /// Who read what, and when.
    fn told(&self, read: &Operation) -> Option<String> {
        let seen = match read.result()? {
            Value::Nil => "nothing".to_owned(),
            seen if self.is_number(seen) => format!("#{seen}"),
            seen => seen.to_string(),
        };
        let reader = (self.words.node)(self.record.client(read.id)?);
        let number = self.record.number(read.id)?;
        Some(format!(
            "{reader}'s read #{number} got {seen} at {}",
            ended_at(read)
        ))
    }

    /// Whether a value is the number of the operation that wrote it.
    fn is_number(&self, value: &Value) -> bool {
        let mut operations = self.record.history.operations().iter();
        operations.any(|other| {
            let number = self.record.number(other.id);
            other.call.argument == *value
                && number.is_some_and(|it| *value == Value::Int(it.into()))
        })
    }

    /// What was read, and how much had been added before, where that is more.
    fn miscount(&self, read: &Operation) -> Option<String> {
        let Value::Int(seen) = *read.result()? else {
            return None;
        };
        let mut added = 0_i64;
        for other in self.record.history.operations() {
            match other.call.argument {
                _ if other.call.function != Function::Add => {}
                _ if other.call.key != read.call.key || other.failed() => {}
                Value::Int(amount) if other.precedes(read) => added = added.checked_add(amount)?,
                // It may have been taken away before it was read.
                Value::Int(..0) => return None,
                _ => {}
            }
        }
        let told = self.told(read)?;
        (added > seen).then(|| format!("{told}, but {added} had been added before it began."))
    }

    /// What was read, and what had been acknowledged before, where it is that simple.
    fn contradiction(&self, read: &Operation, violation: &Violation) -> Option<String> {
        let others = violation.told().skip(1);
        let others = others.filter_map(|op| self.record.history.get(op));
        let mut known = others.filter(|other| other.precedes(read) && !other.failed());
        let known = known.find(|other| other.call.function != Function::Read)?;
        let writer = self.record.client(known.id)?;
        let whose = if self.record.client(read.id) == Some(writer) {
            "its own".to_owned()
        } else {
            format!("{}'s", (self.words.node)(writer))
        };
        let argument = &known.call.argument;
        let of = if self.is_number(argument) {
            String::new()
        } else {
            format!(" of {argument}")
        };
        Some(format!(
            "{}, but {whose} {} #{}{of} was done at {}.",
            self.told(read)?,
            known.call.function,
            self.record.number(known.id)?,
            ended_at(known)
        ))
    }

    /// What was read, and why the checker finds no place for it; without the states that it tried.
    fn riddle(&self, read: &Operation, violation: &Violation) -> Option<String> {
        let why = violation.because.strip_prefix(&format!("{read}: "))?;
        let why = why.split(';').next()?;
        Some(format!("{}: {why}.", self.told(read)?))
    }
}

/// When an operation ended, in words.
fn ended_at(operation: &Operation) -> String {
    let at = operation.ended.at().unwrap_or_default();
    seconds(SimTime::from_nanos(at.0))
}
