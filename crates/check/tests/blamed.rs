//! What is blamed in histories of 2,000 operations contradicts each other, whatever the others did; or it is not said to.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use Function::{Add, Append, Cas, Dequeue, Enqueue, Read, Remove, Write};
use check::consistency::budget::Budget;
use check::format::{Keyed, write_edn};
use check::generate::{Dice, Workload, valid, with_result};
use check::history::{Call, Function, History, Process, Time};
use check::model::{
    Counter, KvAppend, ModelName, Queue, Register, Set, Specification, UnorderedQueue,
};
use check::value::Value;
use check::verify::{Answer, Consistency, Question, verify};
use common::blamed::blamed_alone;

/// How many operations a history has that is not hard to blame.
const MANY: u32 = 2_000;

/// And one of an object whose state tells little, so that most of what came before is to blame.
const FEW: u32 = 40;

fn answer(history: &History, model: ModelName, steps: u64) -> Answer {
    let question = Question {
        model,
        consistency: Consistency::Linearizable,
        keyed: Keyed::Plain,
        initial: None,
        budget: Budget {
            steps,
            ..Budget::default()
        },
    };
    verify(&write_edn(history), question)
}

/// Compares what is blamed with the definition, and says whether anything is.
fn is_blamed(history: &History, model: ModelName) -> bool {
    let steps = Budget::default().steps;
    let Answer::Invalid(invalid) = answer(history, model, steps) else {
        panic!("{model:?}: it is not invalid")
    };
    if invalid.violation.before.is_some() {
        assert_eq!(invalid.violation.operations.len(), 1);
        return false;
    }
    let alone = blamed_alone(history, &invalid);
    // What is left of a budget showed it; all of one does.
    assert_eq!(
        answer(&alone, model, steps).word(),
        "invalid",
        "{model:?}: {:?}",
        invalid.violation
    );
    true
}

/// Gives each of a few late results to a call that it may not fit; says how many were blamed, and of how many.
fn blamed<S: Specification>(
    spec: &S,
    model: ModelName,
    looks: Function,
    operations: u32,
    mut call: impl FnMut(&mut Dice, u32) -> Call,
) -> (usize, usize) {
    let (mut blamed, mut wrong) = (0, 0);
    for seed in 0..4 {
        let mut dice = Dice::new(seed);
        let workload = Workload {
            clients: 3,
            operations,
            timeouts: 5,
            overlap: 3,
        };
        let history = valid(spec, workload, &mut dice, &mut call);
        let looked = history.operations().iter().filter(|op| {
            op.call.function == looks && op.result().is_some_and(|seen| *seen != Value::Nil)
        });
        let looked: Vec<_> = looked.collect();
        let late = &looked[looked.len() * 3 / 4..];
        let (there, other) = (dice.pick(late).unwrap(), dice.pick(&looked).unwrap());
        let odd = with_result(&history, there.id, other.result().unwrap());
        if answer(&odd, model, Budget::default().steps).word() == "invalid" {
            wrong += 1;
            blamed += usize::from(is_blamed(&odd, model));
        }
    }
    println!("{model:?}: {blamed} of {wrong}");
    assert!(blamed > 0, "{model:?}: {blamed} of {wrong}");
    (blamed, wrong)
}

fn next(dice: &mut Dice, puts: Function, bound: u32, looks: Function) -> Call {
    match dice.chance(500) {
        true => Call::new(puts, i64::from(dice.below(bound))),
        false => Call::new(looks, Value::Nil),
    }
}

#[test]
fn registers() {
    let call = |dice: &mut Dice, _| next(dice, Write, 1_000, Read);
    let (blamed, wrong) = blamed(&Register::PLAIN, ModelName::Register, Read, MANY, call);
    assert_eq!(blamed, wrong);
    let call = |dice: &mut Dice, _| match dice.below(4) {
        0 => Call::new(
            Cas,
            Value::pair(i64::from(dice.below(5)), i64::from(dice.below(5))),
        ),
        _ => next(dice, Write, 5, Read),
    };
    self::blamed(&Register::WITH_CAS, ModelName::CasRegister, Read, FEW, call);
}

#[test]
fn sets() {
    let call = |dice: &mut Dice, _| match dice.below(3) {
        0 => Call::new(Remove, i64::from(dice.below(50))),
        _ => next(dice, Add, 50, Read),
    };
    blamed(&Set, ModelName::Set, Read, FEW, call);
}

#[test]
fn queues() {
    let mut item = 0;
    let mut call = |dice: &mut Dice, _| match dice.chance(500) {
        true => {
            item += 1;
            Call::new(Enqueue, item)
        }
        false => Call::new(Dequeue, Value::Nil),
    };
    blamed(&Queue, ModelName::Queue, Dequeue, MANY, &mut call);
    blamed(
        &UnorderedQueue,
        ModelName::UnorderedQueue,
        Dequeue,
        MANY,
        &mut call,
    );
}

#[test]
fn lists_and_counters() {
    let mut item = 0;
    let call = |dice: &mut Dice, _| match dice.chance(100) {
        true => {
            item += 1;
            Call::new(Append, item)
        }
        false => Call::new(Read, Value::Nil),
    };
    blamed(&KvAppend, ModelName::KvAppend, Read, MANY, call);
    let call = |dice: &mut Dice, _| next(dice, Add, 3, Read);
    blamed(&Counter, ModelName::Counter, Read, FEW, call);
}

/// A set whose rounds of `add`, `read` and `remove` end with a read of an element of the eighth.
fn rounds(count: i64) -> History {
    let mut history = History::new();
    let mut done = |function, argument: Value, result| {
        let call = Call::new(function, argument);
        let op = history.invoke(Process(0), call, Time(0)).unwrap();
        history.ok(op, result, Time(0)).unwrap();
    };
    for round in 0..count {
        done(Add, round.into(), Value::Nil);
        done(Read, Value::Nil, Value::set([round.into()]));
        done(Remove, round.into(), Value::Nil);
    }
    done(Read, Value::Nil, Value::set([7.into()]));
    history
}

#[test]
fn what_would_take_too_long_to_blame_is_not_blamed() {
    let history = rounds(600);
    assert!(is_blamed(&history, ModelName::Set));
    let mut given_up = 0;
    for steps in (1..40).map(|n| n * 1_000) {
        let Answer::Invalid(poor) = answer(&history, ModelName::Set, steps) else {
            continue;
        };
        let told = |op| poor.document.history.get(op).unwrap().to_string();
        let Some(before) = &poor.violation.before else {
            let alone = blamed_alone(&history, &poor);
            let told = answer(&alone, ModelName::Set, Budget::default().steps);
            assert_eq!(told.word(), "invalid", "{steps}: {:?}", poor.violation);
            continue;
        };
        given_up += 1;
        assert_eq!(poor.violation.operations.len(), 1);
        assert_eq!(told(poor.violation.operations[0]), "process 0 read -> #{7}");
        assert_eq!(before.len(), 1);
    }
    assert!(given_up > 0);
}
