//! The few shapes that every picture is made of.
//!
//! | module | its subject |
//! | --- | --- |
//! | `picture` | a picture, and the shapes that are put on it |
//! | `point` | places and directions |
//! | `style` | how a shape is filled and outlined |
//! | `symbol` | what shapes stand for |
//! | `ink` | inks, and the colours that a palette gives them |
//! | `labels` | which words have room beside what they are about |
//! | [`svg`] | pictures as SVG |

mod ink;
mod labels;
mod picture;
mod point;
mod style;
pub mod svg;
mod symbol;

pub use ink::{Ink, Palette};
pub(crate) use labels::Labels;
pub use picture::{Align, Circle, Path, Picture, Shape, Text};
pub use point::Point;
pub use style::Style;
pub use symbol::{Symbol, Symbols};

/// The size of ordinary text in a picture of this size: on a phone it can be read, on a wall from the last row.
pub(crate) fn text_size(width: f64, height: f64) -> f64 {
    (width.min(height * 1.4) / 46.0).clamp(10.5, 30.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_grow_with_the_picture() {
        for (width, height, size) in [
            (320.0, 110.0, 10.5),
            (750.0, 560.0, 750.0 / 46.0),
            (1700.0, 1200.0, 30.0),
        ] {
            assert_eq!(text_size(width, height), size);
        }
    }
}
