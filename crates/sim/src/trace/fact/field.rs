//! How one field of a fact lies in a word of its event.

use super::{Function, Outcome, Relation};

/// Something that a fact says.
pub(super) trait Field: Copy {
    /// It as a word.
    fn to_word(self) -> i64;
    /// What [`Field::to_word`] made a word of; `None` if it made none like this.
    fn from_word(word: i64) -> Option<Self>;
    /// One of all that it can be.
    #[cfg(test)]
    fn draw(bits: u64) -> Self;
}

impl Field for i64 {
    fn to_word(self) -> i64 {
        self
    }

    fn from_word(word: i64) -> Option<i64> {
        Some(word)
    }

    #[cfg(test)]
    fn draw(bits: u64) -> i64 {
        bits as i64
    }
}

/// The number of an operation: the word's lower half.
impl Field for u32 {
    fn to_word(self) -> i64 {
        self.into()
    }

    fn from_word(word: i64) -> Option<u32> {
        Some(word as u32)
    }

    #[cfg(test)]
    fn draw(bits: u64) -> u32 {
        bits as u32
    }
}

macro_rules! coded_fields {
    ($($name:ident),+) => {$(
        impl Field for $name {
            fn to_word(self) -> i64 {
                self.code().into()
            }

            fn from_word(word: i64) -> Option<$name> {
                $name::from_code(u8::try_from(word).ok()?)
            }

            #[cfg(test)]
            fn draw(bits: u64) -> $name {
                $name::ALL[bits as usize % $name::ALL.len()]
            }
        }
    )+};
}

coded_fields!(Function, Outcome, Relation);
