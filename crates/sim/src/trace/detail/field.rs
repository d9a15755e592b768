//! How one field of a detail lies in a word of its event.

use crate::clock::Rate;
use crate::id::NodeId;
use crate::time::SimDuration;

/// Something that a detail says.
pub(in crate::trace) trait Field: Copy {
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

/// A word that is never negative, bit by bit.
impl Field for u64 {
    fn to_word(self) -> i64 {
        self as i64
    }

    fn from_word(word: i64) -> Option<u64> {
        Some(word as u64)
    }

    #[cfg(test)]
    fn draw(bits: u64) -> u64 {
        bits
    }
}

/// In nanoseconds.
impl Field for SimDuration {
    fn to_word(self) -> i64 {
        self.as_nanos() as i64
    }

    fn from_word(word: i64) -> Option<SimDuration> {
        Some(SimDuration::from_nanos(word as u64))
    }

    #[cfg(test)]
    fn draw(bits: u64) -> SimDuration {
        SimDuration::from_nanos(bits)
    }
}

/// In parts per billion.
impl Field for Rate {
    fn to_word(self) -> i64 {
        self.0
    }

    fn from_word(word: i64) -> Option<Rate> {
        Some(Rate(word))
    }

    #[cfg(test)]
    fn draw(bits: u64) -> Rate {
        Rate(bits as i64)
    }
}

/// The number of a node.
impl Field for NodeId {
    fn to_word(self) -> i64 {
        self.0.into()
    }

    fn from_word(word: i64) -> Option<NodeId> {
        u16::try_from(word).ok().map(NodeId)
    }

    #[cfg(test)]
    fn draw(bits: u64) -> NodeId {
        NodeId(bits as u16)
    }
}

/// What is never negative, or -1 for nothing.
impl<F: Field> Field for Option<F> {
    fn to_word(self) -> i64 {
        self.map_or(-1, F::to_word)
    }

    fn from_word(word: i64) -> Option<Option<F>> {
        match word {
            -1 => Some(None),
            word => F::from_word(word).map(Some),
        }
    }

    #[cfg(test)]
    fn draw(bits: u64) -> Option<F> {
        (!bits.is_multiple_of(4)).then(|| F::draw(bits >> 2))
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

/// Lets enums that are made by `coded!` be fields: each lies in a word as its number.
macro_rules! coded_fields {
    ($($name:ident),+) => {$(
        impl $crate::trace::detail::field::Field for $name {
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

pub(in crate::trace) use coded_fields;
