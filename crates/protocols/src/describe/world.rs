//! A world of nodes that are built role by role.

use sim::{Machine, NodeId, Protocol, Setup, World};

/// A world in which each node is what `cast` says; the nodes may come in any order.
pub(crate) fn world<P: Protocol>(
    setup: &Setup,
    cast: impl IntoIterator<Item = (NodeId, P)>,
) -> Box<dyn Machine> {
    let mut cast: Vec<(NodeId, P)> = cast.into_iter().collect();
    cast.sort_by_key(|(node, _)| *node);
    let seats = cast.iter().map(|(node, _)| node.index());
    assert!(
        seats.eq(0..setup.nodes.len()),
        "every node of a plan has one role"
    );
    let nodes = cast.into_iter().map(|(_, node)| node).collect();
    Box::new(World::new(setup, nodes))
}

/// The nodes of a group, each with its place in line and the other nodes.
pub(crate) fn group(nodes: &[NodeId]) -> impl Iterator<Item = (NodeId, u32, Vec<NodeId>)> {
    (0..).zip(nodes).map(|(rank, node)| {
        let others = nodes.iter().copied().filter(|other| other != node);
        (*node, rank, others.collect())
    })
}
