//! How long a message travels: distributions sampled by inverting their cumulative distribution (Devroye, *Non-uniform
//! random variate generation*, 1986, section II.2), in integers or through `libm`, never the platform's floats.
//!
//! One draw gives one latency, and a larger draw never gives a smaller one. So a message that was unlucky stays the
//! unlucky one when a slider moves the distribution.

use crate::random::{Probability, below, fraction};
use crate::time::SimDuration;

/// A distribution of latencies. In the formulas u is uniform between 0 and 1, and z standard normal. A result below zero,
/// or that is not a number, counts as zero, and one above [`SimDuration::MAX`] as that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Constant(SimDuration),
    /// Anything from `low` up to but not including `high`, equally likely: `low + u (high - low)`. `low` where `high` is
    /// not above it.
    Uniform {
        /// The shortest.
        low: SimDuration,
        /// The bound that is never reached.
        high: SimDuration,
    },
    /// Normal: `mean + deviation * z`. A result below zero counts as zero, so a deviation above a third of the mean
    /// shifts it.
    Normal {
        /// The mean.
        mean: SimDuration,
        /// The standard deviation.
        deviation: SimDuration,
    },
    /// Log-normal: `median * e^(sigma * z)` for a standard normal z. Its mean is `median * e^(sigma^2 / 2)`.
    LogNormal {
        /// Half of all latencies are below it.
        median: SimDuration,
        /// The standard deviation of the logarithm, at least 0: 0.5 is a calm network, 1 a wild one.
        sigma: f64,
    },
    /// Exponential: `-mean * ln(1 - u)`.
    Exponential {
        /// The mean.
        mean: SimDuration,
    },
    /// Pareto (type I): `scale * (1 - u)^(-1 / shape)`. Its mean is infinite for a shape of at most 1.
    Pareto {
        /// The shortest.
        scale: SimDuration,
        /// The tail's index, above 0: the smaller, the heavier the tail. Up to 1 the mean is infinite, up to 2 the
        /// variance.
        shape: f64,
    },
}

/// A latency's distribution with bounds and rare spikes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// The distribution before bounds.
    pub distribution: Distribution,
    /// No latency is shorter.
    pub floor: SimDuration,
    /// No latency is longer, except by a spike. The cap wins over the floor.
    pub cap: SimDuration,
    /// The chance of a spike.
    pub spike: Probability,
    /// How much a spike adds.
    pub spike_extra: SimDuration,
}

impl Latency {
    /// A distribution without bounds or spikes.
    pub const fn of(distribution: Distribution) -> Latency {
        Latency {
            distribution,
            floor: SimDuration::ZERO,
            cap: SimDuration::MAX,
            spike: Probability::NEVER,
            spike_extra: SimDuration::ZERO,
        }
    }

    /// The latency that 64 uniform bits stand for, without spikes.
    #[inline]
    pub fn sample(&self, bits: u64) -> SimDuration {
        let drawn = match self.distribution {
            Distribution::Constant(length) => length,
            Distribution::Uniform { low, high } => SimDuration::from_nanos(
                low.as_nanos() + below(bits, high.saturating_sub(low).as_nanos()),
            ),
            other => other.sample_by_float(fraction(bits)),
        };
        drawn.max(self.floor).min(self.cap)
    }
}

impl Distribution {
    #[inline(never)]
    fn sample_by_float(self, u: f64) -> SimDuration {
        let nanos = |length: SimDuration| length.as_nanos() as f64;
        SimDuration::from_nanos_f64(match self {
            Distribution::Constant(length) => nanos(length),
            Distribution::Uniform { low, high } => nanos(low) + u * nanos(high.saturating_sub(low)),
            Distribution::Normal { mean, deviation } => {
                nanos(mean) + nanos(deviation) * normal_quantile(u)
            }
            Distribution::LogNormal { median, sigma } => {
                nanos(median) * libm::exp(sigma * normal_quantile(u))
            }
            Distribution::Exponential { mean } => -nanos(mean) * libm::log1p(-u),
            Distribution::Pareto { scale, shape } => {
                nanos(scale) * libm::exp(-libm::log1p(-u) / shape)
            }
        })
    }
}

/// The standard normal's quantile: the z below which a share `p` of all draws lies, for 0 < p < 1.
///
/// Rational approximations of relative accuracy about 1e-16: algorithm AS 241, PPND16 (Wichura, *The percentage points
/// of the normal distribution*, Applied Statistics 37, 1988).
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * polynomial(&CENTRE_ABOVE, r) / polynomial(&CENTRE_BELOW, r);
    }
    let r = libm::sqrt(-libm::log(if q < 0.0 { p } else { 1.0 - p }));
    let z = if r <= 5.0 {
        polynomial(&MIDDLE_ABOVE, r - 1.6) / polynomial(&MIDDLE_BELOW, r - 1.6)
    } else {
        polynomial(&TAIL_ABOVE, r - 5.0) / polynomial(&TAIL_BELOW, r - 5.0)
    };
    if q < 0.0 { -z } else { z }
}

/// The polynomial with these coefficients, constant term first.
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients
        .iter()
        .rev()
        .fold(0.0, |sum, coefficient| sum * x + coefficient)
}

