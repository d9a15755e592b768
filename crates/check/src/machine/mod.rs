//! Models compiled for searching: states and calls are numbers.
//!
//! A search meets the same states and calls over and over, so both are interned: a state is a
//! `u32`, and calls with equal functions, arguments and results are one *class*.
//!
//! | module | its subject |
//! | --- | --- |
//! | `terms` | what machines and searches speak of |
//! | `interned` | any model, its states numbered as they are met |
//! | `register`, `append` | models whose machines see ahead, or step without a table |
//! | `set`, `queue`, `unordered` | models whose states share what they hold, so that a step costs the same however much that is |
//! | `numbered`, `classes`, `sets`, `lines` | what these hold: values and kinds of calls by number, sets and sequences of numbers |
//! | `calls`, `fates` | what both kinds of queues are asked, and what becomes of their items |

mod append;
mod calls;
mod classes;
mod fates;
mod interned;
mod lines;
mod numbered;
mod queue;
mod register;
mod set;
mod sets;
mod terms;
mod unordered;

use crate::history::Operation;
use crate::model::{BadOperation, Counter, Model, Mutex, Register, Specification};
use crate::value::Value;
use append::AppendMachine;
use interned::Interned;
use queue::QueueMachine;
use register::RegisterMachine;
use set::SetMachine;
use sim::held::Measure;
pub(crate) use terms::{Item, Lookahead, REFUSED};
use unordered::UnorderedMachine;

/// A compiled model.
#[derive(Clone, Debug)]
pub(crate) enum Machine {
    Register(RegisterMachine),
    Append(AppendMachine),
    Counter(Interned<Counter>),
    Set(SetMachine),
    Queue(QueueMachine),
    Unordered(UnorderedMachine),
    Bank(Interned<crate::model::Bank>),
    Mutex(Interned<Mutex>),
}

/// Does the same with whichever machine it is.
macro_rules! each {
    ($self:expr, $machine:ident => $body:expr) => {
        match $self {
            Machine::Register($machine) => $body,
            Machine::Append($machine) => $body,
            Machine::Counter($machine) => $body,
            Machine::Set($machine) => $body,
            Machine::Queue($machine) => $body,
            Machine::Unordered($machine) => $body,
            Machine::Bank($machine) => $body,
            Machine::Mutex($machine) => $body,
        }
    };
}

impl Machine {
    pub(crate) fn new(model: &Model, lookahead: Lookahead) -> Self {
        match model {
            Model::Register => Self::Register(RegisterMachine::new(Register::PLAIN)),
            Model::CasRegister => Self::Register(RegisterMachine::new(Register::WITH_CAS)),
            Model::Started(register) => Self::Register(RegisterMachine::new(register.clone())),
            Model::KvAppend => Self::Append(AppendMachine::new(lookahead)),
            Model::Counter => Self::Counter(Interned::new(Counter)),
            Model::Set => Self::Set(SetMachine::new(lookahead)),
            Model::Queue => Self::Queue(QueueMachine::new(lookahead)),
            Model::UnorderedQueue => Self::Unordered(UnorderedMachine::new(lookahead)),
            Model::Bank(bank) => Self::Bank(Interned::new(bank.clone())),
            Model::Mutex => Self::Mutex(Interned::new(Mutex)),
        }
    }

    /// The state before the first operation.
    pub(crate) fn initial(&self) -> u32 {
        0
    }

    /// The class of an operation of which `seen` is known as its result.
    pub(crate) fn class(
        &mut self,
        operation: &Operation,
        seen: Option<&Value>,
    ) -> Result<u32, BadOperation> {
        let call = &operation.call;
        each!(self, machine => {
            machine
                .specification()
                .understands(call, seen)
                .map_err(|misfit| BadOperation { op: operation.id, misfit })?;
            Ok(machine.class(call, seen))
        })
    }

    /// The state after a call of this class, or [`REFUSED`].
    #[inline]
    pub(crate) fn step(&mut self, state: u32, class: u32) -> u32 {
        each!(self, machine => machine.step(state, class))
    }

    /// Whether calls of this class leave every state as it is.
    pub(crate) fn reads_only(&self, class: u32) -> bool {
        each!(self, machine => machine.reads_only(class))
    }

