//! Histories that are long, wide, or too much.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use check::consistency::budget::{Budget, Meter, Unknown};
use check::consistency::linear::{Linearizability, check, check_metered};
use check::generate::{
    Dice, Workload, cas_register_calls, text_calls, valid, with_a_swapped_read, with_result,
};
use check::history::{Call, Event, Function, History, OpId, Process, Time};
use check::model::{Counter, KvAppend, Model, Queue, Register, Set, Specification, UnorderedQueue};
use check::value::Value;
use std::cell::Cell;

fn verdict(history: &History, model: &Model) -> Linearizability {
    check(history, model, Budget::default()).unwrap()
}

fn workload(clients: u32, operations: u32, timeouts: u32) -> Workload {
    Workload {
        clients,
        operations,
        timeouts,
        overlap: clients,
    }
}

/// The witness of a history of one object is an order that the object allows and that respects
/// real time.
fn assert_witness<S: Specification>(spec: &S, history: &History, verdict: &Linearizability) {
    let Linearizability::Linearizable(witnesses) = verdict else {
        panic!("{verdict:?}")
    };
    let [witness] = witnesses.as_slice() else {
        panic!("it is one object")
    };
    let mut state = spec.initial();
    let mut begun = 0;
    for &op in &witness.order {
        let op = history.get(op).unwrap();
        state = spec.step(&state, &op.call, op.result()).unwrap();
        // Nothing is placed that ended before something placed earlier began.
        assert!(op.effective_by().is_none_or(|by| by > begun), "{op}");
        begun = begun.max(op.invoke_event);
    }
    let required = history
        .operations()
        .iter()
        .filter(|op| op.result().is_some())
        .count();
    let placed = witness
        .order
        .iter()
        .filter_map(|&op| history.get(op)?.result())
        .count();
    assert_eq!(required, placed);
}

#[test]
fn a_hundred_thousand_operations_on_one_register() {
    let spec = Register::WITH_CAS;
    let history = valid(
        &spec,
        workload(5, 100_000, 0),
        &mut Dice::new(1),
        cas_register_calls,
    );
    assert_witness(&spec, &history, &verdict(&history, &Model::CasRegister));
    let reads = history.operations().iter().rev();
    let last = reads
        .filter(|op| op.call.function == Function::Read)
        .find(|op| op.result().is_some());
    let broken = with_result(&history, last.unwrap().id, &Value::Int(17));
    let Linearizability::Violated(found) = verdict(&broken, &Model::CasRegister) else {
        panic!("17 was never written")
    };
    assert_eq!(found.op, last.unwrap().id);
    assert!(found.partial[0].order.len() > 60_000);
}

#[test]
fn generated_histories_of_every_size_are_valid_and_show_it() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let clients = 1 + dice.below(12);
        let workload = workload(clients, 300, dice.below(200));
        let spec = Register::WITH_CAS;
        let history = valid(&spec, workload, &mut dice, cas_register_calls);
        assert_witness(&spec, &history, &verdict(&history, &Model::CasRegister));
        let history = valid(&KvAppend, workload, &mut dice, text_calls(100));
        assert_witness(&KvAppend, &history, &verdict(&history, &Model::KvAppend));
    }
}

fn add_or_read(dice: &mut Dice, _: u32) -> Call {
    let argument = i64::from(dice.below(5));
    match dice.below(2) {
        0 => Call::new(Function::Read, Value::Nil),
        _ => Call::new(Function::Add, argument),
    }
}

