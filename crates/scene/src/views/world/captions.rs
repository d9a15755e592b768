//! What has just happened at nodes, in words beside them.

use sim::NodeId;
use sim::sorting::sort_by_key;

use super::Moment;
use crate::shapes::{Align, Ink, Labels, Picture, Point, Style};
use crate::words::caption::{Caption, captions};

impl Moment<'_> {
    /// What has just happened to the nodes that are in the clear, violations first, as far as there is room for it.
    pub(super) fn captions(&self, labels: &mut Labels, picture: &Picture) -> Vec<Caption> {
        let mut captions = captions(self.run, self.life);
        captions.retain(|caption| self.look.sees(caption.node));
        sort_by_key(&mut captions, |caption| !caption.is_violation);
        captions.retain(|caption| {
            let at = self.place_of_caption(caption.node);
            let has_room = labels.fits(at, &caption.words, self.size, picture);
            let is_shown = caption.is_violation || (self.has_words() && has_room);
            if is_shown {
                labels.keep(at, &caption.words, self.size, picture);
            }
            is_shown
        });
        captions
    }

    pub(super) fn caption(&self, caption: Caption, picture: &mut Picture) {
        let alpha = 1.0 - libm::pow(caption.age, 4.0);
        let at = self.place_of_caption(caption.node);
        let (words, size) = (caption.words, self.size);
        if caption.is_violation {
            let ring = Style::stroke(Ink::Danger, 3.0 * self.unit).faded(alpha);
            let radius = self.layout.radius + 4.0 * self.unit;
            picture.circle(self.place(caption.node), radius, ring);
            picture.text(at, words, size, Align::Middle, Ink::Danger, alpha);
        } else {
            picture.text(at, words, size, Align::Middle, Ink::Ink, alpha);
        }
    }

    /// Above a node, and above its name where that stands there.
    fn place_of_caption(&self, node: NodeId) -> Point {
        let at = self.place(node);
        let lines = if self.has_words() && self.size_of_name(node).is_none() {
            2.4
        } else {
            1.15
        };
        Point::new(at.x, at.y - self.layout.radius - self.size * lines)
    }
}
