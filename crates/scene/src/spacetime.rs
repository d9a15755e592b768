//! The space-time diagram: a row a node, time to the right, an arrow a message (Lamport, *Time, clocks, and the
//! ordering of events in a distributed system*, CACM 1978).
//!
//! A lost message ends in a cross. A crashed node's row has a gap, a paused node's is dotted. The rows follow true
//! time, or each node's own wall clock, and then arrows can point backwards.

use sim::sorted::Map;

use scenario::Run;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, MessageId, NodeId, SimDuration, SimTime, Status};

use crate::chronicle::Chronicle;
use crate::labels::Labels;
use crate::look::Look;
use crate::narrate::message_label;
use crate::shape::{Align, Ink, Picture, Point, Style};
use crate::time_axis::TimeAxis;
use crate::world::sort_of;

/// With more messages in sight than this they go without labels.
const MOST_WITH_LABELS: usize = 26;

/// A message that ends so long after the window is still drawn leaving it.
const BEYOND: SimDuration = SimDuration::from_millis(3000);

struct Diagram<'a> {
    run: &'a Run,
    chronicle: &'a Chronicle,
    look: &'a Look,
    axis: TimeAxis,
    /// The events that are lit, if one is selected.
    lit: Option<Vec<EventId>>,
}

/// One end of a message.
#[derive(Clone, Copy)]
struct End {
    node: NodeId,
    time: SimTime,
}

/// The diagram of a run up to its cursor.
pub fn draw(run: &Run, chronicle: &Chronicle, look: &Look, width: f64, height: f64) -> Picture {
    let diagram = Diagram::new(run, chronicle, look, width, height);
    let mut picture = Picture {
        width,
        height,
        shapes: Vec::new(),
    };
    diagram.axis.marks(&mut picture);
    diagram.rows(&mut picture);
    diagram.messages(&mut picture);
    diagram.moments(&mut picture);
    diagram.axis.cursor(run.now(), &mut picture);
    picture
}

/// The event nearest to a place of the diagram, if one is near.
pub fn pick(
    run: &Run,
    chronicle: &Chronicle,
    look: &Look,
    place: Point,
    width: f64,
    height: f64,
) -> Option<EventId> {
    const REACH: f64 = 14.0;
    let diagram = Diagram::new(run, chronicle, look, width, height);
    let near = diagram.window().filter_map(|(id, event)| {
        let distance = diagram.at(event.node, event.time).distance(place);
        let is_seen = diagram.is_seen(event.node) && event.kind != EventKind::Duplicate;
        (distance <= REACH && is_seen).then_some((distance, id))
    });
    near.min_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, id)| id)
}

