//! Results that no order of the operations explains, found without a search.
//!
//! A search gives up where too many operations overlap. What it cannot decide is often plain all the same: a value that
//! nobody wrote, or that was certainly overwritten, or a count beyond all that was added. Each object here knows what is
//! certain, and what is possible, at one moment; a result outside of that is wrong in every order. So these checks take
//! one pass over the history. A history that passes them may still be wrong.
//!
//! | module | its subject |
//! | --- | --- |
//! | `bounds` | what all objects can tell of a moment |
//! | `register` | which values a register may hold |
//! | `counter` | between which numbers a counter is |
//! | `items` | what may be in a set or in a queue |

mod bounds;
mod counter;
mod items;
mod register;

use super::conclusion::Violation;
use crate::history::{Event, History};
use crate::model::Model;
use crate::value::Value;
use bounds::Bounds;
use counter::CounterBounds;
use items::{QueueBounds, SetBounds};
use register::RegisterBounds;
use rustc_hash::FxHashMap;

/// What an order of the operations must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// The order of operations that do not overlap in true time.
    TrueTime,
    /// The order of each process alone, so that any operation may be first.
    Processes,
}

/// The first result that no order explains, if there is one.
pub(crate) fn impossible(history: &History, model: &Model, keeping: Keeping) -> Option<Violation> {
    let register = |initial| first(history, keeping, move || RegisterBounds::starting(initial));
    match model {
        Model::Register | Model::CasRegister => register(&Value::Nil),
        Model::Started(started) => register(&started.initial),
        // All that was added contradicts the read, and is too much to name.
        Model::Counter => first(history, keeping, CounterBounds::default).map(|found| Violation {
            before: Some(Vec::new()),
            ..found
        }),
        Model::Set => first(history, keeping, SetBounds::default),
        Model::Queue | Model::UnorderedQueue => first(history, keeping, QueueBounds::default),
        Model::KvAppend | Model::Bank(_) | Model::Mutex => None,
    }
}

fn first<'h, B: Bounds<'h>>(
    history: &'h History,
    keeping: Keeping,
    start: impl Fn() -> B,
) -> Option<Violation> {
    let mut objects: FxHashMap<Option<&Value>, B> = FxHashMap::default();
    let mut at_start = vec![B::Certain::default(); history.operations().len()];
    let in_time = keeping == Keeping::TrueTime;
    for operation in history
        .operations()
        .iter()
        .filter(|op| !in_time && !op.failed())
    {
        let key = operation.call.key.as_ref();
        objects.entry(key).or_insert_with(&start).begin(operation);
    }
    for event in history.events() {
        let operation = history.get(event.op())?;
        if operation.failed() {
            continue;
        }
        let key = operation.call.key.as_ref();
        let object = objects.entry(key).or_insert_with(&start);
        match event {
            Event::Invoke(_) if in_time => {
                at_start[operation.id.index()] = object.certain();
                object.begin(operation);
            }
            Event::Return(_) if operation.result().is_some() => {
                let certain = &at_start[operation.id.index()];
                if let Some((operations, because)) = object.contradiction(operation, certain) {
                    return Some(Violation::at_end_of(operation, operations, because));
                }
                if in_time {
                    object.end(operation);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consistency::budget::Budget;
    use crate::consistency::linear::{Linearizability, check};
    use crate::consistency::sequential::{self, Sequential};
    use crate::generate::{Dice, Workload, cas_register_calls, valid, with_result};
    use crate::history::{Call, Function, Operation};
    use crate::model::{Counter, Queue, Register, Set, Specification, UnorderedQueue};

    fn call(model: &Model, dice: &mut Dice) -> Call {
        let number = i64::from(dice.below(4));
        let (reads, writes) = match model {
            Model::CasRegister => return cas_register_calls(dice, 0),
            Model::Counter => {
                let call = Call::new(Function::Add, number - 1);
                (Function::Read, call)
            }
            Model::Set if dice.chance(300) => return Call::new(Function::Remove, number),
            Model::Set => (Function::Read, Call::new(Function::Add, number)),
            _ => (Function::Dequeue, Call::new(Function::Enqueue, number)),
        };
        match dice.chance(500) {
            true => Call::new(reads, Value::Nil),
            false => writes,
        }
    }

    /// Short histories, of which some results are changed: how many of them are impossible.
    fn sweep<S: Specification>(spec: &S, model: &Model, odd: &[Value]) -> u32 {
        let workload = Workload {
            clients: 4,
            operations: 12,
            timeouts: 100,
            overlap: 4,
        };
        let mut found = 0;
        for seed in 0..400 {
            let mut dice = Dice::new(seed);
            let history = valid(spec, workload, &mut dice, |dice, _| call(model, dice));
            for keeping in [Keeping::TrueTime, Keeping::Processes] {
                assert_eq!(impossible(&history, model, keeping), None, "{history:#?}");
            }
            let ended = |op: &&Operation| {
                let tells = [Function::Read, Function::Dequeue].contains(&op.call.function);
                tells && op.result().is_some()
            };
            let reads: Vec<&Operation> = history.operations().iter().filter(ended).collect();
            let (Some(read), Some(odd)) = (dice.pick(&reads), dice.pick(odd)) else {
                continue;
            };
            let odd = with_result(&history, read.id, odd);
            if impossible(&odd, model, Keeping::TrueTime).is_some() {
                found += 1;
                let checked = check(&odd, model, Budget::default()).unwrap();
                assert!(matches!(checked, Linearizability::Violated(_)), "{odd:#?}");
            }
            if impossible(&odd, model, Keeping::Processes).is_some() {
                let checked = sequential::check(&odd, model, Budget::default()).unwrap();
                assert!(matches!(checked, Sequential::Violated(..)), "{odd:#?}");
            }
        }
        found
    }

    #[test]
    fn what_is_impossible_is_neither_linearizable_nor_sequential() {
        let numbers: Vec<Value> = [0, 1, 2, 3, 4, 9].map(Value::Int).into();
        let lists = [Value::ints(&[3]), Value::ints(&[0, 9])];
        let found = [
            sweep(&Register::WITH_CAS, &Model::CasRegister, &numbers),
            sweep(&Counter, &Model::Counter, &numbers),
            sweep(&Set, &Model::Set, &lists),
            sweep(&Queue, &Model::Queue, &numbers),
            sweep(&UnorderedQueue, &Model::UnorderedQueue, &numbers),
        ];
        assert!(found.iter().all(|&found| found > 40), "{found:?} of 400");
    }
}
