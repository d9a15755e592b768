//! Results that no order of the operations explains, found without a search.
//!
//! A search gives up where too many operations overlap. What it cannot decide is often plain all the same: a value that
//! nobody wrote, or that was certainly overwritten, or a count beyond all that was added. Each object here knows what is
//! certain, and what is possible, at one moment; a result outside of that is wrong in every order. So these checks take
//! one pass over the history. A history that passes them may still be wrong.

use super::conclusion::Violation;
use crate::history::{Event, Function, History, OpId, Operation};
use crate::model::{Model, refused};
use crate::value::Value;
use rustc_hash::{FxHashMap, FxHashSet};

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
        Model::Counter => first(history, keeping, CounterBounds::default),
        Model::Set => first(history, keeping, SetBounds::default),
        Model::Queue | Model::UnorderedQueue => first(history, keeping, QueueBounds::default),
        Model::KvAppend | Model::Bank(_) | Model::Mutex => None,
    }
}

/// What is certain and what is possible of one object, entry by entry.
trait Bounds<'h> {
    /// What is certain when a call begins.
    type Certain: Clone + Default;

    /// An operation begins that may have an effect from now on.
    fn begin(&mut self, operation: &'h Operation);

    /// What is certain by now.
    fn certain(&self) -> Self::Certain;

    /// An operation has had its effect.
    fn end(&mut self, operation: &'h Operation);

    /// What contradicts the result of an operation that is about to end, and why.
    fn contradiction(
        &mut self,
        operation: &'h Operation,
        at_start: &Self::Certain,
    ) -> Option<(Vec<OpId>, String)>;
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

/// Which values a register may hold.
struct RegisterBounds<'h> {
    values: FxHashMap<&'h Value, Writers>,
    overwritten: Overwritten<'h>,
}

/// The operations that leave one value.
#[derive(Clone, Copy, Debug, Default)]
struct Writers {
    /// Those that have begun and may take effect at any moment.
    under_way: u32,
    /// The last one to end, and the entry with which it did. What is there at the start has neither.
    ended: Option<Option<(u32, OpId)>>,
}

/// The two writes of different values that began last among those that have ended.
#[derive(Clone, Debug, Default)]
struct Overwritten<'h>([Option<(u32, OpId, &'h Value)>; 2]);

impl<'h> Overwritten<'h> {
    fn by(&mut self, began: u32, op: OpId, value: &'h Value) {
        let Self(latest) = self;
        let mut all = vec![(began, op, value)];
        all.extend(latest.iter().flatten());
        all.sort_unstable_by_key(|&(began, ..)| std::cmp::Reverse(began));
        let other = all.iter().find(|(.., other)| *other != all[0].2);
        *latest = [Some(all[0]), other.copied()];
    }

    /// The write of another value that began last.
    fn of(&self, value: &Value) -> Option<(u32, OpId)> {
        let mut others = self.0.iter().flatten();
        let (began, op, _) = others.find(|(.., other)| *other != value)?;
        Some((*began, *op))
    }
}

impl<'h> RegisterBounds<'h> {
    fn starting(initial: &'h Value) -> Self {
        let at_start = Writers {
            under_way: 0,
            ended: Some(None),
        };
        Self {
            values: FxHashMap::from_iter([(initial, at_start)]),
            overwritten: Overwritten::default(),
        }
    }
}

/// What an operation leaves in its register.
fn left(operation: &Operation) -> Option<&Value> {
    let argument = &operation.call.argument;
    match operation.call.function {
        Function::Write => Some(argument),
        Function::Cas if !refused(operation.result()) => Some(argument.as_pair()?.1),
        _ => None,
    }
}

/// What an operation that ended ok found in its register.
fn found(operation: &Operation) -> Option<&Value> {
    match operation.call.function {
        Function::Read => operation.result(),
        Function::Cas if !refused(operation.result()) => Some(operation.call.argument.as_pair()?.0),
        _ => None,
    }
}

impl<'h> Bounds<'h> for RegisterBounds<'h> {
    type Certain = Overwritten<'h>;

    fn begin(&mut self, operation: &'h Operation) {
        if let Some(value) = left(operation) {
            self.values.entry(value).or_default().under_way += 1;
        }
    }

    fn certain(&self) -> Overwritten<'h> {
        self.overwritten.clone()
    }

    fn end(&mut self, operation: &'h Operation) {
        let (Some(value), Some(by)) = (left(operation), operation.effective_by()) else {
            return;
        };
        let writers = self.values.entry(value).or_default();
        writers.under_way -= 1;
        writers.ended = Some(Some((by, operation.id)));
        self.overwritten
            .by(operation.invoke_event, operation.id, value);
    }

    fn contradiction(
        &mut self,
        operation: &'h Operation,
        at_start: &Overwritten<'h>,
    ) -> Option<(Vec<OpId>, String)> {
        let value = found(operation)?;
        let writers = self.values.get(value).copied().unwrap_or_default();
        if writers.under_way > u32::from(left(operation) == Some(value)) {
            return None;
        }
        let Some(ended) = writers.ended else {
            let because = format!("{operation}: nobody had begun to write {value}");
            return Some((vec![operation.id], because));
        };
        let (began, over) = at_start.of(value)?;
        if ended.is_some_and(|(ended, _)| ended > began) {
            return None;
        }
        let because = format!(
            "{operation}: {value} had been overwritten before, by operation {over}, and nobody had begun to write it again"
        );
        let last = ended.map(|(_, op)| op);
        Some((
            [operation.id, over].into_iter().chain(last).collect(),
            because,
        ))
    }
}

