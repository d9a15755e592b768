//! The fields of a scenario, after reading: everything in range, every name known.

use std::collections::{BTreeMap, BTreeSet};

use protocols::{DefenceSpec, ProtocolEntry};
use sim::network::{Distribution, Duplication, Latency, LinkProfile};
use sim::random::Probability;
use sim::{NodeId, SimDuration};

use crate::deed::Timed;

/// Everything that a run is built from.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The seed of all that is random.
    pub seed: u32,
    /// How long it runs.
    pub duration: SimDuration,
    /// How many events it may have.
    pub events: u32,
    /// What its nodes run.
    pub protocol: &'static ProtocolEntry,
    /// The protocol's settings, each of them.
    pub parameters: BTreeMap<&'static str, f64>,
    /// Its nodes, in order.
    pub nodes: Vec<NodeSettings>,
    /// Every link.
    pub network: Network,
    /// The protocol's defences that are on.
    pub defences: BTreeSet<&'static str>,
    /// What is judged.
    pub checks: Vec<CheckSettings>,
    /// What is done to the run in any case.
    pub plan: Vec<Timed>,
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeSettings {
    /// What it is called, in links too: letters, digits and dashes.
    pub name: String,
    /// Its role in the protocol.
    pub role: &'static str,
    /// How far its wall clock is ahead at the beginning, in nanoseconds.
    pub skew: f64,
    /// How fast its wall clock runs, in ppm.
    pub drift: f64,
    /// How long it serves a message, in nanoseconds.
    pub service: f64,
}

/// The settings of links. Times are in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network {
    /// The shape of the latency's distribution.
    pub shape: Shape,
    /// The latency's middle.
    pub latency: f64,
    /// Its standard deviation.
    pub jitter: f64,
    /// The share of messages that is lost.
    pub loss: f64,
    /// The share of messages that is duplicated.
    pub duplication: f64,
    /// By how much at most a duplicate comes later.
    pub spread: f64,
}

/// The shape of a latency's distribution, given its middle and its standard deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The middle is the median; a tail to the right, as on real networks.
    LogNormal,
    /// The middle is the mean; a bell.
    Normal,
    /// The middle is the mean; all lengths from `middle - sqrt(3) jitter` to `middle + sqrt(3) jitter`.
    Uniform,
}

/// A check, and what it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckSettings {
    /// Its name.
    pub id: String,
    /// What it demands, as in *every payment is charged exactly once*.
    pub label: String,
    /// What an operation is called, as in *payment*.
    pub noun: String,
    /// What it judges.
    pub kind: CheckKind,
}

/// What a check judges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CheckKind {
    /// Each operation has its effect, and has it once.
    ExactlyOnce {
        /// How long after giving up an effect may still come.
        grace: SimDuration,
    },
}

/// A defence and whether it is on.
#[derive(Clone, Copy, Debug)]
pub struct Defence {
    /// What it is.
    pub spec: &'static DefenceSpec,
    /// Whether it is on.
    pub is_on: bool,
}

impl Default for Network {
    fn default() -> Self {
        Network {
            shape: Shape::LogNormal,
            latency: 50e6,
            jitter: 10e6,
            loss: 0.0,
            duplication: 0.0,
            spread: 100e6,
        }
    }
}

impl Network {
    /// The latency that these settings describe.
    pub fn latency(&self) -> Latency {
        let nanos = SimDuration::from_nanos_f64;
        let (middle, jitter) = (self.latency, self.jitter);
        let distribution = match self.shape {
            _ if jitter == 0.0 => Distribution::Constant(nanos(middle)),
            Shape::LogNormal => Distribution::LogNormal {
                median: nanos(middle),
                sigma: sigma(jitter / middle),
            },
            Shape::Normal => Distribution::Normal {
                mean: nanos(middle),
                deviation: nanos(jitter),
            },
            Shape::Uniform => {
                let reach = jitter * libm::sqrt(3.0);
                Distribution::Uniform {
                    low: nanos(middle - reach),
                    high: nanos(middle + reach),
                }
            }
        };
        Latency {
            cap: SimDuration::from_secs(60),
            ..Latency::of(distribution)
        }
    }

    /// How messages are duplicated.
    pub fn duplication(&self) -> Duplication {
        Duplication {
            probability: Probability::new(self.duplication),
            copies: 1,
            spread: SimDuration::from_nanos_f64(self.spread),
        }
    }

    /// The profile of a link with these settings.
    pub fn profile(&self) -> LinkProfile {
        LinkProfile {
            latency: self.latency(),
            loss: Probability::new(self.loss),
            duplication: self.duplication(),
            ..LinkProfile::ideal(SimDuration::ZERO)
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

impl Scenario {
    /// The node of this name.
    pub fn node(&self, name: &str) -> Option<NodeId> {
        self.nodes
            .iter()
            .position(|node| node.name == name)
            .map(|place| NodeId(place as u16))
    }

    /// What a node is called.
    pub fn name(&self, node: NodeId) -> String {
        self.nodes
            .get(node.index())
            .map_or_else(|| node.to_string(), |settings| settings.name.clone())
    }

    /// The protocol's defences, and which are on.
    pub fn defences(&self) -> impl Iterator<Item = Defence> {
        self.protocol.defences.iter().map(|spec| Defence {
            spec,
            is_on: self.defences.contains(spec.id),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::random::{Key, Purpose};

    #[test]
    fn each_shape_has_the_middle_and_the_deviation_that_were_asked_for() {
        let key = Key::root(11).purpose(Purpose::Latency);
        for shape in [Shape::LogNormal, Shape::Normal, Shape::Uniform] {
            let network = Network {
                shape,
                latency: 80e6,
                jitter: 20e6,
                ..Network::default()
            };
            let latency = network.latency();
            let drawn: Vec<f64> = (0..100_000)
                .map(|k| latency.sample(key.draw(k)).as_millis_f64())
                .collect();
            let mean = drawn.iter().sum::<f64>() / 1e5;
            let deviation = libm::sqrt(
                drawn
                    .iter()
                    .map(|ms| (ms - mean) * (ms - mean))
                    .sum::<f64>()
                    / 1e5,
            );
            // The log-normal's mean lies above its median: m e^(s^2/2), here 82.4.
            let expected = if shape == Shape::LogNormal {
                82.4
            } else {
                80.0
            };
            assert!(libm::fabs(mean - expected) < 0.5, "{shape:?}: mean {mean}");
            assert!(
                libm::fabs(deviation - 20.0) < 0.5,
                "{shape:?}: deviation {deviation}"
            );
        }
    }
}
