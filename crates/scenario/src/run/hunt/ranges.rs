//! Which seeds were run.

use std::ops::Range;

/// Ranges of seeds, in order, with a gap between any two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges(Vec<Range<u64>>);

impl Ranges {
    /// The ranges, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Range<u64>> {
        self.0.iter()
    }

    /// These seeds too.
    ///
    /// # Errors
    ///
    /// Those that are there already; then nothing has changed.
    pub fn add(&mut self, seeds: Range<u64>) -> Result<(), Range<u64>> {
        if seeds.is_empty() {
            return Ok(());
        }
        let both = |other: &Range<u64>| other.start.max(seeds.start)..other.end.min(seeds.end);
        if let Some(twice) = self.0.iter().map(both).find(|both| !both.is_empty()) {
            return Err(twice);
        }
        let place = self.0.partition_point(|other| other.end <= seeds.start);
        self.0.insert(place, seeds);
        self.0.dedup_by(|next, last| {
            let touches = last.end == next.start;
            if touches {
                last.end = next.end;
            }
            touches
        });
        Ok(())
    }

    /// All of these too.
    ///
    /// # Errors
    ///
    /// Some that are there already; then nothing has changed.
    pub fn add_all(&mut self, others: &Ranges) -> Result<(), Range<u64>> {
        let mut all = self.clone();
        for seeds in others.iter() {
            all.add(seeds.clone())?;
        }
        *self = all;
        Ok(())
    }

    /// What is missing of a range.
    pub fn missing(&self, of: Range<u64>) -> Vec<Range<u64>> {
        let mut missing = Vec::new();
        let mut next = of.start;
        for seeds in &self.0 {
            if seeds.start > next {
                missing.push(next..seeds.start.min(of.end));
            }
            next = next.max(seeds.end);
        }
        missing.push(next..of.end);
        missing.retain(|seeds| !seeds.is_empty());
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ranges: &[(u64, u64)]) -> Ranges {
        let mut all = Ranges::default();
        for (first, end) in ranges {
            assert_eq!(all.add(*first..*end), Ok(()), "{ranges:?}");
        }
        all
    }

    #[test]
    fn ranges_are_the_same_in_whatever_order_they_come() {
        let whole = of(&[(0, 30)]);
        for parts in [
            [(0, 10), (10, 20), (20, 30)],
            [(20, 30), (0, 10), (10, 20)],
            [(10, 20), (20, 30), (0, 10)],
        ] {
            assert_eq!(of(&parts), whole);
        }
        assert_eq!(
            of(&[(20, 30), (5, 5), (0, 10)]).missing(0..40),
            [10..20, 30..40]
        );
        assert_eq!(whole.missing(0..30), []);
    }

    #[test]
    fn seeds_that_are_there_are_told() {
        let mut all = of(&[(0, 10), (20, 30)]);
        let before = all.clone();
        assert_eq!(all.add(5..12), Err(5..10));
        assert_eq!(all.add_all(&of(&[(10, 12), (19, 21)])), Err(20..21));
        assert_eq!(all, before);
    }
}
