//! Convergence of replicas, and of what clients read in the end.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use check::consistency::conclusion::Conclusion;
use check::consistency::convergence::{self, Convergence, Replication};
use check::history::{Call, Function, History, OpId, Process, Time};
use check::model::Model;
use check::value::Value;

fn received(replica: u32, update: u64) -> Replication {
    Replication::Received { replica, update }
}

fn found(replica: u32, state: i64) -> Replication {
    Replication::Found {
        replica,
        state: state.into(),
    }
}

fn diverges(events: &[Replication]) -> Option<(u32, u32)> {
    let mut check = Convergence::default();
    let mut diverges = None;
    for (at, event) in (0..).zip(events) {
        let found = check.feed(Time(at), event).violation();
        diverges = found.map(|found| (found.other, found.replica));
    }
    diverges
}

#[test]
fn the_same_updates_in_any_order_make_the_same_state() {
    let same = [
        received(1, 7),
        received(1, 8),
        received(2, 8),
        received(2, 7),
        received(2, 7),
    ];
    let agree: Vec<_> = same
        .iter()
        .cloned()
        .chain([found(1, 5), found(2, 5)])
        .collect();
    assert_eq!(diverges(&agree), None);
    let differ: Vec<_> = same
        .iter()
        .cloned()
        .chain([found(1, 5), found(2, 6)])
        .collect();
    assert_eq!(diverges(&differ), Some((1, 2)));
}

#[test]
fn replicas_that_received_less_may_differ() {
    assert_eq!(diverges(&[received(1, 7), found(1, 5), found(2, 0)]), None);
    assert_eq!(
        diverges(&[found(1, 5), found(2, 0)]),
        Some((1, 2)),
        "neither received any"
    );
}

fn last_reads(history: &History) -> Conclusion {
    convergence::last_reads(history, &Model::Register)
}

/// Two writes that overlap, then two reads by two processes.
fn history(first: i64, second: i64, write_ends: bool) -> History {
    let mut history = History::new();
    let mut ops = Vec::new();
    for (process, value) in [(0, 1), (1, 2)] {
        let call = Call::on("x", Function::Write, value);
        ops.push(history.invoke(Process(process), call, Time(0)).unwrap());
    }
    history.ok(ops[0], Value::Nil, Time(1)).unwrap();
    if write_ends {
        history.ok(ops[1], Value::Nil, Time(1)).unwrap();
    }
    for (process, value) in [(2, first), (3, second)] {
        let now = 10 * u64::from(process);
        let call = Call::on("x", Function::Read, Value::Nil);
        let op = history.invoke(Process(process), call, Time(now)).unwrap();
        history.ok(op, value.into(), Time(now + 1)).unwrap();
    }
    history
}

#[test]
fn last_reads_agree_once_all_writing_has_ended() {
    assert_eq!(last_reads(&history(2, 2, true)), Conclusion::Holds);
    let verdict = last_reads(&history(1, 2, true));
    assert_eq!(verdict.violation().unwrap().operations, [OpId(3), OpId(2)]);
    let verdict = last_reads(&history(1, 2, false));
    assert!(
        matches!(verdict, Conclusion::Unknown(_)),
        "it may still change: {verdict:?}"
    );
}

#[test]
fn copies_that_nobody_reads_after_the_last_write_are_not_said_to_agree() {
    let mut history = history(2, 2, true);
    let late = Call::on("x", Function::Write, 3);
    let write = history.invoke(Process(0), late, Time(40)).unwrap();
    history.ok(write, Value::Nil, Time(41)).unwrap();
    let Conclusion::Unknown(why) = last_reads(&history) else {
        panic!("nobody read 3")
    };
    assert!(why.to_string().contains("nobody read key"), "{why}");
    let read = Call::on("x", Function::Read, Value::Nil);
    let op = history.invoke(Process(1), read, Time(50)).unwrap();
    assert!(matches!(last_reads(&history), Conclusion::Unknown(_)));
    history.ok(op, Value::Int(3), Time(51)).unwrap();
    assert_eq!(last_reads(&history), Conclusion::Holds);
    assert_eq!(last_reads(&History::new()), Conclusion::Holds);
}

#[test]
fn one_register_that_disagrees_outweighs_another_that_nobody_read() {
    let mut history = history(1, 2, true);
    let write = Call::on("y", Function::Write, 3);
    let write = history.invoke(Process(0), write, Time(40)).unwrap();
    history.ok(write, Value::Nil, Time(41)).unwrap();
    assert!(last_reads(&history).is_violated());
}