/// Between which numbers a counter is.
#[derive(Clone, Copy, Default)]
struct CounterBounds {
    certain: Range,
    /// What operations that have begun may add to it.
    possible: Range,
}

#[derive(Clone, Copy, Default)]
struct Range {
    low: i128,
    high: i128,
}

impl Range {
    fn plus(self, low: i128, high: i128) -> Range {
        Range {
            low: self.low.saturating_add(low),
            high: self.high.saturating_add(high),
        }
    }
}

fn added(operation: &Operation) -> i128 {
    match operation.call.function {
        Function::Add => operation.call.argument.as_whole().unwrap_or(0),
        _ => 0,
    }
}

impl<'h> Bounds<'h> for CounterBounds {
    type Certain = Range;

    fn begin(&mut self, operation: &'h Operation) {
        let added = added(operation);
        self.possible = self.possible.plus(added.min(0), added.max(0));
    }

    fn certain(&self) -> Range {
        self.certain
    }

    fn end(&mut self, operation: &'h Operation) {
        let added = added(operation);
        self.certain = self.certain.plus(added.max(0), added.min(0));
    }

    fn contradiction(
        &mut self,
        operation: &'h Operation,
        at_start: &Range,
    ) -> Option<(Vec<OpId>, String)> {
        let is_read = operation.call.function == Function::Read;
        let seen = operation.result().filter(|_| is_read)?.as_whole()?;
        let Range { low, high } = at_start.plus(self.possible.low, self.possible.high);
        let because = format!(
            "{operation}: whatever the order, the counter was not below {low} and not above {high}"
        );
        (seen < low || seen > high).then(|| (vec![operation.id], because))
    }
}

/// What may be in a set.
#[derive(Default)]
struct SetBounds<'h> {
    added: FxHashSet<&'h Value>,
}

impl<'h> Bounds<'h> for SetBounds<'h> {
    type Certain = ();

    fn begin(&mut self, operation: &'h Operation) {
        if operation.call.function == Function::Add {
            self.added.insert(&operation.call.argument);
        }
    }

    fn certain(&self) {}

    fn end(&mut self, _: &'h Operation) {}

    fn contradiction(&mut self, read: &'h Operation, (): &()) -> Option<(Vec<OpId>, String)> {
        let unknown = |element: &&Value| !self.added.contains(element);
        let ghost = match read
            .result()
            .filter(|_| read.call.function == Function::Read)?
        {
            Value::Set(set) => set.iter().find(unknown),
            Value::List(list) => list.iter().find(unknown),
            _ => None,
        }?;
        let because = format!("{read}: nobody had begun to add {ghost}");
        Some((vec![read.id], because))
    }
}

/// What may be in a queue, ordered or not.
#[derive(Default)]
struct QueueBounds<'h> {
    /// How often each item may be taken yet.
    left: FxHashMap<&'h Value, i64>,
}

impl<'h> Bounds<'h> for QueueBounds<'h> {
    type Certain = ();

    fn begin(&mut self, operation: &'h Operation) {
        if operation.call.function == Function::Enqueue {
            *self.left.entry(&operation.call.argument).or_default() += 1;
        }
    }

    fn certain(&self) {}

    fn end(&mut self, _: &'h Operation) {}

    fn contradiction(&mut self, dequeue: &'h Operation, (): &()) -> Option<(Vec<OpId>, String)> {
        let taken = dequeue
            .result()
            .filter(|item| dequeue.call.function == Function::Dequeue && **item != Value::Nil)?;
        let left = self.left.entry(taken).or_default();
        *left -= 1;
        let because = format!(
            "{dequeue}: {taken} was dequeued more often than anybody had begun to enqueue it"
        );
        (*left < 0).then(|| (vec![dequeue.id], because))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consistency::budget::Budget;
    use crate::consistency::linear::{Linearizability, check};
    use crate::consistency::sequential::{self, Sequential};
    use crate::generate::{Dice, Workload, cas_register_calls, valid, with_result};
    use crate::history::Call;
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