const CENTRE_ABOVE: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const CENTRE_BELOW: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_854e3,
];
const MIDDLE_ABOVE: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    2.417_807_251_774_506e-1,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const MIDDLE_BELOW: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    6.897_673_349_851e-1,
    1.481_039_764_274_800_8e-1,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const TAIL_ABOVE: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    2.965_605_718_285_048_7e-1,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const TAIL_BELOW: [f64; 8] = [
    1.0,
    5.998_322_065_558_88e-1,
    1.369_298_809_227_358e-1,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_7e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    /// The normal distribution function from libm's complementary error function: independent of the quantile.
    fn normal_share_below(z: f64) -> f64 {
        0.5 * libm::erfc(-z / libm::sqrt(2.0))
    }

    #[test]
    fn the_normal_quantile_inverts_the_normal_distribution() {
        for step in 1..4000 {
            let p = f64::from(step) / 4000.0;
            let back = normal_share_below(normal_quantile(p));
            assert!((back - p).abs() < 1e-14, "{p} came back as {back}");
        }
        for exponent in 5..15 {
            let p = libm::pow(10.0, -f64::from(exponent));
            let back = normal_share_below(normal_quantile(p));
            assert!((back / p - 1.0).abs() < 1e-9, "{p} came back as {back}");
        }
    }

    #[test]
    fn a_larger_draw_is_never_a_shorter_latency() {
        let ms = SimDuration::from_millis;
        for distribution in [
            Distribution::Uniform {
                low: ms(1),
                high: ms(10),
            },
            Distribution::Normal {
                mean: ms(50),
                deviation: ms(20),
            },
            Distribution::LogNormal {
                median: ms(50),
                sigma: 0.7,
            },
            Distribution::Exponential { mean: ms(50) },
            Distribution::Pareto {
                scale: ms(10),
                shape: 1.5,
            },
        ] {
            let latency = Latency::of(distribution);
            let drawn: Vec<_> = (0..1000u64)
                .map(|i| latency.sample(i * (u64::MAX / 1000)))
                .collect();
            assert!(drawn.is_sorted(), "{distribution:?}");
        }
    }

    /// Draws 200,000 latencies and compares mean and quantiles with what the formula says.
    ///
    /// The sample's mean lies within five standard errors; a quantile at p has standard error
    /// `sqrt(p (1 - p) / n) / density`, so it is compared by the share of draws below the true quantile, whose standard
    /// error is `sqrt(p (1 - p) / n)`: at most 0.00112, and five of them are 0.0056.
    fn check(
        distribution: Distribution,
        mean_ms: f64,
        deviation_ms: f64,
        quantile_ms: impl Fn(f64) -> f64,
    ) {
        const DRAWS: u64 = 200_000;
        let key = Key::root(2024).purpose(Purpose::Latency);
        let latency = Latency::of(distribution);
        let drawn: Vec<f64> = (0..DRAWS)
            .map(|k| latency.sample(key.draw(k)).as_millis_f64())
            .collect();
        let mean = drawn.iter().sum::<f64>() / DRAWS as f64;
        let slack = 5.0 * deviation_ms / libm::sqrt(DRAWS as f64) + 1e-6;
        assert!(
            (mean - mean_ms).abs() <= slack,
            "{distribution:?}: mean {mean}, not {mean_ms} ± {slack}"
        );
        for p in [0.05, 0.25, 0.5, 0.75, 0.95, 0.99] {
            let bound = quantile_ms(p);
            let share = drawn.iter().filter(|ms| **ms <= bound).count() as f64 / DRAWS as f64;
            assert!(
                (share - p).abs() < 0.0056,
                "{distribution:?}: {share} of draws below the {p} quantile"
            );
        }
    }

    #[test]
    fn each_distribution_has_the_mean_and_quantiles_of_its_formula() {
        let ms = SimDuration::from_millis;
        let z = normal_quantile;
        check(
            Distribution::Uniform {
                low: ms(10),
                high: ms(30),
            },
            20.0,
            5.78,
            |p| 10.0 + 20.0 * p,
        );
        check(
            Distribution::Normal {
                mean: ms(100),
                deviation: ms(15),
            },
            100.0,
            15.0,
            |p| 100.0 + 15.0 * z(p),
        );
        // Variance of a log-normal: (e^(s^2) - 1) e^(2 ln m + s^2).
        check(
            Distribution::LogNormal {
                median: ms(50),
                sigma: 0.5,
            },
            56.657,
            30.2,
            |p| 50.0 * libm::exp(0.5 * z(p)),
        );
        check(
            Distribution::Exponential { mean: ms(40) },
            40.0,
            40.0,
            |p| -40.0 * libm::log1p(-p),
        );
        // Shape 3: mean 1.5 scale, variance 0.75 scale^2.
        check(
            Distribution::Pareto {
                scale: ms(20),
                shape: 3.0,
            },
            30.0,
            17.33,
            |p| 20.0 * libm::pow(1.0 - p, -1.0 / 3.0),
        );
    }

    #[test]
    fn floor_and_cap_bound_every_draw() {
        let ms = SimDuration::from_millis;
        let bounded = Latency {
            floor: ms(20),
            cap: ms(60),
            ..Latency::of(Distribution::Exponential { mean: ms(40) })
        };
        let key = Key::root(5);
        let drawn: Vec<_> = (0..2000).map(|k| bounded.sample(key.draw(k))).collect();
        assert_eq!(drawn.iter().min(), Some(&ms(20)));
        assert_eq!(drawn.iter().max(), Some(&ms(60)));
    }
}
