//! The consistencies weaker than linearizability, against their definitions.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use check::consistency::budget::Budget;
use check::consistency::causal::{self, Level};
use check::consistency::conclusion::Conclusion;
use check::consistency::linear::{self, Linearizability};
use check::consistency::sequential::{self, Sequential};
use check::consistency::session::{self, Guarantee, Sessions};
use check::format::{Keyed, write_edn};
use check::generate::Dice;
use check::history::{Call, Ended, Event, Function, History, OpId, Operation, Process, Time};
use check::model::{Model, ModelName, Register, Specification};
use check::value::Value;
use check::verify::{Consistency, Question, verify};

const GUARANTEES: [Guarantee; 4] = [
    Guarantee::ReadYourWrites,
    Guarantee::MonotonicReads,
    Guarantee::MonotonicWrites,
    Guarantee::WritesFollowReads,
];

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

/// Sequential consistency by trying every order.
fn sequential(history: &History) -> bool {
    let operations: Vec<&Operation> = history
        .operations()
        .iter()
        .filter(|op| !op.failed())
        .collect();
    sequential_from(&operations, &mut Vec::new())
}

fn sequential_from(operations: &[&Operation], order: &mut Vec<OpId>) -> bool {
    let placed = |op: &Operation| order.contains(&op.id);
    if operations
        .iter()
        .all(|op| placed(op) || op.result().is_none())
    {
        return true;
    }
    let next: Vec<&Operation> = operations
        .iter()
        .copied()
        .filter(|op| !placed(op))
        .filter(|op| {
            let earlier = |other: &&&Operation| {
                other.process == op.process && other.id < op.id && other.result().is_some()
            };
            op.result().is_none() || operations.iter().filter(earlier).all(|other| placed(other))
        })
        .collect();
    next.into_iter().any(|op| {
        order.push(op.id);
        let found = allowed(operations, order) && sequential_from(operations, order);
        order.pop();
        found
    })
}

