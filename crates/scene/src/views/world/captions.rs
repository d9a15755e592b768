//! What has just happened at nodes, in words beside them.

use sim::NodeId;

use super::moment::Moment;
use super::nodes::Line;
use crate::shapes::{Align, Ink, Labels, Picture, Point};
use crate::words::caption::{Caption, captions};

/// A caption at a place that has room for it.
pub(super) struct Placed {
    caption: Caption,
    at: Point,
    size: f64,
}

impl Moment<'_> {
    /// What has just happened to the nodes that are in the clear. No node is told of a violation: in a node's perspective
    /// there are none.
    pub(super) fn find_captions(&self) -> Vec<Caption> {
        let mut captions = captions(self.run, self.life, self.look.is_from_outside());
        captions.retain(|caption| self.look.sees(caption.node));
        captions
    }

    /// Places the captions that tell of violations, or those that do not, as far as there is room for them. A violation
    /// is told on whichever side of its node has room.
    pub(super) fn place_captions(
        &self,
        captions: &[Caption],
        are_violations: bool,
        labels: &mut Labels,
        picture: &Picture,
    ) -> Vec<Placed> {
        let told = captions
            .iter()
            .filter(|caption| caption.is_violation == are_violations);
        let told = told.filter(|_| are_violations || self.has_words());
        let place = |caption: &Caption| {
            let spots = self.spots(caption);
            let tried = if are_violations {
                &spots[..]
            } else {
                &spots[..1]
            };
            let sizes = if are_violations {
                &[1.0, 0.85, 0.72][..]
            } else {
                &[1.0][..]
            };
            let mut attempts = sizes
                .iter()
                .flat_map(|share| tried.iter().map(move |at| (*at, share * self.size)));
            let (at, size) =
                attempts.find(|(at, size)| labels.take(*at, &caption.words, *size, picture))?;
            let caption = caption.clone();
            Some(Placed { caption, at, size })
        };
        told.filter_map(place).collect()
    }

    /// The lines below the nodes, and the captions that tell of violations. A line has one place and such a caption has five, so
    /// lines come first, unless a violation would then go untold.
    pub(super) fn lines_and_violations(
        &self,
        captions: &[Caption],
        labels: &mut Labels,
        picture: &Picture,
    ) -> (Vec<Line>, Vec<Placed>) {
        let mut tried = labels.clone();
        let lines = self.lines(&mut tried, picture);
        let placed = self.place_captions(captions, true, &mut tried, picture);
        let violations = captions.iter().filter(|caption| caption.is_violation);
        if placed.len() == violations.count() {
            *labels = tried;
            return (lines, placed);
        }
        let placed = self.place_captions(captions, true, labels, picture);
        (self.lines(labels, picture), placed)
    }

    pub(super) fn caption(&self, placed: Placed, picture: &mut Picture) {
        let Placed { caption, at, size } = placed;
        let alpha = 1.0 - libm::pow(caption.age, 4.0);
        let ink = if caption.is_violation {
            Ink::Danger
        } else {
            Ink::Ink
        };
        picture.text(at, caption.words, size, Align::Middle, ink, alpha);
    }

    /// The places for a caption, the best first: above its node, and its name where that stands there; below; beside.
    fn spots(&self, caption: &Caption) -> [Point; 5] {
        let (at, radius) = (self.place(caption.node), self.layout.radius);
        let name = self.has_words() && self.size_of_name(caption.node).is_none();
        let up = radius + self.size * if name { 2.4 } else { 1.15 };
        let down = radius + 1.15 * self.size;
        let aside = radius + self.size + Picture::half_width(&caption.words, self.size);
        let spots = [
            (0.0, -up),
            (0.0, down),
            (aside, 0.0),
            (-aside, 0.0),
            (0.0, -up - 1.2 * self.size),
        ];
        spots.map(|(x, y)| Point::new(at.x + x, at.y + y))
    }

    /// How large a node's name is that stands in it; nothing if it finds no room there, and stands above.
    pub(super) fn size_of_name(&self, node: NodeId) -> Option<f64> {
        let name = self.run.scenario().name(node);
        super::layout::size_of_name(&name, self.layout.radius, self.size)
    }
}
