//! Failover with and without election and fencing.

use super::*;
use crate::trial::{Trial, held_across_a_crash, ms};
use sim::network::{CutMode, CutShape, LinkProfile};
use sim::sorted::Map;
use sim::trace::{Fact, Function};
use sim::{Action, Target};

fn trial() -> Trial {
    Trial::new(&ENTRY, &["server", "server", "server", "client", "client"])
        .network(|link| *link = LinkProfile::ideal(SimDuration::from_millis(20)))
        .set("timeout", ms(300))
}

fn with_both() -> Trial {
    trial().on("majority-election").on("epoch-fencing")
}

/// n1 and the first client on one side from 3 to 8 s, the rest on the other.
fn split(trial: Trial) -> Trial {
    let shape = CutShape::Between(vec![NodeId(0), NodeId(3)]);
    let cut = Action::Cut {
        name: 1,
        shape,
        mode: CutMode::Drop,
    };
    trial.act(3000, cut).act(8000, Action::Heal(None))
}

/// How many reads found their note, and how many did not: all of them had been reported as saved.
fn missed(trial: &Trial) -> (usize, usize) {
    let mut reads: Map<u32, i64> = Map::new();
    let (mut found, mut missed) = (0, 0);
    for (_, _, fact) in trial.facts(20_000) {
        match fact {
            Fact::Invoked {
                operation,
                function: Function::Read,
                key,
                ..
            } => {
                reads.insert(operation, key);
            }
            Fact::Returned {
                operation,
                outcome: sim::trace::Outcome::Ok,
                value,
            } => {
                if let Some(key) = reads.remove(&operation) {
                    found += usize::from(key == value);
                    missed += usize::from(key != value);
                }
            }
            _ => {}
        }
    }
    (found, missed)
}

/// The same for five seeds together.
fn missed_with_seeds(trial: impl Fn() -> Trial) -> (usize, usize) {
    let each = (0..5).map(|seed| missed(&trial().seed(seed)));
    each.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

#[test]
fn without_fencing_the_old_primary_saves_notes_that_no_server_keeps() {
    let (found, lost) = missed_with_seeds(|| split(trial().on("majority-election")));
    assert!(found > 100 && lost > 0, "{found} {lost}");
    let (found, lost) = missed_with_seeds(|| split(with_both()));
    assert!(found > 100 && lost == 0, "{found} {lost}");
}

#[test]
fn without_an_election_a_server_takes_over_that_lacks_acknowledged_notes() {
    let far = |trial: Trial| split(trial.slow_link(0, 1, 400).slow_link(1, 0, 400));
    let (found, lost) = missed_with_seeds(|| far(trial().on("epoch-fencing")));
    assert!(found > 100 && lost > 0, "{found} {lost}");
    let (found, lost) = missed_with_seeds(|| far(with_both()));
    assert!(found > 100 && lost == 0, "{found} {lost}");
}

#[test]
fn a_term_has_one_leader_and_acknowledged_notes_stay_whatever_happens() {
    for seed in 0..20 {
        let nodes = [0, 1, 2].map(|node| Target::Node(NodeId(node)));
        let at = |node: usize| 2000 + 1700 * node as u64 + 37 * seed;
        let trial = nodes.iter().enumerate().fold(
            with_both().seed(seed).network(|link| {
                link.loss = sim::random::Probability::new(0.05);
            }),
            |trial, (node, target)| {
                trial
                    .act(at(node), Action::Crash(*target))
                    .act(at(node) + 2500, Action::Restart(*target))
                    .act(at(node) + 6000, Action::Pause(*target))
                    .act(at(node) + 8000, Action::Resume(*target))
            },
        );
        let (found, lost) = missed(&trial);
        assert!(found > 5 && lost == 0, "seed {seed}: {found} {lost}");
        let mut leaders: Map<i64, u16> = Map::new();
        for (_, node, fact) in trial.facts(20_000) {
            if let Fact::Leads { term } = fact {
                assert_eq!(*leaders.entry(term).or_insert(node), node, "seed {seed}");
            }
        }
        assert!(leaders.len() > 1, "seed {seed}");
    }
}

#[test]
fn a_restarted_server_puts_its_notes_on_record_again() {
    let [before, after] = held_across_a_crash(with_both(), 1, 3000);
    assert!(before.len() > 5, "{before:?}");
    assert_eq!(before, after);
}

#[test]
fn a_server_holds_the_changes_that_it_puts_on_record() {
    with_both().copies_outlive_a_crash(1, 3000);
}

#[test]
fn a_server_that_was_cut_off_for_long_catches_up_with_so_many_notes_in_a_message() {
    let cut = Action::Cut {
        name: 1,
        shape: CutShape::Isolate(vec![NodeId(2)]),
        mode: CutMode::Drop,
    };
    let trial = trial()
        .on("majority-election")
        .set("write-every", ms(1))
        .network(|link| *link = LinkProfile::ideal(SimDuration::from_millis(1)))
        .act(1000, cut)
        .act(4000, Action::Heal(None));
    let carried = trial.said(6000, "append").into_iter();
    let most = carried.map(|[.., entries]| entries).max();
    assert_eq!(most, Some(256));
    trial.holds_what_it_says(2, 6000, 1000);
}
