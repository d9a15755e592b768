//! Histories of ten thousand operations and more, as they come from tests of real stores: any object, one or ten of
//! them, few or many clients that give up now and then, and a fault planted at a known place.

use check::generate::{Dice, Workload, valid, with_result};
use check::history::{Call, Ended, Event, Function, History, Operation};
pub use check::model::ModelName;
use check::model::{
    Bank, Counter, KvAppend, Misfit, Mutex, Queue, Register, Set, Specification, UnorderedQueue,
};
use check::value::Value;
use std::collections::BTreeMap;

/// How a long history is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// What the operations are on.
    pub model: ModelName,
    /// Whether they are on ten objects, each under a key of its own.
    pub keyed: bool,
    /// Whether no two writes are of the same value. If not, values are below 5.
    pub distinct: bool,
    /// Clients at any one time.
    pub clients: u32,
    /// Calls in all.
    pub operations: u32,
    /// How many of 1000 calls end as *info*.
    pub unknown: u32,
    /// What is wrong, and after what share of the history, in percent.
    pub fault: Option<(Fault, u32)>,
    /// What is drawn.
    pub seed: u64,
}

/// What a client is told wrongly, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What nobody wrote.
    Ghost,
    /// What a client was told a hundred results before.
    Stale,
    /// What a client is told ten results later.
    Early,
}

impl Recipe {
    /// The history.
    pub fn history(&self) -> History {
        let history = match self.model {
            ModelName::Register => self.drawn(Register::PLAIN),
            ModelName::CasRegister => self.drawn(Register::WITH_CAS),
            ModelName::KvAppend => self.drawn(KvAppend),
            ModelName::Counter => self.drawn(Counter),
            ModelName::Set => self.drawn(Set),
            ModelName::Queue => self.drawn(Queue),
            ModelName::UnorderedQueue => self.drawn(UnorderedQueue),
            ModelName::Mutex => self.drawn(Mutex),
            ModelName::Bank => self.drawn(bank()),
        };
        match self.fault {
            Some((fault, place)) => planted(&history, fault, place),
            None => history,
        }
    }

    fn drawn<S: Specification>(&self, object: S) -> History {
        let workload = Workload {
            clients: self.clients,
            operations: self.operations,
            timeouts: self.unknown,
            overlap: self.clients,
        };
        let mut count = 0;
        let call = |dice: &mut Dice, _| {
            count += 1;
            let value = match self.distinct {
                true => count,
                false => i64::from(dice.below(5)),
            };
            let key = self.keyed.then(|| Value::from(i64::from(dice.below(10))));
            let call = call(self.model, value, dice);
            Call { key, ..call }
        };
        valid(&Keyed(object), workload, &mut Dice::new(self.seed), call)
    }

    /// The same as EDN, one entry per line.
    pub fn text(&self) -> String {
        edn(&self.history())
    }
}

fn bank() -> Bank {
    let opening = (0..5).map(|account| (Value::Int(account), 20));
    Bank::opening_with(opening.collect())
}

/// What a client calls next. Contents that grow are read more seldom, so that a history stays within a few megabytes.
fn call(model: ModelName, value: i64, dice: &mut Dice) -> Call {
    let read = Call::new(Function::Read, Value::Nil);
    match model {
        ModelName::Register | ModelName::Counter | ModelName::Set if dice.chance(500) => read,
        ModelName::KvAppend if dice.chance(100) => read,
        ModelName::Register => Call::new(Function::Write, value),
        ModelName::Counter => Call::new(Function::Add, value % 7),
        ModelName::KvAppend => Call::new(Function::Append, value),
        ModelName::Set if dice.chance(500) => Call::new(Function::Remove, value % 20),
        ModelName::Set => Call::new(Function::Add, value % 20),
        ModelName::CasRegister => match dice.below(3) {
            0 => read,
            1 => Call::new(Function::Write, value),
            _ => {
                let expected = (value - i64::from(dice.below(5))).abs();
                Call::new(Function::Cas, Value::pair(expected, value))
            }
        },
        ModelName::Queue | ModelName::UnorderedQueue => match dice.chance(500) {
            true => Call::new(Function::Dequeue, Value::Nil),
            false => Call::new(Function::Enqueue, value),
        },
        ModelName::Mutex => match dice.chance(500) {
            true => Call::new(Function::Acquire, Value::Nil),
            false => Call::new(Function::Release, Value::Nil),
        },
        ModelName::Bank if dice.chance(300) => read,
        ModelName::Bank => {
            let mut below = |bound| i64::from(dice.below(bound));
            let fields = [
                ("from", below(5)),
                ("to", below(5)),
                ("amount", 1 + below(5)),
            ];
            let fields = fields.map(|(name, number)| (Value::text(name), Value::Int(number)));
            Call::new(Function::Transfer, Value::map(fields))
        }
    }
}

/// Objects under keys.
struct Keyed<S>(S);

impl<S: Specification> Keyed<S> {
    fn of(&self, state: &BTreeMap<Option<Value>, S::State>, call: &Call) -> S::State {
        state
            .get(&call.key)
            .cloned()
            .unwrap_or_else(|| self.0.initial())
    }
}

impl<S: Specification> Specification for Keyed<S> {
    type State = BTreeMap<Option<Value>, S::State>;

    fn initial(&self) -> Self::State {
        BTreeMap::new()
    }

    fn step(&self, state: &Self::State, call: &Call, seen: Option<&Value>) -> Option<Self::State> {
        let after = self.0.step(&self.of(state, call), call, seen)?;
        let mut state = state.clone();
        state.insert(call.key.clone(), after);
        Some(state)
    }

