//! Every history of up to six operations and three processes, but for those that are the same.
//!
//! A history is grown entry by entry, with the set of configurations that its definition allows: what the object may
//! hold, and which operations have taken effect. Where the set becomes empty, the history has just become wrong, and
//! so is whatever it grows into; where it is whole, it is right. Both are shown to the checker, which must find the
//! wrong ones wrong at that very entry. So each history of that size is judged, or one that it begins with is.
//!
//! A history is a way in which operations overlap (an interval order), a call for each, and how each ended: ok, failed
//! or unknown, out of the few calls and results that each test names. Of histories that are the same but for the numbers
//! of their processes, for the order of entries that overlap anyway, or for the names of values, one is tried. In those
//! of six operations a client whose operation is unknown keeps its process to the end; in shorter ones it may give up
//! earlier, and come back as another process.
//!
//! The configurations are an oracle as good as trying all orders is: up to four operations, both are asked.
//!
//! Six operations are tried with registers, counters, sets and locks; with the other models up to five, or up to six
//! with `SLOWFIRE_SWEEP=6`, which takes some minutes more.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use Function::{
    Acquire, Add, Append, Cas, Dequeue, Enqueue, Read, Release, Remove, Transfer, Write,
};
use check::consistency::budget::Budget;
use check::consistency::linear::{Linearizability, check};
use check::history::{Call, Function, History, OpId, Process, Time};
use check::model::{Bank, Counter, KvAppend, Model, Mutex, Queue, Register, Set, Specification};
use check::value::Value;
use common::{End, linearizable, shapes};

/// What may be called, and how each call may end.
type Calls = Vec<(Call, Vec<End>)>;

const NIL: Value = Value::Nil;

fn call(
    function: Function,
    argument: impl Into<Value>,
    ends: impl IntoIterator<Item = End>,
) -> (Call, Vec<End>) {
    (Call::new(function, argument), ends.into_iter().collect())
}

fn ok(result: impl Into<Value>) -> End {
    End::Ok(result.into())
}

/// Acknowledged, called off, or unknown.
fn any_end() -> [End; 3] {
    [ok(NIL), End::Fail, End::Unknown]
}

/// Acknowledged, or unknown.
fn acknowledged() -> [End; 2] {
    [ok(NIL), End::Unknown]
}

/// An entry of a shape, by the operation's place.
#[derive(Clone, Copy)]
enum Entry {
    Invoke(usize),
    Return(usize),
}

/// The entries of a shape, those of one point with the invocations first.
fn entries(shape: &[(u32, u32)]) -> Vec<Entry> {
    let points = shape.iter().map(|&(_, end)| end + 1).max().unwrap_or(0);
    let at = |point: u32| {
        let begun = shape.iter().enumerate().filter(move |(_, s)| s.0 == point);
        let ended = shape.iter().enumerate().filter(move |(_, s)| s.1 == point);
        let begun = begun.map(|(place, _)| Entry::Invoke(place));
        begun.chain(ended.map(|(place, _)| Entry::Return(place)))
    };
    (0..points).flat_map(at).collect()
}

/// How many operations overlap at most.
fn width(shape: &[(u32, u32)]) -> usize {
    let over = |point: u32| {
        shape
            .iter()
            .filter(|s| s.0 <= point && point <= s.1)
            .count()
    };
    shape
        .iter()
        .map(|&(begin, _)| over(begin))
        .max()
        .unwrap_or(0)
}

/// What the object may hold, which operations have taken effect, and what those did that have not returned.
#[derive(Clone, PartialEq)]
struct Configuration<S> {
    state: S,
    effective: u32,
    open: Vec<(usize, S, S)>,
}

struct Sweep<'a, S: Specification> {
    spec: &'a S,
    model: &'a Model,
    calls: &'a Calls,
    shape: Vec<(u32, u32)>,
    entries: Vec<Entry>,
    /// The call of each operation that was invoked, and how it ended.
    chosen: Vec<(usize, usize)>,
    /// Two calls that differ in the name of a value alone: the first of them is called first.
    alike: Option<(usize, usize)>,
    valid: u64,
    invalid: u64,
}

