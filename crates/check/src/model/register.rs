//! Registers, with compare-and-set or without.

use super::{Misfit, ModelName, Specification, argument};
use crate::history::{Call, Function};
use crate::value::Value;

/// A register: `read`, `write`, and `cas` where it is allowed.
///
/// A `cas` that ends ok with the result `false` found something else than it expected, and says
/// so; with any other result it took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// Whether there is a `cas`.
    pub cas: bool,
    /// What it holds at the start.
    pub initial: Value,
}

impl Register {
    /// A register with `read` and `write` that starts at nil.
    pub const PLAIN: Self = Self {
        cas: false,
        initial: Value::Nil,
    };

    /// A register with `read`, `write` and `cas` that starts at nil.
    pub const WITH_CAS: Self = Self {
        cas: true,
        initial: Value::Nil,
    };
}

/// Whether a `cas` reported that it found something else.
pub(crate) fn refused(seen: Option<&Value>) -> bool {
    seen == Some(&Value::Bool(false))
}

impl Specification for Register {
    type State = Value;

    fn initial(&self) -> Value {
        self.initial.clone()
    }

    fn step(&self, state: &Value, call: &Call, seen: Option<&Value>) -> Option<Value> {
        match call.function {
            Function::Read => seen.is_none_or(|seen| seen == state).then(|| state.clone()),
            Function::Write => Some(call.argument.clone()),
            Function::Cas => {
                let (expected, replacement) = call.argument.as_pair()?;
                match (expected == state, refused(seen)) {
                    (true, false) => Some(replacement.clone()),
                    (false, true) => Some(state.clone()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn answer(&self, state: &Value, call: &Call) -> Option<Value> {
        match call.function {
            Function::Read => Some(state.clone()),
            Function::Write => Some(Value::Nil),
            Function::Cas => Some(Value::Bool(call.argument.as_pair()?.0 == state)),
            _ => None,
        }
    }

    fn reads_only(&self, call: &Call, seen: Option<&Value>) -> bool {
        match call.function {
            Function::Read => true,
            Function::Cas => {
                refused(seen) || call.argument.as_pair().is_some_and(|(from, to)| from == to)
            }
            _ => false,
        }
    }

    fn understands(&self, call: &Call, _: Option<&Value>) -> Result<(), Misfit> {
        match call.function {
            Function::Read | Function::Write => Ok(()),
            Function::Cas if self.cas => match call.argument.as_pair() {
                Some(_) => Ok(()),
                None => Err(argument(call, "a pair [expected replacement]")),
            },
            function => Err(Misfit::Function {
                model: match self.cas {
                    true => ModelName::CasRegister,
                    false => ModelName::Register,
                },
                function,
            }),
        }
    }

    fn bytes(&self, state: &Value) -> usize {
        match state {
            Value::Text(text) => text.len(),
            Value::List(list) => 32 * list.len(),
            _ => 0,
        }
    }

    fn describe(&self, state: &Value) -> String {
        format!("the register holds {state}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::run;

    #[test]
    fn reads_see_the_last_write_and_cas_compares() {
        let write = Call::new(Function::Write, 1);
        let read = Call::new(Function::Read, Value::Nil);
        let cas = Call::new(Function::Cas, Value::pair(1, 2));
        let spec = Register::WITH_CAS;
        let refused = (cas.clone(), Value::Bool(false));
        let done = (cas.clone(), Value::Bool(true));
        assert_eq!(
            run(&spec, &[(read.clone(), Value::Nil), refused.clone()]),
            Ok(())
        );
        assert_eq!(
            run(
                &spec,
                &[
                    (write.clone(), Value::Nil),
                    done.clone(),
                    (read.clone(), 2.into())
                ]
            ),
            Ok(())
        );
        assert_eq!(run(&spec, &[(write.clone(), Value::Nil), refused]), Err(1));
        assert_eq!(run(&spec, std::slice::from_ref(&done)), Err(0));
        assert_eq!(run(&spec, &[(write, Value::Nil), (read, 3.into())]), Err(1));
    }

    #[test]
    fn a_plain_register_has_no_cas() {
        let cas = Call::new(Function::Cas, Value::pair(1, 2));
        assert!(Register::PLAIN.understands(&cas, None).is_err());
        let odd = Call::new(Function::Cas, 1);
        assert!(Register::WITH_CAS.understands(&odd, None).is_err());
    }
}
