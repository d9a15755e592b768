//! The world at a moment: nodes with their clocks, links, and messages on their way.

use scenario::Run;
use sim::network::CutMode;
use sim::protocol::{MessageSort, NTP_KIND, fill};
use sim::trace::{Event, EventKind};
use sim::{Flight, Kernel, NodeId, Place, SimDuration, SimTime, Status};

use crate::caption::captions;
use crate::layout::Layout;
use crate::narrate::message_label;
use crate::shape::{Align, Ink, Picture, Point, Style};

/// With more nodes than this there is no room for words.
const MOST_WITH_WORDS: usize = 16;

/// With more messages than this they go without labels.
const MOST_WITH_LABELS: usize = 14;

/// Messages of the two directions keep to their right, so that they do not meet.
const LANE: f64 = 7.0;

/// What drawing a moment needs.
struct View<'a> {
    run: &'a Run,
    kernel: &'a Kernel,
    now: SimTime,
    layout: Layout,
    /// The size of ordinary text.
    size: f64,
    /// How long what has passed stays visible.
    life: SimDuration,
}

/// The picture of a run at its cursor.
pub fn draw(run: &Run, width: f64, height: f64) -> Picture {
    let roles: Vec<&str> = run.scenario().nodes.iter().map(|node| node.role).collect();
    let view = View {
        run,
        kernel: run.timeline().machine().kernel(),
        now: run.now(),
        layout: Layout::new(&roles, width, height),
        size: (width.min(height * 1.4) / 46.0).clamp(10.5, 15.0),
        life: life(run),
    };
    let mut picture = Picture {
        width,
        height,
        shapes: Vec::new(),
    };
    view.links(&mut picture);
    view.graves(&mut picture);
    view.nodes(&mut picture);
    view.messages(&mut picture);
    view.captions(&mut picture);
    picture
}

/// What has passed stays for about a second of watching at the lab's own speed.
fn life(run: &Run) -> SimDuration {
    SimDuration::from_nanos_f64(run.lab().speed * 1.2e9)
}