impl<S: Specification> Sweep<'_, S> {
    fn grow(&mut self, at: usize, configurations: &[Configuration<S::State>], ended: u32) {
        let Some(&entry) = self.entries.get(at) else {
            self.valid += 1;
            return self.assert_valid();
        };
        match entry {
            Entry::Invoke(op) => self.invoke(op, at, configurations, ended),
            Entry::Return(op) => self.end(op, at, configurations, ended),
        }
    }

    fn invoke(
        &mut self,
        op: usize,
        at: usize,
        configurations: &[Configuration<S::State>],
        ended: u32,
    ) {
        let twin = self.twin(op);
        let least = twin.map_or(0, |twin| self.chosen[twin].0);
        for choice in least..self.calls.len() {
            let was_called = |wanted: usize| self.chosen.iter().any(|chosen| chosen.0 == wanted);
            if self
                .alike
                .is_some_and(|(first, other)| choice == other && !was_called(first))
            {
                continue;
            }
            self.chosen.push((choice, 0));
            self.grow(at + 1, configurations, ended);
            self.chosen.pop();
        }
    }

    fn end(
        &mut self,
        op: usize,
        at: usize,
        configurations: &[Configuration<S::State>],
        ended: u32,
    ) {
        let (choice, _) = self.chosen[op];
        let reachable = self.reachable(configurations, ended);
        let twin = self.twin(op).map(|twin| self.chosen[twin]);
        let least = twin
            .filter(|twin| twin.0 == choice)
            .map_or(0, |twin| twin.1);
        for end in least..self.calls[choice].1.len() {
            self.chosen[op].1 = end;
            let (call, ends) = &self.calls[choice];
            let left = match &ends[end] {
                End::Ok(result) => returned(self.spec, &reachable, op, call, result),
                End::Fail => called_off(&reachable, op),
                End::Unknown => {
                    if self.may_stay_open(op) {
                        self.grow(at + 1, configurations, ended);
                    }
                    continue;
                }
            };
            if left.is_empty() {
                self.invalid += 1;
                self.assert_invalid(at);
            } else {
                self.grow(at + 1, &left, ended | 1 << op);
            }
        }
    }

    /// An operation whose outcome is unknown never ends, whenever its client gives up; so in the longest histories its
    /// client gives up last.
    fn may_stay_open(&self, op: usize) -> bool {
        let last = self.shape.iter().map(|&(_, end)| end).max();
        self.shape.len() < 6 || Some(self.shape[op].1) == last
    }

    /// The history up to an entry.
    fn history(&self, last: usize) -> History {
        let mut history = History::new();
        for (at, entry) in (0..).map(Time).zip(&self.entries[..=last]) {
            let (Entry::Invoke(op) | Entry::Return(op)) = *entry;
            let (choice, end) = self.chosen[op];
            let (call, ends) = &self.calls[choice];
            let (process, id) = (Process(op as u32), OpId(op as u32));
            match (entry, &ends[end]) {
                (Entry::Invoke(_), _) => {
                    history.invoke(process, call.clone(), at).unwrap();
                }
                (_, End::Ok(result)) => history.ok(id, result.clone(), at).unwrap(),
                (_, End::Fail) => history.fail(id, at).unwrap(),
                (_, End::Unknown) => history.info(id, at).unwrap(),
            }
        }
        history
    }

    /// The operation before this one, if it has the same interval.
    fn twin(&self, op: usize) -> Option<usize> {
        let before = op.checked_sub(1)?;
        (self.shape[before] == self.shape[op]).then_some(before)
    }

    /// All configurations that come about as open operations take effect.
    fn reachable(
        &self,
        from: &[Configuration<S::State>],
        ended: u32,
    ) -> Vec<Configuration<S::State>> {
        let mut all = from.to_vec();
        let mut next = 0;
        while let Some(known) = all.get(next).cloned() {
            next += 1;
            for (op, &(choice, _)) in self.chosen.iter().enumerate() {
                if (known.effective | ended) >> op & 1 == 1 {
                    continue;
                }
                let call = &self.calls[choice].0;
                // What changes nothing may be told, and its result shows whether it was so.
                let after = self.spec.step(&known.state, call, None);
                let after = after.unwrap_or_else(|| known.state.clone());
                let mut configuration = known.clone();
                configuration.effective |= 1 << op;
                configuration
                    .open
                    .push((op, known.state.clone(), after.clone()));
                configuration.open.sort_by_key(|open| open.0);
                configuration.state = after;
                if !all.contains(&configuration) {
                    all.push(configuration);
                }
            }
        }
        all
    }

    fn assert_valid(&self) {
        let history = self.history(self.entries.len() - 1);
        let found = check(&history, self.model, Budget::default()).unwrap();
        let is_valid = matches!(found, Linearizability::Linearizable(_));
        assert!(is_valid, "rejected {history:#?}");
        self.assert_oracle(&history, true);
    }

    fn assert_invalid(&self, last: usize) {
        let history = self.history(last);
        let found = check(&history, self.model, Budget::default()).unwrap();
        let Linearizability::Violated(found) = found else {
            panic!("accepted {history:#?}")
        };
        assert_eq!(found.event as usize, last, "{history:#?}");
        self.assert_oracle(&history, false);
    }

    /// The configurations are as good an oracle as all orders are.
    fn assert_oracle(&self, history: &History, is_valid: bool) {
        if self.shape.len() <= 4 {
            assert_eq!(linearizable(self.spec, history), is_valid, "{history:#?}");
        }
    }
}

/// What is left of configurations when an operation returns with a result.
fn returned<S: Specification>(
    spec: &S,
    configurations: &[Configuration<S::State>],
    op: usize,
    call: &Call,
    result: &Value,
) -> Vec<Configuration<S::State>> {
    let mut left: Vec<Configuration<S::State>> = Vec::new();
    for configuration in configurations {
        let mut configuration = configuration.clone();
        let Some(place) = configuration.open.iter().position(|open| open.0 == op) else {
            continue;
        };
        let (_, before, after) = configuration.open.remove(place);
        let may = spec.step(&before, call, Some(result)).as_ref() == Some(&after);
        if may && !left.contains(&configuration) {
            left.push(configuration);
        }
    }
    left
}

