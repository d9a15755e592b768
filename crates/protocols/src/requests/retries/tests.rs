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
    let facts = trial().set("pool", 1000.0).facts(20_000);
    let (calls, retries) = (calls(&facts, 2000), retries(&facts));
    assert!(retries > 2 * calls, "{retries} retries of {calls} calls");
    assert!(
        retries < 3 * calls + 6,
        "{retries} retries of {calls} calls"
    );
}

#[test]
fn a_retry_budget_keeps_retries_to_their_share() {
    let facts = trial().set("pool", 1000.0).on("retry-budget").facts(20_000);
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
fn backoffs_double_and_end_with_the_first_answer() {
    let trial = trial().on("backoff").act(20_000, Action::Restart(SERVER));
    let facts = trial.facts(30_000);
    let lengths: Vec<i64> = facts
        .iter()
        .filter(|(_, node, _)| *node == 0)
        .filter_map(|(_, _, fact)| match fact {
            Fact::HoldsOff { length } => Some(length / 1_000_000),
            _ => None,
        })
        .collect();
    assert_eq!(lengths[..4], [500, 1000, 2000, 4000]);
    let late = |fact: &Fact| matches!(fact, Fact::HoldsOff { .. });
    assert_eq!(count(&facts, 26_000, late), 0);
}
