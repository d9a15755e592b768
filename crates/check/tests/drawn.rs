//! Small histories of every model, drawn with unknown outcomes in the middle of a process, judged for every consistency
//! as the command judges them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use Function::{
    Acquire, Add, Append, Cas, Dequeue, Enqueue, Read, Release, Remove, Transfer, Write,
};
use check::consistency::budget::Budget;
use check::consistency::causal::Level;
use check::consistency::effects::Effect;
use check::format::{Keyed, write_edn};
use check::generate::Dice;
use check::history::{Call, Event, Function, History, Process, Time};
use check::model::{
    Bank, Counter, KvAppend, Misfit, ModelName, Mutex, Queue, Register, Set, Specification,
};
use check::value::Value;
use check::verify::{Answer, Consistency, Question, verify};
use common::blamed::assert_blamed;
use common::linearizable;
use common::orders::{GUARANTEES, causal_by_definition, keeps, sequential};
use std::collections::BTreeSet;
use std::slice;

const NIL: Value = Value::Nil;

/// What clients may call, with what they may be told.
type Calls = Vec<(Call, Value)>;

fn calls(of: &[(Function, Value, Value)]) -> Calls {
    let call = |(function, argument, result): &(Function, Value, Value)| {
        (Call::new(*function, argument.clone()), result.clone())
    };
    of.iter().map(call).collect()
}

/// One to three processes that call up to `longest` times in all, and go on after calls of unknown outcome. `keys` is how
/// many objects there are, if entries name them; `next` is what a process calls, and `told` what it is told in the end.
fn drawn(
    dice: &mut Dice,
    longest: u32,
    keys: u32,
    mut next: impl FnMut(&mut Dice) -> Call,
    mut told: impl FnMut(&mut Dice, &History, &Call) -> Value,
) -> History {
    let processes = 1 + dice.below(3);
    let mut left = 2 + dice.below(longest - 1);
    let mut history = History::new();
    for now in 0.. {
        let process = Process(dice.below(processes));
        let at = Time(now);
        match history.open(process) {
            // Whoever is still inside a call then stays there.
            None if left == 0 && dice.chance(300) => break,
            None if left == 0 => {}
            None => {
                let key = (keys > 0).then(|| Value::Int(i64::from(dice.below(keys))));
                let call = next(dice);
                history.invoke(process, Call { key, ..call }, at).unwrap();
                left -= 1;
            }
            Some(op) => match dice.below(12) {
                0 | 1 => history.info(op, at).unwrap(),
                2 => history.fail(op, at).unwrap(),
                _ => {
                    let result = told(dice, &history, &history.get(op).unwrap().call);
                    history.ok(op, result, at).unwrap();
                }
            },
        }
    }
    history
}

/// Up to six calls out of a few.
fn drawn_of(seed: u64, of: &Calls, keys: u32) -> History {
    let mut dice = Dice::new(seed);
    let next = |dice: &mut Dice| dice.pick(of).unwrap().0.clone();
    let told = |dice: &mut Dice, _: &History, call: &Call| {
        let fits = of.iter().filter(|(other, _)| {
            (other.function, &other.argument) == (call.function, &call.argument)
        });
        let fits: Vec<&Value> = fits.map(|(_, result)| result).collect();
        (*dice.pick(&fits).unwrap()).clone()
    };
    drawn(&mut dice, 6, keys, next, told)
}

/// Up to ten calls of registers, of which every write writes another value. Reads return what was written so far, or
/// nothing, or what is written next.
fn traceable(seed: u64) -> History {
    let mut dice = Dice::new(seed);
    let mut writes = 0;
    let next = |dice: &mut Dice| {
        if writes == 4 || dice.chance(600) {
            return Call::new(Read, NIL);
        }
        writes += 1;
        Call::new(Write, writes)
    };
    let told = |dice: &mut Dice, history: &History, call: &Call| {
        if call.function == Write {
            return NIL;
        }
        let writes = || {
            history
                .operations()
                .iter()
                .filter(|op| op.call.function == Write)
        };
        if dice.chance(50) {
            return Value::Int(writes().count() as i64 + 1);
        }
        let here = writes().filter(|op| op.call.key == call.key);
        let here: Vec<Value> = here
            .map(|op| op.call.argument.clone())
            .chain([NIL])
            .collect();
        dice.pick(&here).unwrap().clone()
    };
    drawn(&mut dice, 10, 1 + (seed % 2) as u32, next, told)
}

