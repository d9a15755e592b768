//! Every small history, against the oracle.
//!
//! For each model: every way in which up to four operations of any number of processes can overlap,
//! times every choice of calls and ends from a small domain. `SLOWFIRE_SWEEP=5` goes up to five
//! operations (about 12 million histories, minutes). Six are for `deep.rs`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use Function::{
    Acquire, Add, Append, Cas, Dequeue, Enqueue, Read, Release, Remove, Transfer, Write,
};
use check::consistency::budget::Budget;
use check::consistency::linear::{Linearizability, check};
use check::history::{Call, Function, History, OpId, Process, Time};
use check::model::{
    Bank, Counter, KvAppend, Model, Mutex, Queue, Register, Set, Specification, UnorderedQueue,
};
use check::value::Value;
use common::{End, first_violation, linearizable, shapes};

type Label = (Call, End);

fn ok(function: Function, argument: impl Into<Value>, result: impl Into<Value>) -> Label {
    (Call::new(function, argument), End::Ok(result.into()))
}

fn info(function: Function, argument: impl Into<Value>) -> Label {
    (Call::new(function, argument), End::Unknown)
}

fn fail(function: Function, argument: impl Into<Value>) -> Label {
    (Call::new(function, argument), End::Fail)
}

const NIL: Value = Value::Nil;

fn longest() -> u32 {
    std::env::var("SLOWFIRE_SWEEP")
        .ok()
        .and_then(|n| n.parse().ok())
        .filter(|n| *n == 5)
        .unwrap_or(4)
}

/// The history with these intervals and labels, each operation by a process of its own.
fn history(shape: &[(u32, u32)], labels: &[&Label]) -> History {
    let mut history = History::new();
    let mut ops = vec![OpId(0); shape.len()];
    let points = shape.iter().map(|&(_, end)| end + 1).max().unwrap_or(0);
    for point in 0..points {
        for (i, &(begin, _)) in shape.iter().enumerate().filter(|(_, s)| s.0 == point) {
            let at = Time(u64::from(begin));
            ops[i] = history
                .invoke(Process(i as u32), labels[i].0.clone(), at)
                .unwrap();
        }
        for (i, &(_, end)) in shape.iter().enumerate().filter(|(_, s)| s.1 == point) {
            let at = Time(u64::from(end));
            match &labels[i].1 {
                End::Ok(result) => history.ok(ops[i], result.clone(), at).unwrap(),
                End::Fail => history.fail(ops[i], at).unwrap(),
                End::Unknown => history.info(ops[i], at).unwrap(),
            }
        }
    }
    history
}

fn sweep<S: Specification>(spec: &S, model: &Model, labels: &[Label]) {
    let (mut valid, mut invalid) = (0u64, 0u64);
    for n in 1..=longest() {
        for shape in shapes(n) {
            let mut digits = vec![0; n as usize];
            loop {
                let chosen: Vec<&Label> = digits.iter().map(|&d| &labels[d]).collect();
                let history = history(&shape, &chosen);
                if agrees(spec, model, &history, n <= 4) {
                    valid += 1
                } else {
                    invalid += 1
                }
                if !count_up(&mut digits, labels.len()) {
                    break;
                }
            }
        }
    }
    assert!(
        valid > 100 && invalid > 100,
        "{valid} valid and {invalid} invalid histories"
    );
}

fn count_up(digits: &mut [usize], base: usize) -> bool {
    for digit in digits {
        *digit += 1;
        if *digit < base {
            return true;
        }
        *digit = 0;
    }
    false
}

/// Compares the checker with the oracle; whether the history is valid.
fn agrees<S: Specification>(spec: &S, model: &Model, history: &History, when: bool) -> bool {
    let expected = linearizable(spec, history);
    match check(history, model, Budget::default()).unwrap() {
        Linearizability::Linearizable(witnesses) => {
            assert!(expected, "accepted {history:#?}");
            let order: Vec<OpId> = witnesses.into_iter().flat_map(|w| w.order).collect();
            assert_shows(spec, history, &order);
        }
        Linearizability::Violated(found) => {
            assert!(!expected, "rejected {history:#?}\n{found:#?}");
            if when {
                assert_eq!(
                    Some(found.event),
                    first_violation(spec, history),
                    "{history:#?}"
                );
                assert_partial(spec, history, &found);
            }
        }
        Linearizability::Unknown(why) => panic!("{why}"),
    }
    expected
}

/// An order is a proof if it holds all that must have happened, respects real time, and is allowed.
fn assert_shows<S: Specification>(spec: &S, history: &History, order: &[OpId]) {
    let placed = |op: OpId| order.iter().position(|&o| o == op);
    for a in history.operations() {
        assert!(
            a.result().is_none() || placed(a.id).is_some(),
            "{} is missing",
            a.id
        );
        for b in history.operations().iter().filter(|b| a.precedes(b)) {
            if let (Some(a), Some(b)) = (placed(a.id), placed(b.id)) {
                assert!(a < b, "real time is not respected");
            }
        }
    }
    assert_allowed(spec, history, order);
}

fn assert_allowed<S: Specification>(spec: &S, history: &History, order: &[OpId]) {
    let mut state = spec.initial();
    for (i, &op) in order.iter().enumerate() {
        assert!(!order[..i].contains(&op), "{op} took effect twice");
        let op = history.get(op).unwrap();
        state = spec
            .step(&state, &op.call, op.result())
            .expect("the object allows it");
    }
}