fn allowed(operations: &[&Operation], order: &[OpId]) -> bool {
    let register = Register::PLAIN;
    let mut states = std::collections::BTreeMap::new();
    order.iter().all(|&id| {
        let op = operations.iter().find(|op| op.id == id).unwrap();
        let state = states.entry(&op.call.key).or_insert(Value::Nil);
        register
            .step(state, &op.call, op.result())
            .is_some_and(|after| {
                *state = after;
                true
            })
    })
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
        let expected = sequential(&history);
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
        let expected = sequential(&history);
        match sequential::check(&history, &Model::Register, Budget::default()).unwrap() {
            Sequential::Consistent(order) => {
                assert!(expected, "{history:#?}");
                let operations: Vec<&Operation> = history.operations().iter().collect();
                assert!(allowed(&operations, &order));
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

/// Who is causally before whom, as a matrix.
fn causal_order(history: &History) -> Vec<Vec<bool>> {
    let operations = history.operations();
    let n = operations.len();
    let mut before = vec![vec![false; n]; n];
    for (a, left) in operations.iter().enumerate() {
        for (b, right) in operations.iter().enumerate() {
            // What ended as info may take effect later, or never.
            let may_be_late = matches!(left.ended, Ended::Info { .. });
            let program = left.process == right.process && a < b && !may_be_late;
            let reads_from = left.call.function == Function::Write
                && left.call.key == right.call.key
                && right.call.function == Function::Read
                && right.result() == Some(&left.call.argument);
            before[a][b] = program || reads_from;
        }
    }
    for through in 0..n {
        for a in 0..n {
            for b in 0..n {
                before[a][b] |= before[a][through] && before[through][b];
            }
        }
    }
    before
}

/// Whether an order of the writes exists that extends the causal one and explains the reads: all
/// of them by one order if `agreed`, each by one of its own otherwise.
fn causal_by_definition(history: &History, agreed: bool) -> bool {
    let before = causal_order(history);
    let operations = history.operations();
    let index = |op: &Operation| op.id.index();
    let writes: Vec<usize> = operations
        .iter()
        .filter(|op| op.call.function == Function::Write)
        .map(index)
        .collect();
    let reads: Vec<usize> = operations
        .iter()
        .filter(|op| op.call.function == Function::Read && op.result().is_some())
        .map(index)
        .collect();
    let orders = permutations(&writes);
    let extends = |order: &[usize]| {
        (0..order.len()).all(|i| (i..order.len()).all(|j| !before[order[j]][order[i]]))
    };
    let explains = |order: &[usize], read: usize| {
        let read = &operations[read];
        let last = order.iter().rev().find(|&&write| {
            before[write][index(read)] && operations[write].call.key == read.call.key
        });
        last.map_or(Value::Nil, |&write| operations[write].call.argument.clone())
            == *read.result().unwrap()
    };
    let orders: Vec<&Vec<usize>> = orders.iter().filter(|order| extends(order)).collect();
    if agreed {
        orders
            .iter()
            .any(|order| reads.iter().all(|&read| explains(order, read)))
    } else {
        reads
            .iter()
            .all(|&read| orders.iter().any(|order| explains(order, read)))
    }
}

fn permutations(of: &[usize]) -> Vec<Vec<usize>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (i, &first) in of.iter().enumerate() {
        let rest: Vec<usize> = of
            .iter()
            .enumerate()
            .filter(|&(j, _)| j != i)
            .map(|(_, &x)| x)
            .collect();
        for mut order in permutations(&rest) {
            order.insert(0, first);
            all.push(order);
        }
    }
    all
}

#[test]
fn causal_consistency_is_that_orders_of_the_writes_exist() {
    for (level, agreed) in [(Level::Causal, false), (Level::Convergent, true)] {
        let (mut holds, mut violated) = (0, 0);
        for seed in 0..4_000 {
            let history = haphazard(seed, true, 6);
            let expected = causal_by_definition(&history, agreed);
            match causal::check(&history, level, &Value::Nil) {
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

/// The write that a read returned, and whether one version is older than another, by definition.
struct Sessional<'a>(&'a History);

impl Sessional<'_> {
    fn write_of(&self, read: &Operation) -> Option<&Operation> {
        self.0.operations().iter().find(|op| {
            op.call.function == Function::Write
                && op.call.key == read.call.key
                && Some(&op.call.argument) == read.result()
        })
    }

    fn read_is_older(&self, read: &Operation, than: &Operation) -> bool {
        read.call.key == than.call.key
            && match self.write_of(read) {
                None => true,
                Some(write) => {
                    matches!(write.ended, Ended::Ok { event, .. } if event < than.invoke_event)
                }
            }
    }

    fn of(&self, process: Process, function: Function) -> impl Iterator<Item = &Operation> {
        self.0.operations().iter().filter(move |op| {
            op.process == process && op.call.function == function && op.result().is_some()
        })
    }

    fn reads(&self) -> impl Iterator<Item = &Operation> {
        let all = self.0.operations().iter();
        all.filter(|op| op.call.function == Function::Read && op.result().is_some())
    }

    fn holds(&self, guarantee: Guarantee) -> bool {
        !self.reads().any(|read| self.breaks(guarantee, read))
    }

    fn breaks(&self, guarantee: Guarantee, read: &Operation) -> bool {
        let earlier = |op: &&Operation| op.id < read.id;
        let process = read.process;
        match guarantee {
            Guarantee::ReadYourWrites => self
                .of(process, Function::Write)
                .filter(earlier)
                .any(|write| self.read_is_older(read, write)),
            Guarantee::MonotonicReads => self
                .of(process, Function::Read)
                .filter(earlier)
                .filter_map(|other| self.write_of(other))
                .any(|write| self.read_is_older(read, write)),
            Guarantee::MonotonicWrites | Guarantee::WritesFollowReads => self
                .of(process, Function::Read)
                .filter(earlier)
                .filter_map(|other| self.write_of(other))
                .any(|seen| {
                    self.basis(guarantee, seen)
                        .any(|w| self.read_is_older(read, w))
                }),
        }
    }

    /// The writes on which a write was based.
    fn basis<'s>(
        &'s self,
        guarantee: Guarantee,
        write: &'s Operation,
    ) -> Box<dyn Iterator<Item = &'s Operation> + 's> {
        let before = move |op: &&Operation| op.id < write.id;
        if guarantee == Guarantee::MonotonicWrites {
            return Box::new(self.of(write.process, Function::Write).filter(before));
        }
        let reads = self.of(write.process, Function::Read).filter(before);
        Box::new(reads.filter_map(|read| self.write_of(read)))
    }
}

#[test]
fn session_guarantees_are_what_they_say() {
    for guarantee in GUARANTEES {
        let (mut holds, mut violated) = (0, 0);
        for seed in 0..6_000 {
            let history = haphazard(seed, true, 14);
            let expected = Sessional(&history).holds(guarantee);
            match session::check(&history, guarantee, &Value::Nil) {
                Conclusion::Holds => {
                    assert!(expected, "{guarantee:?} {history:#?}");
                    holds += 1;
                }
                Conclusion::Violated(found) => {
                    assert!(!expected, "{guarantee:?} {} {history:#?}", found.because);
                    violated += 1;
                    assert_first_violation(&history, &found, |prefix| {
                        Sessional(prefix).holds(guarantee)
                    });
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
fn the_stronger_implies_the_weaker() {
    let mut linearizable = 0;
    for seed in 0..4_000 {
        let history = haphazard(seed, true, 6);
        let linear = linear::check(&history, &Model::Register, Budget::default()).unwrap();
        let sequential = sequential::check(&history, &Model::Register, Budget::default()).unwrap();
        let sequential = matches!(sequential, Sequential::Consistent(_));
        // A timed-out write of a process may take effect after its later operations; only a
        // causal order puts it before them.
        let all_ended = history.operations().iter().all(|op| op.result().is_some());
        if matches!(linear, Linearizability::Linearizable(_)) {
            linearizable += 1;
            assert!(sequential, "{history:#?}");
            for guarantee in GUARANTEES {
                assert_eq!(
                    session::check(&history, guarantee, &Value::Nil),
                    Conclusion::Holds
                );
            }
        }
        if sequential
            && all_ended
            && causal::check(&history, Level::Convergent, &Value::Nil).is_violated()
        {
            // A sequential order may let a read return what is written later in true time.
            assert!(reads_ahead(&history), "{history:#?}");
        }
    }
    assert!(linearizable > 200, "{linearizable}");
}

fn reads_ahead(history: &History) -> bool {
    history.operations().iter().any(|read| {
        history.operations().iter().any(|write| {
            Some(&write.call.argument) == read.result()
                && write.call.key == read.call.key
                && read.precedes(write)
        })
    })
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
        0,
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
         acknowledged at 0.004000 s; 1 is the older of the two"
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
    let verdict = session::check(&history, Guarantee::MonotonicReads, &Value::Nil);
    assert!(matches!(verdict, Conclusion::Unknown(_)), "{verdict:?}");
    assert!(matches!(
        causal::check(&history, Level::Causal, &Value::Nil),
        Conclusion::Unknown(_)
    ));
}