/// What the command answers in a word.
fn answer(
    history: &History,
    model: ModelName,
    consistency: Consistency,
    initial: Option<&Value>,
) -> &'static str {
    answered(history, model, consistency, initial).word()
}

/// What the command answers.
fn answered(
    history: &History,
    model: ModelName,
    consistency: Consistency,
    initial: Option<&Value>,
) -> Answer {
    let keyed = history.operations().iter().any(|op| op.call.key.is_some());
    let question = Question {
        model,
        consistency,
        keyed: if keyed { Keyed::Detect } else { Keyed::Plain },
        initial,
        budget: Budget::default(),
    };
    match verify(&write_edn(history), question) {
        Answer::BadInput { problem, .. } => panic!("{problem}"),
        answer => answer,
    }
}

fn word(holds: bool) -> &'static str {
    if holds { "valid" } else { "invalid" }
}

/// Compares the command with the definitions of linearizable and sequential, for one model.
fn sweep<S: Specification>(spec: &S, model: ModelName, of: &Calls, initial: Option<&Value>) {
    let mut found = [0; 3];
    for seed in 0..2_000 {
        // Linearizability is local, and `linearizable` knows one object: `keys` are for the other.
        let partitioned = model != ModelName::Bank && seed % 2 == 0;
        let history = drawn_of(seed, of, if partitioned { 2 } else { 0 });
        let in_sequence = sequential(spec, &history);
        let told = answer(&history, model, Consistency::Sequential, initial);
        assert_eq!(told, word(in_sequence), "{seed}: {}", write_edn(&history));
        found[usize::from(in_sequence)] += 1;
        if !partitioned {
            let expected = linearizable(spec, &history);
            let told = answered(&history, model, Consistency::Linearizable, initial);
            assert_eq!(
                told.word(),
                word(expected),
                "{seed}: {}",
                write_edn(&history)
            );
            if let Answer::Invalid(invalid) = told {
                assert_blamed(spec, &history, &invalid);
            }
            assert!(in_sequence || !expected);
            found[2] += u32::from(in_sequence && !expected);
        }
    }
    assert!(found.iter().all(|&found| found > 20), "{found:?}");
}

#[test]
fn registers() {
    let of = calls(&[
        (Write, 0.into(), NIL),
        (Write, 1.into(), NIL),
        (Read, NIL, NIL),
        (Read, NIL, 0.into()),
        (Read, NIL, 1.into()),
    ]);
    sweep(&Register::PLAIN, ModelName::Register, &of, None);
}

#[test]
fn registers_that_start_somewhere() {
    let of = calls(&[
        (Write, 0.into(), NIL),
        (Write, 1.into(), NIL),
        (Read, NIL, 0.into()),
        (Read, NIL, 1.into()),
    ]);
    let register = Register {
        cas: false,
        initial: 0.into(),
    };
    sweep(&register, ModelName::Register, &of, Some(&0.into()));
}

#[test]
fn cas_registers() {
    let of = calls(&[
        (Write, 0.into(), NIL),
        (Read, NIL, 0.into()),
        (Read, NIL, 1.into()),
        (Cas, Value::pair(0, 1), NIL),
        (Cas, Value::pair(1, 0), NIL),
        (Cas, Value::pair(0, 1), false.into()),
    ]);
    sweep(&Register::WITH_CAS, ModelName::CasRegister, &of, None);
}

