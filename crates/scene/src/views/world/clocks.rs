//! What a node's two clocks show: the wall clock as text; where clocks are the lesson both, and as dials that go round.
//!
//! A wall clock has a hand; a monotonic clock, which tells no time of day, a slice that grows. In the true world a
//! thin hand shows the true time, and between the two lies the error; no node can see it.

use std::f64::consts::{FRAC_PI_2, TAU};

use scenario::Run;
use sim::NodeId;

use super::Moment;
use crate::shapes::{Ink, Labels, Picture, Point, Style};

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
struct Dial {
    centre: Point,
    radius: f64,
    round: i64,
}

impl Moment<'_> {
    /// What the clocks of a node show.
    pub(super) fn clock_words(&self, node: NodeId) -> String {
        let clocks = self.kernel.clocks(node);
        let mut words = time_of_day(clocks.wall.read(self.now));
        if self.is_about_clocks() {
            let elapsed = clocks.monotonic(self.now) as f64 / 1e9;
            words.push_str(&format!(" · up {elapsed:.1} s"));
        }
        words
    }

    /// How far the wall clock of a node is off, where clocks are the lesson and that can be seen.
    pub(super) fn error_words(&self, node: NodeId) -> Option<String> {
        let error = self.kernel.clocks(node).wall.error(self.now);
        let is_seen = self.is_about_clocks() && self.look.is_from_outside();
        (is_seen && error.abs() >= SMALLEST_ERROR).then(|| off_by(error))
    }

    /// The dials beside a node, each above its half of the words.
    pub(super) fn dials(&self, node: NodeId, labels: &mut Labels, picture: &mut Picture) {
        if !self.is_about_clocks() {
            return;
        }
        let clocks = self.kernel.clocks(node);
        let wall = clocks.wall.read(self.now);
        let is_true_world = self.look.is_from_outside();
        let truth = is_true_world.then(|| wall - clocks.wall.error(self.now));
        let (left, right) = (self.dial(node, -1.0), self.dial(node, 1.0));
        left.hand(wall, truth, picture);
        right.slice(clocks.monotonic(self.now), picture);
        for dial in [left, right] {
            labels.keep_disc(dial.centre, dial.radius);
        }
    }

    pub(super) fn is_about_clocks(&self) -> bool {
        are_the_lesson(self.run)
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

/// Whether a run is of a lab about clocks.
pub(super) fn are_the_lesson(run: &Run) -> bool {
    run.lab().chapter.to_ascii_lowercase().contains("clock")
}

/// How far a clock is off: `250 ms ahead`, `1.20 s behind`.
fn off_by(nanos: i64) -> String {
    let side = if nanos < 0 { "behind" } else { "ahead" };
    let off = nanos.unsigned_abs();
    if off < 1_000_000_000 {
        format!("{:.0} ms {side}", off as f64 / 1e6)
    } else {
        format!("{:.2} s {side}", off as f64 / 1e9)
    }
}

/// How long a hand takes to go round if a reader watches at this speed.
fn round(speed: f64) -> i64 {
    let is_slow = |round: &&i64| **round as f64 / 1e9 >= SECONDS_A_ROUND * speed;
    *ROUNDS.iter().find(is_slow).unwrap_or(&ROUNDS[3])
}

impl Dial {
    /// A wall clock's face, with a thin hand for the true time where that can be seen.
    fn hand(&self, reading: i64, truth: Option<i64>, picture: &mut Picture) {
        picture.circle(
            self.centre,
            self.radius,
            Style::stroke(Ink::Muted, 1.0).filled(Ink::Surface),
        );
        if let Some(truth) = truth {
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
    fn slice(&self, reading: i64, picture: &mut Picture) {
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
    const DAY: i64 = 24 * 3600 * 10;
    let tenths = (12 * 36_000 + reading.div_euclid(100_000_000)).rem_euclid(DAY);
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}.{tenth}", seconds % 60)
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

    #[test]
    fn errors_have_a_side_and_as_many_digits_as_tell_something() {
        for (nanos, text) in [
            (-250_000_000, "250 ms behind"),
            (2_400_000, "2 ms ahead"),
            (1_200_000_000, "1.20 s ahead"),
        ] {
            assert_eq!(off_by(nanos), text);
        }
    }

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
        // Three services are off, and the collector is right.
        assert_eq!(errors_seen(None), (3, 4));
        assert_eq!(errors_seen(Some(NodeId(1))), (0, 0));
    }
}
