//! How arrows are drawn, and what is written beside them.

use super::Diagram;
use super::arrows::{Arrow, arrows};
use super::glyphs::{self, Shaft, Tip};
use super::told;
use crate::shapes::{Align, Ink, Labels, Picture, Point};
use crate::words::vocabulary::{label, message_of, sort_of};

/// With more messages in sight than this they go without labels.
const MOST_WITH_LABELS: usize = 26;

impl Diagram<'_> {
    pub(super) fn messages(&self, picture: &mut Picture) {
        let arrows = arrows(self.run, self.look, self.first);
        let has_labels = arrows.len() <= MOST_WITH_LABELS && self.look.is_from_outside();
        let mut labels = Labels::default();
        for arrow in arrows {
            let Some((start, end, alpha)) = self.arrow(&arrow, picture) else {
                continue;
            };
            if has_labels && start.distance(end) > 3.5 * self.axis.size {
                self.label(&arrow, start, end, alpha, &mut labels, picture);
            }
        }
    }

    /// What a message says, where there is room beside its arrow.
    fn label(
        &self,
        arrow: &Arrow,
        start: Point,
        end: Point,
        alpha: f64,
        labels: &mut Labels,
        picture: &mut Picture,
    ) {
        let event = &self.run.timeline().events()[arrow.event.index()];
        let words = label(self.run, message_of(self.run, event));
        if words.is_empty() {
            return;
        }
        let size = self.axis.size * 0.88;
        let mut marks = [0.5, 0.35, 0.65]
            .map(|share| start.towards(end, share))
            .into_iter();
        if let Some(at) = marks.find_map(|mark| labels.near(mark, &words, size, picture)) {
            picture.text(at, words, size, Align::Middle, Ink::Muted, alpha);
        }
    }

    /// Draws an arrow; where the seen part of it begins and ends, and how strong it is.
    fn arrow(&self, arrow: &Arrow, picture: &mut Picture) -> Option<(Point, Point, f64)> {
        let start = self.at(arrow.sent.node, arrow.sent.time);
        let (end, is_over) = self.arrow_end(arrow);
        let (start, end) = self.seen_part(arrow, start, end)?;
        let left = self.axis.left;
        if start.x.max(end.x) < left {
            return None;
        }
        // Where names stand there are no arrows.
        let (start, is_over) = (clipped(start, end, left), is_over && end.x >= left);
        let is_over = is_over && self.look.sees(arrow.receiver);
        let end = clipped(end, start, left);
        let shaft = self.shaft(arrow, is_over);
        glyphs::arrow(picture, start, end, shaft);
        if arrow.is_lost && self.told.is_some() && self.told == arrow.lost_with {
            told::mark(picture, end);
        }
        self.wait(arrow, end, shaft, picture);
        Some((start, end, shaft.alpha))
    }

    /// An arrow is pale where others are lit, wide where it is lit itself.
    fn shaft(&self, arrow: &Arrow, is_over: bool) -> Shaft {
        let event = &self.run.timeline().events()[arrow.event.index()];
        let lit = self.lit.as_ref().map(|lit| lit.contains(&arrow.event));
        let (width, alpha) = match lit {
            None => (1.3, 1.0),
            Some(true) => (2.2, 1.0),
            Some(false) => (1.3, 0.25),
        };
        Shaft {
            sort: sort_of(self.run, event.code),
            is_copy: arrow.is_duplicate && self.look.is_from_outside(),
            tip: match (is_over, arrow.is_lost) {
                (false, _) => Tip::Open,
                (true, false) => Tip::Head,
                (true, true) => Tip::Cross,
            },
            width,
            alpha,
        }
    }

    /// A bar along the receiver's row for as long as a message waits in the inbox, of which the receiver knows nothing.
    fn wait(&self, arrow: &Arrow, end: Point, shaft: Shaft, picture: &mut Picture) {
        if let (Some(arrived), Some(handled)) = (arrow.arrived, arrow.handled)
            && handled > arrived.time
            && self.look.is_from_outside()
        {
            glyphs::inbox(picture, end, self.at(arrived.node, handled), shaft);
        }
    }

    /// Where an arrow ends so far, and whether that is its head.
    fn arrow_end(&self, arrow: &Arrow) -> (Point, bool) {
        let start = self.at(arrow.sent.node, arrow.sent.time);
        if let Some(end) = arrow.arrived {
            let whole = self.at(end.node, end.time);
            if !arrow.is_lost {
                return (whole, true);
            }
            // It died on its way: at the height that it had come to.
            let y = start.y + (whole.y - start.y) * arrow.came;
            return (Point::new(whole.x, y), true);
        }
        if !arrow.is_under_way {
            return (start, false);
        }
        let now = self.at(arrow.receiver, self.run.now());
        let y = start.y + (self.row(arrow.receiver) - start.y) * arrow.came;
        (Point::new(now.x, y), false)
    }

    /// In a node's perspective a message is only its leaving or its coming. How long it takes the node cannot see: all have the
    /// same slope.
    fn seen_part(&self, arrow: &Arrow, start: Point, end: Point) -> Option<(Point, Point)> {
        const STUB: f64 = 22.0;
        let Some(node) = self.look.perspective else {
            return Some((start, end));
        };
        let down = self.row(arrow.receiver) - self.row(arrow.sent.node);
        let slope = Point::new(start.x + libm::fabs(down).max(1.0), start.y + down);
        let direction = start.direction(slope);
        if arrow.sent.node == node {
            // What the network copies is no sending of the node's.
            return (!arrow.is_duplicate).then(|| (start, start.moved(direction, STUB)));
        }
        let handled = arrow.handled.filter(|_| arrow.receiver == node)?;
        let end = self.at(node, handled);
        Some((end.moved(direction, -STUB), end))
    }
}

/// The end `point` of a line, or where the line from `other` leaves the diagram on its left side.
fn clipped(point: Point, other: Point, left: f64) -> Point {
    if point.x >= left || other.x <= left {
        return point;
    }
    let share = (left - other.x) / (point.x - other.x);
    other.towards(point, share)
}
