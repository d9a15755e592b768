//! Who does what, when nodes crash between any two steps.

use sim::network::{LinkChange, LinkSelector};
use sim::random::Probability;
use sim::sorted::{Map, Set};
use sim::trace::{Fact, Outcome};
use sim::{Action, DiskProfile, NodeId, SimDuration, Target};

use super::ENTRY;
use crate::trial::Trial;

const C1: u16 = 0;
const NORTH: u16 = 3;
const SOUTH: u16 = 4;
const ROSA: u16 = 5;

const ROLES: [&str; 6] = [
    "coordinator",
    "coordinator",
    "coordinator",
    "bank",
    "bank",
    "sender",
];

/// Three coordinators, two banks and a client that moves money. A message travels 100 ms, between coordinators 10 ms; a sync
/// takes 20 ms.
fn trial() -> Trial {
    let disk = DiskProfile {
        sync: SimDuration::from_millis(20),
        ..DiskProfile::default()
    };
    let pairs = [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)];
    let trial = Trial::new(&ENTRY, &ROLES).disks(disk);
    pairs
        .into_iter()
        .fold(trial, |trial, (from, to)| trial.slow_link(from, to, 10))
}

fn node(node: u16) -> Target {
    Target::Node(NodeId(node))
}

/// Where the operations stand at a bank, and what clients were told.
#[derive(Default)]
struct Seen {
    done: Map<u32, Set<u16>>,
    locked: Set<(u16, u32)>,
    told: Map<u32, Outcome>,
}

/// What is put on record up to so many milliseconds.
fn seen(trial: &Trial, until: u64) -> Seen {
    seen_over(trial, until, None)
}

/// What is put on record up to so many milliseconds, if a bank restarts at a moment: it has what it then puts on record.
fn seen_over(trial: &Trial, until: u64, mut restart: Option<(u64, u16)>) -> Seen {
    let mut seen = Seen::default();
    for (at, by, fact) in trial.facts(until) {
        if let Some((_, bank)) = restart.take_if(|(restart, _)| *restart <= at) {
            seen.forget(bank);
        }
        match fact {
            Fact::Locked { operation, .. } => {
                seen.locked.insert((by, operation));
            }
            Fact::Unlocked { operation, .. } => {
                seen.locked.remove(&(by, operation));
            }
            Fact::Stored { operation, .. } => {
                seen.done.entry(operation).or_default().insert(by);
            }
            Fact::Returned {
                operation, outcome, ..
            } => {
                seen.told.insert(operation, outcome);
            }
            _ => {}
        }
    }
    seen
}

impl Seen {
    /// A bank begins anew.
    fn forget(&mut self, bank: u16) {
        self.locked.retain(|(by, _)| *by != bank);
        self.done.retain(|_, banks| {
            banks.remove(&bank);
            !banks.is_empty()
        });
    }

    /// It is atomic, and nothing is locked any more.
    #[track_caller]
    fn is_settled(&self, about: &str) {
        self.is_atomic(about);
        assert_eq!(self.locks(), 0, "{about}");
    }

    /// What one bank did both did, and what a client was told holds.
    #[track_caller]
    fn is_atomic(&self, about: &str) {
        for (operation, banks) in &self.done {
            let known: Vec<u16> = banks.iter().copied().collect();
            assert_eq!(known, [NORTH, SOUTH], "{about}: #{operation}");
            let told = self.told.get(operation);
            assert_ne!(told, Some(&Outcome::Fail), "{about}: #{operation}");
        }
        for (operation, outcome) in &self.told {
            let is_done = self.done.contains_key(operation);
            assert_eq!(*outcome == Outcome::Ok, is_done, "{about}: #{operation}");
        }
    }

    /// What one bank did both did.
    fn agrees(&self) -> bool {
        self.done.values().all(|banks| banks.len() != 1)
    }

    fn locks(&self) -> usize {
        self.locked.len()
    }
}

