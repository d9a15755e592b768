//! What a link challenges its reader to: break a system with the fewest faults, or save it with the fewest defences.

use crate::terms::quantity::shortened;

/// What whoever opens a link is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// Break the system, with all its defences on, with the fewest faults.
    Break,
    /// Save the system from its own weather with the fewest defences.
    Save,
}

/// The words for aims.
const AIMS: [(&str, Aim); 2] = [("break", Aim::Break), ("save", Aim::Save)];

impl Aim {
    /// The aim of this word.
    pub fn of_word(word: &str) -> Option<Aim> {
        let row = AIMS.into_iter().find(|(known, _)| *known == word);
        row.map(|(_, aim)| aim)
    }

    /// Its word in links.
    pub fn word(self) -> &'static str {
        let row = AIMS.into_iter().find(|(_, aim)| *aim == self);
        row.expect("every aim has a word").0
    }
}

/// A challenge to whoever opens a link, and how many it took whoever made the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// What is to be done.
    pub aim: Aim,
    /// How many faults, or defences, it took; nothing where nobody has done it yet.
    pub best: Option<u32>,
}

impl Challenge {
    /// Reads `break`, `save`, or one of them with a number, `break-2`, or says what is wrong with it.
    ///
    /// # Errors
    ///
    /// When it is none of these.
    pub fn parse(text: &str) -> Result<Challenge, String> {
        let (word, best) = match text.split_once('-') {
            Some((word, best)) => (word, Some(best)),
            None => (text, None),
        };
        let read = || {
            let aim = Aim::of_word(word)?;
            let best = best.map(str::parse).transpose().ok()?;
            Some(Challenge { aim, best })
        };
        read().ok_or_else(|| {
            let shown = shortened(text);
            format!("is \"{shown}\"; it must be break or save, or one of them with a number such as break-2")
        })
    }

    /// Writes it so that [`Challenge::parse`] reads it back.
    pub fn format(self) -> String {
        let word = self.aim.word();
        match self.best {
            Some(best) => format!("{word}-{best}"),
            None => word.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_read_back_and_any_other_word_is_told() {
        for text in ["break", "save", "break-2", "save-0"] {
            assert_eq!(Challenge::parse(text).unwrap().format(), text);
        }
        for wrong in [
            "",
            "win",
            "break-",
            "break-x",
            "save--1",
            "break-99999999999",
        ] {
            let told = Challenge::parse(wrong).unwrap_err();
            assert!(told.contains("must be break or save"), "{told}");
        }
    }
}