fn assert_partial<S: Specification>(
    spec: &S,
    history: &History,
    found: &check::consistency::linear::Counterexample,
) {
    assert!(!found.partial.is_empty());
    let prefix = history.prefix(found.event + 1);
    for partial in &found.partial {
        assert_allowed(spec, &prefix, &partial.order);
        assert!(
            partial
                .unplaced
                .iter()
                .all(|op| !partial.order.contains(op))
        );
    }
}

#[test]
fn the_shapes_are_all_interval_orders() {
    let counts: Vec<usize> = (1..=6).map(|n| shapes(n).len()).collect();
    assert_eq!(counts, [1, 2, 5, 15, 53, 217]);
}

#[test]
fn every_small_history_of_a_register() {
    let labels = [
        ok(Write, 0, NIL),
        ok(Write, 1, NIL),
        ok(Read, NIL, NIL),
        ok(Read, NIL, 0),
        ok(Read, NIL, 1),
        info(Write, 0),
        info(Write, 1),
        fail(Write, 1),
    ];
    sweep(&Register::PLAIN, &Model::Register, &labels);
}

#[test]
fn every_small_history_of_a_cas_register() {
    let labels = [
        ok(Write, 0, NIL),
        ok(Read, NIL, 0),
        ok(Read, NIL, 1),
        ok(Cas, Value::pair(0, 1), NIL),
        ok(Cas, Value::pair(0, 1), false),
        ok(Cas, Value::pair(1, 0), true),
        info(Cas, Value::pair(0, 1)),
        info(Write, 0),
    ];
    sweep(&Register::WITH_CAS, &Model::CasRegister, &labels);
}

#[test]
fn every_small_history_of_a_list() {
    let list = Value::ints;
    let labels = [
        ok(Append, 1, NIL),
        ok(Append, 2, NIL),
        ok(Read, NIL, NIL),
        ok(Read, NIL, list(&[1])),
        ok(Read, NIL, list(&[1, 2])),
        ok(Read, NIL, list(&[2, 1])),
        info(Append, 1),
        ok(Write, list(&[2]), NIL),
    ];
    sweep(&KvAppend, &Model::KvAppend, &labels);
}

#[test]
fn every_small_history_of_a_text() {
    let labels = [
        ok(Append, "a", NIL),
        ok(Append, "ab", NIL),
        ok(Read, NIL, NIL),
        ok(Read, NIL, "a"),
        ok(Read, NIL, "aab"),
        ok(Read, NIL, "aba"),
        info(Append, "b"),
        fail(Append, "a"),
    ];
    sweep(&KvAppend, &Model::KvAppend, &labels);
}

#[test]
fn every_small_history_of_a_counter() {
    let labels = [
        ok(Add, 1, NIL),
        ok(Add, 2, NIL),
        ok(Read, NIL, 0),
        ok(Read, NIL, 1),
        ok(Read, NIL, 3),
        ok(Add, 1, 2),
        info(Add, 1),
        fail(Add, 1),
    ];
    sweep(&Counter, &Model::Counter, &labels);
}

#[test]
fn every_small_history_of_a_set() {
    let labels = [
        ok(Add, 1, NIL),
        ok(Remove, 1, NIL),
        ok(Read, NIL, NIL),
        ok(Read, NIL, Value::ints(&[1])),
        info(Add, 1),
        info(Remove, 1),
        fail(Add, 1),
    ];
    sweep(&Set, &Model::Set, &labels);
}

#[test]
fn every_small_history_of_a_queue() {
    let labels = [
        ok(Enqueue, 1, NIL),
        ok(Enqueue, 2, NIL),
        ok(Dequeue, NIL, 1),
        ok(Dequeue, NIL, 2),
        ok(Dequeue, NIL, NIL),
        info(Enqueue, 1),
        info(Dequeue, NIL),
    ];
    sweep(&Queue, &Model::Queue, &labels);
}

#[test]
fn every_small_history_of_an_unordered_queue() {
    let labels = [
        ok(Enqueue, 1, NIL),
        ok(Enqueue, 2, NIL),
        ok(Dequeue, NIL, 1),
        ok(Dequeue, NIL, NIL),
        info(Enqueue, 1),
        info(Dequeue, NIL),
        fail(Dequeue, NIL),
    ];
    sweep(&UnorderedQueue, &Model::UnorderedQueue, &labels);
}

#[test]
fn every_small_history_of_a_bank() {
    let map =
        |pairs: &[(Value, i64)]| Value::map(pairs.iter().map(|(k, v)| (k.clone(), Value::Int(*v))));
    let holds = |a, b| map(&[(Value::Int(0), a), (Value::Int(1), b)]);
    let fields = |from, to| {
        map(&[
            (Value::text("from"), from),
            (Value::text("to"), to),
            (Value::text("amount"), 1),
        ])
    };
    let labels = [
        ok(Transfer, fields(0, 1), NIL),
        ok(Transfer, fields(0, 1), false),
        ok(Transfer, fields(1, 0), NIL),
        ok(Read, NIL, holds(1, 0)),
        ok(Read, NIL, holds(0, 1)),
        info(Transfer, fields(0, 1)),
        info(Transfer, fields(1, 0)),
    ];
    let bank = Bank::opening_with([(Value::Int(0), 1), (Value::Int(1), 0)].into());
    sweep(&bank.clone(), &Model::Bank(bank), &labels);
}

#[test]
fn every_small_history_of_a_mutex() {
    let labels = [
        ok(Acquire, NIL, true),
        ok(Acquire, NIL, false),
        ok(Release, NIL, NIL),
        info(Acquire, NIL),
        info(Release, NIL),
    ];
    sweep(&Mutex, &Model::Mutex, &labels);
}