    fn answer(&self, state: &Self::State, call: &Call) -> Option<Value> {
        self.0.answer(&self.of(state, call), call)
    }

    fn reads_only(&self, call: &Call, seen: Option<&Value>) -> bool {
        self.0.reads_only(call, seen)
    }

    fn understands(&self, call: &Call, seen: Option<&Value>) -> Result<(), Misfit> {
        self.0.understands(call, seen)
    }

    fn bytes(&self, state: &Self::State) -> usize {
        state.values().map(|state| self.0.bytes(state)).sum()
    }

    fn describe(&self, state: &Self::State) -> String {
        format!("{state:?}")
    }
}

/// The history with one result replaced, after so many percent of those that tell something.
fn planted(history: &History, fault: Fault, percent: u32) -> History {
    let asks = [Function::Read, Function::Dequeue, Function::Acquire];
    let tells = |op: &&Operation| {
        let told = op.result().is_some_and(|result| *result != Value::Nil);
        told && asks.contains(&op.call.function)
    };
    let telling: Vec<&Operation> = history.operations().iter().filter(tells).collect();
    let place = telling.len() * percent as usize / 100;
    let key = telling
        .get(place)
        .map(|op| (&op.call.key, op.call.function));
    let like = |op: &&&Operation| Some((&op.call.key, op.call.function)) == key;
    let told = match fault {
        Fault::Ghost => telling.get(place).and_then(|op| op.result()).map(ghost),
        Fault::Stale => {
            let earlier = telling.iter().take(place).rev().filter(like);
            earlier
                .skip(100)
                .chain(telling.iter().filter(like))
                .find_map(|op| op.result())
                .cloned()
        }
        Fault::Early => {
            let mut later = telling.iter().skip(place + 1).filter(like).skip(10);
            later.find_map(|op| op.result()).cloned()
        }
    };
    match (telling.get(place), told) {
        (Some(op), Some(told)) => with_result(history, op.id, &told),
        _ => history.clone(),
    }
}

/// What nobody wrote, in the shape of what somebody did.
fn ghost(result: &Value) -> Value {
    const GHOST: i64 = 1_000_000;
    match result {
        Value::List(list) => Value::list(list.iter().cloned().chain([GHOST.into()])),
        Value::Set(set) => Value::set(set.iter().cloned().chain([GHOST.into()])),
        Value::Map(map) => Value::map(map.keys().cloned().map(|key| (key, GHOST.into()))),
        Value::Bool(truth) => Value::Bool(!truth),
        _ => GHOST.into(),
    }
}

/// A history as EDN.
pub fn edn(history: &History) -> String {
    let mut text = String::new();
    for event in history.events() {
        let Some(operation) = history.get(event.op()) else {
            continue;
        };
        let call = &operation.call;
        let (kind, value) = match (event, &operation.ended) {
            (Event::Invoke(_), _) => ("invoke", &call.argument),
            (_, Ended::Ok { result, .. }) if *result != Value::Nil => ("ok", result),
            (_, Ended::Ok { .. }) => ("ok", &call.argument),
            (_, Ended::Fail { .. }) => ("fail", &call.argument),
            _ => ("info", &call.argument),
        };
        let value = match &call.key {
            Some(key) => format!("[{} {}]", key.notation(), value.notation()),
            None => value.notation().to_string(),
        };
        let process = operation.process.0;
        let function = call.function;
        let line =
            format!("{{:process {process}, :type :{kind}, :f :{function}, :value {value}}}\n");
        text.push_str(&line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use check::consistency::budget::{Budget, Unknown};
    use check::format::Keyed as Pairs;
    use check::verify::{Answer, Consistency, Question, verify};

    const SMALL: Budget = Budget {
        steps: 100_000,
        bytes: 8 << 20,
    };

    fn recipe(model: ModelName, fault: Option<(Fault, u32)>) -> Recipe {
        Recipe {
            model,
            keyed: false,
            distinct: true,
            clients: 50,
            operations: 10_000,
            unknown: 300,
            fault,
            seed: 1,
        }
    }

    fn answer(recipe: Recipe, consistency: Consistency) -> Answer {
        let question = Question {
            model: recipe.model,
            consistency,
            keyed: Pairs::Plain,
            initial: None,
            budget: SMALL,
        };
        verify(&recipe.text(), question)
    }

    #[test]
    fn a_ghost_among_thousands_of_unknown_outcomes_is_found_within_a_small_budget() {
        for model in [
            ModelName::Register,
            ModelName::CasRegister,
            ModelName::Counter,
            ModelName::Set,
            ModelName::Queue,
            ModelName::UnorderedQueue,
        ] {
            for consistency in [Consistency::Linearizable, Consistency::Sequential] {
                let found = answer(recipe(model, Some((Fault::Ghost, 50))), consistency);
                assert_eq!(found.word(), "invalid", "{model} {consistency:?}");
            }
        }
    }

    #[test]
    fn what_is_too_hard_is_unknown_within_the_budget_and_never_wrong() {
        for model in [ModelName::CasRegister, ModelName::Counter, ModelName::Mutex] {
            for consistency in [Consistency::Linearizable, Consistency::Sequential] {
                let found = answer(recipe(model, None), consistency);
                let by_budget = matches!(
                    found,
                    Answer::Valid { .. }
                        | Answer::Unknown(
                            Unknown::Steps(_) | Unknown::Bytes(_) | Unknown::Overlap { .. }
                        )
                );
                assert!(by_budget, "{model} {consistency:?}: {}", found.word());
            }
        }
    }
}
