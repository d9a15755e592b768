//! The space-time diagram: one row per node, time to the right, one arrow per message (Lamport, *Time, clocks, and the
//! ordering of events in a distributed system*, CACM 1978).
//!
//! A lost message ends in a cross. A crashed node's row has a gap, a paused node's is dotted. The rows follow true
//! time, or each node's own wall clock, and then arrows can point backwards.
//!
//! | module | its subject |
//! | --- | --- |
//! | `mod.rs` | the rows, and what happened at nodes apart from messages |
//! | `arrows` | the messages in sight, gathered from the trace |
//! | `messages` | how arrows are drawn |
//! | `glyphs` | the marks, each drawn here alone, and a sample of each |
//! | `lit` | what is lit when an event is selected |
//! | `told` | what is lit when events are told |

mod arrows;
mod glyphs;
mod lit;
mod messages;
mod told;

use scenario::Run;
use sim::trace::{Event, EventKind, FactSort};
use sim::{EventId, NodeId, SimDuration, SimTime, Status};

use self::lit::lit;
use super::scene::{Pick, Scene};
use super::time_axis::TimeAxis;
use crate::look::Look;
use crate::over_time::chronicle::Chronicle;
use crate::shapes::{Ink, Picture, Point};
use crate::words::vocabulary::timeout;

pub(super) use glyphs::sample;

struct Diagram<'a> {
    run: &'a Run,
    chronicle: &'a Chronicle,
    look: &'a Look,
    axis: TimeAxis,
    /// The events that are lit, if any are.
    lit: Option<Vec<EventId>>,
    /// The event that is told, if one is.
    told: Option<EventId>,
    /// From which event on the window is drawn.
    first: usize,
}

/// No screen has room for more events than this: beyond it, only the latest are drawn.
const MOST_EVENTS: usize = 1500;

/// A row has no more parts than this in the whole window: a node may crash and restart every millisecond.
const MOST_PARTS: u64 = 1500;

/// The diagram of the run up to its cursor.
pub(super) fn draw(scene: &Scene<'_>) -> Picture {
    let diagram = Diagram::new(scene);
    let mut picture = scene.blank();
    diagram.axis.marks(&mut picture);
    diagram.rows(&mut picture);
    diagram.messages(&mut picture);
    diagram.moments(&mut picture);
    diagram
        .axis
        .left_out(diagram.left_out(), "event", &mut picture);
    diagram.axis.cursor(scene.run.now(), &mut picture);
    picture
}

/// The event nearest to a place of the diagram, if one is near.
pub(super) fn pick(scene: &Scene<'_>, place: Point) -> Option<Pick> {
    const REACH: f64 = 14.0;
    let diagram = Diagram::new(scene);
    let near = diagram.window().filter_map(|(id, event)| {
        let distance = diagram.at(event.node, event.time).distance(place);
        let is_seen = match diagram.look.perspective {
            Some(node) => event.is_own_past_of(node),
            None => event.kind != EventKind::Duplicate,
        };
        (distance <= REACH && is_seen).then_some((distance, id))
    });
    let nearest = near.min_by(|(a, _), (b, _)| a.total_cmp(b));
    nearest.map(|(_, id)| Pick::Event(id))
}

