//! The consistencies weaker than linearizability, against their definitions.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use check::consistency::budget::{Budget, Unknown};
use check::consistency::causal::{self, Level};
use check::consistency::conclusion::Conclusion;
use check::consistency::sequential::{self, Sequential};
use check::consistency::session::{self, Guarantee, Sessions};
use check::format::{Keyed, write_edn};
use check::generate::Dice;
use check::history::{Call, Event, Function, History, Process, Time};
use check::model::{Model, ModelName, Register};
use check::value::Value;
use check::verify::{Consistency, Question, verify};
use common::orders::{GUARANTEES, allowed, causal_by_definition, keeps, sequential};

/// A history in which a read returns any value that was written so far, or nil.
fn haphazard(seed: u64, distinct: bool, longest: u32) -> History {
    let mut dice = Dice::new(seed);
    let (processes, keys) = (1 + dice.below(3), 1 + dice.below(2));
    let calls = 2 + dice.below(longest - 1);
    let mut history = History::new();
    let mut written: Vec<(Value, Value)> = Vec::new();
    let (mut now, mut made) = (0, 0);
    while made < calls || (0..processes).any(|p| history.open(Process(p)).is_some()) {
        now += 1;
        let process = Process(dice.below(processes));
        let Some(op) = history.open(process) else {
            if made == calls {
                continue;
            }
            made += 1;
            let key = Value::Int(i64::from(dice.below(keys)));
            let call = if dice.chance(500) {
                let value = Value::Int(i64::from(if distinct { made } else { dice.below(2) }));
                written.push((key.clone(), value.clone()));
                Call::on(key, Function::Write, value)
            } else {
                Call::on(key, Function::Read, Value::Nil)
            };
            history.invoke(process, call, Time(now)).unwrap();
            continue;
        };
        let call = history.get(op).unwrap().call.clone();
        let readable: Vec<Value> = written
            .iter()
            .filter(|(key, _)| Some(key) == call.key.as_ref())
            .map(|(_, value)| value.clone())
            .chain([Value::Nil])
            .collect();
        match call.function {
            _ if dice.chance(60) => history.info(op, Time(now)).unwrap(),
            Function::Read => {
                history
                    .ok(op, dice.pick(&readable).unwrap().clone(), Time(now))
                    .unwrap();
            }
            _ => history.ok(op, Value::Nil, Time(now)).unwrap(),
        }
    }
    history
}

/// A text is refuted by what is weaker before an order is looked for: that must not be wrong either.
#[test]
fn what_is_refuted_without_a_search_has_no_order() {
    let question = Question {
        model: ModelName::Register,
        consistency: Consistency::Sequential,
        keyed: Keyed::Detect,
        initial: None,
        budget: Budget::default(),
    };
    let mut found = [0, 0];
    for seed in 0..2_000 {
        let history = haphazard(seed, seed % 2 == 0, 7);
        let expected = sequential(&Register::PLAIN, &history);
        let word = if expected { "valid" } else { "invalid" };
        let answer = verify(&write_edn(&history), question);
        assert_eq!(answer.word(), word, "{history:#?}");
        found[usize::from(expected)] += 1;
    }
    assert!(found.iter().all(|&found| found > 300), "{found:?}");
}

#[test]
fn sequential_consistency_is_that_some_order_exists() {
    let (mut holds, mut violated) = (0, 0);
    for seed in 0..6_000 {
        let history = haphazard(seed, seed % 2 == 0, 6);
        let expected = sequential(&Register::PLAIN, &history);
        match sequential::check(&history, &Model::Register, Budget::default()).unwrap() {
            Sequential::Consistent(order) => {
                assert!(expected, "{history:#?}");
                assert!(allowed(&Register::PLAIN, &history, &order));
                holds += 1;
            }
            Sequential::Violated(violation, _) => {
                assert!(!expected, "{history:#?}");
                assert!(!violation.operations.is_empty());
                violated += 1;
            }
            Sequential::Unknown(why) => panic!("{why}"),
        }
    }
    assert!(
        holds > 500 && violated > 500,
        "{holds} hold, {violated} are violated"
    );
}

