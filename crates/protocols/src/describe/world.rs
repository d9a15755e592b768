//! A world of nodes that are built role by role.

use sim::{Machine, NodeId, Protocol, Setup, World};

/// A world in which each node is what `cast` says; the nodes may come in any order.
///
/// # Panics
///
/// If `cast` leaves out a node of the setup, or has one that the setup has not.
pub(crate) fn world<P: Protocol>(
    setup: &Setup,
    cast: impl IntoIterator<Item = (NodeId, P)>,
) -> Box<dyn Machine> {
    let mut seats: Vec<Option<P>> = setup.nodes.iter().map(|_| None).collect();
    for (node, player) in cast {
        seats[node.index()] = Some(player);
    }
    let nodes = seats
        .into_iter()
        .map(|seat| seat.expect("every node of a plan has one role"));
    Box::new(World::new(setup, nodes.collect()))
}

/// The nodes of a group, each with its place in line and the other nodes.
pub(crate) fn group(nodes: &[NodeId]) -> impl Iterator<Item = (NodeId, u32, Vec<NodeId>)> {
    (0..).zip(nodes).map(|(rank, node)| {
        let others = nodes.iter().copied().filter(|other| other != node);
        (*node, rank, others.collect())
    })
}
