//! Who leads after crashes and cuts, and what its writes are worth.

use super::*;
use crate::trial::{Trial, held_across_a_crash};
use sim::action::{Mishap, MishapKind};
use sim::network::{CutMode, CutShape};
use sim::random::Probability;
use sim::sorted::Set;
use sim::trace::{Fact, Outcome};
use sim::{Action, SimDuration, Target};

const SERVERS: u16 = 5;

/// Five servers, and two clients whose nearest are the first and the third.
fn trial() -> Trial {
    let servers = ["server"; SERVERS as usize];
    Trial::new(&ENTRY, &[&servers[..], &["client", "client"]].concat())
}

fn at(node: u16) -> Target {
    Target::Node(NodeId(node))
}

/// The first server is heard by no other.
fn mute() -> Action {
    let links = (1..SERVERS).map(|other| (NodeId(0), NodeId(other)));
    Action::Cut {
        name: 1,
        shape: CutShape::Links(links.collect()),
        mode: CutMode::Drop,
    }
}

fn leaders(facts: &[(u64, u16, Fact)]) -> Vec<(u64, u16, i64)> {
    let leads = facts.iter().filter_map(|(at, node, fact)| match fact {
        Fact::Leads { term } => Some((*at, *node, *term)),
        _ => None,
    });
    leads.collect()
}

/// Each term and the node that acted in it, without repetitions.
fn actors(facts: &[(u64, u16, Fact)]) -> Vec<(i64, u16)> {
    let acts = facts.iter().filter_map(|(_, node, fact)| match fact {
        Fact::Acts { term, .. } => Some((*term, *node)),
        _ => None,
    });
    let mut actors: Vec<(i64, u16)> = acts.collect();
    actors.dedup();
    actors
}

/// The first act of a leader that has a successor, of a write that the successor did not begin with: its term, and the
/// operation.
fn acts_too_late(facts: &[(u64, u16, Fact)]) -> Option<(i64, u32)> {
    let mut stored: Set<(u16, u32)> = Set::new();
    let mut latest = (0, Set::new());
    for (_, node, fact) in facts {
        match fact {
            Fact::Stored { operation, .. } => {
                stored.insert((*node, *operation));
            }
            Fact::Acts { term, .. } if *term > latest.0 => {
                let had = stored.iter().filter(|(by, _)| by == node);
                latest = (*term, had.map(|(_, operation)| *operation).collect());
            }
            Fact::Acts { term, operation } if *term < latest.0 && !latest.1.contains(operation) => {
                return Some((*term, *operation));
            }
            _ => {}
        }
    }
    None
}

fn answered(facts: &[(u64, u16, Fact)], from: u64) -> usize {
    let ok = |fact: &Fact| {
        matches!(
            fact,
            Fact::Returned {
                outcome: Outcome::Ok,
                ..
            }
        )
    };
    let late = facts.iter().filter(|(at, ..)| *at >= from);
    late.filter(|(_, _, fact)| ok(fact)).count()
}

#[test]
fn the_first_server_leads_for_good_if_nothing_happens() {
    for trial in [trial(), trial().on("majority-acks")] {
        let facts = trial.facts(20_000);
        assert_eq!(leaders(&facts), [(200, 0, 1)]);
        assert_eq!(actors(&facts), [(1, 0)]);
        assert!(answered(&facts, 0) > 30);
    }
}

#[test]
fn a_crashed_leader_gets_a_successor_and_writes_go_on() {
    for trial in [trial(), trial().on("majority-acks")] {
        let facts = trial.act(3000, Action::Crash(at(0))).facts(20_000);
        let leaders = leaders(&facts);
        assert_eq!(leaders.len(), 2, "{leaders:?}");
        assert!(leaders[1].0 < 6500 && leaders[1].1 != 0, "{leaders:?}");
        assert!(answered(&facts, 7000) > 20);
    }
}