#[test]
fn causal_consistency_is_that_orders_of_the_writes_exist() {
    for (level, agreed) in [(Level::Causal, false), (Level::Convergent, true)] {
        let (mut holds, mut violated) = (0, 0);
        for seed in 0..4_000 {
            let history = haphazard(seed, true, 6);
            let expected = causal_by_definition(&history, agreed);
            match causal::check(&history, level, &Value::Nil, Budget::default()) {
                Conclusion::Holds => {
                    assert!(expected, "{level:?} {history:#?}");
                    holds += 1;
                }
                Conclusion::Violated(violation) => {
                    assert!(!expected, "{level:?} {} {history:#?}", violation.because);
                    violated += 1;
                    assert_first_violation(&history, &violation, |prefix| {
                        causal_by_definition(prefix, agreed)
                    });
                }
                Conclusion::Unknown(why) => panic!("{why}"),
            }
        }
        assert!(
            holds > 200 && violated > 200,
            "{holds} hold, {violated} are violated"
        );
    }
}

fn assert_first_violation(
    history: &History,
    found: &check::consistency::conclusion::Violation,
    holds: impl Fn(&History) -> bool,
) {
    assert!(!holds(&history.prefix(found.event + 1)), "{history:#?}");
    assert!(holds(&history.prefix(found.event)), "{history:#?}");
}

#[test]
fn session_guarantees_are_what_they_say() {
    for guarantee in GUARANTEES {
        let (mut holds, mut violated) = (0, 0);
        for seed in 0..6_000 {
            let history = haphazard(seed, true, 9);
            let expected = keeps(&history, guarantee);
            match session::check(&history, guarantee, &Value::Nil, Budget::default()) {
                Conclusion::Holds => {
                    assert!(expected, "{guarantee:?} {history:#?}");
                    holds += 1;
                }
                Conclusion::Violated(found) => {
                    assert!(!expected, "{guarantee:?} {} {history:#?}", found.because);
                    violated += 1;
                    assert_first_violation(&history, &found, |prefix| keeps(prefix, guarantee));
                }
                Conclusion::Unknown(why) => panic!("{why}"),
            }
        }
        assert!(
            holds > 20 && violated > 20,
            "{guarantee:?}: {holds} hold, {violated} do not"
        );
    }
}

#[test]
fn a_client_reads_less_than_it_wrote() {
    let mut history = History::new();
    let mut sessions = Sessions::new(Guarantee::ReadYourWrites);
    let mut now = 0;
    let mut call = |history: &mut History, process, call: Call, result: Value| {
        now += 1_000_000;
        let op = history.invoke(Process(process), call, Time(now)).unwrap();
        now += 1_000_000;
        history.ok(op, result, Time(now)).unwrap();
        op
    };
    let one = call(
        &mut history,
        1,
        Call::on("x", Function::Write, 1),
        Value::Nil,
    );
    let two = call(
        &mut history,
        1,
        Call::on("x", Function::Write, 2),
        Value::Nil,
    );
    sessions.feed(&history);
    let before = sessions.clone();
    let read = call(
        &mut history,
        1,
        Call::on("x", Function::Read, Value::Nil),
        1.into(),
    );
    let found = sessions.feed(&history).violation().unwrap().clone();
    assert_eq!(found.operations, [read, two, one]);
    assert_eq!(history.events()[found.event as usize], Event::Return(read));
    assert_eq!(
        found.because,
        "process 1 read 1 from key \"x\" at 0.006000 s, after its own write of 2 had been \
         acknowledged at 0.004000 s; 1 is the older of the two, as their writer wrote it first"
    );
    assert_eq!(
        before.conclusion(),
        &Conclusion::Holds,
        "a keyframe is not touched"
    );
}

#[test]
fn repeated_values_are_no_ground_for_a_verdict() {
    let mut history = History::new();
    for process in 0..2 {
        let call = Call::new(Function::Write, 1);
        history.invoke(Process(process), call, Time(1)).unwrap();
    }
    let verdict = session::check(
        &history,
        Guarantee::MonotonicReads,
        &Value::Nil,
        Budget::default(),
    );
    assert!(matches!(verdict, Conclusion::Unknown(_)), "{verdict:?}");
    assert!(matches!(
        causal::check(&history, Level::Causal, &Value::Nil, Budget::default()),
        Conclusion::Unknown(_)
    ));
}

