//! A hybrid logical clock: timestamps that respect cause and effect, and stay close to the wall clock.
//!
//! Kulkarni, Demirbas, Madappa, Avva and Leone, *Logical physical clocks*, OPODIS 2014, figure 5.

/// A reading of a hybrid clock. If one reading causes another, it is the smaller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HybridTime {
    /// The largest wall-clock reading that it knows of, in nanoseconds.
    pub physical: i64,
    /// Tells readings with the same physical part apart.
    pub logical: u32,
}

/// A hybrid clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HybridClock {
    latest: HybridTime,
}

impl HybridClock {
    /// The latest reading that this clock gave or heard of.
    pub fn latest(&self) -> HybridTime {
        self.latest
    }

    /// Takes a new reading while the wall clock shows `wall`: larger than all readings that this clock gave or heard of.
    pub fn tick(&mut self, wall: i64) -> HybridTime {
        self.latest = if wall > self.latest.physical {
            HybridTime {
                physical: wall,
                logical: 0,
            }
        } else {
            HybridTime {
                logical: self.latest.logical + 1,
                ..self.latest
            }
        };
        self.latest
    }

    /// Hears of another clock's reading.
    pub fn hear(&mut self, other: HybridTime) {
        self.latest = self.latest.max(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_has_a_larger_reading_even_where_the_wall_clock_is_behind() {
        let (mut fast, mut slow) = (HybridClock::default(), HybridClock::default());
        let cause = fast.tick(1000);
        slow.hear(cause);
        let effect = slow.tick(400);
        assert!(cause < effect);
        assert_eq!(effect.physical, 1000);
    }

    #[test]
    fn a_reading_is_the_wall_clocks_where_that_is_ahead() {
        let mut clock = HybridClock::default();
        clock.tick(1000);
        assert_eq!(clock.tick(1000).logical, 1);
        let reading = clock.tick(1001);
        assert_eq!((reading.physical, reading.logical), (1001, 0));
    }
}
