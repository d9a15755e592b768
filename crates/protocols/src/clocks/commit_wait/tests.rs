//! How long the wait is.

use sim::trace::{Fact, Function};
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

/// An author, a reader and two shards. The clock of the block's shard is ahead by so many milliseconds.
fn photos(ahead: i64) -> Trial {
    let step = Action::StepClock(Target::Node(NodeId(2)), ahead * 1_000_000);
    Trial::new(&ENTRY, &["author", "reader", "shard", "shard"])
        .set("assumed-error", ms(0))
        .act(0, step)
}

/// What the reader is shown of the first photo: the numbers of transactions.
fn shown_first(facts: &[(u64, u16, Fact)]) -> Vec<i64> {
    let reads = |(_, _, fact): &(u64, u16, Fact)| match fact {
        Fact::Invoked {
            operation,
            function: Function::Read,
            ..
        } => Some(i64::from(*operation)),
        _ => None,
    };
    let first = facts.iter().find_map(reads).unwrap();
    let shown = facts.iter().filter_map(|(_, _, fact)| match fact {
        Fact::Shown { item, after } if *after == first => Some(*item),
        _ => None,
    });
    shown.collect()
}

#[test]
fn a_reader_sees_the_photo_alone_if_the_clock_of_its_shard_is_too_far_behind_and_nobody_waits() {
    // The block is #1, the read #2, the photo #3.
    assert_eq!(shown_first(&photos(300).facts(3000)), [3]);
    assert_eq!(shown_first(&photos(0).facts(3000)), [1, 3]);
    let waits = photos(300).set("assumed-error", ms(300)).on("commit-wait");
    assert_eq!(shown_first(&waits.facts(6000)), [1, 3]);
}

#[test]
fn a_photo_is_posted_once_its_block_is_confirmed() {
    let facts = photos(0).facts(3000);
    let of = |number: u32| {
        facts
            .iter()
            .filter(move |(_, _, fact)| fact.operation() == Some(number))
    };
    let returned = |(_, _, fact): &&(u64, u16, Fact)| matches!(fact, Fact::Returned { .. });
    let confirmed = of(1).find(returned).unwrap().0;
    assert_eq!(of(3).next().unwrap().0, confirmed);
}

#[test]
fn a_shard_whose_clock_is_behind_answers_a_read_when_its_time_has_passed() {
    // The block's shard is the one that is behind: it could still give an earlier timestamp.
    let facts = photos(-500).facts(3000);
    let read = |(_, _, fact): &&(u64, u16, Fact)| {
        matches!(
            fact,
            Fact::Invoked {
                function: Function::Read,
                ..
            }
        )
    };
    let asked = facts.iter().find(read).unwrap();
    let Fact::Invoked {
        operation, value, ..
    } = asked.2
    else {
        unreachable!()
    };
    let ended = facts.iter().find(
        |(_, _, fact)| matches!(fact, Fact::Returned { operation: one, .. } if *one == operation),
    );
    // The answer comes a message later than the shard's clock shows the time.
    assert_eq!(ended.unwrap().0 as i64, value / 1_000_000 + 500 + 100);
}
