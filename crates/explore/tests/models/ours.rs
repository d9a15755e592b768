//! The search that is tested, over any nodes.

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
pub fn searched<P: Protocol>(
    nodes: Vec<P>,
    checks: Vec<Box<dyn Check>>,
    kinds: &[&str],
    [losses, duplicates]: [u8; 2],
) -> Search {
    let bounds = Bounds {
        losses,
        duplicates,
        depth: 1_000,
        states: 100_000_000,
        bytes: 4 << 30,
        ..Bounds::default()
    };
    let mut search = Search::of_machine(machine(nodes), Watch::new(checks), kinds, bounds);
    while search.step() {}
    search
}