    /// Whether no result that is still to come can be returned in `state` or after it.
    #[inline]
    pub(crate) fn beyond_results(&self, state: u32) -> bool {
        match self {
            Self::Append(machine) => machine.beyond_results(state),
            _ => false,
        }
    }

    /// Whether whatever is possible in `state` is possible in every other state too.
    #[inline]
    pub(crate) fn is_worst(&self, state: u32) -> bool {
        match self {
            Self::Append(machine) => machine.is_worst(state),
            _ => false,
        }
    }

    /// Whether its states forget what no operation asks for that it has been shown, so that a state is of no use to later ones.
    pub(crate) fn sees_ahead(&self) -> bool {
        matches!(self, Self::Append(_) | Self::Queue(_))
    }

    /// Says whether more results are to come than those of the classes so far.
    pub(crate) fn look_ahead(&mut self, lookahead: Lookahead) {
        match self {
            Self::Append(machine) => machine.lookahead = lookahead,
            Self::Queue(machine) => machine.lookahead = lookahead,
            _ => {}
        }
    }

    /// Learns which operations there are, before a search among them.
    pub(crate) fn prepare(&mut self, items: &[Item]) {
        match self {
            Self::Set(machine) => machine.prepare(items),
            Self::Queue(machine) => machine.prepare(items),
            Self::Unordered(machine) => machine.prepare(items),
            _ => {}
        }
    }

    /// The entry by which an open call of this class has taken effect, if a known result shows that it has and nothing but
    /// that call can be why. Only a machine that is shown all results from the start says so: else the call may yet end.
    pub(crate) fn shown_by(&self, class: u32) -> Option<u32> {
        match self {
            Self::Set(machine) => machine.shown_by(class),
            Self::Queue(machine) => machine.shown_by(class),
            Self::Unordered(machine) => machine.shown_by(class),
            _ => None,
        }
    }

    /// A state to start a search from, as the search sees it.
    pub(crate) fn view(&mut self, state: u32) -> u32 {
        match self {
            Self::Queue(machine) => machine.view(state),
            _ => state,
        }
    }

    /// Whether [`comes_first`](Self::comes_first) and [`preference`](Self::preference) ever have
    /// something to say.
    #[inline]
    pub(crate) fn orders_calls(&self) -> bool {
        matches!(self, Self::Queue(_) | Self::Set(_))
    }

    /// What a search should try first among overlapping calls, the least first; it is a guess.
    pub(crate) fn preference(&self, class: u32) -> u32 {
        match self {
            Self::Queue(machine) => machine.preference(class),
            _ => 0,
        }
    }

    /// Whether, of two calls that have not been placed, one of the class `first` must be first.
    #[inline]
    pub(crate) fn comes_first(&self, first: u32, then: u32) -> bool {
        match self {
            Self::Queue(machine) => machine.comes_first(first, then),
            Self::Set(machine) => machine.comes_first(first, then),
            _ => false,
        }
    }

    /// Which of `unknown` may matter to the operations of the classes `known`, where `unknown`
    /// are the classes of operations that nobody is sure of.
    pub(crate) fn matters(&self, known: &[u32], unknown: &[u32]) -> Vec<bool> {
        match self {
            Self::Register(machine) => machine.matters(known, unknown),
            Self::Set(machine) => machine.matters(known, unknown),
            Self::Queue(machine) => machine.matters(known, unknown),
            Self::Unordered(machine) => machine.matters(known, unknown),
            _ => vec![true; unknown.len()],
        }
    }

    /// The state in words.
    pub(crate) fn describe(&self, state: u32) -> String {
        each!(self, machine => machine.describe(state))
    }

    /// Bytes that it takes on the heap, without those of values and states.
    pub(crate) fn held(&self, by: Measure) -> usize {
        each!(self, machine => machine.held(by))
    }

    /// About how much memory it holds.
    pub(crate) fn bytes(&self) -> usize {
        each!(self, machine => machine.bytes())
    }

    /// What it was worth to meet its states: the bytes that they take, and those of what was compared to tell them apart.
    #[inline]
    pub(crate) fn worth(&self) -> usize {
        self.bytes()
            + match self {
                Self::Queue(machine) => 16 * machine.compared(),
                _ => 0,
            }
    }
}
