//! What those clocks of nodes show that a lab is about: as text, and as dials that go round.
//!
//! A wall clock has a hand; a monotonic clock, which tells no time of day, a slice that grows. In the true world a
//! thin hand shows the true time, and between the two lies the error; no node can see it.

use std::f64::consts::{FRAC_PI_2, TAU};

use scenario::Run;
use scenario::lab::ClockKind;
use sim::NodeId;
use sim::protocol::{self as words, off_by};

use super::layout::Words;
use super::moment::Moment;
use crate::shapes::{Ink, Labels, Picture, Point, Style, Symbol};

/// A dial goes round in the first of these numbers of nanoseconds that takes a reader this long at the lab's speed.
const ROUNDS: [i64; 4] = [
    1_000_000_000,
    10_000_000_000,
    60_000_000_000,
    3_600_000_000_000,
];
const SECONDS_A_ROUND: f64 = 2.0;

/// Smaller errors, in nanoseconds, go without words.
const SMALLEST_ERROR: i64 = 500_000;

/// A dial's place and size, and how long its hand takes to go round.
pub(super) struct Dial {
    /// Its centre.
    pub centre: Point,
    /// Its radius.
    pub radius: f64,
    /// How long its hand takes to go round, in nanoseconds.
    pub round: i64,
}

impl Moment<'_> {
    /// What the clocks of a node show that the lab is about, and how far they are off where that can be seen.
    pub(super) fn clock_lines(&self, node: NodeId) -> Vec<(String, Ink)> {
        let room = self.layout.words;
        let mut lines = Vec::new();
        if room >= Words::Clocks {
            let clocks = self.kernel.clocks(node);
            if self.shows(node, ClockKind::Wall) {
                let reading = clocks.wall.read(self.now);
                let words = format!("wall {}", words::time_of_day(reading, self.digits));
                lines.push((words, Ink::Ink));
            }
            if self.shows(node, ClockKind::Monotonic) {
                // What it counts down tells more than what it has counted since the run began.
                let words = self.described(node).value("lease left").map_or_else(
                    || format!("own clock {:.2} s", clocks.monotonic(self.now) as f64 / 1e9),
                    |left| format!("{left} of the lease left"),
                );
                lines.push((words, Ink::Ink));
            }
        }
        if room >= Words::States && self.shows(node, ClockKind::Wall) {
            let error = self.error_words(node);
            lines.extend(error.map(|words| (words, Ink::Accent)));
        }
        lines
    }

    /// How far the wall clock of a node is off, where that can be seen.
    fn error_words(&self, node: NodeId) -> Option<String> {
        let error = self.kernel.clocks(node).wall.error(self.now);
        let is_told = self.look.is_from_outside() && error.abs() >= SMALLEST_ERROR;
        is_told.then(|| off_by(error))
    }

    /// The dials beside a node: its wall clock on the left, its monotonic clock on the right.
    pub(super) fn dials(&self, node: NodeId, labels: &mut Labels, picture: &mut Picture) {
        let clocks = self.kernel.clocks(node);
        let mut dials = Vec::new();
        if self.shows(node, ClockKind::Wall) {
            let wall = clocks.wall.read(self.now);
            let is_true_world = self.look.is_from_outside();
            let truth = is_true_world.then(|| wall - clocks.wall.error(self.now));
            let dial = self.dial(node, -1.0);
            dial.hand(wall, truth, picture);
            dials.push(dial);
        }
        if self.shows(node, ClockKind::Monotonic) {
            let dial = self.dial(node, 1.0);
            dial.slice(clocks.monotonic(self.now), picture);
            dials.push(dial);
        }
        for dial in dials {
            labels.keep_disc(dial.centre, dial.radius);
        }
    }

    /// Whether a clock of a node is drawn.
    fn shows(&self, node: NodeId, clock: ClockKind) -> bool {
        let role = self.run.scenario().role(node).id;
        let mut shown = self.run.lab().clocks.iter();
        shown.any(|shown| shown.role == role && shown.clock == clock)
    }

    /// Whether a node has dials beside it.
    pub(super) fn has_dials(&self, node: NodeId) -> bool {
        self.shows(node, ClockKind::Wall) || self.shows(node, ClockKind::Monotonic)
    }

    /// The dial at the lower left of a node, or with `side` 1 at its lower right.
    fn dial(&self, node: NodeId, side: f64) -> Dial {
        let (at, around, radius) = (self.place(node), self.layout.radius, self.size * 0.9);
        Dial {
            centre: Point::new(at.x + side * (around + radius), at.y + around * 0.6),
            radius,
            round: round(self.run.lab().speed),
        }
    }
}

/// How many lines the clocks take that a lab is about, at the node that has most.
pub(super) fn lines(run: &Run) -> usize {
    let clocks = &run.lab().clocks;
    let of_role = |role: &str| clocks.iter().filter(|shown| shown.role == role).count();
    let lines = clocks.iter().map(|shown| of_role(shown.role));
    lines.max().unwrap_or(0)
}

