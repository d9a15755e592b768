//! Small protocols of which a search can be held against another one, written in a page: the same states, no more and no less.
//! `crates/bench` measures the same ones.
//!
//! - `ours`: the search that is tested
//! - `plain`: models for the other search, over states that are compared whole
//! - `commit`: two-phase commit
//! - `paxos`: single-decree Paxos

mod commit;
mod ours;
mod paxos;
mod plain;

use std::collections::BTreeSet;

use check::watch::StateMachineSafety;
use commit::Commit;
use explore::Search;
use ours::searched;
use paxos::Paxos;
use plain::Model;
use sim::Protocol;

/// How many states they have.
fn states<P: Protocol>(nodes: Vec<P>, faults: [u8; 2]) -> usize {
    let search = searched(nodes, Vec::new(), &[], faults);
    assert!(search.is_complete() && !search.is_cut());
    search.progress().states as usize
}

/// How many states the other search finds, if so many messages may be lost, and so many arrive twice.
fn states_of<M: Model>(model: &M, faults: [u8; 2]) -> usize {
    let first = plain::first(model, faults);
    let (mut seen, mut open) = (BTreeSet::from([first.clone()]), vec![first]);
    while let Some(state) = open.pop() {
        for step in plain::steps::<M>(&state) {
            let next = plain::after(model, &state, step);
            if seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    seen.len()
}

#[test]
fn two_phase_commit_has_the_states_that_a_plain_search_finds() {
    for (nodes, faults) in [
        (3, [0, 0]),
        (4, [0, 0]),
        (3, [1, 1]),
        (3, [2, 0]),
        (3, [0, 2]),
    ] {
        let expected = states_of(&Commit(nodes), faults);
        let found = states(commit::nodes(nodes), faults);
        assert_eq!(found, expected, "{nodes} nodes, {faults:?}");
    }
}

#[test]
fn paxos_has_the_states_that_a_plain_search_finds() {
    for (proposers, faults) in [(1, [0, 0]), (1, [2, 1]), (2, [0, 0])] {
        let expected = states_of(&Paxos(proposers), faults);
        // What a proposer has put on record belongs to no state here, since nothing is checked.
        let found = states(paxos::nodes(proposers, false), faults);
        assert_eq!(found, expected, "{proposers} proposers, {faults:?}");
    }
}

/// A search for proposers that do not agree.
fn disagreement(proposers: u16, forgets: bool) -> Search {
    let check = Box::new(StateMachineSafety::new());
    let kinds = &["state-machine-safety"];
    searched(paxos::nodes(proposers, forgets), vec![check], kinds, [0, 0])
}

#[test]
fn acceptors_that_forget_their_promises_do_not_agree() {
    assert!(disagreement(2, true).is_violated());
    assert!(disagreement(2, false).is_complete());
}