#[test]
fn a_transfer_is_done_by_both_banks() {
    let seen = seen(&trial().on("forced-log"), 3000);
    seen.is_atomic("in calm");
    assert!(seen.done.len() >= 2, "{}", seen.done.len());
}

/// The coordinator dies at a moment for good, or comes back a second later. In the last two seconds nothing new begins.
fn coordinator_dies(on: &[&'static str], crash: u64, restarts: bool) -> Seen {
    let mut trial = trial()
        .act(crash, Action::Crash(node(C1)))
        .act(crash + 7000, Action::Crash(node(ROSA)));
    for defence in on {
        trial = trial.on(defence);
    }
    if restarts {
        trial = trial.act(crash + 1000, Action::Restart(node(C1)));
    }
    seen(&trial, crash + 9000)
}

#[test]
fn a_coordinator_that_never_comes_back_leaves_locks_behind_unless_it_is_replicated() {
    let mut left = [0, 0];
    for crash in (200..1500).step_by(30) {
        let asking = coordinator_dies(&["forced-log", "termination-protocol"], crash, false);
        let alone = coordinator_dies(&["forced-log"], crash, false);
        let replicated = coordinator_dies(&["forced-log", "replicated-coordinator"], crash, false);
        left[0] += alone.locks();
        left[1] += asking.locks();
        replicated.is_settled(&format!("crash at {crash} ms"));
        let settled = replicated.told.len();
        assert!(settled >= 3, "crash at {crash} ms: {settled}");
    }
    assert!(left[0] > 10 && left[1] > 10, "{left:?}");
}

#[test]
fn a_coordinator_that_comes_back_settles_what_it_had_begun() {
    for on in [
        &["forced-log"][..],
        &["forced-log", "presumed-abort"],
        &["forced-log", "presumed-abort", "replicated-coordinator"],
    ] {
        for crash in (200..1500).step_by(30) {
            let seen = coordinator_dies(on, crash, true);
            let about = format!("{on:?}, crash at {crash} ms");
            seen.is_settled(&about);
            assert!(seen.told.len() >= 3, "{about}: {}", seen.told.len());
        }
    }
}

#[test]
fn a_bank_that_crashes_keeps_its_promises_if_its_log_is_forced() {
    let outcomes = |is_forced: bool| {
        let mut torn = 0;
        for crash in (200..2000).step_by(30) {
            let mut trial = trial()
                .act(crash, Action::Crash(node(NORTH)))
                .act(crash + 300, Action::Restart(node(NORTH)))
                // The client asks for nothing more, so that all is settled.
                .act(crash + 2000, Action::Crash(node(ROSA)));
            if is_forced {
                trial = trial.on("forced-log");
            }
            let mut facts = trial.facts(crash + 9000);
            // What north had and has not put on record again is gone.
            facts.retain(|(at, by, fact)| {
                let is_copy = matches!(fact, Fact::Stored { .. });
                !(is_copy && *by == NORTH && *at < crash)
            });
            let copies = facts.iter().filter_map(|(_, by, fact)| match fact {
                Fact::Stored { operation, .. } => Some((*by, *operation)),
                _ => None,
            });
            let copies: Set<(u16, u32)> = copies.collect();
            let of = |bank: u16| -> Vec<u32> {
                let own = copies.iter().filter(|(by, _)| *by == bank);
                own.map(|(_, operation)| *operation).collect()
            };
            torn += u32::from(of(NORTH) != of(SOUTH));
        }
        torn
    };
    assert_eq!(outcomes(true), 0);
    assert!(outcomes(false) > 10);
}

/// A bank and the coordinator crash, each crash tears a write, and one message in two arrives twice, the second time up to a
/// second late.
fn two_crash(on: &[&'static str], bank: (u64, u16), coordinator: u64) -> Seen {
    let (crash, north) = bank;
    let disk = DiskProfile {
        sync: SimDuration::from_millis(20),
        torn: Probability::ALWAYS,
        ..DiskProfile::default()
    };
    let trial = trial().disks(disk).network(|link| {
        link.duplication.probability = Probability::new(0.5);
        link.duplication.spread = SimDuration::from_secs(1);
    });
    let trial = trial
        .act(crash, Action::Crash(node(north)))
        .act(crash + 250, Action::Restart(node(north)))
        .act(coordinator, Action::Crash(node(C1)))
        .act(coordinator + 250, Action::Restart(node(C1)))
        .act(crash + 5000, Action::Crash(node(ROSA)));
    let trial = on.iter().fold(trial, |trial, defence| trial.on(defence));
    seen_over(&trial, crash + 9000, Some((crash + 250, north)))
}

#[test]
fn two_crashes_torn_writes_and_late_copies_break_nothing_if_the_logs_are_forced() {
    let two_crash = |on: &[&'static str]| {
        let grid = (200..1400).step_by(60).flat_map(|crash| {
            [0, 110, 230, 370]
                .map(|later| [(crash, NORTH, crash + later), (crash, SOUTH, crash + later)])
        });
        let seen = grid.flatten().map(|(crash, bank, coordinator)| {
            let about = format!("{on:?}, {bank} at {crash} ms, coordinator at {coordinator} ms");
            (about, two_crash(on, (crash, bank), coordinator))
        });
        seen.collect::<Vec<_>>()
    };
    for on in [
        &["forced-log"][..],
        &["forced-log", "presumed-abort", "termination-protocol"],
        &["forced-log", "presumed-abort", "replicated-coordinator"],
    ] {
        for (about, seen) in two_crash(on) {
            seen.is_settled(&about);
            assert!(seen.told.len() >= 3, "{about}: {}", seen.told.len());
        }
    }
    let unforced = two_crash(&["presumed-abort"]);
    let torn = unforced.iter().filter(|(_, seen)| !seen.agrees()).count();
    assert!(torn > 10, "{torn}");
}

/// The coordinator's word reaches north alone, and then the coordinator is gone.
fn told_to_one(on: &'static str) -> Seen {
    let all = LinkChange::Loss(Probability::ALWAYS);
    let link = LinkSelector::Pair(NodeId(C1), NodeId(SOUTH));
    let trial = trial()
        .on("forced-log")
        .on(on)
        .act(420, Action::Link(link, all))
        .act(900, Action::Crash(node(C1)));
    seen(&trial, 5000)
}

#[test]
fn a_bank_in_doubt_learns_from_the_other_one_what_that_knows() {
    let blocked = told_to_one("presumed-abort");
    assert!(blocked.locks() > 0);
    let asking = told_to_one("termination-protocol");
    asking.is_settled("both ask");
}

#[test]
fn presumed_abort_forces_no_record_of_a_beginning_and_hears_no_word_of_an_abort() {
    // The votes of south come too late: every transfer is aborted.
    let slow = || trial().on("forced-log").slow_link(SOUTH, C1, 2000);
    let counts = |trial: &Trial| {
        let syncs = [C1, NORTH].map(|node| trial.syncs(4000, node));
        let asked = trial.sends_named(4000, "prepare") / 2;
        (asked, syncs, trial.sends_named(4000, "done"))
    };
    let (asked, syncs, acks) = counts(&slow().on("presumed-abort"));
    assert!(asked >= 2, "{asked}");
    assert_eq!((syncs, acks), ([0, asked], 0));
    // The beginning and the abort by the coordinator, the yes and the abort by the bank.
    let (asked, syncs, acks) = counts(&slow());
    let settled = asked - 1;
    assert!(
        syncs.iter().all(|syncs| *syncs >= 2 * settled),
        "{syncs:?} of {asked}"
    );
    assert!(acks >= 2 * settled && settled >= 1, "{acks}");
}
