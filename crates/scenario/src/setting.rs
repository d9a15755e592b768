//! Settings: the numbers of links and of nodes, a table each. From a table come the document's fields, the knobs, the
//! sliders, the overrides of single nodes and links, and the schema.

use crate::document::{LINK_SETTINGS, NODE_SETTINGS};
use crate::quantity::Range;

/// A number that a `T` has.
#[derive(Debug)]
pub struct Setting<T: 'static, P: 'static> {
    /// Its name in documents and links.
    pub key: &'static str,
    /// Its name on the page.
    pub label: &'static str,
    /// What it does, in a line.
    pub hint: &'static str,
    /// What it may be.
    pub range: Range,
    /// How a slider shows it.
    pub slider: Slider,
    /// What of the `T` changes with it.
    pub part: P,
    /// Its value.
    pub get: fn(&T) -> f64,
    /// Sets its value, which is in range.
    pub set: fn(&mut T, f64),
}

/// The setting of this name.
pub fn find<T, P>(table: &'static [Setting<T, P>], key: &str) -> Option<&'static Setting<T, P>> {
    table.iter().find(|setting| setting.key == key)
}

/// The names of all settings of links and of nodes.
pub fn keys() -> impl Iterator<Item = &'static str> + Clone {
    let links = LINK_SETTINGS.iter().map(|setting| setting.key);
    links.chain(NODE_SETTINGS.iter().map(|setting| setting.key))
}

/// How a slider shows a number. Values are in `unit`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slider {
    /// Its left end.
    pub min: f64,
    /// Its right end; a link may go further.
    pub max: f64,
    /// Its step.
    pub step: f64,
    /// What its numbers are in.
    pub unit: &'static str,
    /// How many base units one of these is.
    pub scale: f64,
    /// Whether equal ways are equal ratios.
    pub is_logarithmic: bool,
}

impl Slider {
    const fn of(min: f64, max: f64, step: f64, unit: &'static str, scale: f64) -> Slider {
        Slider {
            min,
            max,
            step,
            unit,
            scale,
            is_logarithmic: false,
        }
    }

    /// Milliseconds.
    pub const fn ms(min: f64, max: f64, step: f64) -> Slider {
        Slider::of(min, max, step, "ms", 1e6)
    }

    /// Seconds.
    pub const fn seconds(min: f64, max: f64, step: f64) -> Slider {
        Slider::of(min, max, step, "s", 1e9)
    }

    /// Percent.
    pub const fn percent(max: f64, step: f64) -> Slider {
        Slider::of(0.0, max, step, "%", 0.01)
    }

    /// Parts per million, both ways.
    pub const fn ppm(max: f64, step: f64) -> Slider {
        Slider::of(-max, max, step, "ppm", 1.0)
    }

    /// Plain numbers.
    pub const fn plain(min: f64, max: f64, step: f64) -> Slider {
        Slider::of(min, max, step, "", 1.0)
    }

    /// Thousands of bytes, by ratios.
    pub const fn kilobytes(min: f64, max: f64, unit: &'static str) -> Slider {
        Slider::of(min, max, 1.0, unit, 1e3).by_ratios()
    }

    /// The same slider, on which equal ways are equal ratios: for a range of several decades.
    pub const fn by_ratios(self) -> Slider {
        Slider {
            is_logarithmic: true,
            ..self
        }
    }
}