#[test]
fn lists() {
    let of = calls(&[
        (Append, 1.into(), NIL),
        (Append, 2.into(), NIL),
        (Read, NIL, Value::ints(&[1])),
        (Read, NIL, Value::ints(&[1, 2])),
        (Read, NIL, Value::ints(&[2])),
    ]);
    sweep(&KvAppend, ModelName::KvAppend, &of, None);
}

#[test]
fn counters() {
    let of = calls(&[
        (Add, 1.into(), NIL),
        (Add, 2.into(), NIL),
        (Read, NIL, 0.into()),
        (Read, NIL, 1.into()),
        (Read, NIL, 3.into()),
    ]);
    sweep(&Counter, ModelName::Counter, &of, None);
}

#[test]
fn sets() {
    let of = calls(&[
        (Add, 1.into(), NIL),
        (Remove, 1.into(), NIL),
        (Read, NIL, Value::ints(&[])),
        (Read, NIL, Value::ints(&[1])),
    ]);
    sweep(&Set, ModelName::Set, &of, None);
    let of = calls(&[
        (Add, 1.into(), NIL),
        (Add, 2.into(), NIL),
        (Remove, 1.into(), NIL),
        (Remove, 2.into(), NIL),
        (Read, NIL, Value::ints(&[])),
        (Read, NIL, Value::ints(&[1])),
        (Read, NIL, Value::ints(&[1, 2])),
    ]);
    sweep(&Set, ModelName::Set, &of, None);
}

#[test]
fn queues_ordered_or_not() {
    let of = calls(&[
        (Enqueue, 1.into(), NIL),
        (Enqueue, 2.into(), NIL),
        (Dequeue, NIL, 1.into()),
        (Dequeue, NIL, 2.into()),
        (Dequeue, NIL, NIL),
    ]);
    sweep(&Queue, ModelName::Queue, &of, None);
    sweep(&AnyItem, ModelName::UnorderedQueue, &of, None);
}

/// An unordered queue that tries every item that a `dequeue` of unknown result may take: a state is all that may be left.
struct AnyItem;

fn without(items: &[Value], item: &Value) -> Option<Vec<Value>> {
    let place = items.iter().position(|there| there == item)?;
    Some([&items[..place], &items[place + 1..]].concat())
}

impl Specification for AnyItem {
    type State = BTreeSet<Vec<Value>>;

    fn initial(&self) -> Self::State {
        [Vec::new()].into()
    }

    fn step(&self, state: &Self::State, call: &Call, seen: Option<&Value>) -> Option<Self::State> {
        let after = |items: &Vec<Value>| -> Vec<Vec<Value>> {
            match (call.function, seen) {
                (Enqueue, _) => {
                    let mut items = [items.as_slice(), slice::from_ref(&call.argument)].concat();
                    items.sort_unstable();
                    vec![items]
                }
                (_, None | Some(Value::Nil)) if items.is_empty() => vec![Vec::new()],
                (_, None) => items
                    .iter()
                    .filter_map(|item| without(items, item))
                    .collect(),
                (_, Some(item)) => without(items, item).into_iter().collect(),
            }
        };
        let after: Self::State = state.iter().flat_map(after).collect();
        (!after.is_empty()).then_some(after)
    }

    fn answer(&self, _: &Self::State, _: &Call) -> Option<Value> {
        None
    }

    fn reads_only(&self, _: &Call, _: Option<&Value>) -> bool {
        false
    }

    fn understands(&self, _: &Call, _: Option<&Value>) -> Result<(), Misfit> {
        Ok(())
    }

    fn bytes(&self, _: &Self::State) -> usize {
        0
    }

    fn describe(&self, state: &Self::State) -> String {
        format!("{state:?}")
    }
}

