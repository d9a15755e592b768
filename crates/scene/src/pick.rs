//! What is under the pointer in the picture of the world.

use scenario::Run;
use sim::{MessageId, NodeId, Place};

use crate::look::Look;
use crate::shape::Point;
use crate::world::View;

/// Something that can be picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// A node.
    Node(NodeId),
    /// A message on its way.
    Message(MessageId),
    /// The link between two nodes, both ways.
    Link(NodeId, NodeId),
}

/// How far beside a message a finger may land.
const MESSAGE_REACH: f64 = 14.0;
/// How far beside a link.
const LINK_REACH: f64 = 10.0;

/// What is at `place` in a picture of this size: messages before nodes, nodes before links.
pub fn pick(run: &Run, look: &Look, place: Point, width: f64, height: f64) -> Option<Pick> {
    let view = View::new(run, look, width, height);
    message(&view, place)
        .or_else(|| node(&view, place))
        .or_else(|| link(&view, place))
}

/// The links that a line drawn from `start` to `end` crosses, each once.
pub fn crossed(
    run: &Run,
    look: &Look,
    start: Point,
    end: Point,
    width: f64,
    height: f64,
) -> Vec<(NodeId, NodeId)> {
    let view = View::new(run, look, width, height);
    let is_crossed = |(a, b): &(NodeId, NodeId)| cross(start, end, view.place(*a), view.place(*b));
    view.link_ends().into_iter().filter(is_crossed).collect()
}

fn message(view: &View<'_>, place: Point) -> Option<Pick> {
    if view.look.perspective.is_some() {
        return None;
    }
    let flights = view.kernel.flights();
    let travelling = flights.filter(|flight| flight.place != Place::Inbox);
    let near = travelling.filter_map(|flight| {
        let distance = view.flight_place(flight).distance(place);
        (distance <= MESSAGE_REACH).then_some((distance, flight.id))
    });
    let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    nearest.map(|(_, id)| Pick::Message(id))
}

fn node(view: &View<'_>, place: Point) -> Option<Pick> {
    let reach = (view.layout.radius + 4.0).max(14.0);
    let nodes = (0..view.layout.places.len() as u16).map(NodeId);
    let near = nodes.map(|node| (view.place(node).distance(place), node));
    let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (nearest.0 <= reach).then_some(Pick::Node(nearest.1))
}

fn link(view: &View<'_>, place: Point) -> Option<Pick> {
    let links = view.link_ends().into_iter();
    let near = links.map(|(a, b)| (from_segment(place, view.place(a), view.place(b)), a, b));
    let (distance, a, b) = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (distance <= LINK_REACH).then_some(Pick::Link(a, b))
}

/// How far a point is from a line between two.
fn from_segment(point: Point, a: Point, b: Point) -> f64 {
    let (length, along) = (a.distance(b), a.direction(b));
    let share = (point.x - a.x) * along.x + (point.y - a.y) * along.y;
    a.moved(along, share.clamp(0.0, length)).distance(point)
}

/// Whether the lines from `a` to `b` and from `c` to `d` cross.
fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (f64, f64) = (900.0, 500.0);

    #[test]
    fn nodes_messages_and_links_are_found_where_they_are_drawn() {
        let (mut run, _) = Run::open("#/double-charge");
        while run.timeline().machine().kernel().flights().next().is_none() {
            assert!(run.step());
        }
        run.advance(sim::SimDuration::from_millis(60));
        let look = Look::default();
        let view = View::new(&run, &look, SIZE.0, SIZE.1);
        let at = |place| pick(&run, &look, place, SIZE.0, SIZE.1);
        assert_eq!(at(view.place(NodeId(2))), Some(Pick::Node(NodeId(2))));
        let flight = view
            .kernel
            .flights()
            .next()
            .expect("a message is on its way");
        assert_eq!(
            at(view.flight_place(flight)),
            Some(Pick::Message(flight.id))
        );
        let middle = view.place(NodeId(1)).towards(view.place(NodeId(2)), 0.5);
        assert_eq!(at(middle), Some(Pick::Link(NodeId(1), NodeId(2))));
        assert_eq!(at(Point::new(2.0, 2.0)), None);
    }

    #[test]
    fn a_line_across_links_crosses_them_and_no_others() {
        let (run, _) = Run::open("#/double-charge");
        let look = Look::default();
        let crossed = |start, end| crossed(&run, &look, start, end, SIZE.0, SIZE.1);
        let down = crossed(Point::new(450.0, 0.0), Point::new(450.0, 500.0));
        assert_eq!(down, [(NodeId(0), NodeId(2)), (NodeId(1), NodeId(2))]);
        assert_eq!(
            crossed(Point::new(450.0, 0.0), Point::new(450.0, 250.0)).len(),
            1
        );
        assert_eq!(crossed(Point::new(5.0, 0.0), Point::new(5.0, 500.0)), []);
    }
}
