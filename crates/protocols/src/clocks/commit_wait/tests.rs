//! How long the wait is.

use sim::trace::Fact;
use sim::{Action, DiskProfile, NodeId, SimDuration, Target};

use super::ENTRY;
use crate::trial::{Trial, ms};

/// The number of milliseconds between a transaction's timestamp and the report to its client. A message takes 100 ms.
fn told_after(trial: Trial) -> u64 {
    let facts = trial.facts(3000);
    let time = |wanted: fn(&Fact) -> bool| facts.iter().find(|(_, _, fact)| wanted(fact));
    let stamped = time(|fact| matches!(fact, Fact::Stamped { .. }));
    let returned = time(|fact| matches!(fact, Fact::Returned { .. }));
    returned.unwrap().0 - stamped.unwrap().0
}

#[test]
fn the_wait_is_twice_the_assumed_error() {
    let trial = || Trial::new(&ENTRY, &["client", "shard"]).set("assumed-error", ms(80));
    assert_eq!(told_after(trial()), 100);
    assert_eq!(told_after(trial().on("commit-wait")), 260);
}

#[test]
fn a_shard_that_restarts_keeps_the_timestamp_and_waits_for_it_again() {
    let trial = || {
        let trial = Trial::new(&ENTRY, &["client", "shard"]).set("assumed-error", ms(500));
        trial.on("commit-wait")
    };
    let shard = Target::Node(NodeId(1));
    let facts = trial().facts(3000);
    let stamped = |(_, _, fact): &&(u64, u16, Fact)| matches!(fact, Fact::Stamped { .. });
    let at = facts.iter().find(stamped).unwrap().0;
    let facts = trial()
        .act(at + 20, Action::Crash(shard))
        .act(at + 30, Action::Restart(shard))
        .facts(6000);
    let stamps: Vec<i64> = facts
        .iter()
        .filter_map(|(_, _, fact)| match fact {
            Fact::Stamped { item: 1, stamp, .. } => Some(*stamp),
            _ => None,
        })
        .collect();
    let told = facts.iter().find_map(|(ms, _, fact)| match fact {
        Fact::Returned { value, .. } => Some((*ms as i64 * 1_000_000, *value)),
        _ => None,
    });
    let (told_at, told) = told.unwrap();
    assert_eq!(stamps, [told, told]);
    assert!(told_at > told);
}

#[test]
fn a_timestamp_that_is_durable_is_on_record_though_the_shard_crashes_before_it_hears_of_it() {
    let shard = Target::Node(NodeId(1));
    let slow = DiskProfile {
        sync: SimDuration::from_millis(300),
        ..DiskProfile::default()
    };
    let trial = || {
        Trial::new(&ENTRY, &["client", "shard"])
            .disks(slow)
            .on("commit-wait")
    };
    let facts = trial().facts(3000);
    let begun = |(_, _, fact): &&(u64, u16, Fact)| matches!(fact, Fact::Invoked { .. });
    let asked = facts.iter().find(begun).unwrap().0;
    // The disk syncs while the shard is paused.
    let facts = trial()
        .act(asked + 200, Action::Pause(shard))
        .act(asked + 500, Action::Crash(shard))
        .act(asked + 600, Action::Restart(shard))
        .facts(6000);
    let stamped = facts.iter().find_map(|(_, _, fact)| match fact {
        Fact::Stamped { item: 1, stamp, .. } => Some(*stamp),
        _ => None,
    });
    let told = facts.iter().find_map(|(_, _, fact)| match fact {
        Fact::Returned {
            operation: 1,
            value,
            ..
        } => Some(*value),
        _ => None,
    });
    assert!(told.is_some());
    assert_eq!(stamped, told);
}

#[test]
fn transactions_are_committed_though_a_round_trip_takes_longer_than_a_poll() {
    let facts = Trial::new(&ENTRY, &["client", "shard", "time-server"])
        .on("commit-wait")
        .on("honest-bound")
        .set("poll", ms(150))
        .facts(20_000);
    let told = |(_, _, fact): &&(u64, u16, Fact)| matches!(fact, Fact::Returned { .. });
    assert!(facts.iter().filter(told).count() > 10);
}
