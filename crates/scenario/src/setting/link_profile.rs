//! The settings of links as the kernel's profile of a link.

use sim::SimDuration;
use sim::network::{
    Bandwidth, Bursts, Corruption, Distribution, Duplication, Latency, LinkChange, LinkProfile,
    Ordering,
};
use sim::random::Probability;

use super::{LinkPart, Network, Shape};

fn nanos(length: f64) -> SimDuration {
    SimDuration::from_nanos_f64(length)
}

impl Network {
    /// The latency that these settings describe.
    pub fn latency(&self) -> Latency {
        Latency {
            distribution: self.distribution(),
            floor: nanos(self.floor),
            cap: nanos(self.cap),
            spike: Probability::new(self.spike),
            spike_extra: nanos(self.spike_extra),
        }
    }

    fn distribution(&self) -> Distribution {
        let (middle, jitter) = (self.latency, self.jitter);
        match self.shape {
            Shape::Exponential => Distribution::Exponential {
                mean: nanos(middle),
            },
            Shape::Pareto => Distribution::Pareto {
                scale: nanos(middle * libm::exp2(-1.0 / self.tail)),
                shape: self.tail,
            },
            Shape::LogNormal if jitter > 0.0 => Distribution::LogNormal {
                median: nanos(middle),
                sigma: sigma(jitter / middle),
            },
            Shape::Normal if jitter > 0.0 => Distribution::Normal {
                mean: nanos(middle),
                deviation: nanos(jitter),
            },
            Shape::Uniform if jitter > 0.0 => {
                let reach = jitter * libm::sqrt(3.0);
                Distribution::Uniform {
                    low: nanos(middle - reach),
                    high: nanos(middle + reach),
                }
            }
            Shape::Constant | Shape::LogNormal | Shape::Normal | Shape::Uniform => {
                Distribution::Constant(nanos(middle))
            }
        }
    }

    /// How losses come in bursts.
    pub fn bursts(&self) -> Option<Bursts> {
        // In the long run a share `to_bad / (to_bad + to_good)` of messages meets the bad state.
        let to_good = 1.0 / self.burst_length;
        let to_bad = to_good * self.bursts / (1.0 - self.bursts);
        (self.bursts > 0.0).then(|| Bursts {
            to_bad: Probability::new(to_bad),
            to_good: Probability::new(to_good),
            loss_when_bad: Probability::new(self.burst_loss),
        })
    }

    /// How messages are duplicated.
    pub fn duplication(&self) -> Duplication {
        Duplication {
            probability: Probability::new(self.duplication),
            copies: self.copies as u8,
            spread: nanos(self.spread),
        }
    }

    fn corruption(&self) -> Corruption {
        Corruption {
            probability: Probability::new(self.corruption),
            detected: self.has_checksum,
        }
    }

    fn ordering(&self) -> Ordering {
        if self.is_fifo {
            Ordering::Fifo {
                retransmit: nanos(self.retransmit),
            }
        } else {
            Ordering::Datagram
        }
    }

    fn bandwidth(&self) -> Option<Bandwidth> {
        // Infinity would become the largest integer.
        self.bandwidth.is_finite().then_some(Bandwidth {
            bytes_per_sec: self.bandwidth as u64,
            queue_bytes: self.queue as u64,
        })
    }

    /// The profile of a link with these settings.
    pub fn profile(&self) -> LinkProfile {
        LinkProfile {
            latency: self.latency(),
            loss: Probability::new(self.loss),
            bursts: self.bursts(),
            duplication: self.duplication(),
            corruption: self.corruption(),
            ordering: self.ordering(),
            bandwidth: self.bandwidth(),
        }
    }

    /// What the kernel has to change for one part of these settings.
    pub fn change(&self, part: LinkPart) -> LinkChange {
        match part {
            LinkPart::Latency => LinkChange::Latency(self.latency()),
            LinkPart::Loss => LinkChange::Loss(Probability::new(self.loss)),
            LinkPart::Bursts => LinkChange::Bursts(self.bursts()),
            LinkPart::Duplication => LinkChange::Duplication(self.duplication()),
            LinkPart::Corruption => LinkChange::Corruption(self.corruption()),
            LinkPart::Ordering => LinkChange::Ordering(self.ordering()),
            LinkPart::Bandwidth => LinkChange::Bandwidth(self.bandwidth()),
        }
    }
}

/// The sigma at which a log-normal distribution with median 1 has the standard deviation `spread`: its variance is
/// `x (x - 1)` for `x = e^(sigma^2)`.
fn sigma(spread: f64) -> f64 {
    // A median of zero has no such sigma; the tail is kept finite.
    let spread = spread.min(1e6);
    libm::sqrt(libm::log(
        (1.0 + libm::sqrt(1.0 + 4.0 * spread * spread)) / 2.0,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::random::{Key, Purpose};

    fn drawn(network: &Network) -> Vec<f64> {
        let key = Key::root(12).purpose(Purpose::Latency);
        let latency = network.latency();
        (0..100_000)
            .map(|k| latency.sample(key.draw(k)).as_millis_f64())
            .collect()
    }

    #[test]
    fn each_shape_has_the_middle_and_the_deviation_that_were_asked_for() {
        // The log-normal's mean lies above its median: m e^(s^2/2), here 82.4.
        for (shape, expected, spread) in [
            (Shape::Constant, 80.0, 0.0),
            (Shape::LogNormal, 82.4, 20.0),
            (Shape::Normal, 80.0, 20.0),
            (Shape::Uniform, 80.0, 20.0),
            (Shape::Exponential, 80.0, 80.0),
        ] {
            let network = Network {
                shape,
                latency: 80e6,
                jitter: 20e6,
                ..Network::default()
            };
            let drawn = drawn(&network);
            let mean = drawn.iter().sum::<f64>() / 1e5;
            let square = |ms: &f64| (ms - mean) * (ms - mean);
            let deviation = libm::sqrt(drawn.iter().map(square).sum::<f64>() / 1e5);
            // A standard error is at most 80 / sqrt(100,000) = 0.25.
            assert!(libm::fabs(mean - expected) < 1.0, "{shape:?}: mean {mean}");
            assert!(
                libm::fabs(deviation - spread) < 1.0,
                "{shape:?}: deviation {deviation}"
            );
        }
    }

    #[test]
    fn half_of_all_pareto_latencies_are_below_the_middle_whatever_the_tail() {
        for tail in [0.8, 3.0] {
            let network = Network {
                shape: Shape::Pareto,
                latency: 80e6,
                tail,
                ..Network::default()
            };
            let below = drawn(&network).iter().filter(|ms| **ms < 80.0).count();
            assert!(below.abs_diff(50_000) < 500, "{tail}: {below}");
        }
    }
}
