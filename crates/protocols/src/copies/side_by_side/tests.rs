//! The bank and the timeline on both sides of a cut.

use super::system::LIKES;
use super::*;
use crate::trial::Trial;
use sim::network::{CutMode, CutShape, LinkProfile};
use sim::sorted::{Map, Set};
use sim::trace::{Fact, Outcome};
use sim::{Action, Target};

/// Three servers of a bank, three of a timeline, and for each a client near the first and one near the last.
const ROLES: [&str; 10] = [
    "bank", "bank", "bank", "timeline", "timeline", "timeline", "teller", "teller", "reader",
    "reader",
];
const TELLER: u16 = 7;
const READER: u16 = 9;

/// The last server of each system is cut off with its client from 3 to 8 s.
fn trial() -> Trial {
    let apart = [2, 5, TELLER, READER].map(NodeId);
    let cut = Action::Cut {
        name: 1,
        shape: CutShape::Between(apart.to_vec()),
        mode: CutMode::Drop,
    };
    Trial::new(&ENTRY, &ROLES)
        .network(|link| *link = LinkProfile::ideal(SimDuration::from_millis(30)))
        .act(3000, cut)
        .act(8000, Action::Heal(None))
}

fn answered_in_the_cut(trial: &Trial, client: u16) -> usize {
    let is_answer = |(at, node, fact): &&(u64, u16, Fact)| {
        let outcome = Outcome::Ok;
        let is_ok = matches!(fact, Fact::Returned { outcome: ended, .. } if *ended == outcome);
        *node == client && (3300..8000).contains(at) && is_ok
    };
    trial.facts(20_000).iter().filter(is_answer).count()
}

#[test]
fn a_client_that_reaches_no_majority_is_refused_or_answered_as_chosen() {
    let by_majority = trial().on("bank-by-majority");
    assert_eq!(answered_in_the_cut(&by_majority, TELLER), 0);
    assert_eq!(answered_in_the_cut(&by_majority, READER), 0);
    let alone = trial().on("timeline-alone");
    assert!(
        answered_in_the_cut(&alone, TELLER) > 5,
        "the bank too answers alone"
    );
    assert!(answered_in_the_cut(&alone, READER) > 5);
}

#[test]
fn a_server_that_comes_back_from_behind_the_cut_unseats_no_leader() {
    for seed in 0..10 {
        let facts = trial().on("bank-by-majority").seed(seed).facts(20_000);
        let elected = facts.iter().filter_map(|(at, node, fact)| match fact {
            Fact::Leads { .. } => Some((*at < 3000, *node)),
            _ => None,
        });
        assert_eq!(
            elected.collect::<Vec<_>>(),
            [(true, 0), (true, 3)],
            "seed {seed}"
        );
    }
}

#[test]
fn servers_that_answer_alone_agree_afterwards_if_they_compare() {
    for (trial, agree) in [
        (trial().on("timeline-alone"), false),
        (trial().on("timeline-alone").on("anti-entropy"), true),
    ] {
        let mut copies: Map<u16, Set<u32>> = Map::new();
        for (_, node, fact) in trial.facts(60_000) {
            if let Fact::Stored {
                operation,
                key: LIKES,
                ..
            } = fact
            {
                copies.entry(node).or_default().insert(operation);
            }
        }
        assert_eq!(copies.len(), 3);
        assert!(copies[&3].len() > 5);
        assert_eq!(copies[&3] == copies[&5], agree);
    }
}

#[test]
fn a_client_that_asks_another_server_is_answered_though_the_leader_is_behind_the_cut() {
    let unanswered = |asks_another: bool| {
        let runs = (0..20).map(|seed| {
            let first = Target::Node(NodeId(0));
            let trial = trial().on("bank-by-majority").seed(seed);
            let trial = trial.act(1000, Action::Crash(first));
            let trial = trial.act(2500, Action::Restart(first));
            let trial = match asks_another {
                true => trial.on("ask-another"),
                false => trial,
            };
            let facts = trial.facts(20_000);
            let facts = facts.iter().filter(|(_, node, _)| *node == 6);
            let mut begun = Set::new();
            let unanswered = facts.filter(|(at, _, fact)| match fact {
                Fact::Invoked { operation, .. } if (3000..8000).contains(at) => {
                    begun.insert(*operation);
                    false
                }
                Fact::Returned {
                    operation, outcome, ..
                } => begun.contains(operation) && *outcome != Outcome::Ok,
                _ => false,
            });
            unanswered.count()
        });
        runs.sum::<usize>()
    };
    assert!(unanswered(false) > 10, "its leader may be behind the cut");
    assert_eq!(unanswered(true), 0);
}

#[test]
fn each_server_holds_what_it_puts_on_record() {
    let by_majority = || trial().on("bank-by-majority").on("timeline-alone");
    by_majority().copies_outlive_a_crash(0, 12_000);
    by_majority().copies_outlive_a_crash(3, 12_000);
}
