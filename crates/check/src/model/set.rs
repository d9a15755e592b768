//! Sets.

use super::elements;
use super::{Misfit, ModelName, Specification, result};
use crate::history::{Call, Function};
use crate::value::Value;

/// A set that starts empty: `add` and `remove` an element, `read` returns all of them.
#[derive(Clone, Copy, Debug)]
pub struct Set;

impl Specification for Set {
    type State = sim::sorted::Set<Value>;

    fn initial(&self) -> Self::State {
        Self::State::new()
    }

    fn step(&self, state: &Self::State, call: &Call, seen: Option<&Value>) -> Option<Self::State> {
        let mut after = state.clone();
        match call.function {
            Function::Read => match seen {
                Some(seen) if !elements(seen)?.into_iter().eq(&after) => return None,
                _ => return Some(state.clone()),
            },
            Function::Add => {
                after.insert(call.argument.clone());
            }
            Function::Remove => {
                after.remove(&call.argument);
            }
            _ => return None,
        }
        Some(after)
    }

    fn answer(&self, state: &Self::State, call: &Call) -> Option<Value> {
        match call.function {
            Function::Read => Some(Value::set(state.iter().cloned())),
            Function::Add | Function::Remove => Some(Value::Nil),
            _ => None,
        }
    }

    fn reads_only(&self, call: &Call, _: Option<&Value>) -> bool {
        call.function == Function::Read
    }

    fn understands(&self, call: &Call, seen: Option<&Value>) -> Result<(), Misfit> {
        match (call.function, seen.map(Value::bare)) {
            (Function::Read, Some(Value::Nil | Value::Set(_) | Value::List(_))) => Ok(()),
            (Function::Read, Some(seen)) => Err(result(call, "a set or a list", seen)),
            (Function::Read | Function::Add | Function::Remove, _) => Ok(()),
            (function, _) => Err(Misfit::Function {
                model: ModelName::Set,
                function,
            }),
        }
    }

    fn bytes(&self, state: &Self::State) -> usize {
        size_of::<Value>() * state.len()
    }

    fn describe(&self, state: &Self::State) -> String {
        format!("the set is {}", Value::set(state.iter().cloned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::run;

    #[test]
    fn a_read_returns_what_was_added_and_not_removed() {
        let call = |f, n: i64| (Call::new(f, n), Value::Nil);
        let read = |list: &[i64]| (Call::new(Function::Read, Value::Nil), Value::ints(list));
        let (add, remove) = (Function::Add, Function::Remove);
        assert_eq!(
            run(
                &Set,
                &[read(&[]), call(add, 2), call(add, 1), read(&[1, 2])]
            ),
            Ok(())
        );
        assert_eq!(run(&Set, &[call(add, 1), read(&[1, 1])]), Err(1));
        assert_eq!(
            run(&Set, &[call(add, 1), call(remove, 1), read(&[])]),
            Ok(())
        );
        assert_eq!(
            run(&Set, &[call(add, 1), call(remove, 1), read(&[1])]),
            Err(2)
        );
    }
}
