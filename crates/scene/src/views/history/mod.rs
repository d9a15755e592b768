//! The history: one row per client, one bar per operation from its call to its answer (Herlihy and Wing,
//! *Linearizability: a correctness condition for concurrent objects*, TOPLAS 1990, draw histories so).
//!
//! A bar without a right end is still open, or was given up: it may take effect at any later time. One that failed is
//! pale. A dot is the moment at which something took effect. Operations that show a violation are red. In a
//! client's perspective only its own operations are there, without effects and violations: it is not told of those.
//!
//! | module | its subject |
//! | --- | --- |
//! | `mod.rs` | the bars |
//! | `glyphs` | the marks, each drawn here alone, and a sample of each |
//! | `operations` | the operations of a run's clients that are in sight |
//! | `accused` | which operations a violation is about |
//! | `told` | the operation of the event that is told |
//! | `lines` | the history in words, one line per bar |

mod accused;
mod glyphs;
mod lines;
mod operations;
mod told;

use scenario::Run;
use sim::sorted::{Map, Set};
use sim::trace::Outcome;
use sim::{NodeId, SimTime};

use self::accused::accused;
use self::glyphs::Bounds;
use self::operations::{Operation, Words, operations};
use super::scene::Scene;
use super::time_axis::TimeAxis;
use crate::look::Look;
use crate::shapes::{Align, Ink, Picture, Point, Style};

pub(super) use glyphs::sample;
pub use lines::{Line, lines};

/// A bar is at most this high.
const HIGHEST: f64 = 26.0;

/// More bars than this no screen has room for: of more the latest are drawn.
const MOST_BARS: usize = 1000;

/// The history of the run up to its cursor.
pub(super) fn draw(scene: &Scene<'_>) -> Picture {
    let Scene { run, look, .. } = scene;
    let lanes: Map<NodeId, usize> = run.gathered().lanes().collect();
    let names: Vec<String> = lanes
        .keys()
        .map(|node| run.scenario().name(*node))
        .collect();
    let axis = TimeAxis::new(scene, names.iter().map(String::as_str));
    let mut picture = scene.blank();
    axis.marks(&mut picture);
    if lanes.is_empty() {
        let at = Point::new(scene.width / 2.0, scene.height / 2.0);
        let words = "No operations of clients so far.";
        picture.text(at, words, axis.size, Align::Middle, Ink::Muted, 1.0);
        return picture;
    }
    let history = History {
        run,
        look,
        axis,
        lanes,
        accused: accused(run, look),
        told: match scene.light.told {
            Some(_) => told::operation(scene),
            None => None,
        },
        words: Words::of(run),
    };
    history.rows(&mut picture);
    let (seen, more) = operations(run, look, MOST_BARS);
    // What was given up reaches up to now, and what is given up after it in its lane along the same line: one is drawn.
    let mut given_up = Set::new();
    for operation in &seen {
        let is_accused = history.accused.contains(&operation.number);
        let lane = (operation.client, operation.lane, is_accused);
        let is_first = operation.outcome() == Some(Outcome::Unknown) && given_up.insert(lane);
        history.bar(operation, is_first, &mut picture);
    }
    history.axis.left_out(more, "operation", &mut picture);
    history.violations(&mut picture);
    if scene.light.told.is_some() {
        told::moment(&history.axis, scene, &mut picture);
    }
    history.axis.cursor(run.now(), &mut picture);
    picture
}

struct History<'a> {
    run: &'a Run,
    look: &'a Look,
    axis: TimeAxis,
    /// How many lanes each client needs.
    lanes: Map<NodeId, usize>,
    /// The operations that show a violation.
    accused: Set<u32>,
    /// The operation that the event is about that is told.
    told: Option<u32>,
    words: Words<'a>,
}

