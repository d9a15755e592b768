//! Counters.

use super::{Misfit, ModelName, Specification, argument, result};
use crate::history::{Call, Function};
use crate::value::Value;

/// A number that starts at zero: `add` adds a whole number to it, `read` returns it.
///
/// An `add` that reports a number reports the sum after it.
#[derive(Clone, Copy, Debug)]
pub struct Counter;

impl Specification for Counter {
    type State = i128;

    fn initial(&self) -> i128 {
        0
    }

    fn step(&self, state: &i128, call: &Call, seen: Option<&Value>) -> Option<i128> {
        let told = seen.and_then(Value::as_whole);
        let after = match call.function {
            Function::Read => *state,
            Function::Add => state.checked_add(call.argument.as_whole()?)?,
            _ => return None,
        };
        told.is_none_or(|told| told == after).then_some(after)
    }

    fn answer(&self, state: &i128, call: &Call) -> Option<Value> {
        match call.function {
            Function::Read => Some(Value::whole(*state)),
            Function::Add => Some(Value::Nil),
            _ => None,
        }
    }

    fn reads_only(&self, call: &Call, _: Option<&Value>) -> bool {
        call.function == Function::Read
    }

    fn shown(&self, call: &Call, seen: &Value) -> Option<i128> {
        match call.function {
            Function::Read => seen.as_whole(),
            _ => None,
        }
    }

    fn understands(&self, call: &Call, seen: Option<&Value>) -> Result<(), Misfit> {
        match (call.function, seen) {
            (Function::Read, Some(seen)) if seen.as_whole().is_none() => {
                Err(result(call, "a whole number", seen))
            }
            (Function::Add, _) if call.argument.as_whole().is_none() => {
                Err(argument(call, "a whole number"))
            }
            (Function::Read | Function::Add, _) => Ok(()),
            (function, _) => Err(Misfit::Function {
                model: ModelName::Counter,
                function,
            }),
        }
    }

    fn bytes(&self, _: &i128) -> usize {
        0
    }

    fn describe(&self, state: &i128) -> String {
        format!("the counter is {state}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::run;

    #[test]
    fn a_read_returns_the_sum() {
        let add = |n: i64| (Call::new(Function::Add, n), Value::Nil);
        let read = |n: i64| (Call::new(Function::Read, Value::Nil), Value::Int(n));
        assert_eq!(run(&Counter, &[read(0), add(2), add(-3), read(-1)]), Ok(()));
        assert_eq!(run(&Counter, &[add(2), read(3)]), Err(1));
        assert!(
            Counter
                .understands(&Call::new(Function::Add, "x"), None)
                .is_err()
        );
    }

    #[test]
    fn an_add_may_report_the_sum() {
        let add = |n: i64, sum: i64| (Call::new(Function::Add, n), Value::Int(sum));
        assert_eq!(run(&Counter, &[add(1, 1), add(1, 2)]), Ok(()));
        assert_eq!(run(&Counter, &[add(1, 1), add(1, 1)]), Err(1));
    }
}
