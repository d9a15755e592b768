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

/// Each ink's name, and its colour where pictures stand alone: the page's own, on a light ground.
const INKS: [(Ink, &str, &str); Ink::COUNT] = [
    (Ink::Ground, "ground", "#fbfaf7"),
    (Ink::Surface, "surface", "#ffffff"),
    (Ink::Ink, "ink", "#1f1e1b"),
    (Ink::Muted, "muted", "#625e56"),
    (Ink::Line, "line", "#aaa498"),
    (Ink::Accent, "accent", "#2b4f9e"),
    (Ink::Danger, "danger", "#c4162a"),
    (Ink::Ok, "ok", "#1d7a4f"),
    (Ink::Kind(0), "kind0", "#1676c0"),
    (Ink::Kind(1), "kind1", "#ac7a1c"),
    (Ink::Kind(2), "kind2", "#0c7556"),
    (Ink::Kind(3), "kind3", "#86187a"),
    (Ink::Kind(4), "kind4", "#3b93b8"),
    (Ink::Kind(5), "kind5", "#5a6014"),
];

impl Ink {
    /// How many inks there are.
    pub const COUNT: usize = 14;

    /// The names of all inks, in the order of [`Ink::index`].
    pub fn names() -> impl Iterator<Item = &'static str> {
        INKS.iter().map(|(_, name, _)| *name)
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
        Palette {
            colours: INKS.map(|(_, _, colour)| colour.to_owned()),
            font: "system-ui, sans-serif".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ink_has_its_own_place() {
        for (place, (ink, ..)) in INKS.iter().enumerate() {
            assert_eq!(ink.index(), place, "{ink:?}");
        }
    }

    /// The page's colours are in its style sheet, light and dark.
    #[test]
    fn pictures_that_stand_alone_have_the_colours_of_the_page() {
        let tokens = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../web/src/style/tokens.css"
        );
        let tokens = std::fs::read_to_string(tokens).expect("the page's style sheet");
        for (_, name, colour) in INKS {
            let line = format!("--{name}: light-dark({colour}, ");
            assert!(tokens.contains(&line), "{line}");
        }
    }
}
