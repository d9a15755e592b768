//! The smallest number with which a run still fails, by halves: of what is found, one less does not fail.

/// A search between a number that is too small, as far as is known, and one that fails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count {
    /// The smallest that has not been refused.
    least: u32,
    /// What fails.
    fails: u32,
    /// Whether the smallest of all has been tried: it saves most.
    is_begun: bool,
}

impl Count {
    /// A search from the smallest that may be to one that fails.
    pub fn new(least: u32, fails: u32) -> Count {
        Count {
            least,
            fails,
            is_begun: false,
        }
    }

    /// What to try next; nothing once the search has ended.
    pub fn propose(&self) -> Option<u32> {
        if self.least >= self.fails {
            return None;
        }
        Some(match self.is_begun {
            false => self.least,
            true => self.least + (self.fails - self.least) / 2,
        })
    }

    /// Whether what was proposed fails.
    pub fn tell(&mut self, proposed: u32, fails: bool) {
        self.is_begun = true;
        match fails {
            true => self.fails = proposed,
            false => self.least = proposed + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(least: u32, from: u32, fails: impl Fn(u32) -> bool) -> (u32, u32) {
        let mut count = Count::new(least, from);
        let (mut found, mut tests) = (from, 0);
        while let Some(proposed) = count.propose() {
            tests += 1;
            count.tell(proposed, fails(proposed));
            if fails(proposed) {
                found = proposed;
            }
        }
        (found, tests)
    }

    #[test]
    fn one_less_than_what_is_found_does_not_fail() {
        for smallest in 1..=40 {
            assert_eq!(search(1, 40, |n| n >= smallest).0, smallest);
        }
        let odd = search(1, 40, |n| n == 40 || n % 7 == 3).0;
        assert!(odd % 7 == 3 && odd < 40, "{odd}");
        assert!(search(1, 1000, |n| n >= 613).1 <= 12);
    }
}
