//! Cuts: directed links across which nothing passes.

use crate::collections::held::{Held, Measure};
use crate::id::NodeId;
use crate::random::{Key, below};

/// What happens to messages that meet a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutMode {
    /// They are lost.
    Drop,
    /// They wait until it heals, and then travel on.
    Hold,
}

/// Which directed links are cut, by the names that the field gives to such shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CutShape {
    /// Exactly these.
    Links(Vec<(NodeId, NodeId)>),
    /// Every link to and from these nodes, those among them too.
    Isolate(Vec<NodeId>),
    /// Both ways between these nodes and the rest.
    Between(Vec<NodeId>),
    /// From these nodes to the rest, but not back: they are not heard, yet they hear.
    OneWay(Vec<NodeId>),
    /// The first half of the nodes from the second; with an odd number the second is larger.
    Halves,
    /// Two halves that only this node can still talk to (Kyle Kingsbury's *bridge*).
    Bridge(NodeId),
    /// Each node still talks to its nearest neighbours on a ring, such that each sees a majority and no two see the
    /// same one (Kyle Kingsbury's *majorities ring*).
    MajoritiesRing,
    /// A half drawn at random from the rest.
    RandomHalf,
}

impl Held for CutShape {
    fn held(&self, by: Measure) -> usize {
        match self {
            CutShape::Links(links) => links.held(by),
            CutShape::Isolate(nodes) | CutShape::Between(nodes) | CutShape::OneWay(nodes) => {
                nodes.held(by)
            }
            CutShape::Halves
            | CutShape::Bridge(_)
            | CutShape::MajoritiesRing
            | CutShape::RandomHalf => 0,
        }
    }
}

/// A set of directed links among `nodes` nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LinkSet {
    nodes: usize,
    bits: Vec<u64>,
}

impl LinkSet {
    pub(super) fn empty(nodes: usize) -> LinkSet {
        LinkSet {
            nodes,
            bits: vec![0; (nodes * nodes).div_ceil(64)],
        }
    }

    #[inline]
    pub(super) fn contains(&self, from: NodeId, to: NodeId) -> bool {
        let place = from.index() * self.nodes + to.index();
        self.bits[place / 64] >> (place % 64) & 1 == 1
    }

    fn insert(&mut self, from: NodeId, to: NodeId) {
        let place = from.index() * self.nodes + to.index();
        self.bits[place / 64] |= 1 << (place % 64);
    }

    pub(super) fn add_all(&mut self, other: &LinkSet) {
        for (bits, more) in self.bits.iter_mut().zip(&other.bits) {
            *bits |= more;
        }
    }
}

impl CutShape {
    /// The links that it cuts among `nodes` nodes. A random shape is drawn from `key`. A node's link to itself is never
    /// cut, and nodes that do not exist are ignored.
    pub(super) fn resolve(&self, nodes: u16, key: Key) -> LinkSet {
        let cut = |is_cut: &dyn Fn(u16, u16) -> bool| {
            let mut links = LinkSet::empty(nodes as usize);
            for from in 0..nodes {
                for to in (0..nodes).filter(|to| *to != from && is_cut(from, *to)) {
                    links.insert(NodeId(from), NodeId(to));
                }
            }
            links
        };
        let half = nodes / 2;
        match self {
            CutShape::Links(pairs) => {
                let mut links = LinkSet::empty(nodes as usize);
                let there_are = pairs.iter().filter(|(from, to)| from.0.max(to.0) < nodes);
                for (from, to) in there_are.filter(|(from, to)| from != to) {
                    links.insert(*from, *to);
                }
                links
            }
            CutShape::Isolate(some) => {
                cut(&|a, b| some.contains(&NodeId(a)) || some.contains(&NodeId(b)))
            }
            CutShape::Between(some) => {
                cut(&|a, b| some.contains(&NodeId(a)) != some.contains(&NodeId(b)))
            }
            CutShape::OneWay(some) => {
                cut(&|a, b| some.contains(&NodeId(a)) && !some.contains(&NodeId(b)))
            }
            CutShape::Halves => cut(&|a, b| (a < half) != (b < half)),
            CutShape::Bridge(bridge) => {
                // Without the bridge, the others are split in two by their order.
                let rank = |node: u16| if node > bridge.0 { node - 1 } else { node };
                let left = |node: u16| rank(node) < nodes.saturating_sub(1) / 2;
                cut(&|a, b| a != bridge.0 && b != bridge.0 && left(a) != left(b))
            }
            CutShape::MajoritiesRing => {
                // A majority of n needs n / 2 others; they are the nearest ones, half of them on either side.
                let reach = nodes / 2;
                let (before, after) = (reach / 2, reach - reach / 2);
                let near = |a: u16, b: u16| {
                    let ahead = if b >= a { b - a } else { nodes - (a - b) };
                    ahead <= after || ahead >= nodes - before
                };
                cut(&|a, b| !(near(a, b) || near(b, a)))
            }
            CutShape::RandomHalf => {
                let chosen = random_subset(nodes, half, key);
                cut(&|a, b| chosen.contains(&NodeId(a)) != chosen.contains(&NodeId(b)))
            }
        }
    }
}

