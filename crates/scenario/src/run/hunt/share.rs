//! How large a share of all seeds does something, by those that were run.

/// A share of the runs that there were, and the interval in which that of all seeds lies, with 95 % confidence. Each is from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The share of these runs.
    pub of_these: f64,
    /// The least that it may be of all.
    pub low: f64,
    /// The most that it may be of all.
    pub high: f64,
}

/// So many standard deviations to both sides of the mean of a normal distribution hold 95 % of it.
const DEVIATIONS: f64 = 1.959_963_984_540_054;

impl Share {
    /// The share that `count` of `runs` are, with Wilson's interval (E. B. Wilson, *Probable inference, the law of succession, and
    /// statistical inference*, 1927), which is honest also where nothing, or everything, fails. Of no runs nothing is known.
    pub fn of(count: u64, runs: u64) -> Share {
        if runs == 0 {
            return Share {
                of_these: 0.0,
                low: 0.0,
                high: 1.0,
            };
        }
        let (count, runs) = (count.min(runs) as f64, runs as f64);
        let of_these = count / runs;
        let squared = DEVIATIONS * DEVIATIONS;
        let whole = 1.0 + squared / runs;
        let centre = (of_these + squared / (2.0 * runs)) / whole;
        let spread = of_these * (1.0 - of_these) / runs + squared / (4.0 * runs * runs);
        let half = DEVIATIONS * spread.sqrt() / whole;
        Share {
            of_these,
            // What was rounded must not leave out the share itself.
            low: (centre - half).clamp(0.0, of_these),
            high: (centre + half).clamp(of_these, 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of `scipy.stats.binomtest(count, runs).proportion_ci(method="wilson")`, to four digits.
    #[test]
    fn the_interval_is_wilsons() {
        for (count, runs, low, high) in [
            (0, 10, 0.0, 0.2775),
            (1, 10, 0.0179, 0.4042),
            (50, 100, 0.4038, 0.5962),
            (10, 10, 0.7225, 1.0),
            (312, 1000, 0.2841, 0.3414),
        ] {
            let share = Share::of(count, runs);
            assert!(
                (share.low - low).abs() < 1e-4,
                "{count} of {runs}: {share:?}"
            );
            assert!(
                (share.high - high).abs() < 1e-4,
                "{count} of {runs}: {share:?}"
            );
        }
    }

    #[test]
    fn the_interval_holds_the_share_and_is_narrower_the_more_runs_there_are() {
        let mut before = 1.0;
        for runs in [1, 7, 100, 10_000, 1_000_000] {
            for count in [0, runs / 3, runs] {
                let Share {
                    of_these,
                    low,
                    high,
                } = Share::of(count, runs);
                assert!(0.0 <= low && low <= of_these && of_these <= high && high <= 1.0);
            }
            let Share { low, high, .. } = Share::of(runs / 2, runs);
            assert!(high - low < before);
            before = high - low;
        }
        assert_eq!(Share::of(0, 0).high, 1.0);
    }
}
