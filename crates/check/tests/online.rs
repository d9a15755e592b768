//! The online checker, entry by entry, against the oracle and the checker of whole histories.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use check::consistency::budget::Budget;
use check::consistency::conclusion::Conclusion;
use check::consistency::linear::{Linearizability, Online, check};
use check::generate::{Dice, Workload, cas_register_calls, text_calls, valid, with_a_swapped_read};
use check::history::{Call, Function, History};
use check::model::{KvAppend, Model, Mutex, Queue, Register, Specification};
use check::value::Value;
use common::first_violation;

/// The entry at which the online checker says *violated*, cloned on the way as a keyframe would.
fn online(history: &History, model: &Model) -> Option<u32> {
    let mut checker = Online::new(model.clone(), Budget::default());
    for entry in 0..history.events().len() as u32 {
        let prefix = history.prefix(entry + 1);
        let before = checker.clone();
        let conclusion = checker.feed(&prefix).unwrap();
        let mut again = before;
        assert_eq!(again.feed(&prefix).unwrap(), conclusion, "a clone differs");
        match conclusion {
            Conclusion::Holds => {}
            Conclusion::Violated(found) => {
                assert_eq!(found.event, entry);
                return Some(entry);
            }
            Conclusion::Unknown(why) => panic!("{why}"),
        }
    }
    None
}

fn whole(history: &History, model: &Model) -> Option<u32> {
    match check(history, model, Budget::default()).unwrap() {
        Linearizability::Linearizable(_) => None,
        Linearizability::Violated(found) => Some(found.event),
        Linearizability::Unknown(why) => panic!("{why}"),
    }
}

fn compare<S: Specification>(
    spec: &S,
    model: &Model,
    mut call: impl FnMut(&mut Dice, u32) -> Call,
) {
    let (mut holds, mut violated) = (0, 0);
    for seed in 0..200 {
        let mut dice = Dice::new(seed);
        let small = seed % 2 == 0;
        let clients = 1 + dice.below(4);
        let operations = if small {
            1 + dice.below(8)
        } else {
            20 + dice.below(100)
        };
        let workload = Workload {
            clients,
            operations,
            timeouts: dice.below(300),
            overlap: clients,
        };
        let good = valid(spec, workload, &mut dice, &mut call);
        assert_eq!(online(&good, model), None, "{good:#?}");
        let bad = with_a_swapped_read(&good, &mut dice);
        let found = online(&bad, model);
        assert_eq!(found, whole(&bad, model), "{bad:#?}");
        if small {
            assert_eq!(found, first_violation(spec, &bad), "{bad:#?}");
        }
        if found.is_some() {
            violated += 1
        } else {
            holds += 1
        }
    }
    assert!(
        holds > 20 && violated > 20,
        "{holds} hold, {violated} are violated"
    );
}

#[test]
fn of_a_cas_register() {
    compare(&Register::WITH_CAS, &Model::CasRegister, cas_register_calls);
}

#[test]
fn of_a_text() {
    compare(&KvAppend, &Model::KvAppend, text_calls(100));
}

#[test]
fn of_a_register_with_distinct_writes() {
    let mut next = 0;
    compare(&Register::PLAIN, &Model::Register, |dice, _| {
        next += 1;
        match dice.below(2) {
            0 => Call::new(Function::Read, Value::Nil),
            _ => Call::new(Function::Write, next),
        }
    });
}

#[test]
fn a_valid_queue_and_a_valid_lock_hold_to_the_end() {
    for seed in 0..60 {
        let workload = Workload {
            clients: 3,
            operations: 60,
            timeouts: 50,
            overlap: 3,
        };
        let mut next = 0;
        let queue = valid(&Queue, workload, &mut Dice::new(seed), |dice, _| {
            next += 1;
            match dice.below(2) {
                0 => Call::new(Function::Dequeue, Value::Nil),
                _ => Call::new(Function::Enqueue, next),
            }
        });
        assert_eq!(online(&queue, &Model::Queue), None);
        assert_eq!(whole(&queue, &Model::Queue), None);
        let lock = valid(
            &Mutex,
            workload,
            &mut Dice::new(seed),
            |dice, _| match dice.below(2) {
                0 => Call::new(Function::Acquire, Value::Nil),
                _ => Call::new(Function::Release, Value::Nil),
            },
        );
        assert_eq!(online(&lock, &Model::Mutex), None);
        assert_eq!(whole(&lock, &Model::Mutex), None);
    }
}

/// A hard history, and a checker of it whose searches may take few steps.
fn poor() -> (History, Online) {
    let workload = Workload {
        clients: 24,
        operations: 600,
        timeouts: 300,
        overlap: 24,
    };
    let mut dice = Dice::new(1);
    let history = valid(&Register::WITH_CAS, workload, &mut dice, cas_register_calls);
    let budget = Budget {
        steps: 300,
        ..Budget::default()
    };
    (history, Online::new(Model::CasRegister, budget))
}

#[test]
fn after_a_search_without_an_answer_twice_as_many_returns_are_waited_for() {
    let (history, mut checker) = poor();
    let mut in_vain = 0;
    for entry in 0..history.events().len() as u32 {
        let before = checker.work();
        let conclusion = checker.feed(&history.prefix(entry + 1)).unwrap();
        let is_unknown = matches!(conclusion, Conclusion::Unknown(_));
        in_vain += u32::from(is_unknown && checker.work() > before);
    }
    // There are some 500 returns: 16, 32, 64, 128 and 256 lie between searches.
    assert!((2..=8).contains(&in_vain), "{in_vain} searches in vain");
}

#[test]
fn what_came_to_no_answer_is_searched_once_more_at_the_end() {
    let (history, mut checker) = poor();
    assert!(matches!(
        checker.feed(&history).unwrap(),
        Conclusion::Unknown(_)
    ));
    let before = checker.work();
    checker.conclude(&history).unwrap();
    assert!(checker.work() > before);
}
