//! The known violation of each lab that is about order, and the orders of some labs with their defences on.
//!
//! These have none that an order shows, and are left out:
//!
//! - `two-clocks`, `ntp-over-a-bad-network`: clocks are compared over the network, so they are about how long messages take;
//! - `congested-switch`: so is a bandwidth; `retry-storm`, `timeout-tuning`: their checks are about how soon and how often;
//! - `raft-rules`: it violates nothing as it is; `raft` stands for it, with one rule less.

use explore::{Bounds, Ended, Explore};
use scenario::link::Link;

fn ended(link: &str, check: Option<&str>, bounds: Bounds) -> Ended {
    let (link, problems) = Link::parse(link);
    assert_eq!(problems, []);
    let mut search = Explore::of(&link, check, bounds).expect("it can be explored");
    while search.step() {}
    search.ended().expect("the order is a run")
}

/// This check is violated in an order of so many steps, and in none of fewer.
fn violates(link: &str, crashes: u8, check: &str, steps: usize) {
    let bounds = Bounds {
        crashes,
        ..Bounds::default()
    };
    match ended(link, Some(check), bounds) {
        Ended::Violation(found) => {
            assert_eq!(found.steps, steps, "{link}: {}", found.link.format())
        }
        other => panic!("{link}: {other:?}"),
    }
}

#[test]
fn the_shortest_order_of_a_known_violation_is_found() {
    violates("#/double-charge", 0, "exactly-once", 5);
    violates("#/double-charge?on=idempotency-key", 1, "exactly-once", 7);
    violates("#/forgotten-keys", 1, "exactly-once", 7);
    violates("#/did-it-fail", 0, "failed-means-failed", 6);
    violates("#/late-write", 0, "no-ghost", 10);
    violates("#/reordered-feed", 0, "causal-order", 4);
    violates("#/stale-read", 0, "linearizable", 6);
    violates("#/which-came-first", 0, "causes-told", 4);
    violates("#/commit-wait", 0, "snapshot-order", 10);
    violates("#/last-write-wins", 0, "followers-kept", 10);
    violates("#/flipped-bits", 0, "reads-written", 15);
}

#[test]
fn what_a_lab_does_to_its_run_may_come_before_the_order() {
    violates("#/split-brain?t=3.5s", 0, "one-primary", 8);
    violates("#/lease-and-pause?t=4545ms", 0, "stale-write", 3);
    violates("#/drifting-lease?t=6193ms", 0, "one-holder", 3);
    violates("#/one-way-cut?t=5725ms", 0, "one-leader", 2);
    violates("#/forgotten-write?t=6119ms", 0, "survive", 2);
    violates("#/bank-or-social?t=4924ms", 0, "timeline-linearizable", 3);
    violates("#/in-doubt?off=forced-log&t=3299ms", 0, "atomic", 3);
    violates("#/doctors-on-call?t=1100ms", 0, "serializable", 6);
    violates("#/raft?off=current-term-only&t=4890ms", 0, "applied", 2);
    violates("#/raft-votes?t=3356ms", 0, "one-leader", 3);
    violates("#/raft-commit?t=6606ms", 0, "complete", 11);
    violates("#/raft-members?t=4213ms", 0, "complete", 9);
    violates("#/raft-reads?t=3592ms", 0, "clients", 6);
}

/// No order of so many steps violates a check about safety.
fn withstands(link: &str, [losses, crashes]: [u8; 2], depth: u16) {
    let bounds = Bounds {
        losses,
        crashes,
        depth,
        ..Bounds::default()
    };
    let ended = ended(link, None, bounds);
    assert!(matches!(ended, Ended::Nothing { .. }), "{link}: {ended:?}");
}

#[test]
fn with_the_defences_on_no_order_violates_a_check() {
    withstands("#/double-charge?on=idempotency-key", [1, 0], 8);
    withstands("#/forgotten-keys?on=key-survives-restart", [0, 1], 7);
    withstands("#/did-it-fail?on=unknown-outcome", [1, 1], 7);
    withstands("#/late-write?on=sequence-number", [1, 0], 8);
    withstands("#/reordered-feed?on=causal-delivery", [1, 0], 6);
    withstands("#/stale-read?on=quorum-overlap", [0, 0], 6);
}
