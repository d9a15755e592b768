//! What waits, what is dropped and what is answered at a port that is full.

use sim::trace::{Fact, Outcome};
use sim::{Action, NodeId, Target};

use super::ENTRY;
use crate::trial::Trial;

/// Two clients, a stream, the switch and the server; from 2 s on the stream is more than the port can send.
fn trial() -> Trial {
    let roles = ["client", "client", "stream", "switch", "server"];
    let more = Action::Operation {
        target: Target::Node(NodeId(2)),
        operation: 0,
        argument: 60,
    };
    Trial::new(&ENTRY, &roles).act(2000, more)
}

/// How many of the facts at or after `from` are such.
fn count(facts: &[(u64, u16, Fact)], from: u64, is: impl Fn(&Fact) -> bool) -> usize {
    let late = facts.iter().filter(|(at, ..)| *at >= from);
    late.filter(|(_, _, fact)| is(fact)).count()
}

fn ended(outcome: Outcome) -> impl Fn(&Fact) -> bool {
    move |fact| matches!(fact, Fact::Returned { outcome: ended, .. } if *ended == outcome)
}

fn too_late(fact: &Fact) -> bool {
    matches!(fact, Fact::Learned { .. })
}

#[test]
fn a_port_with_room_to_spare_makes_nobody_wait() {
    let facts = trial().facts(2000);
    assert_eq!(count(&facts, 0, ended(Outcome::Unknown)), 0);
    assert!(count(&facts, 0, ended(Outcome::Ok)) >= 5);
}

#[test]
fn a_queue_without_a_bound_loses_nothing_and_answers_too_late() {
    let facts = trial().facts(20_000);
    assert_eq!(
        count(&facts, 0, |fact| matches!(fact, Fact::Shed { .. })),
        0
    );
    assert_eq!(count(&facts, 8000, ended(Outcome::Ok)), 0);
    assert!(count(&facts, 8000, too_late) > 10);
}

#[test]
fn a_bounded_queue_answers_in_time_what_it_does_not_drop() {
    let facts = trial().on("bounded-queue").facts(20_000);
    assert_eq!(count(&facts, 0, too_late), 0);
    let (ok, dropped) = (ended(Outcome::Ok), |fact: &Fact| {
        matches!(fact, Fact::Shed { .. })
    });
    let (ok, dropped) = (count(&facts, 4000, ok), count(&facts, 4000, dropped));
    assert!(ok > 20 && dropped > 10, "{ok} {dropped}");
}

#[test]
fn a_server_with_deadlines_answers_nobody_who_has_gone() {
    let facts = trial().on("deadline").facts(20_000);
    assert!(count(&facts, 0, too_late) < 3);
    assert_eq!(
        count(&facts, 8000, ended(Outcome::Ok)),
        0,
        "nor anybody else"
    );
}

#[test]
fn in_fair_queues_who_sends_too_much_waits_behind_itself() {
    for trial in [trial(), trial().on("bounded-queue")] {
        let facts = trial.on("fair-queue").facts(20_000);
        assert_eq!(count(&facts, 0, ended(Outcome::Unknown)), 0);
        assert!(count(&facts, 0, ended(Outcome::Ok)) > 70);
    }
}

#[test]
fn a_stream_whose_rate_is_changed_and_changed_back_sends_as_before() {
    let frames = |rates: &[(u64, i64)]| {
        let roles = ["client", "stream", "switch", "server"];
        let mut trial = Trial::new(&ENTRY, &roles);
        for (ms, argument) in rates {
            let target = Target::Node(NodeId(1));
            let change = Action::Operation {
                target,
                operation: 0,
                argument: *argument,
            };
            trial = trial.act(*ms, change);
        }
        trial.sends(10_000, 1)
    };
    let usual = frames(&[]);
    let changed = frames(&[(2000, 45), (2005, 20), (2010, 0), (2015, 20)]);
    assert!(usual > 150, "{usual}");
    assert!(usual.abs_diff(changed) <= 1, "{usual} {changed}");
}
