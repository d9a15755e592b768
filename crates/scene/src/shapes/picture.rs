//! A picture, and the shapes that are put on it. Lengths are in CSS pixels, y grows downwards.

use super::ink::Ink;
use super::point::Point;
use super::style::Style;
use super::symbol::{Symbol, Symbols};

/// A picture: shapes, the first at the bottom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
    /// What is on it.
    pub shapes: Vec<Shape>,
    /// What these shapes stand for.
    pub symbols: Symbols,
}

/// One shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A circle.
    Circle(Circle),
    /// A line through points, closed or not.
    Path(Path),
    /// A line of text.
    Text(Text),
}

/// A circle.
#[derive(Clone, Debug, PartialEq)]
pub struct Circle {
    /// Its centre.
    pub centre: Point,
    /// Its radius.
    pub radius: f64,
    /// How it looks.
    pub style: Style,
}

/// A line through points.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The points, at least two.
    pub points: Vec<Point>,
    /// Whether the last is joined to the first.
    pub closed: bool,
    /// How it looks.
    pub style: Style,
}

/// A line of text, with a thin margin of ground around its letters where it is not bold.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Its place: its vertical middle.
    pub at: Point,
    /// What it says.
    pub words: String,
    /// Its height.
    pub size: f64,
    /// Where it stands.
    pub align: Align,
    /// Whether it is bold.
    pub bold: bool,
    /// What it is written with.
    pub ink: Ink,
    /// From 0, invisible, to 1.
    pub alpha: f64,
}

/// Where a text stands, seen from its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// To its right.
    Start,
    /// Around it.
    Middle,
    /// To its left.
    End,
}

impl Picture {
    /// An empty picture of this size.
    pub fn new(width: f64, height: f64) -> Picture {
        Picture {
            width,
            height,
            shapes: Vec::new(),
            symbols: Symbols::default(),
        }
    }

    /// Tells that some of its shapes stand for this.
    pub fn shows(&mut self, symbol: Symbol) {
        self.symbols.insert(symbol);
    }

    /// Adds a circle.
    pub fn circle(&mut self, centre: Point, radius: f64, style: Style) {
        self.shapes.push(Shape::Circle(Circle {
            centre,
            radius,
            style,
        }));
    }

    /// Adds a line from one point to another.
    pub fn segment(&mut self, from: Point, to: Point, style: Style) {
        self.line(vec![from, to], style);
    }

    /// Adds a line through points.
    pub fn line(&mut self, points: Vec<Point>, style: Style) {
        self.path(points, false, style);
    }

    /// Adds an area.
    pub fn area(&mut self, points: Vec<Point>, style: Style) {
        self.path(points, true, style);
    }

    fn path(&mut self, points: Vec<Point>, closed: bool, style: Style) {
        self.shapes.push(Shape::Path(Path {
            points,
            closed,
            style,
        }));
    }

    /// Adds two lines that cross at `centre` and reach `reach` from it to each side.
    pub fn cross(&mut self, centre: Point, reach: f64, style: Style) {
        let corner = |x: f64, y: f64| Point::new(centre.x + x * reach, centre.y + y * reach);
        self.segment(corner(-1.0, -1.0), corner(1.0, 1.0), style);
        self.segment(corner(-1.0, 1.0), corner(1.0, -1.0), style);
    }

    /// Adds a text in ordinary weight, moved inside if it would stick out.
    pub fn text(
        &mut self,
        at: Point,
        words: impl Into<String>,
        size: f64,
        align: Align,
        ink: Ink,
        alpha: f64,
    ) {
        let words = words.into();
        self.write(Text {
            at,
            words,
            size,
            align,
            bold: false,
            ink,
            alpha,
        });
    }

    /// Adds a text in bold, moved inside if it would stick out.
    pub fn bold_text(
        &mut self,
        at: Point,
        words: impl Into<String>,
        size: f64,
        align: Align,
        ink: Ink,
    ) {
        let words = words.into();
        self.write(Text {
            at,
            words,
            size,
            align,
            bold: true,
            ink,
            alpha: 1.0,
        });
    }

    fn write(&mut self, text: Text) {
        let at = self.inside(text.at, &text.words, text.size, text.align);
        self.shapes.push(Shape::Text(Text { at, ..text }));
    }

    /// About half the width of a text, in the unit of its size. A character is about half as wide as it is high; a
    /// picture has no font to measure.
    pub(crate) fn half_width(text: &str, size: f64) -> f64 {
        text.chars().count() as f64 * size * 0.29 + 2.0
    }

    /// The place nearest to `at` at which a text does not stick out.
    pub(crate) fn inside(&self, at: Point, text: &str, size: f64, align: Align) -> Point {
        let half = Picture::half_width(text, size);
        let (least, most) = match align {
            Align::Start => (2.0, self.width - 2.0 * half),
            Align::Middle => (half, self.width - half),
            Align::End => (2.0 * half, self.width - 2.0),
        };
        let x = if least < most {
            at.x.clamp(least, most)
        } else {
            self.width / 2.0
        };
        let lowest = (self.height - size * 0.6).max(size * 0.6);
        Point::new(x, at.y.clamp(size * 0.6, lowest))
    }
}
