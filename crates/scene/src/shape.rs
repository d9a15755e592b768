//! The shapes that pictures are made of. Lengths are in CSS pixels, y grows downwards.

/// A place in a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// What a shape is painted with: a colour of the palette, not a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ink {
    /// The background.
    Ground,
    /// What stands out from the background a little.
    Surface,
    /// Text and outlines.
    Ink,
    /// Text that matters less.
    Muted,
    /// Hairlines.
    Line,
    /// The one accent.
    Accent,
    /// Violations.
    Danger,
    /// What is well.
    Ok,
    /// A sort of messages, from 0 to 5.
    Kind(u8),
}

/// The colours of a palette, as CSS writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    /// A colour for each of [`Ink::all`], in that order.
    pub colours: [String; Ink::COUNT],
    /// The font family of texts.
    pub font: String,
}

/// How a shape is filled and outlined.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Style {
    /// What it is filled with.
    pub fill: Option<Ink>,
    /// What its outline is drawn with.
    pub stroke: Option<Ink>,
    /// How wide the outline is.
    pub width: f64,
    /// Whether the outline is dashed.
    pub dashed: bool,
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

/// One shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A circle.
    Circle {
        /// Its centre.
        centre: Point,
        /// Its radius.
        radius: f64,
        /// How it looks.
        style: Style,
    },
    /// A line through points, closed or not.
    Path {
        /// The points, at least two.
        points: Vec<Point>,
        /// Whether the last is joined to the first.
        closed: bool,
        /// How it looks.
        style: Style,
    },
    /// A line of text, with a thin margin of ground around its letters where it is not bold.
    Text {
        /// Its place: its vertical middle.
        at: Point,
        /// What it says.
        text: String,
        /// Its height.
        size: f64,
        /// Where it stands.
        align: Align,
        /// Whether it is bold.
        bold: bool,
        /// What it is written with.
        ink: Ink,
        /// From 0, invisible, to 1.
        alpha: f64,
    },
}

/// A picture: shapes, the first at the bottom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
    /// What is on it.
    pub shapes: Vec<Shape>,
}

impl Point {
    /// The point at `x` and `y`.
    pub const fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// The point a share `share` of the way from here to `other`.
    pub fn towards(self, other: Point, share: f64) -> Point {
        Point::new(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
        )
    }

    /// How far it is to `other`.
    pub fn distance(self, other: Point) -> f64 {
        libm::hypot(other.x - self.x, other.y - self.y)
    }

    /// The direction from here to `other`, of length 1; to the right if they are one.
    pub fn direction(self, other: Point) -> Point {
        let length = self.distance(other);
        if length == 0.0 {
            return Point::new(1.0, 0.0);
        }
        Point::new((other.x - self.x) / length, (other.y - self.y) / length)
    }

    /// This point moved by `length` in a direction.
    pub fn moved(self, direction: Point, length: f64) -> Point {
        Point::new(self.x + direction.x * length, self.y + direction.y * length)
    }

    /// The direction a quarter turn clockwise from this one.
    pub fn right(self) -> Point {
        Point::new(-self.y, self.x)
    }
}

impl Ink {
    /// How many inks there are.
    pub const COUNT: usize = 14;

    const NAMES: [&str; Ink::COUNT] = [
        "ground", "surface", "ink", "muted", "line", "accent", "danger", "ok", "kind0", "kind1",
        "kind2", "kind3", "kind4", "kind5",
    ];

    /// The names of all inks, in the order of [`Ink::index`].
    pub fn names() -> &'static [&'static str] {
        &Ink::NAMES
    }

    /// Its place in a palette.
    pub fn index(self) -> usize {
        match self {
            Ink::Ground => 0,
            Ink::Surface => 1,
            Ink::Ink => 2,
            Ink::Muted => 3,
            Ink::Line => 4,
            Ink::Accent => 5,
            Ink::Danger => 6,
            Ink::Ok => 7,
            Ink::Kind(kind) => 8 + usize::from(kind.min(5)),
        }
    }
}

impl Palette {
    /// The colour of an ink.
    pub fn colour(&self, ink: Ink) -> &str {
        &self.colours[ink.index()]
    }

    /// Dark on light, for pictures that stand alone.
    pub fn light() -> Palette {
        let colours = [
            "#fbfaf7", "#ffffff", "#1d1d1f", "#5f6368", "#d5d2ca", "#1f5fa8", "#c0271e", "#2f7d4f",
            "#0b6fb3", "#b35900", "#a8326e", "#3f7f6b", "#6b5fb5", "#7a6a4f",
        ];
        Palette {
            colours: colours.map(str::to_owned),
            font: "system-ui, sans-serif".to_owned(),
        }
    }
}

impl Style {
    /// Filled, without an outline.
    pub const fn fill(ink: Ink) -> Style {
        Style {
            fill: Some(ink),
            stroke: None,
            width: 0.0,
            dashed: false,
            alpha: 1.0,
        }
    }

    /// An outline of this width.
    pub const fn stroke(ink: Ink, width: f64) -> Style {
        Style {
            fill: None,
            stroke: Some(ink),
            width,
            dashed: false,
            alpha: 1.0,
        }
    }

    /// The same, filled too.
    #[must_use]
    pub const fn filled(self, ink: Ink) -> Style {
        Style {
            fill: Some(ink),
            ..self
        }
    }

    /// The same, with a dashed outline.
    #[must_use]
    pub const fn dashed(self) -> Style {
        Style {
            dashed: true,
            ..self
        }
    }

    /// The same, more or less transparent.
    #[must_use]
    pub const fn faded(self, alpha: f64) -> Style {
        Style { alpha, ..self }
    }
}

impl Picture {
    /// Adds a circle.
    pub fn circle(&mut self, centre: Point, radius: f64, style: Style) {
        self.shapes.push(Shape::Circle {
            centre,
            radius,
            style,
        });
    }

    /// Adds a line through points.
    pub fn line(&mut self, points: Vec<Point>, style: Style) {
        self.shapes.push(Shape::Path {
            points,
            closed: false,
            style,
        });
    }

    /// Adds an area.
    pub fn area(&mut self, points: Vec<Point>, style: Style) {
        self.shapes.push(Shape::Path {
            points,
            closed: true,
            style,
        });
    }

    /// Adds a text in ordinary weight, moved inside if it would stick out.
    pub fn text(
        &mut self,
        at: Point,
        text: impl Into<String>,
        size: f64,
        align: Align,
        ink: Ink,
        alpha: f64,
    ) {
        let text = text.into();
        let at = self.inside(at, &text, size, align);
        let bold = false;
        self.shapes.push(Shape::Text {
            at,
            text,
            size,
            align,
            bold,
            ink,
            alpha,
        });
    }

    /// Adds a text in bold, moved inside if it would stick out.
    pub fn bold_text(
        &mut self,
        at: Point,
        text: impl Into<String>,
        size: f64,
        align: Align,
        ink: Ink,
    ) {
        let text = text.into();
        let at = self.inside(at, &text, size, align);
        let (bold, alpha) = (true, 1.0);
        self.shapes.push(Shape::Text {
            at,
            text,
            size,
            align,
            bold,
            ink,
            alpha,
        });
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
