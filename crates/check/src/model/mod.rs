//! Sequential specifications: what each kind of object does when one client uses it alone.
//!
//! A [`Specification`] is a small state machine. It is the meaning of a model; the checkers run
//! either it or a faster equivalent from `machine`, and tests hold the two
//! together.
//!
//! | module | its subject |
//! | --- | --- |
//! | `register`, `counter`, `mutex` | one value |
//! | `append`, `queue`, `unordered`, `set` | many values |
//! | `elements` | what a read of a set shows |
//! | `bank` | several objects that are checked as one |
//! | `words` | what a model has, in words |

mod accounts;
mod append;
mod bank;
mod counter;
mod elements;
mod mutex;
mod queue;
mod register;
mod set;
mod unordered;
mod words;

pub use append::KvAppend;
pub use append::Symbol;
pub(crate) use append::reads_have_its_form;
pub use bank::{Bank, BankError};
pub use counter::Counter;
pub use mutex::Mutex;
pub use queue::Queue;
pub use register::Register;
pub(crate) use register::refused;
pub use set::Set;
pub use unordered::UnorderedQueue;

use crate::history::{Call, Function, History, OpId, Operation};
use crate::names::{listed, named};
use crate::quoted::Quoted;
use crate::value::Value;
pub(crate) use elements::elements;
use std::fmt;
use std::hash::Hash;
use std::str::FromStr;

/// A sequential object.
pub trait Specification {
    /// All that the object remembers.
    type State: Clone + Eq + Ord + Hash + fmt::Debug;

    /// The state before the first operation.
    fn initial(&self) -> Self::State;

    /// The state after a call, if the object allows it in `state` with the result `seen`.
    ///
    /// `None` for `seen` is a call whose result no client learnt: the answer is its effect, which
    /// must follow from the state alone. A call without effect may answer `None` then.
    fn step(&self, state: &Self::State, call: &Call, seen: Option<&Value>) -> Option<Self::State>;

    /// What a call in `state` is answered, if it is allowed.
    ///
    /// [`step`](Self::step) accepts this answer. It may accept others: an acknowledgement may
    /// carry anything.
    fn answer(&self, state: &Self::State, call: &Call) -> Option<Value>;

    /// Whether the call never changes the state, whichever state it meets.
    fn reads_only(&self, call: &Call, seen: Option<&Value>) -> bool;

    /// The only state in which a call that changes nothing returns `seen`, if that shows all of the state.
    fn shown(&self, _call: &Call, _seen: &Value) -> Option<Self::State> {
        None
    }

    /// Whether the object understands the call and its result.
    ///
    /// # Errors
    /// What is wrong with them.
    fn understands(&self, call: &Call, seen: Option<&Value>) -> Result<(), Misfit>;

    /// About how much memory a state holds besides its own size.
    fn bytes(&self, state: &Self::State) -> usize;

    /// The state in words, for a counterexample.
    fn describe(&self, state: &Self::State) -> String;
}

/// Why a model cannot make sense of a call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// The object has no such function.
    #[error("{} has no `{function}`; {}", model.with_article(), model.told())]
    Function {
        /// The model.
        model: ModelName,
        /// What was called.
        function: Function,
    },
    /// The argument is of the wrong form.
    #[error("`{function}` takes {wanted}, not {found}")]
    Argument {
        /// What was called.
        function: Function,
        /// The form of argument it takes.
        wanted: &'static str,
        /// The argument.
        found: Value,
    },
    /// The result is of the wrong form.
    #[error("`{function}` returns {wanted}, not {found}")]
    Result {
        /// What was called.
        function: Function,
        /// The form of result it gives.
        wanted: &'static str,
        /// The result.
        found: Value,
    },
}

/// A call that a model cannot make sense of, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("operation {op}: {misfit}")]
pub struct BadOperation {
    /// The operation.
    pub op: OpId,
    /// What is wrong with it.
    pub misfit: Misfit,
}

