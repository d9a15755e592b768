//! The history: a row a client, a bar an operation from its call to its answer (Herlihy and Wing, *Linearizability: a
//! correctness condition for concurrent objects*, TOPLAS 1990, draw histories so).
//!
//! A bar without a right end is still open, or was given up: it may take effect at any time to come. One that failed is
//! pale. A dot is the moment at which something took effect. Operations that show a violation are red.

use sim::sorted::{Map, Set};

use scenario::Run;
use sim::trace::{Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::look::Look;
use crate::shape::{Align, Ink, Picture, Point, Style};
use crate::time_axis::TimeAxis;

/// A bar is at most this high.
const HIGHEST: f64 = 26.0;

/// An operation up to now.
struct Operation {
    number: u32,
    client: NodeId,
    function: Function,
    key: i64,
    /// What it was called with.
    value: i64,
    begun: SimTime,
    end: Option<End>,
    effects: Vec<SimTime>,
    /// Which of the client's lanes it is in: those that overlap are in lanes of their own.
    lane: usize,
    /// When the next one in its lane begins.
    followed: Option<SimTime>,
}

/// How an operation ended.
struct End {
    at: SimTime,
    outcome: Outcome,
    /// What was answered.
    value: i64,
}

impl Operation {
    fn outcome(&self) -> Option<Outcome> {
        self.end.as_ref().map(|end| end.outcome)
    }

    /// Whether anything of it falls into the window. One that has not ended for good may still take effect.
    fn is_within(&self, look: &Look) -> bool {
        let is_over = self
            .end
            .as_ref()
            .is_some_and(|end| end.at < look.from && end.outcome != Outcome::Unknown);
        !is_over && self.begun <= look.to
    }

    /// What it asked for and was told, in a few characters.
    fn label(&self, has_keys: bool) -> String {
        let key = if has_keys {
            format!(" k{}", self.key)
        } else {
            String::new()
        };
        let answer = self.end.as_ref().filter(|end| end.outcome == Outcome::Ok);
        match (self.function, answer) {
            (Function::Read, Some(end)) => format!("read{key}: {}", end.value),
            (Function::Read, None) => format!("read{key}"),
            (Function::Write, _) => format!("write{key} {}", self.value),
            (Function::Append, _) => format!("append{key} {}", self.value),
            (Function::Add, _) => format!("add{key} {}", self.value),
            (Function::Acquire, _) => format!("lock{key}"),
            (Function::Release, _) => format!("unlock{key}"),
            (Function::Pay, _) => format!("pay #{}", self.number),
            (Function::Request, _) => format!("#{}", self.number),
        }
    }
}

/// The history of a run up to its cursor.
pub fn draw(run: &Run, look: &Look, width: f64, height: f64) -> Picture {
    let operations = operations(run);
    let mut picture = Picture {
        width,
        height,
        shapes: Vec::new(),
    };
    let clients: Set<NodeId> = operations
        .iter()
        .map(|operation| operation.client)
        .collect();
    let names: Vec<String> = clients
        .iter()
        .map(|node| run.scenario().name(*node))
        .collect();
    let axis = TimeAxis::new(look, names.iter().map(String::as_str), width, height);
    axis.marks(&mut picture);
    if operations.is_empty() {
        let at = Point::new(width / 2.0, height / 2.0);
        let words = "No client has asked for anything yet.";
        picture.text(at, words, axis.size, Align::Middle, Ink::Muted, 1.0);
        return picture;
    }
    let history = History {
        run,
        look,
        axis,
        lanes: lanes(&operations),
        accused: accused(run),
        has_keys: has_keys(&operations),
    };
    history.rows(&mut picture);
    for operation in &operations {
        history.bar(operation, &mut picture);
    }
    history.violations(&mut picture);
    history.axis.cursor(run.now(), &mut picture);
    picture
}

/// An operation in words: what the picture shows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Whose operation it is.
    pub client: NodeId,
    /// What it asked for and was told, in a few characters.
    pub says: String,
    /// How it ended, if it has.
    pub outcome: Option<Outcome>,
    /// Whether it shows a violation.
    pub is_accused: bool,
    /// When it was called.
    pub begun: SimTime,
    /// When it ended, if it did.
    pub ended: Option<SimTime>,
}

/// The operations that the picture shows, in the order of their calls.
pub fn lines(run: &Run, look: &Look) -> Vec<Line> {
    let operations = operations(run);
    let accused = if look.perspective.is_none() {
        accused(run)
    } else {
        Set::default()
    };
    let has_keys = has_keys(&operations);
    let is_seen = |operation: &&Operation| {
        let is_own = look.perspective.is_none_or(|eyes| eyes == operation.client);
        is_own && operation.is_within(look)
    };
    let line = |operation: &Operation| Line {
        client: operation.client,
        says: operation.label(has_keys),
        outcome: operation.outcome(),
        is_accused: accused.contains(&operation.number),
        begun: operation.begun,
        ended: operation.end.as_ref().map(|end| end.at),
    };
    operations.iter().filter(is_seen).map(line).collect()
}