impl<'a> Diagram<'a> {
    fn new(scene: &'a Scene<'a>) -> Diagram<'a> {
        let Scene { run, look, .. } = scene;
        let names = run.scenario().nodes.iter().map(|node| node.name.as_str());
        let events = run.timeline().events();
        let last = events.partition_point(|event| event.time <= look.to);
        Diagram {
            run,
            chronicle: scene.chronicle,
            look,
            axis: TimeAxis::new(scene, names),
            lit: match scene.light.is_off() {
                true => look.selected_event.map(|event| lit(run, event)),
                false => Some(told::lit(&scene.light, events)),
            },
            told: scene.light.told,
            first: last.saturating_sub(MOST_EVENTS),
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

    /// The events in sight up to the cursor, with their numbers. A bent row may show a little more.
    fn window(&self) -> impl Iterator<Item = (EventId, &'a Event)> + use<'a> {
        let slack = if self.look.bent {
            SimDuration::from_secs(20)
        } else {
            SimDuration::ZERO
        };
        let (from, to) = (self.look.from - slack, self.look.to + slack);
        let events = self.run.timeline().events();
        let first = events
            .partition_point(|event| event.time < from)
            .max(self.first);
        let seen = events
            .skip(first)
            .iter()
            .take_while(move |event| event.time <= to);
        seen.zip(first as u32..)
            .map(|(event, id)| (EventId(id), event))
    }

    /// How many of the events in sight are not drawn, because there are so many.
    fn left_out(&self) -> usize {
        let events = self.run.timeline().events();
        let first = events.partition_point(|event| event.time < self.look.from);
        self.first.saturating_sub(first)
    }

    fn rows(&self, picture: &mut Picture) {
        for node in (0..self.run.scenario().nodes.len() as u16).map(NodeId) {
            let y = self.row(node);
            let ink = if self.look.sees(node) {
                Ink::Ink
            } else {
                Ink::Line
            };
            let name = self.run.scenario().name(node);
            self.axis.name(&name, y, ink, picture);
            if self.look.sees(node) {
                self.row_line(node, picture);
            }
        }
    }

    /// A node's row: a line while it runs, dashes while it is paused, nothing while it is down. Where that changes faster than
    /// the parts of a row can show, each is drawn as it begins.
    fn row_line(&self, node: NodeId, picture: &mut Picture) {
        let end = self.look.to.min(self.run.now());
        let part = self.look.to.since(self.look.from).as_nanos() / MOST_PARTS;
        let part = SimDuration::from_nanos(part);
        let mut time = self.look.from;
        while time < end {
            let (status, until) = self.chronicle.status(node, time);
            let until = until.max(time + part).min(end);
            let [start, stop] = [time, until].map(|time| self.inside(self.at(node, time)));
            match status {
                Status::Running => glyphs::row(picture, start, stop),
                Status::Paused => glyphs::paused_row(picture, start, stop),
                Status::Crashed => {}
            }
            time = until;
        }
    }

    /// The point, or the nearest one to the right of the names.
    fn inside(&self, point: Point) -> Point {
        Point::new(point.x.max(self.axis.left), point.y)
    }

    /// What happened at nodes apart from messages, violations in red. No node is told of a violation.
    fn moments(&self, picture: &mut Picture) {
        let violations = match self.look.is_from_outside() {
            true => self.run.violations(),
            false => Vec::new(),
        };
        for (id, event) in self.window() {
            let at = self.at(event.node, event.time);
            if at.x < self.axis.left || !self.look.sees(event.node) {
                continue;
            }
            self.mark(event, at, picture);
            if violations.contains(&id) {
                glyphs::violation(picture, at);
            }
            // A message that was lost is lit where it died.
            if event.kind == EventKind::Lost && self.told == Some(id) {
                continue;
            }
            if self.told == Some(id) {
                told::mark(picture, at);
            } else if self.lit.as_ref().is_some_and(|lit| lit.contains(&id)) {
                glyphs::lit(picture, at);
            }
        }
    }

    /// A timeout is a ring, a crash a cross, a fact a dot. What else happens shows as arrows and rows, or not at all.
    fn mark(&self, event: &Event, at: Point, picture: &mut Picture) {
        match event.kind {
            EventKind::TimerFired => {
                if timeout(self.run, event).is_some() {
                    glyphs::timeout(picture, at);
                }
            }
            EventKind::Crash => glyphs::crash(picture, at),
            EventKind::Fact => {
                let sort = event.fact().map(|fact| fact.sort());
                if matches!(sort, Some(FactSort::Role | FactSort::Deed)) {
                    glyphs::deed(picture, at);
                }
            }
            EventKind::Start
            | EventKind::Send
            | EventKind::Deliver
            | EventKind::Lost
            | EventKind::Duplicate
            | EventKind::Queued
            | EventKind::Restart
            | EventKind::Pause
            | EventKind::Resume
            | EventKind::Limp
            | EventKind::Clock
            | EventKind::Network
            | EventKind::Disk
            | EventKind::Operation
            | EventKind::Held
            | EventKind::Meddled
            | EventKind::Setting => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::{Path, Shape, Symbol};
    use scenario::view::View;

    /// Draws a run as `look` says, and hands both to `check` with the scene.
    fn with_scene(link: &str, look: Look, check: impl FnOnce(&Scene<'_>, Picture)) {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let chronicle = Chronicle::of(&run);
        let scene = Scene::new(&run, &chronicle, look, 800.0, 300.0);
        let picture = scene.draw(View::SpaceTime);
        check(&scene, picture);
    }

    #[test]
    fn no_arrow_of_a_bent_diagram_runs_over_the_names() {
        let look = Look {
            bent: true,
            from: SimTime::from_millis(600),
            to: SimTime::from_millis(2000),
            ..Look::default()
        };
        with_scene("#/which-came-first?t=2s", look, |scene, picture| {
            let left = Diagram::new(scene).axis.left;
            let lines = picture.shapes.iter().filter_map(|shape| match shape {
                Shape::Path(Path { points, style, .. }) => {
                    matches!(style.stroke, Some(Ink::Kind(_))).then_some(points)
                }
                Shape::Circle(_) | Shape::Text(_) => None,
            });
            let ends: Vec<f64> = lines.flatten().map(|end| end.x).collect();
            assert!(ends.iter().all(|x| *x >= left - 1e-9), "{ends:?}");
            let cut = ends.iter().filter(|x| **x < left + 1e-9).count();
            assert!(cut > 0, "none had to be cut short: {ends:?}");
        });
    }

    #[test]
    fn a_node_that_comes_and_goes_all_the_time_has_no_more_parts_than_its_row_can_show() {
        let look = Look {
            to: SimTime::from_millis(60_000),
            ..Look::default()
        };
        let link = "#/double-charge?do=strike.pause:bank=10ms/10ms@0s&t=60s";
        with_scene(link, look, |scene, picture| {
            let changes = scene.run.timeline().events();
            let changes = changes
                .iter()
                .filter(|event| event.kind == EventKind::Pause);
            assert!(changes.count() > MOST_PARTS as usize);
            let parts = picture.shapes.iter().filter(|shape| match shape {
                Shape::Path(Path { style, .. }) => {
                    matches!(style.stroke, Some(Ink::Ink | Ink::Muted))
                }
                Shape::Circle(_) | Shape::Text(_) => false,
            });
            assert!(parts.count() < 2 * MOST_PARTS as usize);
        });
    }

    #[test]
    fn in_a_nodes_perspective_less_is_seen() {
        let shapes = |perspective| {
            let mut shapes = 0;
            let look = Look {
                perspective,
                ..Look::default()
            };
            with_scene("#/double-charge?t=5s", look, |_, picture| {
                shapes = picture.shapes.len();
            });
            shapes
        };
        assert!(shapes(Some(NodeId(0))) < shapes(None));
    }

    #[test]
    fn no_node_sees_what_becomes_of_its_messages_or_that_anything_is_violated() {
        let hidden = [Symbol::ArrowLost, Symbol::ArrowCopy, Symbol::Violation];
        let link = "#/double-charge?t=15s&duplication=0.2";
        let shown = |perspective| {
            let look = Look {
                perspective,
                to: SimTime::from_millis(15_000),
                ..Look::default()
            };
            let mut shown = Vec::new();
            with_scene(link, look, |_, picture| {
                shown.extend(
                    hidden
                        .into_iter()
                        .filter(|one| picture.symbols.contains(*one)),
                );
            });
            shown
        };
        assert_eq!(shown(None).len(), hidden.len());
        for node in 0..3 {
            assert_eq!(shown(Some(NodeId(node))), [], "seen by {node}");
        }
    }

    #[test]
    fn a_paused_node_sees_no_message_arrive_and_nobody_finds_what_it_cannot_know() {
        let link = "#/double-charge?do=pause:bank@1s&t=6s";
        let bank = NodeId(2);
        let look = |perspective| Look {
            perspective,
            to: SimTime::from_millis(6000),
            ..Look::default()
        };
        let mut waiting = Vec::new();
        with_scene(link, look(None), |scene, _| {
            let events = scene.run.timeline().events();
            assert_eq!(scene.run.scenario().name(bank), "bank");
            let queued = |event: &Event| event.kind == EventKind::Queued && event.node == bank;
            let places = events.iter().zip(0u32..).filter(|(event, _)| queued(event));
            waiting.extend(places.map(|(event, id)| (EventId(id), event.time)));
        });
        assert!(!waiting.is_empty());
        with_scene(link, look(Some(bank)), |scene, picture| {
            assert!(!picture.symbols.contains(Symbol::Inbox));
            for (id, time) in waiting {
                let at = Diagram::new(scene).at(bank, time);
                assert_ne!(pick(scene, at), Some(Pick::Event(id)));
            }
        });
    }

    #[test]
    fn an_event_is_found_where_it_is_drawn_and_lights_its_causes() {
        with_scene("#/double-charge?t=5s", Look::default(), |scene, _| {
            let events = scene.run.timeline().events();
            let delivered = |event: &Event| event.kind == EventKind::Deliver;
            let place = events.iter().position(delivered);
            let id = EventId(place.expect("a message is delivered") as u32);
            let event = &events[id.index()];
            let at = Diagram::new(scene).at(event.node, event.time);
            let Some(Pick::Event(found)) = pick(scene, at) else {
                panic!("nothing is found at {at:?}");
            };
            assert_eq!(events[found.index()].time, event.time);
            let lit = lit(scene.run, id);
            assert!(lit.contains(&event.cause));
            let is_later = |other: &EventId| *other > id;
            assert!(lit.iter().any(is_later), "its receipt is an effect");
        });
    }
}