impl View<'_> {
    fn place(&self, node: NodeId) -> Point {
        self.layout.places[node.index()]
    }

    fn has_words(&self) -> bool {
        self.layout.places.len() <= MOST_WITH_WORDS
    }

    /// A point on the way of a message, a share `progress` from the sender's edge to the receiver's.
    fn on_way(&self, from: NodeId, to: NodeId, progress: f64) -> Point {
        let (start, end) = (self.place(from), self.place(to));
        let direction = start.direction(end);
        let side = direction.right();
        let start = start.moved(direction, self.layout.radius).moved(side, LANE);
        let end = end.moved(direction, -self.layout.radius).moved(side, LANE);
        start.towards(end, progress)
    }

    /// Links between nodes that have something to say to each other: clients do not talk among themselves.
    fn links(&self, picture: &mut Picture) {
        let nodes = &self.run.scenario().nodes;
        let count = nodes.len() as u16;
        let is_client = |node: NodeId| nodes[node.index()].role == "client";
        for a in (0..count).map(NodeId) {
            for b in (a.0 + 1..count).map(NodeId) {
                if is_client(a) && is_client(b) && nodes.iter().any(|node| node.role != "client") {
                    continue;
                }
                self.link(a, b, picture);
            }
        }
    }

    fn link(&self, a: NodeId, b: NodeId, picture: &mut Picture) {
        let (start, end) = (self.place(a), self.place(b));
        let network = self.kernel.network();
        let cuts = [network.cut(a, b), network.cut(b, a)];
        let line = Style::stroke(Ink::Line, 1.0);
        let is_cut = cuts.iter().any(Option::is_some);
        picture.line(vec![start, end], if is_cut { line.dashed() } else { line });
        for (cut, (from, to)) in cuts.into_iter().zip([(a, b), (b, a)]) {
            if let Some(mode) = cut {
                self.cut(from, to, mode, picture);
            }
        }
    }

    /// A bar across the lane that is cut; two bars where messages are held.
    fn cut(&self, from: NodeId, to: NodeId, mode: CutMode, picture: &mut Picture) {
        let direction = self.place(from).direction(self.place(to));
        let side = direction.right();
        let bars: &[f64] = if mode == CutMode::Hold {
            &[-3.0, 3.0]
        } else {
            &[0.0]
        };
        for shift in bars {
            let middle = self.on_way(from, to, 0.5).moved(direction, *shift);
            let ends = vec![middle.moved(side, -6.0), middle.moved(side, 8.0)];
            picture.line(ends, Style::stroke(Ink::Ink, 2.5));
        }
    }

    fn nodes(&self, picture: &mut Picture) {
        for node in (0..self.layout.places.len() as u16).map(NodeId) {
            self.node(node, picture);
        }
    }

    fn node(&self, node: NodeId, picture: &mut Picture) {
        let (at, radius) = (self.place(node), self.layout.radius);
        let status = self.kernel.status(node);
        let outline = Style::stroke(Ink::Ink, 1.5);
        let style = match status {
            Status::Running => outline.filled(Ink::Surface),
            Status::Paused => Style::stroke(Ink::Muted, 1.5).filled(Ink::Line),
            Status::Crashed => Style::stroke(Ink::Muted, 1.5).filled(Ink::Ground).dashed(),
        };
        picture.circle(at, radius, style);
        if self.run.timeline().machine().leads(node) {
            picture.circle(at, radius + 4.0, Style::stroke(Ink::Accent, 1.5));
        }
        if status == Status::Paused {
            self.frost(at, picture);
        }
        if self.has_words() {
            self.words(node, status, picture);
        }
        self.inbox(node, picture);
    }

    /// Slanted hatching, as on a pane in winter.
    fn frost(&self, centre: Point, picture: &mut Picture) {
        let radius = self.layout.radius;
        for step in -3..=3 {
            let shift = f64::from(step) * radius / 4.0;
            let reach = libm::sqrt((radius * radius - shift * shift).max(0.0)) * 0.96;
            let middle = Point::new(centre.x + shift * 0.707, centre.y + shift * 0.707);
            let (dx, dy) = (reach * 0.707, -reach * 0.707);
            let ends = vec![
                Point::new(middle.x - dx, middle.y - dy),
                Point::new(middle.x + dx, middle.y + dy),
            ];
            picture.line(ends, Style::stroke(Ink::Ground, 2.0));
        }
    }

    fn words(&self, node: NodeId, status: Status, picture: &mut Picture) {
        let (at, radius, size) = (self.place(node), self.layout.radius, self.size);
        let name = self.run.scenario().name(node);
        let fitting = (radius * 1.7 / (name.chars().count() as f64 * 0.56)).min(size * 1.15);
        if fitting >= 8.0 {
            picture.bold_text(at, name, fitting, Align::Middle, Ink::Ink);
        } else {
            picture.bold_text(
                Point::new(at.x, at.y - radius - size),
                name,
                size,
                Align::Middle,
                Ink::Ink,
            );
        }
        let below = |line: f64| Point::new(at.x, at.y + radius + size * (0.9 + 1.25 * line));
        picture.text(
            below(0.0),
            self.wall_clock(node),
            size,
            Align::Middle,
            Ink::Ink,
            1.0,
        );
        let second = match status {
            Status::Running => self.badge(node),
            Status::Paused => "paused".to_owned(),
            Status::Crashed => "crashed".to_owned(),
        };
        picture.text(
            below(1.0),
            second,
            size * 0.92,
            Align::Middle,
            Ink::Muted,
            1.0,
        );
    }

    fn badge(&self, node: NodeId) -> String {
        let name = |node: NodeId| self.run.scenario().name(node);
        self.run.timeline().machine().describe(node, &name).badge
    }

    fn wall_clock(&self, node: NodeId) -> String {
        time_of_day(self.kernel.clocks(node).wall.read(self.now))
    }

    /// What waits for a node: a row of dots, and a number if they are many.
    fn inbox(&self, node: NodeId, picture: &mut Picture) {
        let waiting = self.kernel.inbox(node);
        let (at, radius) = (self.place(node), self.layout.radius);
        let shown = waiting.min(6);
        for dot in 0..shown {
            let place = Point::new(
                at.x + radius + 7.0,
                at.y + radius * 0.6 - f64::from(dot) * 7.0,
            );
            picture.circle(place, 2.5, Style::fill(Ink::Muted));
        }
        if waiting > shown {
            let place = Point::new(
                at.x + radius + 4.0,
                at.y + radius * 0.6 - f64::from(shown) * 7.0 - 4.0,
            );
            picture.text(
                place,
                waiting.to_string(),
                self.size * 0.85,
                Align::Start,
                Ink::Muted,
                1.0,
            );
        }
    }

    fn messages(&self, picture: &mut Picture) {
        let mut flights: Vec<&Flight> = self
            .kernel
            .flights()
            .filter(|flight| flight.place != Place::Inbox)
            .collect();
        flights.sort_by_key(|flight| flight.id);
        let has_labels = self.has_words() && flights.len() <= MOST_WITH_LABELS;
        for flight in flights {
            self.message(flight, has_labels, picture);
        }
    }

    fn message(&self, flight: &Flight, has_label: bool, picture: &mut Picture) {
        let progress = if matches!(flight.place, Place::Held(_)) {
            0.5
        } else {
            progress(flight, self.now)
        };
        // A copy runs beside its original, so that the two are seen to part.
        let side = self
            .place(flight.from)
            .direction(self.place(flight.to))
            .right();
        let shift = if flight.is_duplicate {
            9.0 * (progress * 6.0).min(1.0)
        } else {
            0.0
        };
        let at = self
            .on_way(flight.from, flight.to, progress)
            .moved(side, shift);
        let alpha = self.vitality(flight);
        let sort = self.sort(flight);
        self.shape(at, flight, sort, alpha, picture);
        if has_label {
            let label = self.label(flight);
            let size = self.size * 0.92;
            let above = Point::new(at.x, at.y - 13.0);
            picture.text(above, label, size, Align::Middle, Ink::Ink, alpha);
        }
    }

    /// A message that will be lost pales over the last part of its way.
    fn vitality(&self, flight: &Flight) -> f64 {
        if flight.ends.is_none() {
            return 1.0;
        }
        let (whole, left) = (flight.next.since(flight.sent), flight.next.since(self.now));
        let share = left.as_nanos() as f64 / (whole.as_nanos() as f64 * 0.25 + 1.0);
        0.35 + 0.65 * share.min(1.0)
    }

    fn sort(&self, flight: &Flight) -> MessageSort {
        let words = self.run.timeline().machine().vocabulary().messages;
        words
            .get(usize::from(flight.gist.kind))
            .map_or(MessageSort::Heartbeat, |word| word.sort)
    }

    fn label(&self, flight: &Flight) -> String {
        if flight.gist.kind == NTP_KIND {
            return "clock sync".to_owned();
        }
        let words = self.run.timeline().machine().vocabulary().messages;
        let word = words.get(usize::from(flight.gist.kind));
        word.map_or_else(String::new, |word| fill(word.label, flight.gist.args))
    }

    fn shape(
        &self,
        at: Point,
        flight: &Flight,
        sort: MessageSort,
        alpha: f64,
        picture: &mut Picture,
    ) {
        let ink = Ink::Kind(sort as u8);
        let style = if flight.is_duplicate {
            Style::stroke(ink, 2.0).filled(Ink::Ground)
        } else {
            Style::stroke(Ink::Ground, 1.0).filled(ink)
        };
        let style = style.faded(alpha);
        let radius = (self.layout.radius / 5.0).clamp(3.5, 7.0);
        let forward = self.place(flight.from).direction(self.place(flight.to));
        match sort {
            MessageSort::Request => picture.circle(at, radius, style),
            MessageSort::Reply => picture.area(polygon(at, radius * 1.25, 4, forward), style),
            MessageSort::Refusal => picture.area(polygon(at, radius * 1.2, 6, forward), style),
            MessageSort::Replication => {
                picture.area(polygon(at, radius * 1.3, 4, turned(forward)), style)
            }
            MessageSort::Acknowledgement => {
                picture.area(polygon(at, radius * 1.2, 3, forward), style)
            }
            MessageSort::Heartbeat => picture.circle(at, radius * 0.6, style),
        }
        if flight.is_corrupted {
            let r = radius * 1.6;
            picture.line(
                vec![
                    Point::new(at.x - r, at.y),
                    Point::new(at.x - r / 3.0, at.y - 3.0),
                    Point::new(at.x + r / 3.0, at.y + 3.0),
                    Point::new(at.x + r, at.y),
                ],
                Style::stroke(Ink::Ink, 1.5).faded(alpha),
            );
        }
    }

    /// Crosses where messages died, fading.
    fn graves(&self, picture: &mut Picture) {
        let recent = |event: &&Event| self.now.since(event.time) < self.life;
        let events = self.run.timeline().events().iter().rev().take_while(recent);
        for event in events.filter(|event| event.kind == EventKind::Lost) {
            let age = self.now.since(event.time).as_nanos() as f64 / self.life.as_nanos() as f64;
            let at = self.on_way(event.peer, event.node, event.args[0] as f64 / 1000.0);
            let style = Style::stroke(Ink::Ink, 2.0).faded(1.0 - age);
            let r = 5.5;
            picture.line(
                vec![
                    Point::new(at.x - r, at.y - r),
                    Point::new(at.x + r, at.y + r),
                ],
                style,
            );
            picture.line(
                vec![
                    Point::new(at.x - r, at.y + r),
                    Point::new(at.x + r, at.y - r),
                ],
                style,
            );
            if self.has_words() {
                let label = format!("{} lost", message_label(self.run, event));
                let below = Point::new(at.x, at.y + 15.0);
                picture.text(
                    below,
                    label,
                    self.size * 0.92,
                    Align::Middle,
                    Ink::Muted,
                    1.0 - age,
                );
            }
        }
    }

    fn captions(&self, picture: &mut Picture) {
        for caption in captions(self.run, self.life) {
            let (at, radius) = (self.place(caption.node), self.layout.radius);
            let alpha = 1.0 - caption.age * caption.age;
            let ink = if caption.is_violation {
                Ink::Danger
            } else {
                Ink::Ink
            };
            if caption.is_violation {
                picture.circle(
                    at,
                    radius + 5.0,
                    Style::stroke(Ink::Danger, 3.0).faded(alpha),
                );
            }
            if self.has_words() {
                let above = Point::new(at.x, at.y - radius - self.size * 1.1);
                picture.text(above, caption.words, self.size, Align::Middle, ink, alpha);
            }
        }
    }
}