/// Whether operations are on different things, so that labels must say on which.
fn has_keys(operations: &[Operation]) -> bool {
    operations
        .iter()
        .any(|operation| operation.key != operations[0].key)
}

struct History<'a> {
    run: &'a Run,
    look: &'a Look,
    axis: TimeAxis,
    /// How many lanes each client needs.
    lanes: Map<NodeId, usize>,
    /// The operations that show a violation.
    accused: Set<u32>,
    has_keys: bool,
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
            let ink = if self.is_seen(*client) {
                Ink::Ink
            } else {
                Ink::Line
            };
            let name = self.run.scenario().name(*client);
            self.axis.name(&name, middle, ink, picture);
            let y = self.y(*client, lanes - 1) + self.lane() / 2.0;
            let line = vec![
                Point::new(self.axis.left, y),
                Point::new(self.axis.right(), y),
            ];
            picture.line(line, Style::stroke(Ink::Line, 1.0).faded(0.5));
        }
    }

    /// Through a client's eyes only its own operations are there, and no effect but what it is told.
    fn is_seen(&self, client: NodeId) -> bool {
        self.look.perspective.is_none_or(|eyes| eyes == client)
    }

    fn x(&self, time: SimTime) -> f64 {
        self.axis.x(time.as_nanos() as i64)
    }

    fn bar(&self, operation: &Operation, picture: &mut Picture) {
        let now = self.run.now();
        let last = operation.end.as_ref().map_or(now, |end| end.at);
        if !self.is_seen(operation.client) || !operation.is_within(self.look) {
            return;
        }
        let (left, right) = (self.axis.left, self.axis.right());
        let begin = self.x(operation.begun).max(left);
        let end = self.x(last).min(right).max(begin + 2.0);
        let y = self.y(operation.client, operation.lane);
        let half = (self.lane() * 0.25).min(HIGHEST / 2.0);
        let corners = [(begin, -half), (end, -half), (end, half), (begin, half)];
        let corners = corners.map(|(x, dy)| Point::new(x, y + dy));
        self.outline(operation, corners, picture);
        self.label(operation, Point::new(begin, y - half), picture);
        self.effects(operation, y, picture);
    }

    /// What it asked for, above its bar, where there is room before the next one.
    fn label(&self, operation: &Operation, corner: Point, picture: &mut Picture) {
        let label = operation.label(self.has_keys);
        let size = self.axis.size * 0.88;
        let end = operation
            .followed
            .map_or(self.axis.right(), |next| self.x(next));
        let has_room = label.chars().count() as f64 * size * 0.6 < end - corner.x;
        if has_room && self.lane() >= 2.0 * size + 8.0 {
            let has_failed = operation.outcome() == Some(Outcome::Fail);
            let ink = if has_failed { Ink::Muted } else { Ink::Ink };
            let at = Point::new(corner.x, corner.y - size * 0.75);
            picture.text(at, label, size, Align::Start, ink, 1.0);
        }
    }

    /// The bar itself. What has not ended has no right end; what was given up is dashed, and may still take effect.
    fn outline(&self, operation: &Operation, corners: [Point; 4], picture: &mut Picture) {
        let is_accused = self.accused.contains(&operation.number);
        let (ink, width) = if is_accused {
            (Ink::Danger, 2.5)
        } else {
            (Ink::Ink, 1.2)
        };
        let line = Style::stroke(ink, width);
        let [top_left, top_right, bottom_right, bottom_left] = corners;
        let open = vec![top_right, top_left, bottom_left, bottom_right];
        match operation.outcome() {
            Some(Outcome::Fail) => picture.area(corners.to_vec(), line.faded(0.45)),
            Some(Outcome::Ok) => picture.area(corners.to_vec(), line.filled(Ink::Surface)),
            None => {
                picture.area(corners.to_vec(), Style::fill(Ink::Surface));
                picture.line(open, line);
            }
            Some(Outcome::Unknown) => {
                picture.area(corners.to_vec(), Style::fill(Ink::Surface));
                picture.line(open, line.dashed());
                let middle = top_right.towards(bottom_right, 0.5);
                let now = self.x(self.run.now().min(self.look.to));
                if now > middle.x {
                    let rest = vec![middle, Point::new(now, middle.y)];
                    picture.line(rest, Style::stroke(ink, 1.0).dashed().faded(0.5));
                }
            }
        }
    }

    fn effects(&self, operation: &Operation, y: f64, picture: &mut Picture) {
        if self.look.perspective.is_some() {
            return;
        }
        let xs = operation.effects.iter().map(|time| self.x(*time));
        for x in xs.filter(|x| *x >= self.axis.left && *x <= self.axis.right()) {
            picture.circle(Point::new(x, y), 3.5, Style::fill(Ink::Accent));
        }
    }

    /// A red line where a violation became certain.
    fn violations(&self, picture: &mut Picture) {
        if self.look.perspective.is_some() {
            return;
        }
        let (top, bottom) = self.axis.rows();
        for id in self.run.violations() {
            let x = self.x(self.run.timeline().events()[id.index()].time);
            if x >= self.axis.left && x <= self.axis.right() {
                let line = vec![Point::new(x, top - 6.0), Point::new(x, bottom)];
                picture.line(line, Style::stroke(Ink::Danger, 1.5));
            }
        }
    }
}