impl<'a> Diagram<'a> {
    fn new(
        run: &'a Run,
        chronicle: &'a Chronicle,
        look: &'a Look,
        width: f64,
        height: f64,
    ) -> Diagram<'a> {
        let names = run.scenario().nodes.iter().map(|node| node.name.as_str());
        Diagram {
            run,
            chronicle,
            look,
            axis: TimeAxis::new(look, names, width, height),
            lit: look.selected_event.map(|event| lit(run, event)),
        }
    }

    fn row(&self, node: NodeId) -> f64 {
        let rows = self.run.scenario().nodes.len() as f64;
        let (top, bottom) = self.axis.rows();
        top + (bottom - top) * (f64::from(node.0) + 0.5) / rows
    }

    fn at(&self, node: NodeId, time: SimTime) -> Point {
        let nanos = if self.look.bent {
            self.chronicle.wall(node, time)
        } else {
            time.as_nanos() as i64
        };
        Point::new(self.axis.x(nanos), self.row(node))
    }

    /// Through a node's eyes, only its own row is there.
    fn is_seen(&self, node: NodeId) -> bool {
        self.look.perspective.is_none_or(|eyes| eyes == node)
    }

    /// The events in sight up to the cursor, with their numbers. A bent row may show a little more.
    fn window(&self) -> impl Iterator<Item = (EventId, &'a Event)> + use<'a> {
        let slack = if self.look.bent {
            SimDuration::from_secs(20)
        } else {
            SimDuration::ZERO
        };
        let (from, to) = (self.look.from - slack, self.look.to + slack);
        let events = self.run.timeline().events();
        let first = events.partition_point(|event| event.time < from);
        let seen = events
            .skip(first)
            .iter()
            .take_while(move |event| event.time <= to);
        seen.zip(first as u32..)
            .map(|(event, id)| (EventId(id), event))
    }

    fn rows(&self, picture: &mut Picture) {
        for node in (0..self.run.scenario().nodes.len() as u16).map(NodeId) {
            let y = self.row(node);
            let ink = if self.is_seen(node) {
                Ink::Ink
            } else {
                Ink::Line
            };
            let name = self.run.scenario().name(node);
            self.axis.name(&name, y, ink, picture);
            if self.is_seen(node) {
                self.row_line(node, picture);
            }
        }
    }

    /// A node's row: a line while it runs, dashes while it is paused, nothing while it is down.
    fn row_line(&self, node: NodeId, picture: &mut Picture) {
        let end = self.look.to.min(self.run.now());
        let mut time = self.look.from;
        while time < end {
            let (status, until) = self.chronicle.status(node, time);
            let until = until.min(end);
            let (start, stop) = (self.at(node, time), self.at(node, until));
            let line = vec![
                clamped(start, self.axis.left),
                clamped(stop, self.axis.left),
            ];
            match status {
                Status::Running => picture.line(line, Style::stroke(Ink::Ink, 1.2)),
                Status::Paused => picture.line(line, Style::stroke(Ink::Muted, 2.5).dashed()),
                Status::Crashed => {}
            }
            time = until;
        }
    }

    fn messages(&self, picture: &mut Picture) {
        let arrows = self.arrows();
        let has_labels = arrows.len() <= MOST_WITH_LABELS && self.look.perspective.is_none();
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
        let words = message_label(self.run, event);
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

    /// Every message that is at least partly in sight.
    fn arrows(&self) -> Vec<Arrow> {
        let events = self.run.timeline().events();
        let slack = self.look.from - BEYOND;
        let first = events.partition_point(|event| event.time < slack);
        let until = self.look.to + BEYOND;
        let seen = events
            .skip(first)
            .iter()
            .take_while(|event| event.time <= until);
        let mut arrows: Map<MessageId, Arrow> = Map::new();
        for (event, id) in seen.zip(first as u32..) {
            match event.kind {
                EventKind::Send | EventKind::Duplicate => {
                    arrows.insert(event.message, Arrow::new(EventId(id), event));
                }
                EventKind::Queued | EventKind::Deliver | EventKind::Lost => {
                    if let Some(arrow) = arrows.get_mut(&event.message) {
                        arrow.end(event);
                    }
                }
                _ => {}
            }
        }
        let is_in_sight = |arrow: &Arrow| {
            let end = arrow.arrived.map_or(self.run.now(), |end| end.time);
            arrow.sent.time <= self.look.to && end >= self.look.from
        };
        arrows.into_values().filter(is_in_sight).collect()
    }

    /// Draws an arrow; where the seen part of it begins and ends, and how strong it is.
    fn arrow(&self, arrow: &Arrow, picture: &mut Picture) -> Option<(Point, Point, f64)> {
        let start = self.at(arrow.sent.node, arrow.sent.time);
        let (end, is_over) = self.arrow_end(arrow);
        let event = &self.run.timeline().events()[arrow.event.index()];
        let kind = sort_of(self.run, event.code);
        let ink = Ink::Kind(kind as u8);
        let is_lit = self
            .lit
            .as_ref()
            .is_none_or(|lit| lit.contains(&arrow.event));
        let alpha = if is_lit { 1.0 } else { 0.25 };
        let width = if self.lit.is_some() && is_lit {
            2.2
        } else {
            1.3
        };
        let style = Style::stroke(ink, width).faded(alpha);
        let style = if arrow.is_duplicate {
            style.dashed()
        } else {
            style
        };
        let (start, end) = self.seen_part(arrow, start, end)?;
        let left = self.axis.left;
        if start.x.max(end.x) < left {
            return None;
        }
        // Where names stand there are no arrows.
        let (start, is_over) = (clipped(start, end, left), is_over && end.x >= left);
        let end = clipped(end, start, left);
        picture.line(vec![start, end], style);
        if is_over && arrow.is_lost {
            cross(end, Style::stroke(Ink::Ink, 1.6).faded(alpha), picture);
        } else if is_over {
            head(start, end, Style::fill(ink).faded(alpha), picture);
        }
        if let (Some(arrived), Some(handled)) = (arrow.arrived, arrow.handled)
            && handled > arrived.time
            && self.is_seen(arrived.node)
        {
            let waits = vec![end, self.at(arrived.node, handled)];
            picture.line(waits, Style::stroke(ink, 4.0).faded(0.45 * alpha));
        }
        Some((start, end, alpha))
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
        let flight = self.run.timeline().machine().kernel().flight(arrow.message);
        let Some(flight) = flight else {
            return (start, false);
        };
        let came = flight.progress_permille(self.run.now()) as f64 / 1000.0;
        let now = self.at(arrow.receiver, self.run.now());
        let y = start.y + (self.row(arrow.receiver) - start.y) * came;
        (Point::new(now.x, y), false)
    }

    /// Through a node's eyes a message is only its leaving or its coming.
    fn seen_part(&self, arrow: &Arrow, start: Point, end: Point) -> Option<(Point, Point)> {
        const STUB: f64 = 22.0;
        let eyes = match self.look.perspective {
            None => return Some((start, end)),
            Some(eyes) => eyes,
        };
        let direction = start.direction(end);
        if arrow.sent.node == eyes {
            return Some((start, start.moved(direction, STUB)));
        }
        let came = arrow.arrived.is_some_and(|arrived| arrived.node == eyes) && !arrow.is_lost;
        came.then(|| (end.moved(direction, -STUB), end))
    }

    /// What happened at nodes beside messages: timeouts as rings, facts as dots, violations in red.
    fn moments(&self, picture: &mut Picture) {
        let violations = self.run.violations();
        for (id, event) in self.window().filter(|(_, event)| self.is_seen(event.node)) {
            let at = self.at(event.node, event.time);
            if at.x < self.axis.left {
                continue;
            }
            let is_lit = self.lit.as_ref().is_some_and(|lit| lit.contains(&id));
            match event.kind {
                EventKind::TimerFired if crate::narrate::is_timeout(self.run, event) => {
                    picture.circle(at, 4.5, Style::stroke(Ink::Ink, 1.3).filled(Ink::Ground));
                }
                EventKind::Crash => cross(at, Style::stroke(Ink::Ink, 2.2), picture),
                EventKind::Fact if matters(event) => {
                    picture.circle(at, 3.2, Style::fill(Ink::Ink));
                }
                _ => {}
            }
            if violations.contains(&id) {
                picture.circle(at, 8.0, Style::stroke(Ink::Danger, 2.5));
            }
            if is_lit {
                picture.circle(at, 5.5, Style::stroke(Ink::Accent, 2.0));
            }
        }
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

/// A message as the diagram shows it.
struct Arrow {
    event: EventId,
    message: MessageId,
    sent: End,
    receiver: NodeId,
    arrived: Option<End>,
    handled: Option<SimTime>,
    is_duplicate: bool,
    is_lost: bool,
    /// How far a lost one came, from 0 to 1.
    came: f64,
}

impl Arrow {
    fn new(id: EventId, event: &Event) -> Arrow {
        let is_duplicate = event.kind == EventKind::Duplicate;
        Arrow {
            event: if is_duplicate { event.cause } else { id },
            message: event.message,
            sent: End {
                node: event.node,
                time: event.time,
            },
            receiver: event.peer,
            arrived: None,
            handled: None,
            is_duplicate,
            is_lost: false,
            came: 1.0,
        }
    }

    fn end(&mut self, event: &Event) {
        let end = End {
            node: event.node,
            time: event.time,
        };
        match event.kind {
            EventKind::Lost if self.arrived.is_none() => {
                self.is_lost = true;
                self.came = event.args[0] as f64 / 1000.0;
            }
            EventKind::Deliver => self.handled = Some(event.time),
            _ => {}
        }
        self.arrived.get_or_insert(end);
    }
}

/// An event with the chain of its causes, and all that it caused.
fn lit(run: &Run, event: EventId) -> Vec<EventId> {
    const MOST: usize = 2000;
    let events = run.timeline().events();
    let mut lit = Vec::new();
    let mut cause = (event.index() < events.len()).then_some(event);
    while let Some(id) = cause {
        lit.push(id);
        cause = events[id.index()].cause.some();
    }
    lit.reverse();
    for (place, later) in events.iter().enumerate().skip(event.index() + 1) {
        if lit.len() >= MOST {
            break;
        }
        // Only what the event itself caused: its causes have had other effects too.
        let cause = later.cause;
        if cause >= event && lit.binary_search(&cause).is_ok() {
            lit.push(EventId(place as u32));
        }
    }
    lit
}

fn matters(event: &Event) -> bool {
    matches!(
        event.fact(),
        Some(
            Fact::Effect { .. }
                | Fact::Stored { .. }
                | Fact::Leads { .. }
                | Fact::StepsDown { .. }
                | Fact::Acquired { .. }
                | Fact::Released { .. }
                | Fact::Suspects { .. }
                | Fact::Shown { .. }
                | Fact::MeasureEnds { .. }
        )
    )
}

fn clamped(point: Point, left: f64) -> Point {
    Point::new(point.x.max(left), point.y)
}

fn cross(at: Point, style: Style, picture: &mut Picture) {
    const R: f64 = 4.0;
    let corner = |x: f64, y: f64| Point::new(at.x + x * R, at.y + y * R);
    picture.line(vec![corner(-1.0, -1.0), corner(1.0, 1.0)], style);
    picture.line(vec![corner(-1.0, 1.0), corner(1.0, -1.0)], style);
}

fn head(start: Point, end: Point, style: Style, picture: &mut Picture) {
    let back = start.direction(end);
    let side = back.right();
    let foot = end.moved(back, -8.0);
    let corners = vec![end, foot.moved(side, 3.2), foot.moved(side, -3.2)];
    picture.area(corners, style);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Shape;
    use scenario::Run;

    fn diagram(link: &str, look: &Look) -> (Run, Picture) {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let mut chronicle = Chronicle::default();
        chronicle.renew(&run);
        let picture = draw(&run, &chronicle, look, 800.0, 300.0);
        (run, picture)
    }

    #[test]
    fn no_arrow_of_a_bent_diagram_runs_over_the_names() {
        let look = Look {
            bent: true,
            from: SimTime::from_millis(600),
            to: SimTime::from_millis(2000),
            ..Look::default()
        };
        let (run, picture) = diagram("#/which-came-first?t=2s", &look);
        let chronicle = Chronicle::default();
        let left = Diagram::new(&run, &chronicle, &look, 800.0, 300.0)
            .axis
            .left;
        let lines = picture.shapes.iter().filter_map(|shape| match shape {
            Shape::Path { points, style, .. } => {
                matches!(style.stroke, Some(Ink::Kind(_))).then_some(points)
            }
            _ => None,
        });
        let ends: Vec<f64> = lines.flatten().map(|end| end.x).collect();
        assert!(ends.iter().all(|x| *x >= left - 1e-9), "{ends:?}");
        let cut = ends.iter().filter(|x| **x < left + 1e-9).count();
        assert!(cut > 0, "none had to be cut short: {ends:?}");
    }

    #[test]
    fn through_a_nodes_eyes_less_is_seen() {
        let link = "#/double-charge?t=5s";
        let all = diagram(link, &Look::default()).1;
        let look = Look {
            perspective: Some(NodeId(0)),
            ..Look::default()
        };
        let own = diagram(link, &look).1;
        assert!(own.shapes.len() < all.shapes.len());
    }

    #[test]
    fn an_event_is_found_where_it_is_drawn_and_lights_its_causes() {
        let look = Look::default();
        let (run, _) = diagram("#/double-charge?t=5s", &look);
        let mut chronicle = Chronicle::default();
        chronicle.renew(&run);
        let events = run.timeline().events();
        let place = events
            .iter()
            .position(|event| event.kind == EventKind::Deliver);
        let id = EventId(place.unwrap() as u32);
        let event = &events[id.index()];
        let at = Diagram::new(&run, &chronicle, &look, 800.0, 300.0).at(event.node, event.time);
        let found = pick(&run, &chronicle, &look, at, 800.0, 300.0).unwrap();
        assert_eq!(events[found.index()].time, event.time);
        let lit = lit(&run, id);
        assert!(lit.contains(&event.cause));
        assert!(
            lit.iter().any(|other| *other > id),
            "its receipt is an effect"
        );
    }
}