/// How far a message has come, from 0 to 1.
fn progress(flight: &Flight, now: SimTime) -> f64 {
    let (whole, gone) = (flight.due.since(flight.sent), now.since(flight.sent));
    if whole.is_zero() {
        1.0
    } else {
        (gone.as_nanos() as f64 / whole.as_nanos() as f64).min(1.0)
    }
}

/// A regular polygon with a corner in this direction.
fn polygon(centre: Point, radius: f64, corners: u32, direction: Point) -> Vec<Point> {
    let first = libm::atan2(direction.y, direction.x);
    let corner = |place: u32| {
        let turn = first + 2.0 * std::f64::consts::PI * f64::from(place) / f64::from(corners);
        Point::new(
            centre.x + radius * libm::cos(turn),
            centre.y + radius * libm::sin(turn),
        )
    };
    (0..corners).map(corner).collect()
}

/// A direction turned by an eighth.
fn turned(direction: Point) -> Point {
    let half = std::f64::consts::FRAC_1_SQRT_2;
    Point::new(
        (direction.x - direction.y) * half,
        (direction.x + direction.y) * half,
    )
}

/// A wall clock's reading as a time of day. Runs begin at noon.
pub fn time_of_day(reading: i64) -> String {
    const DAY: i64 = 24 * 3600 * 10;
    let tenths = (12 * 36_000 + reading.div_euclid(100_000_000)).rem_euclid(DAY);
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    format!(
        "{:02}:{:02}:{:02}.{tenth}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_show_the_time_of_day_even_before_noon() {
        for (nanos, text) in [
            (0, "12:00:00.0"),
            (3_450_000_000, "12:00:03.4"),
            (-1, "11:59:59.9"),
            (-800_000_000, "11:59:59.2"),
        ] {
            assert_eq!(time_of_day(nanos), text);
        }
    }
}
