//! A configuration: how far a search got, and what it may still do.

/// Which overlapping operations took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bits<const W: usize>([u64; W]);

impl<const W: usize> Bits<W> {
    pub(crate) const NONE: Self = Self([0; W]);

    /// The bits from `from` up to but not including `to`.
    pub(crate) fn range(from: u32, to: u32) -> Self {
        let mut bits = Self::NONE;
        (from..to).for_each(|bit| bits.set(bit));
        bits
    }

    #[inline]
    pub(crate) fn has(&self, bit: u32) -> bool {
        self.0[bit as usize / 64] >> (bit % 64) & 1 == 1
    }

    #[inline]
    pub(crate) fn set(&mut self, bit: u32) {
        self.0[bit as usize / 64] |= 1 << (bit % 64);
    }

    #[inline]
    pub(crate) fn clear(&mut self, bit: u32) {
        self.0[bit as usize / 64] &= !(1 << (bit % 64));
    }

    /// Whether `large` has all bits that this one has, as far as they are `among` some.
    #[inline]
    pub(crate) fn is_subset(&self, large: &Self, among: &Self) -> bool {
        (0..W).all(|i| self.0[i] & !large.0[i] & among.0[i] == 0)
    }

    /// Whether both have the same bits, as far as they are `among` some.
    #[inline]
    pub(crate) fn is_same(&self, other: &Self, among: &Self) -> bool {
        (0..W).all(|i| (self.0[i] ^ other.0[i]) & among.0[i] == 0)
    }

    /// The words, with only the bits that are `among` some.
    #[inline]
    pub(crate) fn words(self, among: &Self) -> impl Iterator<Item = u64> {
        let among = *among;
        (0..W).map(move |i| self.0[i] & among.0[i])
    }
}

/// A layer, the state in it, and the overlapping operations that took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Config<const W: usize> {
    pub(crate) layer: u32,
    pub(crate) state: u32,
    pub(crate) bits: Bits<W>,
}
