//! The online checker, entry by entry, against the oracle and the checker of whole histories.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use check::consistency::budget::Budget;
use check::consistency::conclusion::Conclusion;
use check::consistency::linear::{Linearizability, Online, check};
use check::format::write_edn;
use check::generate::{
    Dice, Workload, cas_register_calls, text_calls, valid, with_a_swapped_read, with_result,
};
use check::history::{Call, Function, History, OpId, Process, Time};
use check::model::{
    Bank, Counter, KvAppend, Model, Mutex, Queue, Register, Set, Specification, UnorderedQueue,
};
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

/// Whether a history holds, if the checker of whole histories comes to an answer.
fn holds(history: &History, model: &Model) -> Option<bool> {
    let budget = Budget {
        steps: 200_000,
        ..Budget::default()
    };
    match check(history, model, budget).unwrap() {
        Linearizability::Linearizable(_) => Some(true),
        Linearizability::Violated(_) => Some(false),
        Linearizability::Unknown(_) => None,
    }
}

/// What both checkers say of a history, if both come to an answer: whether it holds. It does so before the entry that the online
/// checker finds.
fn agreed(history: &History, model: &Model) -> Option<bool> {
    let mut checker = Online::new(model.clone(), Budget::INTERACTIVE);
    match checker.feed(history).unwrap() {
        Conclusion::Holds => {
            let whole = holds(history, model)?;
            assert!(whole, "{model:?}: {}", write_edn(history));
            Some(true)
        }
        Conclusion::Violated(found) => {
            let at = format!("{model:?}, entry {}: {}", found.event, write_edn(history));
            let before = history.prefix(found.event);
            let mut checker = Online::new(model.clone(), Budget::INTERACTIVE);
            // Without an answer there, it may have been violated for long.
            if *checker.feed(&before).unwrap() == Conclusion::Holds {
                assert_ne!(holds(&before, model), Some(false), "{at}");
            }
            let whole = holds(&history.prefix(found.event + 1), model);
            assert_ne!(whole, Some(true), "{at}");
            whole
        }
        Conclusion::Unknown(_) => None,
    }
}

/// The history in which a late call is told what another one was.
fn with_a_late_answer_swapped(history: &History, dice: &mut Dice) -> History {
    let told = |op: &OpId| history.get(*op).unwrap().result().is_some();
    let all: Vec<OpId> = history.operations().iter().map(|op| op.id).collect();
    let all: Vec<OpId> = all.into_iter().filter(told).collect();
    let late = *dice.pick(&all[all.len() / 2..]).unwrap();
    let function = |op: OpId| history.get(op).unwrap().call.function;
    let alike = all.iter().filter(|op| function(**op) == function(late));
    let alike: Vec<OpId> = alike.copied().collect();
    let other = history.get(*dice.pick(&alike).unwrap()).unwrap();
    with_result(history, late, other.result().unwrap())
}

/// Compares both checkers on histories so long that much is settled, again and again, by clients of whom some crash.
fn compare_long<S: Specification>(
    spec: &S,
    model: &Model,
    mut call: impl FnMut(&mut Dice, u32) -> Call,
) {
    let (mut holds, mut violated, mut undecided) = (0, 0, 0);
    for seed in 0..100 {
        let mut dice = Dice::new(seed);
        let clients = 1 + dice.below(4);
        let workload = Workload {
            clients,
            operations: 100 + dice.below(200),
            timeouts: [4, 30, 200][dice.below(3) as usize],
            overlap: clients,
        };
        let good = valid(spec, workload, &mut dice, &mut call);
        let bad = with_a_late_answer_swapped(&good, &mut dice);
        for history in [good, bad] {
            match agreed(&history, model) {
                Some(true) => holds += 1,
                Some(false) => violated += 1,
                None => undecided += 1,
            }
        }
    }
    println!("{model:?}: {holds} hold, {violated} are violated, {undecided} undecided");
    assert!(
        holds > 40 && violated > 5,
        "{model:?}: {holds} hold, {violated} are violated, {undecided} undecided"
    );
}

/// Calls of which half look, and the others do something to a number below `bound`, or to the next one if that is 0.
fn half_and_half(
    does: &[Function],
    looks: Function,
    bound: u32,
) -> impl FnMut(&mut Dice, u32) -> Call {
    let mut next = 0;
    move |dice, _| {
        next += 1;
        let number = if bound == 0 { next } else { dice.below(bound) };
        match dice.chance(500) {
            true => Call::new(looks, Value::Nil),
            false => Call::new(*dice.pick(does).unwrap(), i64::from(number)),
        }
    }
}

#[test]
fn of_long_histories_of_registers() {
    use Function::{Read, Write};
    for bound in [0, 3, 40] {
        let writes = half_and_half(&[Write], Read, bound);
        compare_long(&Register::PLAIN, &Model::Register, writes);
    }
    compare_long(&Register::WITH_CAS, &Model::CasRegister, cas_register_calls);
    let started = Register {
        cas: true,
        initial: 2.into(),
    };
    let model = Model::Started(started.clone());
    compare_long(&started, &model, cas_register_calls);
}

