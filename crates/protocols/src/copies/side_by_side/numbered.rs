//! A set of operations, as a replica tells another one what it has: a bit for each number.

use sim::held::{Held, Measure};

/// Operations by their numbers, which are small and lie close together. Two sets are compared 64 numbers at a time, since
/// replicas compare all that they have, again and again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Numbered {
    bits: Vec<u64>,
    count: usize,
}

impl Numbered {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// One more; it must not be here.
    pub(super) fn insert(&mut self, number: u32) {
        let (word, bit) = (number as usize / 64, number % 64);
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= 1 << bit;
        self.count += 1;
    }

    /// Those that are not in another set, in order.
    pub(super) fn without<'a>(&'a self, other: &'a Numbered) -> impl Iterator<Item = u32> + 'a {
        let others = other.bits.iter().chain(std::iter::repeat(&0));
        let words = (0_u32..).zip(self.bits.iter().zip(others));
        words.flat_map(|(word, (own, other))| {
            let mut left = own & !other;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(64 * word + bit)
            })
        })
    }
}

impl Held for Numbered {
    fn held(&self, by: Measure) -> usize {
        self.bits.held(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_tells_what_another_lacks() {
        let of = |numbers: &[u32]| {
            let mut all = Numbered::default();
            numbers.iter().for_each(|number| all.insert(*number));
            all
        };
        let (own, other) = (of(&[0, 1, 63, 64, 700]), of(&[1, 64, 65]));
        assert_eq!(own.len(), 5);
        assert!(own.without(&other).eq([0, 63, 700]));
        assert!(other.without(&own).eq([65]));
        assert!(own.without(&Numbered::default()).eq([0, 1, 63, 64, 700]));
        assert_eq!(Numbered::default().without(&own).count(), 0);
    }
}
