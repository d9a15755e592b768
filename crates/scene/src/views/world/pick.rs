//! What is under the pointer in the picture of the world.

use sim::NodeId;

use super::moment::Moment;
use crate::shapes::Point;
use crate::views::scene::{Pick, Scene};

/// How far beside a message a finger may land.
const MESSAGE_REACH: f64 = 14.0;
/// How far beside a link.
const LINK_REACH: f64 = 10.0;

/// What is at `place`: messages before nodes, nodes before links.
pub(in crate::views) fn pick(scene: &Scene<'_>, place: Point) -> Option<Pick> {
    let moment = Moment::new(scene);
    message(&moment, place)
        .or_else(|| node(&moment, place))
        .or_else(|| link(&moment, place))
}

/// The links that a line drawn from `start` to `end` crosses, each once, and from one side of the line to the other.
pub(in crate::views) fn links_crossed(
    scene: &Scene<'_>,
    start: Point,
    end: Point,
) -> Vec<(NodeId, NodeId)> {
    let moment = Moment::new(scene);
    let is_crossed =
        |(a, b): &(NodeId, NodeId)| cross(start, end, moment.place(*a), moment.place(*b));
    let from_side = |(a, b): (NodeId, NodeId)| match side(start, end, moment.place(a)) < 0.0 {
        true => (b, a),
        false => (a, b),
    };
    let crossed = moment.link_ends().into_iter().filter(is_crossed);
    crossed.map(from_side).collect()
}

/// The links that are drawn, each once.
pub(in crate::views) fn links(scene: &Scene<'_>) -> Vec<(NodeId, NodeId)> {
    Moment::new(scene).link_ends().into_iter().collect()
}

fn message(moment: &Moment<'_>, place: Point) -> Option<Pick> {
    if !moment.look.is_from_outside() {
        return None;
    }
    let (drawn, _) = moment.drawn_flights();
    let near = drawn.into_iter().filter_map(|flight| {
        let distance = moment.flight_place(flight).distance(place);
        (distance <= MESSAGE_REACH).then_some((distance, flight.id))
    });
    let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    nearest.map(|(_, id)| Pick::Message(id))
}

fn node(moment: &Moment<'_>, place: Point) -> Option<Pick> {
    let reach = (moment.layout.radius + 4.0).max(14.0);
    let nodes = (0..moment.layout.places.len() as u16).map(NodeId);
    let near = nodes.map(|node| (moment.place(node).distance(place), node));
    let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (nearest.0 <= reach).then_some(Pick::Node(nearest.1))
}

fn link(moment: &Moment<'_>, place: Point) -> Option<Pick> {
    // What the network does is hidden from every node.
    if !moment.look.is_from_outside() {
        return None;
    }
    let links = moment.link_ends().into_iter();
    let near = links.map(|(a, b)| (from_segment(place, moment.place(a), moment.place(b)), a, b));
    let (distance, a, b) = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (distance <= LINK_REACH).then_some(Pick::Link(a, b))
}

/// How far a point is from a line between two.
pub(super) fn from_segment(point: Point, a: Point, b: Point) -> f64 {
    let (length, along) = (a.distance(b), a.direction(b));
    let share = (point.x - a.x) * along.x + (point.y - a.y) * along.y;
    a.moved(along, share.clamp(0.0, length)).distance(point)
}

/// On which side of the line from `p` to `q` it is: less than 0 on the one, more on the other.
fn side(p: Point, q: Point, r: Point) -> f64 {
    (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)
}

/// Whether the lines from `a` to `b` and from `c` to `d` cross.
fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chronicle::Chronicle;
    use crate::look::Look;
    use scenario::Run;

    fn scene<'a>(run: &'a Run, chronicle: &'a Chronicle) -> Scene<'a> {
        Scene::new(run, chronicle, Look::default(), 900.0, 500.0)
    }

    #[test]
    fn nodes_messages_and_links_are_found_where_they_are_drawn() {
        let (mut run, _) = Run::open("#/double-charge");
        while run.timeline().machine().kernel().flights().next().is_none() {
            assert!(run.step());
        }
        run.advance(sim::SimDuration::from_millis(60));
        let chronicle = Chronicle::of(&run);
        let scene = scene(&run, &chronicle);
        let moment = Moment::new(&scene);
        let at = |place| pick(&scene, place);
        assert_eq!(at(moment.place(NodeId(2))), Some(Pick::Node(NodeId(2))));
        let flight = moment.kernel.flights().next();
        let flight = flight.expect("a message is on its way");
        let found = at(moment.flight_place(flight));
        assert_eq!(found, Some(Pick::Message(flight.id)));
        let middle = moment
            .place(NodeId(1))
            .towards(moment.place(NodeId(2)), 0.5);
        assert_eq!(at(middle), Some(Pick::Link(NodeId(1), NodeId(2))));
        assert_eq!(at(Point::new(2.0, 2.0)), None);
    }

    #[test]
    fn in_a_nodes_perspective_nodes_can_be_picked_and_nothing_else() {
        let (run, _) = Run::open("#/double-charge?t=4s");
        let chronicle = Chronicle::of(&run);
        let seen = Look {
            perspective: Some(NodeId(1)),
            ..Look::default()
        };
        let scene = Scene::new(&run, &chronicle, seen, 900.0, 500.0);
        let moment = Moment::new(&scene);
        let [bob, bank] = [1, 2].map(|node| moment.place(NodeId(node)));
        assert_eq!(pick(&scene, bank), Some(Pick::Node(NodeId(2))));
        assert_eq!(pick(&scene, bob.towards(bank, 0.5)), None);
    }

    #[test]
    fn of_many_messages_those_are_found_that_are_drawn() {
        let storm =
            "#/last-write-wins?latency=10s&duplication=1&spread=60s&think=0s&rest=1ms&timeout=1ms";
        let (mut run, _) = Run::open(storm);
        while run.timeline().machine().kernel().flights().count() < 4096 {
            assert!(run.step());
        }
        let chronicle = Chronicle::of(&run);
        let scene = scene(&run, &chronicle);
        let moment = Moment::new(&scene);
        let (drawn, step) = moment.drawn_flights();
        assert!(step > 1);
        let drawn: Vec<_> = drawn.iter().map(|flight| flight.id).collect();
        for flight in moment.kernel.flights().take(100) {
            if let Some(Pick::Message(found)) = pick(&scene, moment.flight_place(flight)) {
                assert!(drawn.contains(&found));
            }
        }
    }

    #[test]
    fn a_line_across_links_crosses_them_and_no_others() {
        let (run, _) = Run::open("#/double-charge");
        let chronicle = Chronicle::of(&run);
        let scene = scene(&run, &chronicle);
        let crossed =
            |x: f64, bottom: f64| scene.links_crossed(Point::new(x, 0.0), Point::new(x, bottom));
        let both = [(NodeId(0), NodeId(2)), (NodeId(1), NodeId(2))];
        assert_eq!(crossed(450.0, 500.0), both);
        let upwards = scene.links_crossed(Point::new(450.0, 500.0), Point::new(450.0, 0.0));
        assert_eq!(upwards, both.map(|(a, b)| (b, a)));
        assert_eq!(crossed(450.0, 250.0).len(), 1);
        assert_eq!(crossed(5.0, 500.0), []);
    }
}