/// Up to eight calls, of which every one that puts something in puts in something else, as histories of crashed clients have
/// it: half of those are never heard of again. What is read, or taken out, is of what was put in by then.
fn distinct(seed: u64, puts: Function, looks: Function) -> History {
    let mut dice = Dice::new(seed);
    let mut put = 0;
    let next = |dice: &mut Dice| {
        if put == 4 || dice.chance(500) {
            return Call::new(looks, NIL);
        }
        put += 1;
        Call::new(puts, put)
    };
    let told = |dice: &mut Dice, history: &History, call: &Call| {
        let put = history.operations().iter();
        let put = put.filter(|op| op.call.function == puts && dice.chance(700));
        let there: Vec<Value> = put.map(|op| op.call.argument.clone()).collect();
        match call.function {
            Read => Value::set(there),
            Dequeue => there.into_iter().next().unwrap_or_default(),
            _ => NIL,
        }
    };
    let whole = drawn(&mut dice, 8, 0, next, told);
    let mut history = History::new();
    for event in whole.events() {
        let op = whole.get(event.op()).unwrap();
        let (process, at) = (Process(op.id.0), Time(0));
        match event {
            Event::Invoke(_) => drop(history.invoke(process, op.call.clone(), at).unwrap()),
            Event::Return(_) if op.call.function == puts && dice.chance(500) => {}
            Event::Return(id) if op.failed() => history.fail(*id, at).unwrap(),
            Event::Return(id) => match op.result() {
                Some(result) => history.ok(*id, result.clone(), at).unwrap(),
                None => history.info(*id, at).unwrap(),
            },
        }
    }
    history
}

/// What was seen was done, and what nobody sees need not have been: neither changes an answer.
#[test]
fn crashed_calls_whose_effect_is_seen_or_never_seen() {
    fn compare<S: Specification>(spec: &S, model: ModelName, puts: Function, looks: Function) {
        let mut found = [0; 2];
        for seed in 0..6_000 {
            let history = distinct(seed, puts, looks);
            let expected = linearizable(spec, &history);
            let told = answered(&history, model, Consistency::Linearizable, None);
            let text = write_edn(&history);
            assert_eq!(told.word(), word(expected), "{model:?} {seed}: {text}");
            if let Answer::Invalid(invalid) = told {
                assert_blamed(spec, &history, &invalid);
            }
            found[usize::from(expected)] += 1;
        }
        assert!(
            found.iter().all(|&found| found > 500),
            "{model:?}: {found:?}"
        );
    }
    compare(&Set, ModelName::Set, Add, Read);
    compare(&Queue, ModelName::Queue, Enqueue, Dequeue);
    compare(&AnyItem, ModelName::UnorderedQueue, Enqueue, Dequeue);
}

#[test]
fn mutexes() {
    let of = calls(&[
        (Acquire, NIL, true.into()),
        (Acquire, NIL, false.into()),
        (Release, NIL, NIL),
    ]);
    sweep(&Mutex, ModelName::Mutex, &of, None);
}

#[test]
fn banks() {
    let map = |pairs: &[(Value, i64)]| {
        let pairs = pairs.iter();
        Value::map(pairs.map(|(k, v)| (k.clone(), Value::Int(*v))))
    };
    let holds = |a, b| map(&[(0.into(), a), (1.into(), b)]);
    let move_one = |from: i64, to: i64| {
        map(&[
            (Value::text("from"), from),
            (Value::text("to"), to),
            (Value::text("amount"), 1),
        ])
    };
    let of = calls(&[
        (Transfer, move_one(0, 1), NIL),
        (Transfer, move_one(1, 0), NIL),
        (Read, NIL, holds(1, 0)),
        (Read, NIL, holds(0, 1)),
    ]);
    let bank = Bank::opening_with([(Value::Int(0), 1), (Value::Int(1), 0)].into());
    sweep(&bank, ModelName::Bank, &of, Some(&holds(1, 0)));
}