impl History<'_> {
    /// The height of a lane.
    fn lane(&self) -> f64 {
        let (top, bottom) = self.axis.rows();
        let all: usize = self.lanes.values().sum();
        (bottom - top) / all.max(1) as f64
    }

    /// The middle of a client's lane.
    fn y(&self, client: NodeId, lane: usize) -> f64 {
        let above = self.lanes.iter().take_while(|(other, _)| **other < client);
        let above: usize = above.map(|(_, lanes)| lanes).sum();
        self.axis.rows().0 + self.lane() * ((above + lane) as f64 + 0.5)
    }

    fn rows(&self, picture: &mut Picture) {
        for (client, lanes) in self.lanes.iter() {
            let middle = (self.y(*client, 0) + self.y(*client, lanes - 1)) / 2.0;
            let ink = if self.look.sees(*client) {
                Ink::Ink
            } else {
                Ink::Line
            };
            let name = self.run.scenario().name(*client);
            self.axis.name(&name, middle, ink, picture);
            let y = self.y(*client, lanes - 1) + self.lane() / 2.0;
            let [left, right] = [self.axis.left, self.axis.right()].map(|x| Point::new(x, y));
            picture.segment(left, right, Style::stroke(Ink::Line, 1.0).faded(0.5));
        }
    }

    fn x(&self, time: SimTime) -> f64 {
        self.axis.x(time.as_nanos() as i64)
    }

    fn bar(&self, operation: &Operation, reaches_now: bool, picture: &mut Picture) {
        let now = self.run.now();
        let last = operation.end.as_ref().map_or(now, |end| end.at);
        let (left, right) = (self.axis.left, self.axis.right());
        let begin = self.x(operation.begun).max(left);
        let end = self.x(last).min(right).max(begin + 2.0);
        let y = self.y(operation.client, operation.lane);
        let half = (self.lane() * 0.25).min(HIGHEST / 2.0);
        let bounds = Bounds {
            left: begin,
            right: end,
            middle: y,
            half,
        };
        let is_accused = self.accused.contains(&operation.number);
        glyphs::bar(picture, bounds, operation.outcome(), is_accused);
        if self.told == Some(operation.number) {
            told::bar(picture, bounds);
        }
        if reaches_now {
            glyphs::reach(picture, bounds, is_accused, self.x(now.min(self.look.to)));
        }
        self.label(operation, Point::new(begin, y - half), picture);
        self.effects(operation, y, picture);
    }

    /// What it asked for, above its bar, as much of it as has room before the next one.
    fn label(&self, operation: &Operation, corner: Point, picture: &mut Picture) {
        let size = self.axis.size * 0.88;
        let end = operation
            .followed
            .map_or(self.axis.right(), |next| self.x(next));
        let has_room = |label: &String| label.chars().count() as f64 * size * 0.6 < end - corner.x;
        let labels = [
            operation.label(&self.words),
            operation.name(&self.words),
            format!("#{}", operation.number),
        ];
        let label = labels.into_iter().find(has_room);
        if let Some(label) = label.filter(|_| self.lane() >= 2.0 * size + 8.0) {
            let has_failed = operation.outcome() == Some(Outcome::Fail);
            let ink = if has_failed { Ink::Muted } else { Ink::Ink };
            let at = Point::new(corner.x, corner.y - size * 0.75);
            picture.text(at, label, size, Align::Start, ink, 1.0);
        }
    }

    fn effects(&self, operation: &Operation, y: f64, picture: &mut Picture) {
        if !self.look.is_from_outside() {
            return;
        }
        let xs = operation.effects.iter().map(|time| self.x(*time));
        for x in xs.filter(|x| *x >= self.axis.left && *x <= self.axis.right()) {
            glyphs::effect(picture, Point::new(x, y));
        }
    }

    /// A red line where a violation became certain.
    fn violations(&self, picture: &mut Picture) {
        if !self.look.is_from_outside() {
            return;
        }
        let (top, bottom) = self.axis.rows();
        for id in self.run.violations() {
            let x = self.x(self.run.timeline().events()[id.index()].time);
            if x >= self.axis.left && x <= self.axis.right() {
                let (top, bottom) = (Point::new(x, top - 6.0), Point::new(x, bottom));
                glyphs::violation(picture, top, bottom);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::{Path, Shape, Text};
    use crate::views;
    use scenario::Run;
    use scenario::view::View;
    use sim::SimTime;

    fn history(link: &str, look: &Look) -> (Run, Picture) {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let picture = views::draw(View::History, &run, *look, 800.0, 300.0);
        (run, picture)
    }

    fn red(picture: &Picture) -> usize {
        let is_red = |shape: &&Shape| matches!(shape, Shape::Path(Path { style, .. }) if style.stroke == Some(Ink::Danger));
        picture.shapes.iter().filter(is_red).count()
    }

    #[test]
    fn what_violates_a_check_is_red_and_all_else_is_not() {
        let violated = history("#/double-charge?t=10s", &Look::default());
        assert!(!violated.0.violations().is_empty());
        assert!(red(&violated.1) > 0);
        let kept = history("#/double-charge?on=idempotency-key&t=10s", &Look::default());
        assert!(kept.0.violations().is_empty());
        assert_eq!(red(&kept.1), 0);
    }

    #[test]
    fn operations_of_one_client_that_overlap_are_in_lanes_of_their_own() {
        let (run, _) = history("#/retry-storm?t=15s", &Look::default());
        let all = Look {
            to: SimTime::from_millis(15_000),
            ..Look::default()
        };
        let (operations, _) = operations(&run, &all, usize::MAX);
        assert!(operations.len() > 100);
        for (place, one) in operations.iter().enumerate() {
            for other in &operations[place + 1..] {
                let end = one.end.as_ref().map(|end| end.at);
                let overlap = end.is_none_or(|end| end > other.begun);
                assert!(!overlap || one.client != other.client || one.lane != other.lane);
            }
        }
    }

    #[test]
    fn in_a_nodes_perspective_only_its_own_operations_are_seen_and_none_is_red() {
        let link = "#/double-charge?t=5s";
        let own = Look {
            perspective: Some(NodeId(1)),
            ..Look::default()
        };
        let (all, own) = (history(link, &Look::default()).1, history(link, &own).1);
        assert!(own.shapes.len() < all.shapes.len());
        assert_eq!(red(&own), 0);
    }

    #[test]
    fn every_bar_is_there_in_words() {
        let all = Look {
            to: SimTime::from_millis(10_000),
            ..Look::default()
        };
        let (run, _) = history("#/double-charge?t=10s", &all);
        let (lines, more) = lines(&run, &all, usize::MAX);
        assert_eq!(more, 0);
        assert_eq!(lines.len(), run.gathered().len());
        assert!(lines.iter().any(|line| line.is_accused));
        assert!(
            lines
                .iter()
                .any(|line| line.outcome == Some(Outcome::Ok) && line.ended.is_some())
        );
        let own = Look {
            perspective: Some(NodeId(0)),
            ..all
        };
        let (own, _) = super::lines(&run, &own, usize::MAX);
        assert!(!own.is_empty() && own.len() < lines.len());
        assert!(
            own.iter()
                .all(|line| line.client == NodeId(0) && !line.is_accused)
        );
    }

    #[test]
    fn a_run_without_operations_says_so() {
        let (_, picture) = history("#/double-charge?t=0s", &Look::default());
        let says = |shape: &Shape| matches!(shape, Shape::Text(Text { words, .. }) if words.starts_with("No operations"));
        assert!(picture.shapes.iter().any(says));
    }
}