/// What is left of configurations when an operation turns out not to have happened.
fn called_off<S: Clone>(configurations: &[Configuration<S>], op: usize) -> Vec<Configuration<S>> {
    let all = configurations.iter();
    all.filter(|known| known.effective >> op & 1 == 0)
        .cloned()
        .collect()
}

fn sweep<S: Specification>(
    spec: &S,
    model: &Model,
    calls: &Calls,
    alike: Option<(usize, usize)>,
    is_quick: bool,
) {
    let asked = std::env::var("SLOWFIRE_SWEEP").is_ok_and(|size| size == "6");
    let longest = if is_quick || asked { 6 } else { 5 };
    let (mut valid, mut invalid) = (0, 0);
    for shape in (1..=longest)
        .flat_map(shapes)
        .filter(|shape| width(shape) <= 3)
    {
        let mut sweep = Sweep {
            spec,
            model,
            calls,
            entries: entries(&shape),
            shape,
            chosen: Vec::new(),
            alike,
            valid: 0,
            invalid: 0,
        };
        let first = Configuration {
            state: spec.initial(),
            effective: 0,
            open: Vec::new(),
        };
        sweep.grow(0, &[first], 0);
        valid += sweep.valid;
        invalid += sweep.invalid;
    }
    println!("{model:?}: {valid} valid and {invalid} invalid histories");
    assert!(valid > 1000 && invalid > 1000);
}

#[test]
fn registers() {
    let calls = vec![
        call(Write, 0, any_end()),
        call(Write, 1, any_end()),
        call(Read, NIL, [ok(NIL), ok(0), ok(1)]),
    ];
    sweep(
        &Register::PLAIN,
        &Model::Register,
        &calls,
        Some((0, 1)),
        true,
    );
}

#[test]
fn cas_registers() {
    let calls = vec![
        call(Write, 0, acknowledged()),
        call(
            Cas,
            Value::pair(0, 1),
            [ok(true), ok(false), End::Fail, End::Unknown],
        ),
        call(Cas, Value::pair(1, 0), [ok(true), ok(false)]),
        call(Read, NIL, [ok(0), ok(1)]),
    ];
    sweep(
        &Register::WITH_CAS,
        &Model::CasRegister,
        &calls,
        None,
        false,
    );
}

#[test]
fn lists() {
    let list = |numbers: &[i64]| ok(Value::ints(numbers));
    let calls = vec![
        call(Append, 1, any_end()),
        call(Append, 2, [ok(NIL)]),
        call(
            Read,
            NIL,
            [ok(NIL), list(&[1]), list(&[1, 2]), list(&[2, 1])],
        ),
    ];
    sweep(&KvAppend, &Model::KvAppend, &calls, None, false);
}

#[test]
fn counters() {
    let calls = vec![
        call(Add, 1, any_end()),
        call(Add, 2, [ok(NIL)]),
        call(Read, NIL, [ok(0), ok(1), ok(3)]),
    ];
    sweep(&Counter, &Model::Counter, &calls, None, true);
}

#[test]
fn sets() {
    let calls = vec![
        call(Add, 1, any_end()),
        call(Remove, 1, acknowledged()),
        call(Read, NIL, [ok(NIL), ok(Value::ints(&[1]))]),
    ];
    sweep(&Set, &Model::Set, &calls, None, true);
}

#[test]
fn queues() {
    let calls = vec![
        call(Enqueue, 1, any_end()),
        call(Enqueue, 2, [ok(NIL)]),
        call(Dequeue, NIL, [ok(1), ok(2), ok(NIL), End::Unknown]),
    ];
    sweep(&Queue, &Model::Queue, &calls, None, false);
}

#[test]
fn locks() {
    let calls = vec![
        call(Acquire, NIL, [ok(true), ok(false), End::Fail, End::Unknown]),
        call(Release, NIL, any_end()),
    ];
    sweep(&Mutex, &Model::Mutex, &calls, None, true);
}

#[test]
fn banks() {
    let map = |pairs: [(Value, i64); 2]| Value::map(pairs.map(|(k, v)| (k, v.into())));
    let holds = |a, b| ok(map([(Value::Int(0), a), (Value::Int(1), b)]));
    let transfer = |from: i64, to: i64| {
        let fields = [("from", from), ("to", to), ("amount", 1)];
        Value::map(fields.map(|(k, v)| (Value::text(k), v.into())))
    };
    let calls = vec![
        call(
            Transfer,
            transfer(0, 1),
            [ok(NIL), ok(false), End::Fail, End::Unknown],
        ),
        call(Transfer, transfer(1, 0), [ok(NIL), End::Unknown]),
        call(Read, NIL, [holds(1, 0), holds(0, 1)]),
    ];
    let bank = Bank::opening_with([(Value::Int(0), 1), (Value::Int(1), 0)].into());
    sweep(&bank.clone(), &Model::Bank(bank), &calls, None, false);
}
