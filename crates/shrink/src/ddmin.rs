//! The search for a small list that still fails: `ddmin` of Andreas Zeller and Ralf Hildebrandt, *Simplifying and isolating
//! failure-inducing input*, IEEE Transactions on Software Engineering 28(2), 2002, section 3.
//!
//! It proposes which parts to keep and is told whether that failed, so that whoever asks decides when a test is run.

use std::ops::Range;

/// A search over a list of so many parts. It ends with a list of which no single part can be left out.
#[derive(Clone, Debug)]
pub(crate) struct Ddmin {
    len: usize,
    /// Into how many chunks the list is cut.
    chunks: usize,
    /// How many proposals of this cut were refused.
    refused: usize,
}

impl Ddmin {
    /// A search over a list of so many parts.
    pub fn new(len: usize) -> Ddmin {
        // One chunk: its complement is the empty list.
        Ddmin {
            len,
            chunks: 1,
            refused: 0,
        }
    }

    /// The next list to try, as whether each part is kept; nothing once the search has ended.
    pub fn propose(&self) -> Option<Vec<bool>> {
        if self.len == 0 {
            return None;
        }
        let (chunk, is_kept) = self.turn()?;
        let kept = (0..self.len).map(|part| chunk.contains(&part) == is_kept);
        Some(kept.collect())
    }

    /// A chunk, and whether it is what is kept, or what is left out. Keeping one chunk saves most, so that comes first; with
    /// two chunks it is the same as leaving out the other.
    fn turn(&self) -> Option<(Range<usize>, bool)> {
        let singles = if self.chunks > 2 { self.chunks } else { 0 };
        match self.refused.checked_sub(singles) {
            None => Some((self.chunk(self.refused), true)),
            Some(place) if place < self.chunks => Some((self.chunk(place), false)),
            Some(_) => None,
        }
    }

    fn chunk(&self, place: usize) -> Range<usize> {
        let bound = |place: usize| place * self.len / self.chunks;
        bound(place)..bound(place + 1)
    }

    /// What was proposed does not fail.
    pub fn refuse(&mut self) {
        self.refused += 1;
        if self.turn().is_none() && self.chunks < self.len {
            self.chunks = (2 * self.chunks).min(self.len);
            self.refused = 0;
        }
    }

    /// What was proposed fails; it is a list of so many parts.
    pub fn accept(&mut self, len: usize) {
        let kept_one = self.turn().is_some_and(|(_, is_kept)| is_kept);
        let chunks = if kept_one { 2 } else { self.chunks - 1 };
        *self = Ddmin {
            len,
            chunks: chunks.max(2).min(len.max(1)),
            refused: 0,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of `0..len` where a list fails if `fails` says so, and how many tests that took.
    fn least(len: usize, fails: impl Fn(&[usize]) -> bool) -> (Vec<usize>, usize) {
        let mut list: Vec<usize> = (0..len).collect();
        let mut search = Ddmin::new(len);
        let mut tests = 0;
        while let Some(kept) = search.propose() {
            tests += 1;
            let kept = list.iter().zip(kept).filter(|(_, is_kept)| *is_kept);
            let smaller: Vec<usize> = kept.map(|(part, _)| *part).collect();
            assert!(smaller.len() < list.len());
            if fails(&smaller) {
                list = smaller;
                search.accept(list.len());
            } else {
                search.refuse();
            }
        }
        (list, tests)
    }

    #[test]
    fn what_is_needed_is_left_and_nothing_else() {
        for len in 0..40 {
            for needed in [vec![], vec![0], vec![len / 2], vec![0, len / 3, len / 2]] {
                let needed: Vec<usize> = needed.into_iter().filter(|part| *part < len).collect();
                let (mut left, _) =
                    least(len, |list| needed.iter().all(|part| list.contains(part)));
                left.dedup();
                let mut needed = needed;
                needed.dedup();
                assert_eq!(left, needed, "{len}");
            }
        }
    }

    #[test]
    fn no_part_can_be_left_out_of_what_is_found_even_if_more_parts_fail_less() {
        // Fails with three parts of a kind, or with an odd number of others: not monotone.
        let fails = |list: &[usize]| {
            let of_a_kind = list.iter().filter(|part| **part % 3 == 1).count();
            of_a_kind >= 3 && (list.len() - of_a_kind) % 2 == 1
        };
        let all: Vec<usize> = (0..29).collect();
        assert!(fails(&all));
        let (left, _) = least(29, fails);
        assert!(fails(&left));
        for place in 0..left.len() {
            let mut less = left.clone();
            less.remove(place);
            assert!(!fails(&less), "{left:?} without {place}");
        }
    }

    #[test]
    fn one_part_of_many_is_found_in_few_tests() {
        let (left, tests) = least(1024, |list| list.contains(&777));
        assert_eq!(left, [777]);
        assert!(tests < 60, "{tests} tests");
    }
}
