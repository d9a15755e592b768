//! The phi accrual failure detector: how unlikely is a silence this long, given the silences before it? (Hayashibara,
//! Défago, Yared and Katayama, *The phi accrual failure detector*, SRDS 2004.) As in the paper and in Akka, silences are
//! treated as normally distributed. Cassandra treats them as exponentially distributed, and leaves out long ones.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

use sim::SimDuration;
use sim::held::{Held, Measure};
use sim::network::normal_quantile;

/// How many silences are enough to tell how much they vary.
const ENOUGH: usize = 10;

/// The silences between heartbeats of one node. They are treated as normally distributed.
#[derive(Clone, Debug)]
pub struct Silences {
    /// In nanoseconds, the oldest first.
    lengths: VecDeque<i64>,
    sum: i64,
    /// How many of the latest are remembered.
    window: usize,
    /// The smallest deviation that is assumed: a network that has been calm may not stay calm.
    least_deviation: f64,
    /// The mean and the deviation that are assumed before there are enough silences: how often heartbeats are sent.
    interval: f64,
}

/// The rest follows from the lengths, or is a setting.
impl Hash for Silences {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.lengths.hash(state);
    }
}

impl Silences {
    /// Bytes of memory that the lengths take.
    pub fn held(&self, by: Measure) -> usize {
        self.lengths.held(by)
    }

    /// No silence so far. Until there are enough, only how often heartbeats are sent counts, as in the warm-up period of the
    /// paper: of three silences, one that the network has made long would otherwise excuse an outage of any length, and then
    /// the outage would be learnt as well.
    pub fn none(interval: SimDuration, least_deviation: SimDuration, window: usize) -> Silences {
        Silences {
            lengths: VecDeque::new(),
            sum: 0,
            window,
            least_deviation: least_deviation.as_nanos() as f64,
            interval: interval.as_nanos() as f64,
        }
    }

    /// A heartbeat came after a silence of `length` nanoseconds. The silence of an outage is not to be added: one of ten
    /// seconds among usual ones of half a second makes the timeout longer than ten heartbeats until it is forgotten.
    pub fn add(&mut self, length: i64) {
        if self.lengths.len() == self.window {
            self.sum -= self.lengths.pop_front().unwrap_or(0);
        }
        self.lengths.push_back(length);
        self.sum += length;
    }

    /// Whether they are too few to tell how long silences are, and how much they vary. So are silences between heartbeats that
    /// were held up and came all at once: in the mean they are far shorter than heartbeats are apart.
    pub fn say_little(&self) -> bool {
        let count = self.lengths.len();
        count < ENOUGH || self.sum as f64 / (count as f64) < self.interval / 2.0
    }

    /// The mean silence, in nanoseconds.
    pub fn mean(&self) -> f64 {
        if self.say_little() {
            return self.interval;
        }
        self.sum as f64 / self.lengths.len() as f64
    }

    /// The standard deviation, in nanoseconds.
    pub fn deviation(&self) -> f64 {
        if self.say_little() {
            return self.interval;
        }
        let mean = self.mean();
        let square = |length: &i64| (*length as f64 - mean) * (*length as f64 - mean);
        let squares: f64 = self.lengths.iter().map(square).sum();
        libm::sqrt(squares / self.lengths.len() as f64).max(self.least_deviation)
    }

    /// Phi of a silence of `length` nanoseconds: `-log10` of the chance that a living node is silent for longer, if its
    /// silences are normally distributed. Then at 1 a suspicion is wrong with a chance of one in ten, at 2 of one in a hundred.
    pub fn phi(&self, length: i64) -> f64 {
        let score = (length as f64 - self.mean()) / self.deviation();
        -libm::log10(0.5 * libm::erfc(score / std::f64::consts::SQRT_2))
    }

    /// The silence at which phi reaches `threshold`.
    pub fn timeout(&self, threshold: f64) -> SimDuration {
        let score = -normal_quantile(libm::exp10(-threshold));
        SimDuration::from_nanos_f64(self.mean() + score * self.deviation())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;

    /// How many silences are remembered.
    const WINDOW: usize = 100;

    /// A heartbeat is sent every half second.
    fn none() -> Silences {
        let (interval, least) = (SimDuration::from_millis(500), SimDuration::from_millis(20));
        Silences::none(interval, least, WINDOW)
    }

    fn silences(millis: &[i64]) -> Silences {
        let mut silences = none();
        let enough = millis.iter().cycle().take(WINDOW);
        enough.for_each(|millis| silences.add(millis * MS));
        silences
    }

    #[test]
    fn the_timeout_is_where_phi_reaches_its_threshold() {
        let silences = silences(&[400, 500, 600]);
        for threshold in [1.0, 3.0, 8.0, 12.0] {
            let timeout = silences.timeout(threshold).as_nanos() as i64;
            let phi = silences.phi(timeout);
            assert!((phi - threshold).abs() < 1e-4, "{threshold}: {phi}");
        }
    }

    #[test]
    fn a_restless_network_is_given_more_time() {
        let calm = silences(&[495, 500, 505]).timeout(8.0);
        let restless = silences(&[250, 500, 750]).timeout(8.0);
        assert!(calm < SimDuration::from_millis(620), "{calm}");
        assert!(restless > SimDuration::from_millis(1500), "{restless}");
    }

    #[test]
    fn few_silences_are_no_reason_to_be_strict() {
        let mut silences = none();
        for _ in 1..ENOUGH {
            silences.add(500 * MS);
            assert!(silences.timeout(8.0) > SimDuration::from_millis(3000));
        }
        silences.add(500 * MS);
        assert!(silences.timeout(8.0) < SimDuration::from_millis(650));
    }

    #[test]
    fn a_long_silence_among_few_excuses_no_longer_one() {
        let mut silences = none();
        let first = silences.timeout(8.0);
        for length in [500, 2800, 500] {
            silences.add(length * MS);
            assert_eq!(silences.timeout(8.0), first);
        }
    }

    #[test]
    fn heartbeats_that_come_all_at_once_say_nothing_of_silences() {
        let mut silences = none();
        let first = silences.timeout(8.0);
        (0..WINDOW).for_each(|_| silences.add(0));
        assert_eq!(silences.timeout(8.0), first);
    }

    #[test]
    fn what_is_long_past_is_forgotten() {
        let mut silences = silences(&[100, 900]);
        (0..WINDOW).for_each(|_| silences.add(500 * MS));
        assert_eq!(silences.mean(), (500 * MS) as f64);
        assert_eq!(silences.deviation(), (20 * MS) as f64);
    }

    #[test]
    fn the_fewer_silences_are_remembered_the_sooner_a_bad_network_is_forgotten() {
        let (interval, least) = (SimDuration::from_millis(500), SimDuration::from_millis(20));
        let after_bad_weather = |window: usize| {
            let mut silences = Silences::none(interval, least, window);
            let lengths = [200, 1800].into_iter().cycle().take(12);
            lengths
                .chain([500; 12])
                .for_each(|millis| silences.add(millis * MS));
            silences.timeout(8.0)
        };
        assert!(after_bad_weather(10) < SimDuration::from_millis(650));
        assert!(after_bad_weather(100) > SimDuration::from_millis(2000));
    }
}