#[test]
fn a_leader_that_nobody_hears_acts_on_only_without_majority_acks() {
    let facts = trial().act(3000, mute()).facts(10_000);
    let (term, successor) = (leaders(&facts)[1].2, leaders(&facts)[1].1);
    let actors = actors(&facts);
    assert!(
        actors
            .windows(2)
            .any(|pair| pair == [(term, successor), (1, 0)])
    );
    let facts = trial().on("majority-acks").act(3000, mute()).facts(20_000);
    let stepped_down =
        |(_, node, fact): &(u64, u16, Fact)| *node == 0 && matches!(fact, Fact::StepsDown { .. });
    assert!(!facts.iter().any(stepped_down), "it never learns of it");
    let acts_late = facts
        .iter()
        .filter(|(at, node, fact)| *at > 4500 && *node == 0 && matches!(fact, Fact::Acts { .. }));
    assert_eq!(acts_late.count(), 0);
    assert!(answered(&facts, 7000) > 20, "its client went elsewhere");
}

#[test]
fn a_former_leader_steps_down_once_it_is_heard_again() {
    let trial = trial().act(3000, mute()).act(8000, Action::Heal(None));
    let facts = trial.facts(12_000);
    let stepped_down = facts.iter().find_map(|(at, node, fact)| match fact {
        Fact::StepsDown { term } => Some((*at, *node, *term)),
        _ => None,
    });
    assert!(
        matches!(stepped_down, Some((8000..8800, 0, 1))),
        "{stepped_down:?}"
    );
}

#[test]
fn a_vote_outlives_a_crash() {
    let mut trial = trial();
    for server in 0..SERVERS {
        trial = trial
            .act(3000, Action::Crash(at(server)))
            .act(3100, Action::Restart(at(server)));
    }
    let leaders = leaders(&trial.facts(20_000));
    assert!(
        leaders[1..].iter().all(|(_, _, term)| *term > 1),
        "{leaders:?}"
    );
    assert!(leaders.len() >= 2);
}

#[test]
fn what_a_leader_says_is_done_is_what_its_successor_begins_with_whatever_happens() {
    for seed in 0..40 {
        let mut trial = trial().on("majority-acks").seed(seed);
        let kinds = [
            MishapKind::Crash,
            MishapKind::Pause,
            MishapKind::Isolate,
            MishapKind::Limp(4000),
            MishapKind::Pause,
        ];
        for (server, kind) in (0..SERVERS).zip(kinds) {
            let mishap = Mishap {
                node: NodeId((server + seed as u16) % SERVERS),
                kind,
                mean_between: SimDuration::from_millis(4000),
                mean_length: SimDuration::from_millis(2500),
            };
            trial = trial.act(1000, Action::AddMishap(u32::from(server), mishap));
        }
        let facts = trial
            .act(5000, mute())
            .act(15_000, Action::Heal(None))
            .facts(60_000);
        assert_eq!(acts_too_late(&facts), None, "seed {seed}");
        assert!(answered(&facts, 0) > 10, "seed {seed}");
    }
}

#[test]
fn a_copy_that_arrives_late_is_not_written_again() {
    let repeating = || {
        trial().on("majority-acks").network(|link| {
            link.duplication.probability = Probability::new(0.5);
            link.duplication.spread = SimDuration::from_secs(3);
        })
    };
    for seed in 0..10 {
        let facts = repeating().seed(seed).facts(30_000);
        let acts = facts.iter().filter_map(|(_, _, fact)| match fact {
            Fact::Acts { operation, .. } => Some(*operation),
            _ => None,
        });
        let mut acts: Vec<u32> = acts.collect();
        let count = acts.len();
        acts.sort_unstable();
        acts.dedup();
        assert!(count > 20 && acts.len() == count, "seed {seed}: {acts:?}");
    }
}

#[test]
fn a_restarted_server_puts_its_register_on_record_again() {
    let [before, after] = held_across_a_crash(trial(), 1, 5000);
    assert_eq!(before.len(), 1);
    assert_eq!(before, after);
}
