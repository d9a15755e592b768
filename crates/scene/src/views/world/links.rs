//! Links, the cuts across them, and which nodes have one.

use sim::NodeId;
use sim::network::CutMode;

use super::Moment;
use crate::shapes::{Ink, Picture, Style};

/// Half of the gap in a link that is cut both ways, in units.
const GAP: f64 = 12.0;

impl Moment<'_> {
    pub(super) fn links(&self, picture: &mut Picture) {
        for (a, b) in self.link_ends() {
            self.link(a, b, picture);
        }
    }

    /// Pairs of nodes that have something to say to each other: clients do not talk among themselves, nor do workers,
    /// where there is a relay or a switch, all talk through it, and a bank has nothing to say to a timeline beside it.
    pub(super) fn link_ends(&self) -> Vec<(NodeId, NodeId)> {
        let nodes = &self.run.scenario().nodes;
        let is_one_of = |node: NodeId, roles: &[&str]| roles.contains(&nodes[node.index()].role);
        let is_client = |node| is_one_of(node, &["client", "worker", "teller", "reader"]);
        let has_timeline = self.all_nodes().any(|node| is_one_of(node, &["timeline"]));
        let is_of_timeline = |node| has_timeline && is_one_of(node, &["timeline", "reader"]);
        let is_hub = |node| is_one_of(node, &["relay", "switch"]);
        let only_clients = self.all_nodes().all(is_client);
        let has_hub = self.all_nodes().any(is_hub);
        let pairs = self
            .all_nodes()
            .flat_map(|a| (a.0 + 1..nodes.len() as u16).map(move |b| (a, NodeId(b))));
        pairs
            .filter(|(a, b)| only_clients || !(is_client(*a) && is_client(*b)))
            .filter(|(a, b)| !has_hub || is_hub(*a) || is_hub(*b))
            .filter(|(a, b)| is_of_timeline(*a) == is_of_timeline(*b))
            .collect()
    }

    fn link(&self, a: NodeId, b: NodeId, picture: &mut Picture) {
        let (start, end) = (self.place(a), self.place(b));
        let line = Style::stroke(Ink::Line, self.unit.max(1.0));
        if !self.look.is_from_outside() {
            // What the network does is hidden from every node.
            picture.line(vec![start, end], line.faded(0.5));
            return;
        }
        let network = self.kernel.network();
        let cuts = [(a, b), (b, a)].map(|(from, to)| (from, to, network.cut(from, to)));
        let is_severed = cuts.iter().all(|(.., cut)| cut.is_some());
        if is_severed {
            let (middle, direction) = (start.towards(end, 0.5), start.direction(end));
            let gap = GAP * self.unit;
            picture.line(vec![start, middle.moved(direction, -gap)], line);
            picture.line(vec![middle.moved(direction, gap), end], line);
        } else {
            picture.line(vec![start, end], line);
        }
        for (from, to, cut) in cuts {
            if let Some(mode) = cut {
                self.cut(from, to, mode, is_severed, picture);
            }
        }
    }

    /// A bar just beyond where messages die or are held, two bars where they are held: across the link if it is severed,
    /// else across the lane that is cut.
    fn cut(
        &self,
        from: NodeId,
        to: NodeId,
        mode: CutMode,
        is_severed: bool,
        picture: &mut Picture,
    ) {
        let direction = self.place(from).direction(self.place(to));
        let side = direction.right();
        let bars: &[f64] = match mode {
            CutMode::Hold => &[GAP, GAP + 5.0],
            CutMode::Drop => &[GAP],
        };
        for shift in bars {
            let foot = self.place(from).towards(self.place(to), 0.5);
            let foot = foot.moved(direction, shift * self.unit);
            let (left, right) = if is_severed { (-8.0, 8.0) } else { (0.0, 16.0) };
            let ends = [left, right].map(|reach| foot.moved(side, reach * self.unit));
            picture.line(ends.to_vec(), Style::stroke(Ink::Ink, 2.5 * self.unit));
        }
    }
}
