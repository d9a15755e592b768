//! Time to the right: where a moment stands in a picture, and the marks above it.

use sim::SimTime;
use sim::protocol::counted;

use super::scene::Scene;
use crate::shapes::{Align, Ink, Picture, Point, Style, text_size};

/// The horizontal axis of a picture whose rows have names to their left.
pub(super) struct TimeAxis {
    from: SimTime,
    to: SimTime,
    /// Where rows begin: names stand to the left.
    pub left: f64,
    width: f64,
    height: f64,
    /// The size of ordinary text.
    pub size: f64,
}

impl TimeAxis {
    /// The axis of a scene's picture whose rows have these names.
    pub fn new<'a>(scene: &Scene<'_>, names: impl Iterator<Item = &'a str>) -> TimeAxis {
        let (width, height) = (scene.width, scene.height);
        let size = 0.9 * text_size(width, height);
        let longest = names.map(|name| name.chars().count()).max().unwrap_or(0) as f64;
        TimeAxis {
            from: scene.look.from,
            to: scene.look.to,
            left: (longest * size * 0.62 + 16.0).min(width * 0.25),
            width,
            height,
            size,
        }
    }

    /// Where a moment stands, in nanoseconds; it may lie outside.
    pub fn x(&self, nanos: i64) -> f64 {
        let from = self.from.as_nanos() as f64;
        let span = self.to.since(self.from).as_nanos().max(1) as f64;
        self.left + (self.right() - self.left) * (nanos as f64 - from) / span
    }

    /// Where rows end.
    pub fn right(&self) -> f64 {
        self.width - 8.0
    }

    /// Where the first row may begin, and where the last must end.
    pub fn rows(&self) -> (f64, f64) {
        (self.size * 2.2, self.height - self.size * 1.2)
    }

    /// Writes the name of a row.
    pub fn name(&self, name: &str, y: f64, ink: Ink, picture: &mut Picture) {
        let at = Point::new(self.left - 10.0, y);
        picture.bold_text(at, name, self.size, Align::End, ink);
    }

    /// Draws the marks and their times.
    pub fn marks(&self, picture: &mut Picture) {
        let span = self.to.since(self.from).as_millis_f64();
        let step = tick(span / ((self.width - self.left) / 90.0).max(1.0));
        let first = libm::ceil(self.from.as_millis_f64() / step) as i64;
        let last = libm::floor(self.to.as_millis_f64() / step) as i64;
        for mark in first..=last.min(first + 60) {
            let ms = mark as f64 * step;
            let x = self.x((ms * 1e6) as i64);
            let line = Style::stroke(Ink::Line, 1.0).faded(0.6);
            self.vertical(x, self.size * 1.6, line, picture);
            let text = format!("{} s", libm::round(ms) / 1000.0);
            let place = Point::new(x, self.size * 0.8);
            picture.text(place, text, self.size * 0.9, Align::Middle, Ink::Muted, 1.0);
        }
    }

    /// Draws the line of the present.
    pub fn cursor(&self, now: SimTime, picture: &mut Picture) {
        let x = self.x(now.as_nanos() as i64);
        if x >= self.left && x <= self.width {
            let line = Style::stroke(Ink::Accent, 1.5);
            self.vertical(x, self.size * 1.5, line, picture);
        }
    }

    /// Says how many things that fall into the window are not drawn, if not all are.
    pub fn left_out(&self, count: usize, noun: &str, picture: &mut Picture) {
        if count > 0 {
            let at = Point::new(self.left, self.height - self.size * 0.6);
            let words = format!(
                "Not drawn: {} before these. Zoom in to see more.",
                counted(count, noun)
            );
            picture.text(at, words, self.size * 0.9, Align::Start, Ink::Muted, 1.0);
        }
    }

    fn vertical(&self, x: f64, top: f64, style: Style, picture: &mut Picture) {
        picture.segment(Point::new(x, top), Point::new(x, self.height), style);
    }
}

/// The round step, in milliseconds, that is at least this long: 1, 2 or 5 times a power of ten.
fn tick(least: f64) -> f64 {
    let mut step = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if step * factor >= least {
                return step * factor;
            }
        }
        step *= 10.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        for (least, step) in [
            (0.3, 1.0),
            (1.5, 2.0),
            (3.0, 5.0),
            (70.0, 100.0),
            (101.0, 200.0),
        ] {
            assert_eq!(tick(least), step);
        }
    }
}