#[test]
fn counters_sets_and_queues_of_a_thousand_operations() {
    for seed in 0..10 {
        let dice = &mut Dice::new(seed);
        let counter = valid(&Counter, workload(5, 1_000, 0), dice, add_or_read);
        assert_witness(&Counter, &counter, &verdict(&counter, &Model::Counter));
        let set = valid(&Set, workload(5, 1_000, 0), dice, add_or_read);
        assert_witness(&Set, &set, &verdict(&set, &Model::Set));
        let mut next = 0;
        let queue = valid(&Queue, workload(5, 1_000, 0), dice, |dice, _| {
            next += 1;
            match dice.below(2) {
                0 => Call::new(Function::Dequeue, Value::Nil),
                _ => Call::new(Function::Enqueue, next),
            }
        });
        assert_witness(&Queue, &queue, &verdict(&queue, &Model::Queue));
    }
}

/// Overlapping writes of different values, and a read of what nobody wrote: all orders are wrong.
fn hard(writers: u32) -> History {
    let mut history = History::new();
    for writer in 0..writers {
        let call = Call::new(Function::Write, i64::from(writer));
        history.invoke(Process(writer), call, Time(0)).unwrap();
    }
    for writer in 0..writers {
        history.ok(OpId(writer), Value::Nil, Time(1)).unwrap();
    }
    let read = Call::new(Function::Read, Value::Nil);
    let op = history.invoke(Process(0), read, Time(2)).unwrap();
    history.ok(op, Value::Int(-1), Time(3)).unwrap();
    history
}

#[test]
fn too_much_is_unknown_and_never_wrong() {
    let history = hard(30);
    let few = Budget {
        steps: 10_000,
        ..Budget::default()
    };
    let by_steps = check(&history, &Model::Register, few).unwrap();
    assert_eq!(by_steps, Linearizability::Unknown(Unknown::Steps(10_000)));
    let small = Budget {
        bytes: 1 << 20,
        ..Budget::default()
    };
    let by_bytes = check(&history, &Model::Register, small).unwrap();
    assert_eq!(by_bytes, Linearizability::Unknown(Unknown::Bytes(1 << 20)));
    assert!(matches!(
        verdict(&hard(8), &Model::Register),
        Linearizability::Violated(_)
    ));
}

#[test]
fn a_check_can_be_cancelled() {
    let asked = Cell::new(0);
    let cancelled = || {
        asked.set(asked.get() + 1);
        asked.get() == 3
    };
    let mut meter = Meter::cancellable(Budget::default(), &cancelled);
    let stopped = check_metered(&hard(30), &Model::Register, &mut meter).unwrap();
    assert_eq!(stopped, Linearizability::Unknown(Unknown::Cancelled));
    assert_eq!(asked.get(), 3);
}

#[test]
fn a_violation_of_one_object_outweighs_the_unknown_of_another() {
    let mut dice = Dice::new(3);
    let spec = Register::WITH_CAS;
    let good = valid(&spec, workload(3, 40, 0), &mut dice, cas_register_calls);
    let reads = good
        .operations()
        .iter()
        .filter(|op| op.call.function == Function::Read);
    let read = reads.map(|op| op.id).next_back().unwrap();
    let bad = with_result(&good, read, &Value::Int(17));
    let both = check::generate::keyed(&[hard(30), bad]);
    let few = Budget {
        steps: 50_000,
        bytes: 1 << 20,
    };
    let budget = Budget {
        bytes: 2 << 20,
        ..Budget::default()
    };
    let verdict = check(&both, &Model::CasRegister, budget).unwrap();
    let Linearizability::Violated(found) = verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!(found.key, Some(Value::Int(1)));
    let unknown = check(&both, &Model::CasRegister, few).unwrap();
    assert!(!matches!(unknown, Linearizability::Linearizable(_)));
}

#[test]
fn a_verdict_is_the_same_every_time() {
    for seed in 0..20 {
        let mut dice = Dice::new(seed);
        let spec = Register::WITH_CAS;
        let history = valid(&spec, workload(6, 200, 100), &mut dice, cas_register_calls);
        let broken = with_a_swapped_read(&history, &mut dice);
        assert_eq!(
            verdict(&broken, &Model::CasRegister),
            verdict(&broken, &Model::CasRegister)
        );
    }
}

