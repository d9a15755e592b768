//! Who holds the lock, and what becomes of the file when a holder is paused.

use sim::network::{Distribution, Duplication, Latency};
use sim::random::Probability;
use sim::sorted::Set;
use sim::trace::{Fact, Outcome};
use sim::{Action, NodeId, SimDuration, Target};

use super::{file, lock};
use crate::trial::{Trial, ms};

#[test]
fn with_equal_clocks_the_lock_has_one_holder_at_a_time() {
    let facts = Trial::new(&lock::ENTRY, &["client", "client", "lock"]).facts(30_000);
    let mut holder = None;
    let mut turns = 0;
    for (at, node, fact) in facts {
        match fact {
            Fact::Acquired { .. } => {
                assert_eq!(holder, None, "at {at} ms");
                holder = Some(node);
                turns += 1;
            }
            Fact::Released { .. } => assert_eq!(holder.take(), Some(node), "at {at} ms"),
            _ => {}
        }
    }
    assert!(turns > 10, "{turns}");
}

/// How many lines are lost and how many writes are refused if the first of two clients is paused for six seconds when it
/// has read its clock and not yet sent its first write.
fn lost_and_refused(defence: &'static str) -> (usize, usize) {
    let first = Target::Node(NodeId(0));
    let facts = Trial::new(&file::ENTRY, &["client", "client", "lock", "storage"])
        .on(defence)
        .act(930, Action::Pause(first))
        .act(7000, Action::Resume(first))
        .facts(20_000);
    let count = |is: fn(&Fact) -> bool| facts.iter().filter(|(_, _, fact)| is(fact)).count();
    let lost = count(|fact| matches!(fact, Fact::Discarded { .. }));
    (lost, count(|fact| matches!(fact, Fact::Refused { .. })))
}

#[test]
fn only_a_fencing_token_stops_a_holder_that_was_paused_after_it_read_its_clock() {
    let (lost, refused) = lost_and_refused("check-lease-before-write");
    assert!(lost > 0 && refused == 0, "{lost} {refused}");
    let (lost, refused) = lost_and_refused("fencing-token");
    assert!(lost == 0 && refused > 0, "{lost} {refused}");
}

#[test]
fn the_file_holds_the_lines_that_its_storage_puts_on_record() {
    Trial::new(&file::ENTRY, &["client", "client", "lock", "storage"])
        .on("fencing-token")
        .copies_outlive_a_crash(3, 9000);
}

/// The operations whose lines reached the file, and those that clients reported as failed. Messages overtake each other, and
/// copies of them come up to four seconds late.
fn stored_and_failed(seed: u64) -> (Set<u32>, Set<u32>) {
    let roles = ["client", "client", "client", "lock", "storage"];
    let trial = Trial::new(&file::ENTRY, &roles).seed(seed).network(|link| {
        link.latency = Latency::of(Distribution::Uniform {
            low: SimDuration::from_millis(10),
            high: SimDuration::from_millis(400),
        });
        link.duplication = Duplication {
            probability: Probability::new(0.3),
            copies: 2,
            spread: SimDuration::from_millis(4000),
        };
    });
    let trial = trial.set("work", ms(20)).set("lease", ms(500));
    let (mut stored, mut failed) = (Set::new(), Set::new());
    for (_, _, fact) in trial.on("fencing-token").facts(60_000) {
        match fact {
            Fact::Stored { operation, .. } => {
                stored.insert(operation);
            }
            Fact::Returned {
                operation,
                outcome: Outcome::Fail,
                ..
            } => {
                failed.insert(operation);
            }
            _ => {}
        }
    }
    (stored, failed)
}

#[test]
fn a_write_that_is_reported_as_failed_never_reaches_the_file() {
    let mut all = 0;
    for seed in 0..100 {
        let (stored, failed) = stored_and_failed(seed);
        all += failed.len();
        let reached = failed.iter().find(|operation| stored.contains(*operation));
        assert_eq!(reached, None, "seed {seed}");
    }
    assert!(all > 100, "{all}");
}
