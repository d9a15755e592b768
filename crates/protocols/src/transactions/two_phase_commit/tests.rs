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

/// What is put on record up to so many milliseconds. A bank that restarts has what it then puts on record.
fn seen(trial: &Trial, until: u64) -> Seen {
    let mut seen = Seen::default();
    for (_, by, fact) in trial.facts(until) {
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
    /// What one bank did both did, what a client was told holds, and nothing is locked any more.
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
        replicated.is_atomic(&format!("crash at {crash} ms"));
        assert_eq!(replicated.locks(), 0, "crash at {crash} ms");
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
            seen.is_atomic(&about);
            assert_eq!(seen.locks(), 0, "{about}");
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
    asking.is_atomic("both ask");
    assert_eq!(asking.locks(), 0);
}

#[test]
fn presumed_abort_forces_no_record_of_a_beginning_and_hears_no_word_of_an_abort() {
    // The votes of south come too late: every transfer is aborted.
    let acks = |trial: &Trial| trial.sends_named(4000, "done");
    let slow = || trial().on("forced-log").slow_link(SOUTH, C1, 2000);
    let with = acks(&slow().on("presumed-abort"));
    let without = acks(&slow());
    assert_eq!(with, 0);
    assert!(without >= 4, "{without}");
}
