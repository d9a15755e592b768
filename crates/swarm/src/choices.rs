//! Decisions read from bytes.

use sim::random::{Key, below};

/// A string of bytes that decisions are read from. When it is used up, it goes on with zeros.
#[derive(Clone, Debug)]
pub struct Choices<'a> {
    bytes: &'a [u8],
}

/// `length` bytes drawn from a seed.
pub fn bytes_of_seed(seed: u64, length: usize) -> Vec<u8> {
    let key = Key::root(seed);
    let words = (0..length.div_ceil(8) as u64).map(|k| key.draw(k).to_le_bytes());
    words.flatten().take(length).collect()
}

impl<'a> Choices<'a> {
    /// Decisions from these bytes.
    pub fn new(bytes: &'a [u8]) -> Choices<'a> {
        Choices { bytes }
    }

    /// Whether all bytes are used up.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// One byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else {
            return 0;
        };
        self.bytes = rest;
        *first
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        (0..8).fold(0, |bits, _| bits << 8 | u64::from(self.byte()))
    }

    /// A number below `bound`; 0 for bytes that are zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound <= 256 {
            return (u64::from(self.byte()) * bound) >> 8;
        }
        below(self.bits(), bound)
    }

    /// Yes in `of_256` of 256 cases; no for a byte that is zero.
    pub fn chance(&mut self, of_256: u16) -> bool {
        u16::from(self.byte()) + of_256 >= 256
    }

    /// One of `options`; the first for a byte that is zero.
    pub fn pick<T: Clone>(&mut self, options: &[T]) -> T {
        options[self.below(options.len() as u64) as usize].clone()
    }
}