/// All operations up to now, in the order of their calls.
fn operations(run: &Run) -> Vec<Operation> {
    let mut operations: Vec<Operation> = Vec::new();
    let mut places: Map<u32, usize> = Map::new();
    for event in run.timeline().events().iter() {
        let Some(fact) = event.fact() else { continue };
        if let Fact::Invoked {
            operation,
            function,
            key,
            value,
        } = fact
        {
            places.insert(operation, operations.len());
            operations.push(Operation {
                number: operation,
                client: event.node,
                function,
                key,
                value,
                begun: event.time,
                end: None,
                effects: Vec::new(),
                lane: 0,
                followed: None,
            });
            continue;
        }
        let place = fact.operation().and_then(|number| places.get(&number));
        let Some(operation) = place.map(|place| &mut operations[*place]) else {
            continue;
        };
        match fact {
            Fact::Returned { outcome, value, .. } => {
                operation.end = Some(End {
                    at: event.time,
                    outcome,
                    value,
                });
            }
            Fact::Effect { .. } => operation.effects.push(event.time),
            _ => {}
        }
    }
    share_lanes(&mut operations);
    let mut next: Map<(NodeId, usize), SimTime> = Map::new();
    for operation in operations.iter_mut().rev() {
        let lane = (operation.client, operation.lane);
        operation.followed = next.get(&lane).copied();
        next.insert(lane, operation.begun);
    }
    operations
}

/// Gives each operation the first lane of its client that is free.
fn share_lanes(operations: &mut [Operation]) {
    let mut free_from: Map<NodeId, Vec<Option<SimTime>>> = Map::new();
    for operation in operations {
        // What has not ended keeps its lane.
        let end = operation.end.as_ref().map(|end| end.at);
        if free_from.get(&operation.client).is_none() {
            free_from.insert(operation.client, Vec::new());
        }
        let Some(lanes) = free_from.get_mut(&operation.client) else {
            continue;
        };
        let free = lanes
            .iter()
            .position(|from| from.is_some_and(|from| from <= operation.begun));
        operation.lane = free.unwrap_or(lanes.len());
        match free {
            Some(lane) => lanes[lane] = end,
            None => lanes.push(end),
        }
    }
}

/// How many lanes each client needs.
fn lanes(operations: &[Operation]) -> Map<NodeId, usize> {
    let mut lanes: Map<NodeId, usize> = Map::new();
    for operation in operations {
        let so_far = lanes.get(&operation.client).copied().unwrap_or(0);
        lanes.insert(operation.client, so_far.max(operation.lane + 1));
    }
    lanes
}

/// The operations that the violations up to now are about.
fn accused(run: &Run) -> Set<u32> {
    let events = run.timeline().events();
    let verdicts = run.verdicts().into_iter();
    let shown = verdicts
        .filter(|(_, verdict)| verdict.at.is_some())
        .flat_map(|(_, verdict)| verdict.events);
    let fact = |id: EventId| events.get(id.index())?.fact()?.operation();
    shown.filter_map(fact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Shape;

    fn history(link: &str, look: &Look) -> (Run, Picture) {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let picture = draw(&run, look, 800.0, 300.0);
        (run, picture)
    }

    fn red(picture: &Picture) -> usize {
        let is_red = |shape: &&Shape| matches!(shape, Shape::Path { style, .. } if style.stroke == Some(Ink::Danger));
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
        let operations = operations(&run);
        for (place, one) in operations.iter().enumerate() {
            for other in &operations[place + 1..] {
                let end = one.end.as_ref().map(|end| end.at);
                let overlap = end.is_none_or(|end| end > other.begun);
                assert!(!overlap || one.client != other.client || one.lane != other.lane);
            }
        }
    }

    #[test]
    fn through_a_nodes_eyes_only_its_own_operations_are_seen() {
        let link = "#/double-charge?t=5s";
        let own = Look {
            perspective: Some(NodeId(0)),
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
        let lines = lines(&run, &all);
        assert_eq!(lines.len(), operations(&run).len());
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
        let own = super::lines(&run, &own);
        assert!(!own.is_empty() && own.len() < lines.len());
        assert!(
            own.iter()
                .all(|line| line.client == NodeId(0) && !line.is_accused)
        );
    }

    #[test]
    fn a_run_without_operations_says_so() {
        let (_, picture) = history("#/double-charge?t=0s", &Look::default());
        let says = |shape: &Shape| matches!(shape, Shape::Text { text, .. } if text.starts_with("No client"));
        assert!(picture.shapes.iter().any(says));
    }
}
