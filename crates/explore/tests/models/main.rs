//! Small protocols of which a search can be held against another one, written in a page: the same states, no more and no less.
//!
//! - `plain`: the other search, over states that are compared whole
//! - `commit`: two-phase commit
//! - `paxos`: single-decree Paxos

mod commit;
mod paxos;
mod plain;

use check::watch::{Check, Watch};
use explore::{Bounds, Search};
use sim::network::LinkProfile;
use sim::{Machine, Protocol, Setup, SimDuration, World};

/// A run of these nodes on calm links.
fn machine<P: Protocol>(nodes: Vec<P>) -> Box<dyn Machine> {
    let link = LinkProfile::ideal(SimDuration::from_millis(10));
    Box::new(World::new(&Setup::new(1, link, nodes.len()), nodes))
}

/// A search of them with these checks, so many losses and copies, to its end.
fn searched<P: Protocol>(
    nodes: Vec<P>,
    checks: Vec<Box<dyn Check>>,
    kinds: &[&str],
    [losses, duplicates]: [u8; 2],
) -> Search {
    let bounds = Bounds {
        losses,
        duplicates,
        depth: 1_000,
        ..Bounds::default()
    };
    let mut search = Search::of_machine(machine(nodes), Watch::new(checks), kinds, bounds);
    while search.step() {}
    search
}

/// How many states they have.
fn states<P: Protocol>(nodes: Vec<P>, faults: [u8; 2]) -> usize {
    let search = searched(nodes, Vec::new(), &[], faults);
    assert!(search.is_complete() && !search.is_cut());
    search.progress().states as usize
}
