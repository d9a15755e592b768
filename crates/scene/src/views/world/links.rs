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

    /// Pairs of nodes that exchange messages.
    pub(super) fn link_ends(&self) -> Vec<(NodeId, NodeId)> {
        let scenario = self.run.scenario();
        let role = |node: NodeId| scenario.role(node);
        let nodes = scenario.nodes.len() as u16;
        let pairs = self
            .all_nodes()
            .flat_map(|a| (a.0 + 1..nodes).map(move |b| (a, NodeId(b))));
        pairs
            .filter(|(a, b)| role(*a).speaks_with(role(*b)))
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