/// Whether a call is one of a queue, named `model`.
fn understands_queueing(call: &Call, model: ModelName) -> Result<(), Misfit> {
    match call.function {
        // A nil in the queue could not be told from an empty queue.
        Function::Enqueue if call.argument == Value::Nil => Err(argument(call, "an item")),
        Function::Enqueue | Function::Dequeue => Ok(()),
        function => Err(Misfit::Function { model, function }),
    }
}

fn argument(call: &Call, wanted: &'static str) -> Misfit {
    Misfit::Argument {
        function: call.function,
        wanted,
        found: call.argument.clone(),
    }
}

fn result(call: &Call, wanted: &'static str, found: &Value) -> Misfit {
    Misfit::Result {
        function: call.function,
        wanted,
        found: found.clone(),
    }
}

/// The kinds of object that histories are checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Model {
    /// A register with `read` and `write`.
    Register,
    /// A register with `read`, `write` and `cas`.
    CasRegister,
    /// A register of either kind that starts at another value than nil.
    Started(Register),
    /// A list, or a text, with `append`, `write` and `read`.
    KvAppend,
    /// A number with `add` and `read`.
    Counter,
    /// A set with `add`, `remove` and `read`.
    Set,
    /// A first-in, first-out queue with `enqueue` and `dequeue`.
    Queue,
    /// A queue that hands out its items in any order.
    UnorderedQueue,
    /// Accounts with `transfer` and `read`; what they hold at the start.
    Bank(Bank),
    /// A lock with `acquire` and `release`.
    Mutex,
}

impl Model {
    /// Whether objects with different keys are independent, so that each may be checked alone.
    ///
    /// Linearizability is local: a history is linearizable if it is so for each object
    /// (Herlihy and Wing 1990, theorem 1). A bank is one object whatever the accounts.
    pub fn partitions_by_key(&self) -> bool {
        !matches!(self, Self::Bank(_))
    }

    /// Why a call that ended ok can never have, whatever else happened.
    pub(crate) fn never(&self, operation: &Operation) -> Option<String> {
        let was_done = operation.result() != Some(&Value::Bool(false));
        match (self, operation.call.function) {
            (Self::Bank(bank), Function::Transfer) if was_done => bank.never(&operation.call),
            _ => None,
        }
    }

    /// What a read shows, in one notation where there are several.
    pub(crate) fn normal(&self, shown: &Value) -> Value {
        match (self, shown.bare()) {
            (Self::Set, _) => elements(shown).map_or_else(
                || shown.clone(),
                |elements| Value::set(elements.into_iter().cloned()),
            ),
            (Self::KvAppend, Value::List(list)) if list.is_empty() => Value::Nil,
            (Self::KvAppend, Value::Text(text)) if text.is_empty() => Value::Nil,
            _ => shown.clone(),
        }
    }
}

/// A model as it is named on the command line, before a history fills in what it starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelName {
    /// See [`Model::Register`].
    Register,
    /// See [`Model::CasRegister`].
    CasRegister,
    /// See [`Model::KvAppend`].
    KvAppend,
    /// See [`Model::Counter`].
    Counter,
    /// See [`Model::Set`].
    Set,
    /// See [`Model::Queue`].
    Queue,
    /// See [`Model::UnorderedQueue`].
    UnorderedQueue,
    /// See [`Model::Bank`].
    Bank,
    /// See [`Model::Mutex`].
    Mutex,
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = Self::ALL.iter().find(|(_, model)| model == self);
        f.write_str(named.map_or("", |(name, _)| name))
    }
}

