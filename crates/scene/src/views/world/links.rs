//! Links, the cuts across them, and which nodes have one.

use sim::NodeId;

use super::glyphs::{self, GAP};
use super::moment::Moment;
use crate::shapes::{Ink, Picture, Style};

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
        if self
            .parted
            .as_ref()
            .is_some_and(|parted| parted.parts(a, b))
        {
            // The line between the sides tells that nothing passes.
            picture.line(vec![start, end], line.dashed().faded(0.7));
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
                let (foot, forward) = (
                    self.place(from).towards(self.place(to), 0.5),
                    self.place(from).direction(self.place(to)),
                );
                glyphs::cut(picture, foot, forward, self.unit, mode, is_severed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use scenario::Run;
    use scenario::lab::labs;

    use super::*;
    use crate::chronicle::Chronicle;
    use crate::look::Look;
    use crate::views::Scene;
    use crate::views::world::pick::from_segment;

    /// The links of a run that touch a node which is not one of their ends, on a sheet of this size.
    fn through_nodes(run: &Run, width: f64, height: f64) -> Vec<String> {
        let chronicle = Chronicle::of(run);
        let scene = Scene::new(run, &chronicle, Look::default(), width, height);
        let moment = Moment::new(&scene);
        let name = |node| run.scenario().name(node);
        let mut found = Vec::new();
        for (a, b) in moment.link_ends() {
            for node in moment.all_nodes().filter(|node| *node != a && *node != b) {
                let (from, to) = (moment.place(a), moment.place(b));
                let distance = from_segment(moment.place(node), from, to);
                if distance < moment.layout.radius + 2.0 {
                    found.push(format!("{}-{} through {}", name(a), name(b), name(node)));
                }
            }
        }
        found
    }

    #[test]
    fn in_no_lab_does_a_link_run_through_a_node() {
        for lab in labs() {
            let (run, _) = Run::open(&format!("#/{}", lab.id));
            for (width, height) in [(750.0, 480.0), (350.0, 260.0)] {
                let found = through_nodes(&run, width, height);
                assert!(found.is_empty(), "{} in {width}: {found:?}", lab.id);
            }
        }
    }
}
