//! How a slider shows a number.

/// How a slider shows a number. `min`, `max` and `step` are in `unit`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slider {
    /// Its left end.
    pub min: f64,
    /// Its right end; a link may go further.
    pub max: f64,
    /// Its step.
    pub step: f64,
    /// The unit of its numbers.
    pub unit: &'static str,
    /// How many base units one of these is.
    pub scale: f64,
    /// Whether equal distances are equal ratios.
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

    /// Percent, from 0.
    pub const fn percent(max: f64, step: f64) -> Slider {
        Slider::of(0.0, max, step, "%", 0.01)
    }

    /// Parts per million, from `-max` to `max`.
    pub const fn ppm(max: f64, step: f64) -> Slider {
        Slider::of(-max, max, step, "ppm", 1.0)
    }

    /// Plain numbers.
    pub const fn plain(min: f64, max: f64, step: f64) -> Slider {
        Slider::of(min, max, step, "", 1.0)
    }

    /// One of so many words, by its place.
    pub const fn words(count: usize) -> Slider {
        Slider::plain(0.0, count as f64 - 1.0, 1.0)
    }

    /// Thousands of bytes, by ratios.
    pub const fn kilobytes(min: f64, max: f64, unit: &'static str) -> Slider {
        Slider::of(min, max, 1.0, unit, 1e3).by_ratios()
    }

    /// The same slider, on which equal distances are equal ratios: for a range of several decades.
    pub const fn by_ratios(self) -> Slider {
        Slider {
            is_logarithmic: true,
            ..self
        }
    }

    /// The same slider with another left end.
    pub const fn from(self, min: f64) -> Slider {
        Slider { min, ..self }
    }
}