/// A read of what nobody wrote breaks causal consistency, and leaves session guarantees without an answer.
fn reads_nothing_written(history: &History) -> bool {
    let writes = || {
        history
            .operations()
            .iter()
            .filter(|op| op.call.function == Write && !op.failed())
    };
    history.operations().iter().any(|read| {
        let result = read
            .result()
            .filter(|result| read.call.function == Read && **result != NIL);
        result.is_some_and(|result| {
            !writes().any(|write| write.call.key == read.call.key && write.call.argument == *result)
        })
    })
}

/// Whether a read comes before the write that it returns.
fn reads_ahead(history: &History) -> bool {
    let place = |wanted| history.events().iter().position(|&event| event == wanted);
    history.operations().iter().any(|read| {
        history.operations().iter().any(|write| {
            write.call.function == Write
                && read.call.function == Read
                && write.call.key == read.call.key
                && read.result() == Some(&write.call.argument)
                && place(Event::Return(read.id)) < place(Event::Invoke(write.id))
        })
    })
}

#[test]
fn causal_consistency_and_session_guarantees() {
    let mut found = std::collections::BTreeMap::new();
    let mut ahead = 0;
    for seed in 0..12_000 {
        let history = traceable(seed);
        if reads_nothing_written(&history) {
            continue;
        }
        ahead += u32::from(reads_ahead(&history));
        for (level, agreed) in [(Level::Causal, false), (Level::Convergent, true)] {
            let expected = word(causal_by_definition(&history, agreed));
            let told = answer(
                &history,
                ModelName::Register,
                Consistency::Causal(level),
                None,
            );
            assert_eq!(told, expected, "{level:?} {}", write_edn(&history));
            *found.entry((format!("{level:?}"), told)).or_insert(0) += 1;
        }
        let of_causes = causal_by_definition(&history, false);
        for guarantee in GUARANTEES {
            let asked = Consistency::Session(guarantee);
            let told = answer(&history, ModelName::Register, asked, None);
            *found.entry((format!("{guarantee:?}"), told)).or_insert(0) += 1;
            match told {
                // Reads and writes that cause each other in a circle.
                "unknown" => assert!(!of_causes, "{guarantee:?} {}", write_edn(&history)),
                told => assert_eq!(
                    told,
                    word(keeps(&history, guarantee)),
                    "{guarantee:?} {}",
                    write_edn(&history)
                ),
            }
        }
    }
    println!("{found:?}, {ahead} read ahead");
    assert_eq!(
        found
            .iter()
            .filter(|((_, told), n)| *told != "unknown" && **n > 20)
            .count(),
        12,
        "{found:?}"
    );
    assert!(ahead > 100, "{ahead}");
}

/// From strong to weak: what implies what.
#[test]
fn the_stronger_implies_the_weaker() {
    let causal = Consistency::Causal(Level::Convergent);
    let sessions = GUARANTEES.map(|guarantee| (causal, Consistency::Session(guarantee)));
    let mut implications = vec![
        (Consistency::Linearizable, Consistency::Sequential),
        (Consistency::Linearizable, Consistency::Convergent),
        (Consistency::Sequential, causal),
        (causal, Consistency::Causal(Level::Causal)),
    ];
    implications.extend(sessions);
    implications.extend(GUARANTEES.map(|of| (Consistency::Sequential, Consistency::Session(of))));
    let mut strict = vec![0; implications.len()];
    for seed in 0..6_000 {
        let history = traceable(seed);
        let told = |of| answer(&history, ModelName::Register, of, None);
        for (place, &(strong, weak)) in implications.iter().enumerate() {
            if told(strong) == "valid" {
                assert_ne!(
                    told(weak),
                    "invalid",
                    "{strong:?} {weak:?} {}",
                    write_edn(&history)
                );
            } else {
                strict[place] += u32::from(told(weak) == "valid");
            }
        }
    }
    assert!(strict.iter().all(|&strict| strict > 0), "{strict:?}");
}

