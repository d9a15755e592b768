//! What the facts of a run say, as calls and results of a history.

use sim::trace;

use super::{Call, Function};
use crate::value::Value;

/// How facts are read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// The value with which a read says that there is nothing, if there is one.
    pub nil: Option<i64>,
}

impl Reading {
    /// What a client asks for; nothing for what no model knows: payments, and requests that only want an answer.
    pub fn call(self, function: trace::Function, key: i64, value: i64) -> Option<Call> {
        let (function, argument) = match function {
            trace::Function::Read => (Function::Read, Value::Nil),
            trace::Function::Write => (Function::Write, self.value(value)),
            trace::Function::Append => (Function::Append, Value::Int(value)),
            trace::Function::Add => (Function::Add, Value::Int(value)),
            trace::Function::Acquire => (Function::Acquire, Value::Nil),
            trace::Function::Release => (Function::Release, Value::Nil),
            trace::Function::CompareAndSet => {
                let (expected, new) = (self.value(value >> 32), self.value(value & 0xffff_ffff));
                (Function::Cas, Value::pair(expected, new))
            }
            trace::Function::Pay | trace::Function::Request => return None,
        };
        Some(Call::on(key, function, argument))
    }

    /// What a call of this function returned, if it was answered with `value`; nil where that says nothing.
    pub fn result(self, function: Function, value: i64) -> Value {
        match function {
            Function::Read => self.value(value),
            Function::Cas => Value::Bool(value != 0),
            _ => Value::Nil,
        }
    }

    fn value(self, value: i64) -> Value {
        if self.nil == Some(value) {
            Value::Nil
        } else {
            Value::Int(value)
        }
    }
}
