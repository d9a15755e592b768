//! Locks.

use super::{Misfit, ModelName, Specification};
use crate::history::{Call, Function};
use crate::value::Value;

/// A lock that starts free: `acquire` takes it, `release` gives it back, by whichever process.
///
/// An `acquire` that ended ok with `false` found the lock taken.
#[derive(Clone, Copy, Debug)]
pub struct Mutex;

impl Specification for Mutex {
    type State = bool;

    fn initial(&self) -> bool {
        false
    }

    fn step(&self, held: &bool, call: &Call, seen: Option<&Value>) -> Option<bool> {
        let refused = seen == Some(&Value::Bool(false));
        match (call.function, held, refused) {
            (Function::Acquire, false, false) | (Function::Acquire, true, true) => Some(true),
            (Function::Release, true, false) => Some(false),
            _ => None,
        }
    }

    fn answer(&self, held: &bool, call: &Call) -> Option<Value> {
        match call.function {
            Function::Acquire => Some(Value::Bool(!held)),
            Function::Release if *held => Some(Value::Nil),
            _ => None,
        }
    }

    fn reads_only(&self, call: &Call, seen: Option<&Value>) -> bool {
        call.function == Function::Acquire && seen == Some(&Value::Bool(false))
    }

    fn understands(&self, call: &Call, _: Option<&Value>) -> Result<(), Misfit> {
        match call.function {
            Function::Acquire | Function::Release => Ok(()),
            function => Err(Misfit::Function {
                model: ModelName::Mutex,
                function,
            }),
        }
    }

    fn bytes(&self, _: &bool) -> usize {
        0
    }

    fn describe(&self, held: &bool) -> String {
        if *held {
            "the lock is held".to_owned()
        } else {
            "the lock is free".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::run;

    #[test]
    fn a_lock_is_held_once() {
        let acquire = || (Call::new(Function::Acquire, Value::Nil), Value::Nil);
        let refused = || (Call::new(Function::Acquire, Value::Nil), Value::Bool(false));
        let release = || (Call::new(Function::Release, Value::Nil), Value::Nil);
        assert_eq!(
            run(&Mutex, &[acquire(), refused(), release(), acquire()]),
            Ok(())
        );
        assert_eq!(run(&Mutex, &[acquire(), acquire()]), Err(1));
        assert_eq!(run(&Mutex, &[acquire(), release(), release()]), Err(2));
        assert_eq!(run(&Mutex, &[refused()]), Err(0));
    }
}