/// Two processes write, and neither sees what the other wrote: no order of all operations explains that.
#[test]
fn causal_convergence_is_less_than_one_order() {
    let text = "{:process 0 :type :invoke :f :write :key :x :value 1} {:process 0 :type :ok :f :write :key :x :value 1}
         {:process 1 :type :invoke :f :write :key :y :value 2} {:process 1 :type :ok :f :write :key :y :value 2}
         {:process 0 :type :invoke :f :read :key :y :value nil} {:process 0 :type :ok :f :read :key :y :value nil}
         {:process 1 :type :invoke :f :read :key :x :value nil} {:process 1 :type :ok :f :read :key :x :value nil}";
    let told = |consistency| {
        let question = Question {
            model: ModelName::Register,
            consistency,
            keyed: Keyed::Detect,
            initial: None,
            budget: Budget::default(),
        };
        verify(text, question).word()
    };
    assert_eq!(told(Consistency::Sequential), "invalid");
    assert_eq!(told(Consistency::Causal(Level::Convergent)), "valid");
}

/// Two writes that nobody ordered, read as 2 and then as 1: one order explains that, until somebody reads them the other way.
#[test]
fn true_time_makes_no_version_the_older_one() {
    let told = |consistency: &str, also: &str| {
        let text = format!(
            "{{:process 0 :type :invoke :f :write :value 1}} {{:process 0 :type :ok :f :write :value 1}}
             {{:process 1 :type :invoke :f :write :value 2}} {{:process 1 :type :ok :f :write :value 2}}
             {{:process 2 :type :invoke :f :read :value nil}} {{:process 2 :type :ok :f :read :value 2}}
             {{:process 2 :type :invoke :f :read :value nil}} {{:process 2 :type :ok :f :read :value 1}} {also}"
        );
        let question = Question {
            model: ModelName::Register,
            consistency: consistency.parse().unwrap(),
            keyed: Keyed::Detect,
            initial: None,
            budget: Budget::default(),
        };
        verify(&text, question).word()
    };
    let weaker = [
        "sequential",
        "causal",
        "causal-convergent",
        "monotonic-reads",
    ];
    assert_eq!(told("linearizable", ""), "invalid");
    assert!(weaker.iter().all(|weaker| told(weaker, "") == "valid"));
    let other = "{:process 3 :type :invoke :f :read :value nil} {:process 3 :type :ok :f :read :value 1}
                 {:process 3 :type :invoke :f :read :value nil} {:process 3 :type :ok :f :read :value 2}";
    let verdicts = weaker.map(|weaker| told(weaker, other));
    // Mere causal consistency lets each read order them anew.
    assert_eq!(verdicts, ["invalid", "valid", "invalid", "invalid"]);
}

/// What is linearizable breaks no effect either.
#[test]
fn what_is_linearizable_keeps_every_effect() {
    let sets = calls(&[
        (Add, 1.into(), NIL),
        (Add, 2.into(), NIL),
        (Remove, 1.into(), NIL),
        (Read, NIL, Value::ints(&[2])),
        (Read, NIL, Value::ints(&[1])),
    ]);
    let queues = calls(&[
        (Enqueue, 1.into(), NIL),
        (Enqueue, 2.into(), NIL),
        (Dequeue, NIL, 1.into()),
        (Dequeue, NIL, 2.into()),
    ]);
    let effects = [
        (ModelName::Set, &sets, Effect::LostAdds),
        (ModelName::Set, &sets, Effect::ResurrectedDeletes),
        (ModelName::Queue, &queues, Effect::QueueOrder),
    ];
    for (model, of, effect) in effects {
        let mut held = 0;
        for seed in 0..1_500 {
            let history = drawn_of(seed, of, 0);
            if answer(&history, model, Consistency::Linearizable, None) == "valid" {
                held += 1;
                let told = answer(&history, model, Consistency::Effect(effect), None);
                assert_ne!(told, "invalid", "{effect:?} {}", write_edn(&history));
            }
        }
        assert!(held > 100, "{held}");
    }
}