/// Which write a read returned is known from the whole history alone, so a value that is written again later leaves no answer
/// either.
#[test]
fn a_value_that_is_repeated_later_leaves_no_answer() {
    let call = |process, function, value: &str, told: &str| {
        let entry = |kind, value| {
            format!("{{:process {process} :type {kind} :f {function} :value {value}}} ")
        };
        entry(":invoke", value) + &entry(":ok", told)
    };
    let write = |process, value| call(process, ":write", value, value);
    let read = |process, value| call(process, ":read", "nil", value);
    // In an order of all operations, the other process writes 1 between 2 and the read.
    let own = [write(0, "1"), write(0, "2"), read(0, "1"), write(1, "1")].concat();
    // Or 1 before it is read.
    let ahead = [read(0, "1"), write(1, "1"), write(1, "1")].concat();
    for text in [own, ahead] {
        let told = |consistency| {
            let question = Question {
                model: ModelName::Register,
                consistency,
                keyed: Keyed::Plain,
                initial: None,
                budget: Budget::default(),
            };
            verify(&text, question).word()
        };
        assert_eq!(told(Consistency::Sequential), "valid", "{text}");
        for level in [Level::Causal, Level::Convergent] {
            assert_eq!(
                told(Consistency::Causal(level)),
                "unknown",
                "{level:?} {text}"
            );
        }
        for guarantee in GUARANTEES {
            let word = told(Consistency::Session(guarantee));
            assert_eq!(word, "unknown", "{guarantee:?} {text}");
        }
    }
}

/// Sessions that write in turn, and read what is never older than what they know, up to `lag` writes behind.
fn long(sessions: u32, operations: u32, lag: u32) -> History {
    let mut history = History::new();
    let mut dice = Dice::new(1);
    let mut known = vec![0; sessions as usize];
    let mut writes = 0;
    for number in 0..operations {
        let session = dice.below(sessions);
        let known = &mut known[session as usize];
        let is_read = writes > 0 && dice.below(2) == 0;
        let now = u64::from(number) * 2;
        let (call, result) = if is_read {
            let oldest = writes.max(lag) - lag;
            *known = (*known).max(oldest + dice.below(writes - oldest) + 1);
            (
                Call::new(Function::Read, Value::Nil),
                Value::from(i64::from(*known)),
            )
        } else {
            writes += 1;
            *known = writes;
            (Call::new(Function::Write, i64::from(writes)), Value::Nil)
        };
        let op = history.invoke(Process(session), call, Time(now)).unwrap();
        history.ok(op, result, Time(now + 1)).unwrap();
    }
    history
}

#[test]
fn a_session_guarantee_of_ten_thousand_operations_is_judged_within_the_budget() {
    for guarantee in GUARANTEES {
        for (sessions, lag) in [(10, 50), (100, 50), (10, 5_000)] {
            let history = long(sessions, 10_000, lag);
            let judged = session::check(&history, guarantee, &Value::Nil, Budget::default());
            assert_eq!(judged, Conclusion::Holds, "{guarantee:?} {sessions} {lag}");
        }
    }
}

#[test]
fn a_session_check_that_costs_more_than_its_budget_is_unknown() {
    let history = long(10, 2_000, 50);
    let limits = |steps, bytes| {
        let budget = Budget { steps, bytes };
        session::check(&history, Guarantee::WritesFollowReads, &Value::Nil, budget)
    };
    let enough = Budget::default();
    let unknown = Conclusion::Unknown;
    assert_eq!(limits(100, enough.bytes), unknown(Unknown::Steps(100)));
    assert_eq!(limits(enough.steps, 1_000), unknown(Unknown::Bytes(1_000)));
}

/// So many writes that stay open, and a client that reads what they wrote in another order.
fn read_backwards(writes: u32) -> History {
    let mut history = History::new();
    for write in 0..writes {
        let call = Call::new(Function::Write, i64::from(write));
        history.invoke(Process(write), call, Time(0)).unwrap();
    }
    for write in (0..writes).rev() {
        let read = Call::new(Function::Read, Value::Nil);
        let op = history.invoke(Process(writes), read, Time(1)).unwrap();
        let shown = Value::Int(i64::from(write));
        history.ok(op, shown, Time(1)).unwrap();
    }
    history
}

#[test]
fn causal_consistency_costs_what_its_orders_cost() {
    let history = read_backwards(1_000);
    let check = |steps| {
        let budget = Budget {
            steps,
            ..Budget::default()
        };
        causal::check(&history, Level::Convergent, &Value::Nil, budget)
    };
    assert_eq!(check(100_000), Conclusion::Unknown(Unknown::Steps(100_000)));
    let small = Budget {
        bytes: 1 << 20,
        ..Budget::default()
    };
    assert_eq!(
        causal::check(&history, Level::Convergent, &Value::Nil, small),
        Conclusion::Unknown(Unknown::Bytes(1 << 20))
    );
}
