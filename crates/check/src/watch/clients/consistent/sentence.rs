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
    /// The violation in names and numbers.
    pub fn of(&self, violation: &Violation) -> String {
        let operation = violation.operations.first();
        let operation = operation.and_then(|op| self.record.history.get(*op));
        let told = operation.and_then(|operation| match operation.call.function {
            _ if operation.result().is_none() => None,
            Function::Read => self
                .miscount(operation)
                .or_else(|| self.contradiction(operation, violation))
                .or_else(|| self.riddle(self.told(operation)?, operation, violation)),
            Function::Cas => self.exchange(operation, violation),
            _ => self.riddle(self.done(operation)?, operation, violation),
        });
        told.unwrap_or_else(|| format!("{}.", violation.because))
    }

    /// Who read what, and when.
    fn told(&self, read: &Operation) -> Option<String> {
        let seen = self.value(read.result()?);
        let reader = (self.words.node)(self.record.client(read.id)?);
        let number = self.record.number(read.id)?;
        Some(format!(
            "{reader}'s read #{number} got {seen} at {}",
            ended_at(read)
        ))
    }

    /// Who did what, and when.
    fn done(&self, operation: &Operation) -> Option<String> {
        let client = (self.words.node)(self.record.client(operation.id)?);
        let (function, number) = (
            word(operation.call.function),
            self.record.number(operation.id)?,
        );
        Some(format!(
            "{client}'s {function} #{number} was done at {}",
            ended_at(operation)
        ))
    }

    /// What was to be replaced by what, and why the checker finds no place for the answer.
    fn exchange(&self, cas: &Operation, violation: &Violation) -> Option<String> {
        let client = (self.words.node)(self.record.client(cas.id)?);
        let (expected, new) = cas.call.argument.as_pair()?;
        let (expected, new) = (self.value(expected), self.value(new));
        let key = cas.call.key.as_ref();
        let under = key.map_or_else(String::new, |key| format!(" under key {key}"));
        let told = match cas.result()? {
            Value::Bool(true) => "that this was done".to_owned(),
            _ => format!("that it was not {expected} any more"),
        };
        let asked = format!(
            "{client} asked to replace {expected} by {new}{under}, and was told at {} {told}",
            ended_at(cas)
        );
        let riddle = self.riddle(asked, cas, violation)?;
        let holds = self.holds(&violation.because).unwrap_or_default();
        Some(format!("{riddle}{holds}"))
    }

    /// What a register holds in the longest orders that fit, if the reason says that it is one thing.
    fn holds(&self, because: &str) -> Option<String> {
        let (_, state) = because.split_once("the register holds ")?;
        let value = match state {
            "nil" => Value::Nil,
            number => Value::Int(number.parse().ok()?),
        };
        let held = self.value(&value);
        let writer = self.writer(&value).and_then(|writer| self.done(writer));
        let put = writer.map_or_else(String::new, |done| format!(": {done}"));
        Some(format!(
            " As far as the other answers tell, it was still {held}{put}."
        ))
    }

    /// A value in words: by the number of the operation that wrote it, if it is that.
    fn value(&self, value: &Value) -> String {
        match value {
            Value::Nil => "nothing".to_owned(),
            value if self.writer(value).is_some() => format!("#{value}"),
            value => value.to_string(),
        }
    }

    /// The operation that wrote its own number.
    fn writer(&self, value: &Value) -> Option<&Operation> {
        let mut operations = self.record.history.operations().iter();
        operations.find(|other| {
            let number = self.record.number(other.id);
            written(other) == value && number.is_some_and(|it| *value == Value::Int(it.into()))
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

    /// What was read, and what had been done or read before that contradicts it, where it is that simple.
    fn contradiction(&self, read: &Operation, violation: &Violation) -> Option<String> {
        let told = self.told(read)?;
        let known = self.contrary(read, violation)?;
        let client = self.record.client(known.id)?;
        let whose = if self.record.client(read.id) == Some(client) {
            "its own".to_owned()
        } else {
            format!("{}'s", (self.words.node)(client))
        };
        let (function, number) = (word(known.call.function), self.record.number(known.id)?);
        let (at, known_as) = (ended_at(known), format!("{whose} {function} #{number}"));
        if known.call.function == Function::Read {
            let seen = self.value(known.result()?);
            return Some(format!("{told}, but {known_as} had got {seen} at {at}."));
        }
        let of = match self.writer(written(known)) {
            Some(_) => String::new(),
            None => format!(" of {}", known.call.argument),
        };
        Some(format!("{told}, but {known_as}{of} was done at {at}."))
    }

    /// Of what contradicts a read, what left or found something else before it began. What the read got had been there before
    /// that, or before somebody saw that.
    fn contrary(&self, read: &Operation, violation: &Violation) -> Option<&Operation> {
        // What came before, or was under way, need not contradict it.
        let blamed = match violation.before {
            Some(_) => return None,
            None => violation.operations.get(1..)?,
        };
        if blamed.len() > SIMPLE {
            return None;
        }
        let blamed = blamed.iter().filter_map(|op| self.record.history.get(*op));
        let got = read.result()?;
        let (alike, others): (Vec<&Operation>, Vec<&Operation>) =
            blamed.partition(|other| shown(other) == Some(got));
        let came_after =
            |sign: &Operation| alike.is_empty() || alike.iter().any(|there| there.precedes(sign));
        let is_later = |other: &&Operation| {
            let mut signs = others.iter().filter(|sign| shown(sign) == shown(other));
            other.precedes(read) && shown(other).is_some() && signs.any(|sign| came_after(sign))
        };
        let mut later: Vec<&Operation> = others.iter().copied().filter(is_later).collect();
        later.sort_by_key(|other| other.call.function == Function::Read);
        later.first().copied()
    }

    /// What was told, and why the checker finds no place for it; without the states that it tried.
    fn riddle(&self, told: String, of: &Operation, violation: &Violation) -> Option<String> {
        let why = violation.because.strip_prefix(&format!("{of}: "))?;
        let why = why.split(';').next()?;
        Some(format!("{told}: {why}."))
    }
}

/// How many operations may contradict another in such a way that one of them tells why.
const SIMPLE: usize = 3;

/// What an operation writes.
fn written(operation: &Operation) -> &Value {
    let argument = &operation.call.argument;
    match (operation.call.function, argument.as_pair()) {
        (Function::Cas, Some((_, new))) => new,
        _ => argument,
    }
}

/// What an operation that was done returned or left. What is added may be in anything that is read.
fn shown(operation: &Operation) -> Option<&Value> {
    let result = operation.result()?;
    match operation.call.function {
        Function::Read => Some(result),
        Function::Add => None,
        _ if *result == Value::Bool(false) => None,
        _ => Some(written(operation)),
    }
}

/// What an operation is called in a sentence.
fn word(function: Function) -> &'static str {
    match function {
        Function::Cas => "replacement",
        other => other.name(),
    }
}

/// When an operation ended, in words.
fn ended_at(operation: &Operation) -> String {
    let at = operation.ended.at().unwrap_or_default();
    seconds(SimTime::from_nanos(at.0))
}
