//! Inks, and the colours that a palette gives them.

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
    /// A colour for each of [`Ink::names`], in that order.
    pub colours: [String; Ink::COUNT],
    /// The font family of texts.
    pub font: String,
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
