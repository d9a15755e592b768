//! Messages on their way, and where they died.

use sim::protocol::MessageSort;
use sim::sorting::sort_by_key;
use sim::trace::{Event, EventKind, Lost};
use sim::{Flight, NodeId, Place, SimTime};

use super::Moment;
use crate::shapes::{Align, Ink, Labels, Picture, Point, Style};
use crate::words::vocabulary::{label, message_of, sort_of};

/// With more messages than this they go without labels.
const MOST_WITH_LABELS: usize = 14;

/// The radius of a message where nodes are large, in units.
const LARGEST_MARK: f64 = 7.0;

/// How a message is drawn.
struct Mark {
    at: Point,
    /// The direction in which it travels.
    forward: Point,
    sort: MessageSort,
    is_hollow: bool,
    alpha: f64,
}

impl Moment<'_> {
    pub(super) fn messages(&self, labels: &mut Labels, picture: &mut Picture) {
        let flights = self.kernel.flights();
        let mut flights: Vec<&Flight> = flights
            .filter(|flight| flight.place != Place::Inbox)
            .collect();
        sort_by_key(&mut flights, |flight| flight.id);
        for flight in &flights {
            self.message(flight, labels, picture);
        }
        if self.has_words() && flights.len() <= MOST_WITH_LABELS {
            for flight in flights {
                let (at, alpha) = (self.flight_place(flight), self.vitality(flight));
                let words = label(self.run, flight.gist);
                self.label(at, words, (Ink::Ink, alpha), labels, picture);
            }
        }
    }

    /// Where a message is drawn. A copy parts from its original and runs beside it.
    pub(super) fn flight_place(&self, flight: &Flight) -> Point {
        let progress = match flight.place {
            Place::Held(_) => 0.5,
            _ => progress(flight, self.now),
        };
        let forward = self.place(flight.from).direction(self.place(flight.to));
        let shift = if flight.is_duplicate {
            9.0 * self.unit * (progress * 6.0).min(1.0)
        } else {
            0.0
        };
        self.on_way(flight.from, flight.to, progress)
            .moved(forward.right(), shift)
    }

    fn message(&self, flight: &Flight, labels: &mut Labels, picture: &mut Picture) {
        let mark = Mark {
            at: self.flight_place(flight),
            forward: self.place(flight.from).direction(self.place(flight.to)),
            sort: sort_of(self.run, flight.gist.kind),
            is_hollow: flight.is_duplicate,
            alpha: self.vitality(flight),
        };
        self.mark(&mark, picture);
        labels.keep_disc(mark.at, self.mark_radius());
        if flight.is_corrupted {
            self.flaw(&mark, picture);
        }
    }

    /// In a node's perspective: what it has just sent, leaving, and what it has just got, arrived.
    pub(super) fn own_messages(&self, node: NodeId, labels: &mut Labels, picture: &mut Picture) {
        let events = self.run.timeline().events().iter().rev();
        let recent = events.take_while(|event| self.age(event.time) < 1.0);
        for event in recent.filter(|event| event.is_known_to(node)) {
            let age = self.age(event.time);
            let (from, to, progress) = match event.kind {
                EventKind::Send => (node, event.peer, 0.05 + 0.15 * age),
                EventKind::Deliver => (event.peer, node, 0.97),
                _ => continue,
            };
            let mark = Mark {
                at: self.on_way(from, to, progress),
                forward: self.place(from).direction(self.place(to)),
                sort: sort_of(self.run, event.code),
                is_hollow: false,
                alpha: 1.0 - age * age,
            };
            self.mark(&mark, picture);
            let words = label(self.run, message_of(self.run, event));
            self.label(mark.at, words, (Ink::Ink, mark.alpha), labels, picture);
        }
    }

    /// A message that will be lost pales over the last part of its way.
    fn vitality(&self, flight: &Flight) -> f64 {
        if flight.ends.is_none() {
            return 1.0;
        }
        let whole = flight.next.since(flight.sent).as_nanos() as f64;
        let left = flight.next.since(self.now).as_nanos() as f64;
        0.35 + 0.65 * (left / (whole * 0.25 + 1.0)).min(1.0)
    }

    /// Words near a mark, in an ink of some strength, where there is room for them.
    fn label(
        &self,
        mark: Point,
        words: String,
        (ink, alpha): (Ink, f64),
        labels: &mut Labels,
        picture: &mut Picture,
    ) {
        if words.is_empty() {
            return;
        }
        let size = self.size * 0.92;
        if let Some(at) = labels.near(mark, &words, size, picture) {
            picture.text(at, words, size, Align::Middle, ink, alpha);
        }
    }

    fn mark(&self, mark: &Mark, picture: &mut Picture) {
        let (at, forward) = (mark.at, mark.forward);
        let ink = Ink::Kind(mark.sort as u8);
        let style = if mark.is_hollow {
            Style::stroke(ink, 2.0 * self.unit.max(1.0)).filled(Ink::Ground)
        } else {
            Style::stroke(Ink::Ground, 1.0).filled(ink)
        };
        let style = style.faded(mark.alpha);
        let radius = self.mark_radius();
        let (corners, reach, first) = match mark.sort {
            MessageSort::Request => return picture.circle(at, radius, style),
            MessageSort::Heartbeat => return picture.circle(at, radius * 0.6, style),
            MessageSort::Reply => (4, 1.25, forward),
            MessageSort::Refusal => (6, 1.2, forward),
            MessageSort::Replication => (4, 1.3, turned(forward)),
            MessageSort::Acknowledgement => (3, 1.25, forward),
        };
        picture.area(polygon(at, radius * reach, corners, first), style);
    }

    fn mark_radius(&self) -> f64 {
        let largest = LARGEST_MARK * self.unit;
        (self.layout.radius / 5.0).clamp(largest.min(3.5), largest)
    }

    /// A jag through a message whose bits have flipped.
    fn flaw(&self, mark: &Mark, picture: &mut Picture) {
        let reach = 1.5 * self.mark_radius();
        let corner = |x: f64, y: f64| Point::new(mark.at.x + x * reach, mark.at.y + y * self.unit);
        let jag = [(-1.0, 0.0), (-0.3, -4.0), (0.3, 4.0), (1.0, 0.0)];
        let points = jag.map(|(x, y)| corner(x, y)).to_vec();
        picture.line(
            points,
            Style::stroke(Ink::Ink, 1.6 * self.unit).faded(mark.alpha),
        );
    }

    /// Crosses where messages died, fading.
    pub(super) fn graves(&self, labels: &mut Labels, picture: &mut Picture) {
        let events = self.run.timeline().events().iter().rev();
        let recent = events.take_while(|event| self.age(event.time) < 1.0);
        for event in recent.filter(|event| event.kind == EventKind::Lost) {
            self.grave(event, labels, picture);
        }
    }

    fn grave(&self, event: &Event, labels: &mut Labels, picture: &mut Picture) {
        let reach = 5.5 * self.unit;
        let age = self.age(event.time);
        let alpha = 1.0 - age * age;
        let Some(lost) = event.detail::<Lost>() else {
            return;
        };
        let at = self.on_way(event.peer, event.node, lost.share());
        let style = Style::stroke(Ink::Ink, 2.0 * self.unit).faded(alpha);
        picture.cross(at, reach, style);
        if self.has_words() {
            let mut words = label(self.run, message_of(self.run, event));
            if !words.is_empty() {
                words.push_str(" lost");
            }
            self.label(at, words, (Ink::Muted, alpha), labels, picture);
        }
    }
}

/// How far a message has come, from 0 to 1.
fn progress(flight: &Flight, now: SimTime) -> f64 {
    let (whole, gone) = (flight.due.since(flight.sent), now.since(flight.sent));
    if whole.is_zero() {
        return 1.0;
    }
    (gone.as_nanos() as f64 / whole.as_nanos() as f64).min(1.0)
}

/// A regular polygon with a corner in this direction.
fn polygon(centre: Point, radius: f64, corners: u32, direction: Point) -> Vec<Point> {
    let first = libm::atan2(direction.y, direction.x);
    let corner = |place: u32| {
        let turn = first + 2.0 * std::f64::consts::PI * f64::from(place) / f64::from(corners);
        centre.moved(Point::new(libm::cos(turn), libm::sin(turn)), radius)
    };
    (0..corners).map(corner).collect()
}

/// A direction turned by an eighth.
fn turned(direction: Point) -> Point {
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let (x, y) = (direction.x, direction.y);
    Point::new((x - y) * half, (x + y) * half)
}
