//! Doctors who go off call at the same time, and what is lost on the way.

use sim::network::{LinkChange, LinkSelector};
use sim::random::Probability;
use sim::sorted::{Map, Set};
use sim::trace::{Fact, Outcome};
use sim::{Action, DiskProfile, NodeId, SimDuration, Target};

use super::ENTRY;
use super::message::{OFF_CALL, SHIFT};
use crate::trial::{Trial, ms};

const DB: u16 = 0;
const ALICE: u16 = 1;
const BOB: u16 = 2;

const CURES: [&[&str]; 5] = [
    &["serializable-snapshot"],
    &["two-phase-locking", "predicate-lock"],
    &["two-phase-locking"],
    &["materialised-conflict"],
    &[
        "serializable-snapshot",
        "two-phase-locking",
        "predicate-lock",
        "materialised-conflict",
    ],
];

/// A database and two doctors. A message travels 100 ms; a sync takes 20 ms.
fn trial(on: &[&'static str]) -> Trial {
    trial_with_disk(on, 20)
}

/// The same, where a sync takes so many milliseconds.
fn trial_with_disk(on: &[&'static str], sync: u64) -> Trial {
    let disk = DiskProfile {
        sync: SimDuration::from_millis(sync),
        ..DiskProfile::default()
    };
    let trial = Trial::new(&ENTRY, &["database", "doctor", "doctor"]).disks(disk);
    on.iter().fold(trial, |trial, on| trial.on(on))
}

fn share(share: f64) -> Probability {
    Probability::new(share)
}

fn node(node: u16) -> Target {
    Target::Node(NodeId(node))
}

/// What the database has, and what clients were told.
#[derive(Default)]
struct Seen {
    rows: Map<i64, i64>,
    /// Whether at some time nobody was on call.
    was_alone: bool,
    /// The transactions that the database has versions of.
    installed: Set<u32>,
    told: Map<u32, Outcome>,
    /// How many transactions their clients were told to be committed.
    committed: usize,
}

fn seen(trial: &Trial, until: u64) -> Seen {
    let mut seen = Seen::default();
    for (_, _, fact) in trial.facts(until) {
        match fact {
            Fact::Installed {
                operation,
                row,
                value,
            } => {
                seen.rows.insert(row, value);
                seen.installed.insert(operation);
                let mut doctors = seen.rows.iter().filter(|(row, _)| **row != SHIFT);
                seen.was_alone |= doctors.all(|(_, value)| *value == OFF_CALL);
            }
            Fact::Returned {
                operation, outcome, ..
            } => {
                seen.committed += usize::from(outcome == Outcome::Ok);
                seen.told.insert(operation, outcome);
            }
            _ => {}
        }
    }
    seen
}

/// The versions that a database has had of a row: who wrote each, and where among all facts that was put on record.
type Versions = Vec<(u32, usize)>;

/// What must hold in every run, with or without cures:
///
/// - what a client was told has failed is not in the database, and a change that it was told is committed is;
/// - a restart undoes nothing that was there before;
/// - all that a transaction reads was in the database at one moment, which is not before it began.
#[track_caller]
fn is_sound(trial: &Trial, until: u64, about: &str) {
    let facts = trial.facts(until);
    let mut rows: Map<i64, Versions> = Map::new();
    let (mut begun, mut told) = (Map::new(), Map::new());
    for (place, (at, _, fact)) in facts.iter().enumerate() {
        match *fact {
            Fact::Invoked { operation, .. } => drop(begun.insert(operation, place)),
            Fact::Returned {
                operation, outcome, ..
            } => drop(told.insert(operation, outcome)),
            Fact::Installed { operation, row, .. } => {
                let versions = rows.entry(row).or_insert_with(|| vec![(0, 0)]);
                match versions.iter().position(|(writer, _)| *writer == operation) {
                    Some(known) => {
                        assert_eq!(known + 1, versions.len(), "{about}: row {row} at {at} ms")
                    }
                    None => versions.push((operation, place)),
                }
            }
            _ => {}
        }
    }
    let is_there = |number: u32| rows.values().flatten().any(|(writer, _)| *writer == number);
    for (number, told) in &told {
        assert!(
            *told != Outcome::Fail || !is_there(*number),
            "{about}: #{number}"
        );
    }
    let changes = ["go-off", "come-back"].map(|name| trial.said(until, name));
    for [number, ..] in changes.into_iter().flatten() {
        let number = number as u32;
        let is_done = told.get(&number) == Some(&Outcome::Ok);
        assert!(!is_done || is_there(number), "{about}: #{number}");
    }
    let mut snapshots: Map<u32, (usize, usize)> = Map::new();
    for (place, (at, _, fact)) in facts.iter().enumerate() {
        let Fact::ReadVersion {
            operation,
            writer,
            row,
            ..
        } = *fact
        else {
            continue;
        };
        let versions = rows.entry(row).or_insert_with(|| vec![(0, 0)]);
        let version = versions.iter().position(|(by, _)| *by == writer);
        let version = version.filter(|version| versions[*version].1 <= place);
        let about = format!("{about}: #{operation} reads row {row} of #{writer} at {at} ms");
        let version = version.expect(&about);
        let replaced = versions.get(version + 1).map_or(usize::MAX, |next| next.1);
        let snapshot = snapshots
            .entry(operation)
            .or_insert((begun[&operation], usize::MAX));
        snapshot.0 = snapshot.0.max(versions[version].1);
        snapshot.1 = snapshot.1.min(replaced);
        assert!(snapshot.0 < snapshot.1, "{about}");
    }
}

#[test]
fn two_doctors_who_read_the_same_snapshot_both_go() {
    let alone = |seed| seen(&trial(&[]).seed(seed), 20_000).was_alone;
    let count = (0..20).filter(|seed| alone(*seed)).count();
    assert!(count >= 18, "{count}");
}

#[test]
fn with_each_cure_somebody_stays_and_transactions_commit() {
    for on in CURES {
        for seed in 0..20 {
            let trial = trial(on).seed(seed);
            is_sound(&trial, 20_000, "calm");
            let seen = seen(&trial, 20_000);
            assert!(!seen.was_alone, "{on:?}, seed {seed}");
            let committed = seen.committed;
            assert!(committed >= 8, "{on:?}, seed {seed}: {committed}");
        }
    }
}

#[test]
fn late_copies_and_crashes_bring_back_nothing_that_was_refused() {
    for on in CURES.into_iter().chain([&[][..]]) {
        let mut committed = 0;
        for seed in 0..30 {
            let trial = trial(on).seed(seed).network(|link| {
                link.loss = share(0.1);
                link.duplication.probability = share(0.4);
                link.duplication.copies = 1;
                link.duplication.spread = SimDuration::from_millis(3000);
            });
            let crash = 1000 + 370 * seed;
            let trial = trial
                .act(crash, Action::Crash(node(DB)))
                .act(crash + 300, Action::Restart(node(DB)))
                .act(crash + 2000, Action::Crash(node(BOB)))
                .act(crash + 2100, Action::Restart(node(BOB)));
            is_sound(&trial, 30_000, &format!("{on:?}, seed {seed}"));
            let seen = seen(&trial, 30_000);
            assert!(on.is_empty() || !seen.was_alone, "{on:?}, seed {seed}");
            committed += seen.installed.len();
        }
        assert!(committed > 100, "{on:?}: {committed}");
    }
}

#[test]
fn nobody_reads_what_is_not_durable_and_a_crash_undoes_nothing_else() {
    for on in [
        &["serializable-snapshot"][..],
        &["two-phase-locking", "predicate-lock"],
    ] {
        for crash in (500..6000).step_by(70) {
            let trial = trial_with_disk(on, 250)
                .act(crash, Action::Crash(node(DB)))
                .act(crash + 200, Action::Restart(node(DB)));
            is_sound(&trial, 9000, &format!("{on:?}, crash at {crash}"));
            let rows = |until| seen(&trial, until).rows.len();
            assert_eq!(
                restarted(&trial, crash + 200),
                rows(crash - 1),
                "crash at {crash}"
            );
        }
    }
}

/// How many rows the database has when it restarts at this millisecond.
fn restarted(trial: &Trial, at: u64) -> usize {
    let is_row = |(when, by, fact): &&(u64, u16, Fact)| {
        (*when, *by) == (at, DB) && matches!(fact, Fact::Installed { .. })
    };
    trial.facts(at).iter().filter(is_row).count()
}

/// The database's answers to alice are lost from one moment to another.
fn unheard(from: u64, until: u64) -> Trial {
    let link = LinkSelector::Pair(NodeId(DB), NodeId(ALICE));
    let loss = |share| Action::Link(link, LinkChange::Loss(share));
    trial(&["serializable-snapshot"])
        .act(from, loss(Probability::ALWAYS))
        .act(until, loss(Probability::NEVER))
}

#[test]
fn a_client_whose_answer_was_lost_asks_again_and_is_told_what_became_of_it() {
    let calm = trial(&["serializable-snapshot"]).facts(10_000);
    let told = calm.iter().find_map(|(at, by, fact)| match fact {
        Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            ..
        } if *by == ALICE => Some((*at, *operation)),
        _ => None,
    });
    let (at, operation) = told.expect("alice commits");
    let seen = seen(&unheard(at - 10, at + 300), 10_000);
    assert_eq!(seen.told.get(&operation), Some(&Outcome::Ok));
}

#[test]
fn a_client_that_hears_nothing_says_that_it_does_not_know_and_reads_before_it_asks_again() {
    let calm = trial(&["serializable-snapshot"]).facts(10_000);
    let gone = Fact::Installed {
        operation: 1,
        row: i64::from(ALICE),
        value: OFF_CALL,
    };
    let gone = calm.iter().find(|(_, _, fact)| *fact == gone);
    let at = gone.expect("alice goes off").0;
    let trial = unheard(at - 10, at + 6000);
    let seen = seen(&trial, 20_000);
    let unknown = seen
        .told
        .iter()
        .filter(|(_, told)| **told == Outcome::Unknown);
    let unknown: Vec<u32> = unknown.map(|(operation, _)| *operation).collect();
    let [operation] = unknown.as_slice() else {
        panic!("{unknown:?}");
    };
    assert!(seen.installed.contains(operation));
    is_sound(&trial, 20_000, "unheard");
}

#[test]
fn a_silent_client_keeps_what_it_has_locked_only_for_a_while() {
    let trial = trial(&["two-phase-locking", "predicate-lock"])
        .set("idle", ms(2000))
        .set("think", ms(300))
        .act(800, Action::Pause(node(ALICE)));
    let facts = trial.facts(12_000);
    let by_bob = facts.iter().filter_map(|(at, by, fact)| match fact {
        Fact::Returned {
            outcome: Outcome::Ok,
            ..
        } if *by == BOB => Some(*at),
        _ => None,
    });
    let by_bob: Vec<u64> = by_bob.collect();
    assert!(by_bob.len() > 2, "{by_bob:?}");
    let awaited = facts
        .iter()
        .any(|(_, _, fact)| matches!(fact, Fact::Awaits { .. }));
    assert!(awaited);
    assert!(by_bob[0] > 2000, "{by_bob:?}");
}

#[test]
fn two_that_have_read_and_both_want_to_change_the_list_are_a_deadlock() {
    let count = |on: &[&'static str]| {
        let of = |seed| trial(on).seed(seed).sends_named(20_000, "deadlock");
        (0..10).map(of).sum::<usize>()
    };
    assert!(count(&["two-phase-locking", "predicate-lock"]) > 5);
    assert_eq!(count(&["serializable-snapshot"]), 0);
}