impl ModelName {
    /// Every model that can be named, and its name on the command line.
    pub const ALL: &[(&'static str, Self)] = &[
        ("register", Self::Register),
        ("cas-register", Self::CasRegister),
        ("kv-append", Self::KvAppend),
        ("counter", Self::Counter),
        ("set", Self::Set),
        ("queue", Self::Queue),
        ("unordered-queue", Self::UnorderedQueue),
        ("bank", Self::Bank),
        ("mutex", Self::Mutex),
    ];

    /// The model of a history. `initial` is what registers hold at the start, or the opening balances of a bank.
    ///
    /// # Errors
    /// If a model with this name does not start as `initial` says, or the history does not tell the opening balances.
    pub fn for_history(
        self,
        history: &History,
        initial: Option<&Value>,
    ) -> Result<Model, InitialError> {
        let register = |cas| {
            initial.map(|initial| {
                Model::Started(Register {
                    cas,
                    initial: initial.clone(),
                })
            })
        };
        Ok(match self {
            Self::Register => register(false).unwrap_or(Model::Register),
            Self::CasRegister => register(true).unwrap_or(Model::CasRegister),
            Self::Bank => Model::Bank(match initial {
                Some(initial) => Bank::opened_in(history, initial)?,
                None => Bank::of(history)?,
            }),
            other if initial.is_some() => return Err(InitialError::NotTaken(other)),
            Self::KvAppend => Model::KvAppend,
            Self::Counter => Model::Counter,
            Self::Set => Model::Set,
            Self::Queue => Model::Queue,
            Self::UnorderedQueue => Model::UnorderedQueue,
            Self::Mutex => Model::Mutex,
        })
    }

    /// Whether a call that returns no value was told no more than that it took effect, or was refused.
    ///
    /// # Errors
    /// If it was told a value of which nobody would know what it means.
    fn acknowledges(self, call: &Call, seen: Option<&Value>) -> Result<(), Misfit> {
        let may_be_refused = matches!(
            call.function,
            Function::Cas | Function::Transfer | Function::Acquire
        );
        match (call.function, seen) {
            (Function::Read | Function::Dequeue | Function::Drain, _) => Ok(()),
            (_, None | Some(Value::Nil | Value::Bool(true))) => Ok(()),
            (_, Some(Value::Bool(false))) if may_be_refused => Ok(()),
            (Function::Add, Some(sum)) if self == Self::Counter && sum.as_whole().is_some() => {
                Ok(())
            }
            (_, Some(other)) if may_be_refused => Err(result(
                call,
                "what it was called with, true, false or nothing",
                other,
            )),
            (_, Some(other)) => Err(result(call, "what it was called with, or nothing", other)),
        }
    }

    /// Whether a model with this name understands an operation, and its result if it ended ok.
    ///
    /// # Errors
    /// What is wrong with the operation.
    pub fn understands(self, operation: &Operation) -> Result<(), Misfit> {
        let (call, seen) = (&operation.call, operation.result());
        self.acknowledges(call, seen)?;
        match self {
            Self::Register => Register::PLAIN.understands(call, seen),
            Self::CasRegister => Register::WITH_CAS.understands(call, seen),
            Self::KvAppend => KvAppend.understands(call, seen),
            Self::Counter => Counter.understands(call, seen),
            Self::Set => Set.understands(call, seen),
            Self::Queue => Queue.understands(call, seen),
            Self::UnorderedQueue => UnorderedQueue.understands(call, seen),
            Self::Bank => Bank::default().understands(call, seen),
            Self::Mutex => Mutex.understands(call, seen),
        }
    }
}

/// Why a history's objects cannot start as they should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InitialError {
    /// The model always starts in the same way.
    #[error(
        "an initial value is for a register, a cas-register or a bank; {} starts empty, at zero or free",
        .0.with_article()
    )]
    NotTaken(ModelName),
    /// The opening balances of a bank are wrong or unknown.
    #[error(transparent)]
    Bank(#[from] BankError),
}

/// No model has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown model `{}`: one of {all}", Quoted(.0), all = listed(ModelName::ALL))]
pub struct UnknownModel(pub String);

impl FromStr for ModelName {
    type Err = UnknownModel;

    fn from_str(name: &str) -> Result<Self, UnknownModel> {
        named(Self::ALL, name).ok_or_else(|| UnknownModel(name.to_owned()))
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// Runs calls with their results, one after another; the index of the first one refused.
    pub(crate) fn run<S: Specification>(spec: &S, calls: &[(Call, Value)]) -> Result<(), usize> {
        let mut state = spec.initial();
        for (i, (call, seen)) in calls.iter().enumerate() {
            spec.understands(call, Some(seen)).unwrap();
            state = spec.step(&state, call, Some(seen)).ok_or(i)?;
        }
        Ok(())
    }
}
