//! What a search says, and that it is so.

use explore::{Bounds, Ended, Explore, Order, Progress, Refused};
use scenario::link::Link;
use scenario::run::play::Play;

fn search(link: &str, check: Option<&str>, bounds: Bounds) -> (Ended, Progress) {
    let (link, problems) = Link::parse(link);
    assert_eq!(problems, []);
    let mut search = Explore::of(&link, check, bounds).expect("it can be explored");
    while search.step() {}
    (
        search.ended().expect("the order is a run"),
        search.progress(),
    )
}

fn steps(bounds: Bounds) -> Option<usize> {
    match search("#/double-charge", None, bounds).0 {
        Ended::Violation(found) => Some(found.steps),
        Ended::Nothing { .. } | Ended::Unfinished => None,
    }
}

#[test]
fn a_payment_that_is_asked_for_twice_is_charged_twice_in_a_run_that_anybody_can_open() {
    let (ended, _) = search("#/double-charge", None, Bounds::default());
    let Ended::Violation(found) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(found.check, "exactly-once");
    let (read, problems) = Link::parse(&found.link.format());
    assert_eq!(problems, []);
    let play = Play::new(&read.variant.scenario, &read.variant.deeds);
    let violation = play.until_violated(0, |_, _, _| {}).unwrap();
    assert_eq!(violation.at, found.at);
}

#[test]
fn no_order_with_fewer_steps_violates_the_check() {
    let shortest = steps(Bounds::default()).unwrap();
    for depth in 1..=shortest {
        let bounds = Bounds {
            depth: depth as u16,
            ..Bounds::default()
        };
        let expected = (depth == shortest).then_some(shortest);
        assert_eq!(steps(bounds), expected, "{depth}");
    }
}

#[test]
fn depth_first_finds_a_violation_too() {
    let bounds = Bounds {
        order: Order::Depth,
        ..Bounds::default()
    };
    assert!(steps(bounds).is_some());
}

/// With one order of steps that commute there are the same states as with all of them, by fewer steps.
fn check_reduction(link: &str, depth: u16) {
    let faults = Bounds {
        losses: 1,
        duplicates: 1,
        crashes: 1,
        depth,
        ..Bounds::default()
    };
    let all = Bounds {
        reduces: false,
        ..faults
    };
    let depth_first = Bounds {
        order: Order::Depth,
        ..faults
    };
    let [(_, reduced), (_, full), (_, deep)] =
        [faults, all, depth_first].map(|bounds| search(link, None, bounds));
    assert_eq!(reduced.states, full.states, "{link}");
    assert_eq!(deep.states, full.states, "{link}");
    assert!(reduced.steps < full.steps, "{link}: {reduced:?} {full:?}");
}

#[test]
fn one_order_of_steps_that_commute_is_enough() {
    check_reduction("#/double-charge?on=idempotency-key,key-survives-restart", 6);
    check_reduction("#/stale-read?on=quorum-overlap", 3);
    check_reduction("#/in-doubt", 4);
    check_reduction("#/raft", 3);
    check_reduction("#/late-write?on=sequence-number", 6);
}

#[test]
fn a_search_that_a_bound_ends_says_so() {
    let few = Bounds {
        states: 10,
        ..Bounds::default()
    };
    let little = Bounds {
        bytes: 500,
        ..Bounds::default()
    };
    for bounds in [few, little] {
        let (ended, progress) = search("#/double-charge", None, bounds);
        assert!(matches!(ended, Ended::Unfinished), "{ended:?}");
        assert!(progress.states <= 20, "{progress:?}");
    }
}

#[test]
fn what_cannot_be_explored_is_refused_with_the_reason() {
    let refused = |link: &str, check: Option<&str>| {
        let (link, _) = Link::parse(link);
        Explore::of(&link, check, Bounds::default())
            .err()
            .expect("it is refused")
    };
    let unknown = refused("#/double-charge", Some("once"));
    assert_eq!(
        unknown.to_string(),
        "check is \"once\"; it must be one of exactly-once, money-conserved"
    );
    let kind = refused("#/in-doubt", Some("locks"));
    assert!(matches!(
        kind,
        Refused::NoSafety {
            promise: "progress",
            ..
        }
    ));
    assert_eq!(refused("#/retry-storm", None), Refused::NothingToJudge);
    assert_eq!(
        refused("#/two-clocks", Some("measured")),
        Refused::Synchronised
    );
}
