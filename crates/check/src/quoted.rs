//! What a stranger's text is quoted with in a sentence: its beginning, and never all of it, however long it is. Whoever shows
//! a sentence pays for every character.

use std::fmt::{self, Display, Write};

/// At most so many characters of a value or a name are quoted.
pub const MOST: usize = 200;
/// At most so many of a list are quoted, one by one.
const MOST_LISTED: usize = 8;

/// The beginning of what is displayed, and three dots where there is more.
///
/// ```
/// use check::quoted::Quoted;
///
/// assert_eq!(Quoted("brief").to_string(), "brief");
/// assert_eq!(Quoted("long".repeat(1_000)).to_string().len(), 203);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Quoted<T>(pub T);

impl<T: Display> Display for Quoted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Cut(&self.0, MOST))
    }
}

/// The same with at most so many characters before the dots.
#[derive(Clone, Copy, Debug)]
pub struct Cut<T>(pub T, pub usize);

impl<T: Display> Display for Cut<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut beginning = Beginning {
            of: f,
            left: self.1,
            is_cut: false,
        };
        let whole = write!(beginning, "{}", self.0);
        match beginning.is_cut {
            true => f.write_str("..."),
            false => whole,
        }
    }
}

/// Takes so many characters more, and fails then: nobody formats what is not taken.
struct Beginning<'a, 'b> {
    of: &'a mut fmt::Formatter<'b>,
    left: usize,
    is_cut: bool,
}

impl Write for Beginning<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match text.char_indices().nth(self.left) {
            None => {
                self.left -= text.chars().count();
                self.of.write_str(text)
            }
            Some((end, _)) => {
                self.is_cut = true;
                self.of.write_str(&text[..end])?;
                Err(fmt::Error)
            }
        }
    }
}

/// The first of a list, with `between` them, and how many more there are.
pub(crate) fn listed<T: Display>(all: impl IntoIterator<Item = T>, between: &str) -> String {
    let mut all = all.into_iter();
    let first: Vec<String> = all
        .by_ref()
        .take(MOST_LISTED)
        .map(|one| one.to_string())
        .collect();
    let told = first.join(between);
    match all.count() {
        0 => told,
        more => format!("{told}{between}and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn what_is_short_is_quoted_whole_and_what_is_long_is_cut() {
        for length in [0, 1, MOST - 1, MOST] {
            assert_eq!(Quoted("é".repeat(length)).to_string(), "é".repeat(length));
        }
        let cut = format!("{}...", "é".repeat(MOST));
        assert_eq!(Quoted("é".repeat(MOST + 1)).to_string(), cut);
        let list = Value::ints(&vec![1; 1_000_000]);
        assert_eq!(list.to_string().len(), MOST + 3);
        assert_eq!(list.notation().to_string().len(), 2_000_001);
    }

    #[test]
    fn of_a_long_list_the_first_are_told_and_how_many_more_there_are() {
        assert_eq!(listed([1, 2], ", "), "1, 2");
        assert_eq!(listed(1..=10, ", "), "1, 2, 3, 4, 5, 6, 7, 8, and 2 more");
    }
}
