//! How often calls are made, with each defence and without.

use sim::trace::{Fact, Outcome};
use sim::{Action, NodeId, Target};

use super::ENTRY;
use crate::trial::Trial;

const SERVER: Target = Target::Node(NodeId(2));

/// Two clients, and a server that is away from 2 s on.
fn trial() -> Trial {
    let trial = Trial::new(&ENTRY, &["client", "client", "server"]);
    trial.act(2000, Action::Crash(SERVER))
}

fn count(facts: &[(u64, u16, Fact)], from: u64, is: impl Fn(&Fact) -> bool) -> usize {
    let late = facts.iter().filter(|(at, ..)| *at >= from);
    late.filter(|(_, _, fact)| is(fact)).count()
}

fn retries(facts: &[(u64, u16, Fact)]) -> usize {
    count(facts, 0, |fact| matches!(fact, Fact::Retried { .. }))
}

fn calls(facts: &[(u64, u16, Fact)], from: u64) -> usize {
    count(facts, from, |fact| matches!(fact, Fact::Invoked { .. }))
}

#[test]
fn a_server_that_answers_is_asked_once() {
    let facts = Trial::new(&ENTRY, &["client", "client", "server"]).facts(10_000);
    assert_eq!(retries(&facts), 0);
    let ok = |fact: &Fact| {
        matches!(
            fact,
            Fact::Returned {
                outcome: Outcome::Ok,
                ..
            }
        )
    };
    assert!(
        count(&facts, 0, ok) > 70,
        "10 s, two clients, a call each 240 ms"
    );
}

#[test]
fn without_a_defence_every_call_is_made_as_often_as_it_may() {
    let facts = trial().facts(20_000);
    let (calls, retries) = (calls(&facts, 2000), retries(&facts));
    assert!(retries > 2 * calls, "{retries} retries of {calls} calls");
    assert!(
        retries < 3 * calls + 6,
        "{retries} retries of {calls} calls"
    );
}

#[test]
fn a_retry_budget_keeps_retries_to_their_share() {
    let facts = trial().on("retry-budget").facts(20_000);
    let (calls, retries) = (calls(&facts, 0), retries(&facts));
    assert!(
        retries <= calls / 10 + 6,
        "{retries} retries of {calls} calls"
    );
}

#[test]
fn an_open_breaker_lets_one_call_try_now_and_then() {
    let facts = trial().on("circuit-breaker").facts(20_000);
    let opened = |fact: &Fact| matches!(fact, Fact::HoldsOff { .. });
    // Each client opens it, and again after each call that tries: every 1.6 s or a little more.
    let opened = count(&facts, 2000, opened);
    assert!((16..=24).contains(&opened), "{opened}");
    assert!(retries(&facts) < 20);
}

#[test]
fn each_call_backs_off_on_its_own_and_twice_as_long_after_each_timeout() {
    let facts = trial().on("backoff").facts(20_000);
    let attempts: Vec<(u64, u32)> = facts
        .iter()
        .filter_map(|(at, _, fact)| match fact {
            Fact::Retried { operation, .. } => Some((*at, *operation)),
            _ => None,
        })
        .collect();
    let first = attempts[0].1;
    let times: Vec<u64> = attempts
        .iter()
        .filter(|(_, operation)| *operation == first)
        .map(|(at, _)| *at)
        .collect();
    let gaps: Vec<u64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(gaps, [600 + 1000, 600 + 2000]);
    let others = attempts
        .iter()
        .filter(|(at, operation)| *operation != first && (times[0]..times[1]).contains(at));
    assert!(others.count() > 4, "one call's backoff holds up no other");
}

#[test]
fn a_bulkhead_bounds_what_is_open() {
    let facts = trial().on("bulkhead").set("pool", 2.0).facts(20_000);
    let mut open = [0i64; 2];
    for (_, node, fact) in facts.iter().filter(|(_, node, _)| *node < 2) {
        match fact {
            Fact::Invoked { .. } => open[usize::from(*node)] += 1,
            Fact::Returned { .. } => open[usize::from(*node)] -= 1,
            _ => {}
        }
        assert!(
            open[usize::from(*node)] <= 3,
            "two, and the one that is turned away"
        );
    }
}

#[test]
fn no_call_that_backs_off_gets_through_an_open_breaker() {
    let facts = trial().on("backoff").on("circuit-breaker").facts(20_000);
    for node in 0..2 {
        let opened: Vec<u64> = facts
            .iter()
            .filter(|(_, of, fact)| *of == node && matches!(fact, Fact::HoldsOff { .. }))
            .map(|(at, ..)| *at)
            .collect();
        assert!(!opened.is_empty());
        let shut = |at: u64| {
            opened
                .iter()
                .any(|from| (*from + 1..from + 1000).contains(&at))
        };
        let through = facts.iter().find(|(at, of, fact)| {
            *of == node && matches!(fact, Fact::Retried { .. }) && shut(*at)
        });
        assert_eq!(through, None);
    }
}
