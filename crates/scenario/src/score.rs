//! How somebody guessed: a link that says so asks first, and tells afterwards.

use crate::terms::quantity::shortened;

/// The word of a link that asks first and tells no score.
const FIRST: &str = "first";

/// What stands between the two numbers.
const OF: &str = "of";

/// How many of how many guesses were right; none of none where nobody has guessed yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// How many were right.
    pub right: u32,
    /// How many there were.
    pub of: u32,
}

impl Score {
    /// Reads `first` or `3of5`, or says what is wrong with it.
    ///
    /// # Errors
    ///
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Score, String> {
        if text == FIRST {
            return Ok(Score::default());
        }
        let read = || {
            let (right, of) = text.split_once(OF)?;
            let score = Score {
                right: right.parse().ok()?,
                of: of.parse().ok()?,
            };
            (score.right <= score.of && score.of > 0).then_some(score)
        };
        let shown = shortened(text);
        read()
            .ok_or_else(|| format!("is \"{shown}\"; it must be {FIRST}, or a score such as 3{OF}5"))
    }

    /// Writes it so that [`Score::parse`] reads it back.
    pub fn format(self) -> String {
        match self.of {
            0 => FIRST.to_owned(),
            of => format!("{}{OF}{of}", self.right),
        }
    }
}