/// How many digits after the point tell the wall clocks of a run apart.
pub(super) fn digits(run: &Run) -> usize {
    let skews = run.scenario().nodes.iter();
    let skews = skews.map(|node| libm::fabs(node.skew));
    let least = skews
        .filter(|skew| *skew > 0.0)
        .fold(f64::INFINITY, f64::min);
    match least {
        _ if least < 20e6 => 3,
        _ if least < 200e6 => 2,
        _ => 1,
    }
}

/// How long a hand takes to go round if a reader watches at this speed.
fn round(speed: f64) -> i64 {
    let is_slow = |round: &&i64| **round as f64 / 1e9 >= SECONDS_A_ROUND * speed;
    *ROUNDS.iter().find(is_slow).unwrap_or(&ROUNDS[3])
}

impl Dial {
    /// A wall clock's face, with a thin hand for the true time where that can be seen.
    pub fn hand(&self, reading: i64, truth: Option<i64>, picture: &mut Picture) {
        picture.shows(Symbol::WallClock);
        picture.circle(
            self.centre,
            self.radius,
            Style::stroke(Ink::Muted, 1.0).filled(Ink::Surface),
        );
        if let Some(truth) = truth {
            picture.shows(Symbol::TrueTime);
            if (reading - truth).abs() < self.round / 2 {
                self.sector(
                    truth,
                    reading,
                    Style::fill(Ink::Accent).faded(0.35),
                    picture,
                );
            }
            let hand = vec![self.centre, self.rim(truth, 1.0)];
            picture.line(hand, Style::stroke(Ink::Accent, 1.0));
        }
        let hand = vec![self.centre, self.rim(reading, 0.92)];
        picture.line(hand, Style::stroke(Ink::Ink, 1.8));
    }

    /// How much of a round a monotonic clock has counted.
    pub fn slice(&self, reading: i64, picture: &mut Picture) {
        picture.shows(Symbol::MonotonicClock);
        picture.circle(
            self.centre,
            self.radius,
            Style::stroke(Ink::Muted, 1.0).filled(Ink::Surface),
        );
        let begun = reading - reading.rem_euclid(self.round);
        self.sector(begun, reading, Style::fill(Ink::Muted), picture);
    }

    /// The part of the face from one reading to another that is less than a round away.
    fn sector(&self, from: i64, to: i64, style: Style, picture: &mut Picture) {
        const STEPS: i64 = 12;
        let mut points = vec![self.centre];
        points.extend((0..=STEPS).map(|step| self.rim(from + (to - from) / STEPS * step, 0.92)));
        picture.area(points, style);
    }

    /// Where a hand points at `reading`, a share `reach` of the way from the centre to the rim.
    fn rim(&self, reading: i64, reach: f64) -> Point {
        let share = reading.rem_euclid(self.round) as f64 / self.round as f64;
        let turn = share * TAU - FRAC_PI_2;
        let length = self.radius * reach;
        Point::new(
            self.centre.x + length * libm::cos(turn),
            self.centre.y + length * libm::sin(turn),
        )
    }
}

/// A wall clock's reading as a time of day. Runs begin at noon.
pub fn time_of_day(reading: i64) -> String {
    words::time_of_day(reading, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::Look;
    use crate::shapes::{Path, Shape, Text};
    use crate::views::draw;
    use scenario::view::View;
    use sim::SimTime;

    #[test]
    fn a_dial_goes_round_slowly_enough_to_follow() {
        for (speed, seconds) in [(0.25, 1), (0.5, 1), (1.0, 10), (20.0, 60), (1e6, 3600)] {
            assert_eq!(round(speed), seconds * 1_000_000_000, "at {speed}");
        }
    }

    #[test]
    fn hands_go_clockwise_from_the_top() {
        let dial = Dial {
            centre: Point::new(50.0, 50.0),
            radius: 10.0,
            round: 1000,
        };
        for (reading, x, y) in [(0, 50.0, 40.0), (1250, 60.0, 50.0), (-500, 50.0, 60.0)] {
            assert!(dial.rim(reading, 1.0).distance(Point::new(x, y)) < 1e-9);
        }
    }

    /// The texts with a clock's error in them and the hands that show the true time, in a perspective.
    fn errors_seen(perspective: Option<NodeId>) -> (usize, usize) {
        let (mut run, problems) = Run::open("#/which-came-first");
        assert_eq!(problems, []);
        run.seek(SimTime::from_millis(400));
        let look = Look {
            perspective,
            ..Look::default()
        };
        let shapes = draw(View::World, &run, look, 900.0, 520.0).shapes;
        let is_error = |shape: &&Shape| matches!(shape, Shape::Text(Text { words, .. }) if words.ends_with("ahead") || words.ends_with("behind"));
        let is_truth = |shape: &&Shape| matches!(shape, Shape::Path(Path { style, .. }) if style.stroke == Some(Ink::Accent));
        (
            shapes.iter().filter(is_error).count(),
            shapes.iter().filter(is_truth).count(),
        )
    }

    #[test]
    fn only_the_true_world_shows_how_far_clocks_are_off() {
        // Three services are off. Nobody needs the clock of the collector.
        assert_eq!(errors_seen(None), (3, 3));
        assert_eq!(errors_seen(Some(NodeId(1))), (0, 0));
    }
}