/// `size` of the first `nodes` nodes, each set of that size equally likely (a partial Fisher-Yates shuffle).
pub(crate) fn random_subset(nodes: u16, size: u16, key: Key) -> Vec<NodeId> {
    let mut all: Vec<NodeId> = (0..nodes).map(NodeId).collect();
    for place in 0..size.min(nodes) {
        let other = place as u64 + below(key.draw(place as u64), (nodes - place) as u64);
        all.swap(place as usize, other as usize);
    }
    all.truncate(size as usize);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of the links among `nodes` nodes: one row per sender, `x` for a cut link.
    fn picture(shape: &CutShape, nodes: u16) -> Vec<String> {
        let links = shape.resolve(nodes, Key::root(1));
        let mark = |from, to| {
            if links.contains(NodeId(from), NodeId(to)) {
                'x'
            } else {
                '.'
            }
        };
        (0..nodes)
            .map(|from| (0..nodes).map(|to| mark(from, to)).collect())
            .collect()
    }

    #[test]
    fn named_shapes_cut_the_links_their_names_say() {
        let n = |id| NodeId(id);
        for (shape, nodes, expected) in [
            (
                CutShape::Links(vec![(n(0), n(2))]),
                3,
                vec!["..x", "...", "..."],
            ),
            (CutShape::Isolate(vec![n(1)]), 3, vec![".x.", "x.x", ".x."]),
            (
                CutShape::Between(vec![n(0), n(1)]),
                3,
                vec!["..x", "..x", "xx."],
            ),
            (CutShape::OneWay(vec![n(0)]), 3, vec![".xx", "...", "..."]),
            (CutShape::Halves, 4, vec!["..xx", "..xx", "xx..", "xx.."]),
            (
                CutShape::Bridge(n(2)),
                5,
                vec!["...xx", "...xx", ".....", "xx...", "xx..."],
            ),
            (
                CutShape::MajoritiesRing,
                5,
                vec!["..xx.", "...xx", "x...x", "xx...", ".xx.."],
            ),
        ] {
            assert_eq!(picture(&shape, nodes), expected, "{shape:?}");
        }
    }

    #[test]
    fn in_a_majorities_ring_each_node_sees_a_majority() {
        for nodes in [3, 5, 7, 9] {
            for row in picture(&CutShape::MajoritiesRing, nodes) {
                let seen = row.chars().filter(|c| *c == '.').count();
                assert!(seen * 2 > nodes as usize, "{nodes}: {row}");
            }
        }
    }

    #[test]
    fn a_random_half_is_a_half_and_depends_on_its_key() {
        let halves: Vec<_> = (0..20)
            .map(|seed| random_subset(8, 4, Key::root(seed)))
            .collect();
        assert!(halves.iter().all(|half| half.len() == 4));
        assert!(halves.iter().any(|half| half != &halves[0]));
    }
}