fn one_after_the_other(calls: &[(Call, Value)]) -> History {
    let mut history = History::new();
    for (now, (call, result)) in (0..).zip(calls) {
        let op = history.invoke(Process(0), call.clone(), Time(now)).unwrap();
        history.ok(op, result.clone(), Time(now)).unwrap();
    }
    history
}

/// What a state holds is not kept again for each state: the time and the room that a long history takes grow with its length,
/// not with its square.
#[test]
fn contents_that_grow_cost_no_more_than_the_operations() {
    const LENGTH: i64 = 10_000;
    let little = Budget {
        steps: 2_000_000,
        bytes: 24 << 20,
    };
    let calls = |function| (0..LENGTH).map(move |n| (Call::new(function, n), Value::Nil));
    let read = Call::new(Function::Read, Value::Nil);
    let all: Vec<i64> = (0..LENGTH).collect();
    let added: Vec<_> = calls(Function::Add)
        .chain([(read, Value::ints(&all))])
        .collect();
    let dequeue = Call::new(Function::Dequeue, Value::Nil);
    let taken = all.iter().map(|&n| (dequeue.clone(), Value::Int(n)));
    let queued: Vec<_> = calls(Function::Enqueue).chain(taken).collect();
    for (model, calls) in [
        (Model::Set, &added),
        (Model::Queue, &queued),
        (Model::UnorderedQueue, &queued),
    ] {
        let history = one_after_the_other(calls);
        let verdict = check(&history, &model, little).unwrap();
        let holds = matches!(verdict, Linearizability::Linearizable(_));
        assert!(holds, "{model:?}: {verdict:?}");
    }
}

/// Of the calls that put something in, two in a hundred crash. What is read or taken out later tells what became of them, so
/// that nothing is guessed.
#[test]
fn crashed_calls_that_put_something_in_are_told_apart_by_what_is_seen_later() {
    fn decided<S: Specification>(
        spec: &S,
        model: &Model,
        clients: u32,
        (puts, looks): (Function, Function),
        looking: u32,
    ) {
        let mut dice = Dice::new(u64::from(clients));
        let mut put = 0;
        let calls = valid(spec, workload(clients, 10_000, 0), &mut dice, |dice, _| {
            put += 1;
            match dice.chance(looking) {
                true => Call::new(looks, Value::Nil),
                false => Call::new(puts, put),
            }
        });
        let crashed = with_crashes(&calls, puts, 20, &mut dice);
        let little = Budget {
            steps: 4_000_000,
            bytes: 64 << 20,
        };
        let verdict = check(&crashed, model, little).unwrap();
        assert_witness(spec, &crashed, &verdict);
    }
    use Function::{Add, Dequeue, Enqueue, Read};
    let (queue, unordered) = (&Model::Queue, &Model::UnorderedQueue);
    decided(&Queue, queue, 10, (Enqueue, Dequeue), 450);
    decided(&UnorderedQueue, unordered, 10, (Enqueue, Dequeue), 450);
    decided(&Set, &Model::Set, 100, (Add, Read), 20);
}

/// The same history, where of 1000 calls of a function so many crash: they never return, and somebody else calls instead.
fn with_crashes(history: &History, function: Function, of_1000: u32, dice: &mut Dice) -> History {
    let mut crashed = History::new();
    for (now, event) in (0..).zip(history.events()) {
        let op = history.get(event.op()).unwrap();
        let process = Process(op.id.0);
        match event {
            Event::Invoke(_) => drop(crashed.invoke(process, op.call.clone(), Time(now)).unwrap()),
            Event::Return(id) if op.call.function == function && dice.chance(of_1000) => {
                crashed.info(*id, Time(now)).unwrap();
            }
            Event::Return(id) => crashed
                .ok(*id, op.result().unwrap().clone(), Time(now))
                .unwrap(),
        }
    }
    crashed
}
