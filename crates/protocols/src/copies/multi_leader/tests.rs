//! Restarts, lost disks, and copies that agree in the end.

use sim::network::LinkProfile;
use sim::random::Probability;
use sim::sorted::{Map, Set};
use sim::trace::{Fact, Outcome};
use sim::{Action, NodeId, SimDuration, Target};

use super::ENTRY;
use crate::trial::{Trial, ms};

/// Two clients and three replicas, whose numbers are 2, 3 and 4.
fn trial() -> Trial {
    let roles = ["client", "client", "replica", "replica", "replica"];
    Trial::new(&ENTRY, &roles).set("rest", ms(300))
}

fn life(trial: Trial, node: u16, crash: u64, restart: u64) -> Trial {
    let node = Target::Node(NodeId(node));
    let crashed = trial.act(crash, Action::Crash(node));
    crashed.act(restart, Action::Restart(node))
}

/// The operations that clients were told are stored.
fn acknowledged(facts: &[(u64, u16, Fact)]) -> Vec<u32> {
    let ok = facts.iter().filter_map(|(_, _, fact)| match fact {
        Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            ..
        } => Some(*operation),
        _ => None,
    });
    ok.collect()
}

/// What each replica holds at the end, as it put on record since it last began to run at `begun`.
fn held(facts: &[(u64, u16, Fact)], begun: &[(u16, u64)]) -> Map<u16, Set<u32>> {
    let mut held: Map<u16, Set<u32>> = Map::new();
    for (at, node, fact) in facts {
        let is_earlier = |(other, start): &(u16, u64)| other == node && at < start;
        if begun.iter().any(is_earlier) {
            continue;
        }
        let copy = held.entry(*node).or_default();
        match fact {
            Fact::Stored { operation, .. } => {
                copy.insert(*operation);
            }
            Fact::Discarded { operation, .. } => {
                copy.remove(operation);
            }
            _ => {}
        }
    }
    held.retain(|_, copy| !copy.is_empty());
    held
}