#[test]
fn of_long_histories_of_texts_lists_and_counters() {
    use Function::{Add, Append, Read};
    compare_long(&KvAppend, &Model::KvAppend, text_calls(100));
    let appends = half_and_half(&[Append], Read, 0);
    compare_long(&KvAppend, &Model::KvAppend, appends);
    let adds = half_and_half(&[Add], Read, 4);
    compare_long(&Counter, &Model::Counter, adds);
}

#[test]
fn of_long_histories_of_sets() {
    use Function::{Add, Read, Remove};
    for bound in [3, 12, 60] {
        let changes = half_and_half(&[Add, Remove], Read, bound);
        compare_long(&Set, &Model::Set, changes);
    }
    compare_long(&Set, &Model::Set, half_and_half(&[Add], Read, 0));
}

#[test]
fn of_long_histories_of_queues() {
    use Function::{Dequeue, Enqueue};
    for bound in [0, 3, 40] {
        let puts = || half_and_half(&[Enqueue], Dequeue, bound);
        compare_long(&Queue, &Model::Queue, puts());
        compare_long(&UnorderedQueue, &Model::UnorderedQueue, puts());
    }
}

#[test]
fn of_long_histories_of_banks_and_locks() {
    use Function::{Acquire, Read, Release, Transfer};
    let bank = Bank::opening_with((0..3).map(|account| (Value::Int(account), 6)).collect());
    let model = Model::Bank(bank.clone());
    compare_long(&bank, &model, |dice, _| {
        if dice.chance(500) {
            return Call::new(Read, Value::Nil);
        }
        let told = ["from", "to", "amount"].map(|word| {
            let number = i64::from(dice.below(3));
            (Value::text(word), Value::Int(number))
        });
        Call::new(Transfer, Value::map(told))
    });
    compare_long(&Mutex, &Model::Mutex, |dice, _| match dice.chance(500) {
        true => Call::new(Acquire, Value::Nil),
        false => Call::new(Release, Value::Nil),
    });
}

/// A history of calls that follow each other.
#[derive(Default)]
struct Calls(History);

impl Calls {
    fn begin(&mut self, process: u32, function: Function, argument: impl Into<Value>) -> OpId {
        let call = Call::new(function, argument.into());
        self.0.invoke(Process(process), call, Time(0)).unwrap()
    }

    fn done(&mut self, function: Function, argument: impl Into<Value>, result: impl Into<Value>) {
        let op = self.begin(0, function, argument);
        self.0.ok(op, result.into(), Time(0)).unwrap();
    }

    fn crashed(&mut self, function: Function, argument: impl Into<Value>) {
        let op = self.begin(1, function, argument);
        self.0.info(op, Time(0)).unwrap();
    }
}

/// It has been settled long ago that the crashed call took effect when its effect is seen once more.
#[test]
fn a_crashed_call_takes_effect_once_however_much_is_settled_since() {
    use Function::{Dequeue, Enqueue, Read, Write};
    let nil = Value::Nil;
    for count in [2, 20, 40, 80, 160] {
        let crashed = |puts, looks, model: &Model| {
            let mut calls = Calls::default();
            calls.crashed(puts, 1);
            calls.done(looks, nil.clone(), 1);
            for other in 10..10 + count {
                calls.done(puts, other, nil.clone());
                calls.done(looks, nil.clone(), other);
            }
            calls.done(looks, nil.clone(), 1);
            let last = calls.0.events().len() as u32 - 1;
            assert_eq!(online(&calls.0, model), Some(last), "{model:?} {count}");
        };
        for model in [Model::Register, Model::CasRegister] {
            crashed(Write, Read, &model);
        }
        for model in [Model::Queue, Model::UnorderedQueue] {
            crashed(Enqueue, Dequeue, &model);
        }
    }
}

/// The element that a crashed call removes is known only from what was settled long ago.
#[test]
fn a_crashed_remove_takes_out_what_was_added_long_ago() {
    use Function::{Add, Read, Remove};
    let nil = Value::Nil;
    for count in [0, 8, 20, 40, 80] {
        let mut calls = Calls::default();
        calls.done(Add, 1, nil.clone());
        let others = || (100..100 + count).map(Value::from);
        for other in others() {
            calls.done(Add, other, nil.clone());
        }
        calls.crashed(Remove, 1);
        calls.done(Read, nil.clone(), Value::set(others()));
        assert_eq!(online(&calls.0, &Model::Set), None, "{count}");
        let all = others().chain([1.into()]);
        calls.done(Read, nil.clone(), Value::set(all));
        assert!(online(&calls.0, &Model::Set).is_some(), "{count}");
    }
}

/// What was read is wrong once its write has failed, and then the read fits nowhere, not the write.
#[test]
fn what_failed_is_not_to_blame() {
    use Function::{Read, Write};
    let mut calls = Calls::default();
    let write = calls.begin(1, Write, 1);
    calls.done(Read, Value::Nil, 1);
    calls.0.fail(write, Time(0)).unwrap();
    let mut checker = Online::new(Model::Register, Budget::default());
    let Conclusion::Violated(online) = checker.feed(&calls.0).unwrap() else {
        panic!("the failed write was read");
    };
    let whole = check(&calls.0, &Model::Register, Budget::default()).unwrap();
    let Linearizability::Violated(whole) = whole else {
        panic!("the failed write was read");
    };
    assert_eq!((online.op, online.event), (OpId(1), 3));
    assert_eq!((online.op, online.event), (whole.op, whole.event));
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
