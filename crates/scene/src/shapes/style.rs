//! How a shape is filled and outlined.

use super::ink::Ink;

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