#[test]
fn a_restarted_client_never_gives_a_number_again() {
    let facts = life(trial(), 0, 3000, 3500).facts(60_000);
    let all = acknowledged(&facts);
    let distinct: Set<u32> = all.iter().copied().collect();
    assert!(all.len() > 40, "{}", all.len());
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn a_restarted_replica_has_what_it_had_and_gets_what_it_missed() {
    let facts = life(trial().on("version-vector"), 2, 3000, 8000).facts(60_000);
    let held = held(&facts, &[(2, 8000)]);
    assert_eq!(held.len(), 3, "{held:?}");
    assert!(held[&2] == held[&3] && held[&3] == held[&4], "{held:?}");
}

#[test]
fn a_replica_that_lost_its_disk_gets_its_own_writes_back_and_goes_on_counting() {
    let node = Target::Node(NodeId(2));
    let facts = life(trial().on("version-vector"), 2, 3000, 4000)
        .act(3500, Action::WipeDisk(node))
        .facts(60_000);
    let later = |(at, node, fact): &&(u64, u16, Fact)| {
        let ok = matches!(
            fact,
            Fact::Returned {
                outcome: Outcome::Ok,
                ..
            }
        );
        *at > 5000 && *node == 0 && ok
    };
    assert!(facts.iter().filter(later).count() > 5);
    let held = held(&facts, &[(2, 4000)]);
    assert!(held[&2] == held[&3] && held[&3] == held[&4], "{held:?}");
}

#[test]
fn all_copies_agree_in_the_end_whatever_is_lost_on_the_way() {
    for seed in 0..20 {
        let facts = trial()
            .seed(seed)
            .on("version-vector")
            .set("writes", 10.0)
            .network(|link| link.loss = Probability::new(0.3))
            .facts(120_000);
        let held = held(&facts, &[]);
        assert!(held[&2] == held[&3] && held[&3] == held[&4], "{held:?}");
    }
}

/// How many writes of a client were acknowledged after so many milliseconds.
fn acknowledged_to(client: u16, after: u64, facts: Vec<(u64, u16, Fact)>) -> usize {
    let its = |(at, node, _): &(u64, u16, Fact)| *node == client && *at > after;
    acknowledged(&facts.into_iter().filter(its).collect::<Vec<_>>()).len()
}

#[test]
fn a_replica_that_restarts_before_its_first_write_accepts_writes_though_the_others_have_no_news() {
    // The second client begins when the first one has made all its writes.
    let client = Target::Node(NodeId(1));
    let trial = trial().set("writes", 5.0).act(0, Action::Crash(client));
    let trial = life(trial, 3, 10_000, 11_000).act(20_000, Action::Restart(client));
    assert_eq!(acknowledged_to(1, 20_000, trial.facts(60_000)), 5);
}

#[test]
fn a_replica_that_lost_its_disk_waits_for_the_last_of_the_others_and_accepts_writes_again() {
    let (lost, last) = (Target::Node(NodeId(1)), Target::Node(NodeId(3)));
    let trial = Trial::new(&ENTRY, &["client", "replica", "replica", "replica"]);
    let trial = life(trial.set("rest", ms(300)), 1, 3000, 4000)
        .act(3500, Action::WipeDisk(lost))
        .act(3500, Action::Crash(last))
        .act(6000, Action::Restart(last));
    let facts = trial.facts(60_000);
    assert!(acknowledged_to(0, 8000, facts) > 5);
}

#[test]
fn a_replica_that_crashes_again_while_it_gets_its_writes_back_still_waits_for_all_others() {
    let replicas = [1, 2, 3].map(|node| Target::Node(NodeId(node)));
    let [lost, second, third] = replicas;
    // It has made more writes than one message carries, so that they come back in two messages or more.
    for again in (10_050..10_170).step_by(20) {
        let trial = Trial::new(&ENTRY, &["client", "replica", "replica", "replica"])
            .on("version-vector")
            .set("writes", 300.0)
            .set("rest", ms(1))
            .set("think", 0.0)
            .network(|link| *link = LinkProfile::ideal(SimDuration::from_millis(20)))
            .act(9500, Action::WipeDisk(lost))
            .act(again, Action::Crash(second))
            .act(again, Action::Crash(third))
            .act(again + 6000, Action::Restart(second))
            .act(again + 6000, Action::Restart(third));
        let trial = life(life(trial, 1, 9000, 10_000), 1, again, again + 1000);
        let facts = trial.facts(60_000);
        let told = acknowledged_to(0, again + 1000, facts.clone());
        let alone = told - acknowledged_to(0, again + 6000, facts.clone());
        assert!(
            alone == 0 && told > 50,
            "{alone} alone, {told} after {again} ms"
        );
        let begun = [(1, again + 1000), (2, again + 6000), (3, again + 6000)];
        let held = held(&facts, &begun);
        assert!(held[&1] == held[&2] && held[&2] == held[&3], "{held:?}");
    }
}

#[test]
fn a_replica_that_lost_its_disk_twice_counts_no_answer_to_its_earlier_life() {
    let lost = Target::Node(NodeId(1));
    let trial = Trial::new(&ENTRY, &["client", "replica", "replica", "replica"])
        .set("rest", ms(300))
        .slow_link(2, 1, 3000)
        .slow_link(3, 1, 3000)
        .act(3500, Action::WipeDisk(lost))
        .act(6950, Action::WipeDisk(lost));
    let facts = life(life(trial, 1, 3000, 4000), 1, 6900, 7000).facts(60_000);
    // Answers to the first question arrive at 7.1 s, those to the second at 10.1 s.
    let told = |after: u64| acknowledged_to(0, after, facts.clone());
    assert!(told(0) > told(3000), "it accepts writes at first");
    assert_eq!(told(7000), told(10_100));
    assert!(told(10_100) > 5);
}

#[test]
fn a_replica_holds_the_versions_that_it_puts_on_record() {
    for defence in ["logical-clock", "version-vector"] {
        trial().on(defence).copies_outlive_a_crash(3, 6000);
    }
}
