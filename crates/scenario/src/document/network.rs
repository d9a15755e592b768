//! The settings of links.

use sim::SimDuration;
use sim::network::{
    Bandwidth, Bursts, Corruption, Distribution, Duplication, Latency, LinkChange, LinkProfile,
    Ordering,
};
use sim::random::Probability;

use super::limits::{LATENCY, SECOND};
use crate::quantity::{OFF_ON, Range};
use crate::setting::{Setting, Slider};

/// The settings of links. Times are in nanoseconds, chances are shares, sizes are bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network {
    /// The shape of the latency's distribution.
    pub shape: Shape,
    /// The latency's middle: what that is, the shape says.
    pub latency: f64,
    /// Its standard deviation.
    pub jitter: f64,
    /// The index of a Pareto distribution's tail: the smaller, the heavier.
    pub tail: f64,
    /// Nothing is faster.
    pub floor: f64,
    /// Nothing is slower, spikes aside.
    pub cap: f64,
    /// The share of messages that meets a spike.
    pub spike: f64,
    /// How much later a spike makes a message.
    pub spike_extra: f64,
    /// The share of messages that is lost, each on its own.
    pub loss: f64,
    /// The share of messages that meets a burst.
    pub bursts: f64,
    /// How many messages a burst meets on average.
    pub burst_length: f64,
    /// The share that is lost within a burst.
    pub burst_loss: f64,
    /// The share of messages that is duplicated.
    pub duplication: f64,
    /// How many extra copies a duplicated message has.
    pub copies: f64,
    /// By how much at most a duplicate comes later.
    pub spread: f64,
    /// The share of messages that is corrupted.
    pub corruption: f64,
    /// Whether a checksum finds what is corrupted and drops it.
    pub has_checksum: bool,
    /// Whether messages stay in order, as in TCP.
    pub is_fifo: bool,
    /// How long until an ordered link sends a lost message again.
    pub retransmit: f64,
    /// How many bytes pass in a second.
    pub bandwidth: f64,
    /// How many bytes may wait to pass.
    pub queue: f64,
}

/// The shape of a latency's distribution, given its middle and its standard deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Always the middle.
    Constant,
    /// The middle is the mean; all lengths from `middle - sqrt(3) jitter` to `middle + sqrt(3) jitter`.
    Uniform,
    /// The middle is the mean; a bell.
    Normal,
    /// The middle is the median; a tail to the right, as on real networks.
    LogNormal,
    /// The middle is the mean and the deviation too.
    Exponential,
    /// The middle is the median; a tail as heavy as its index says.
    Pareto,
}

impl Shape {
    const ALL: [Shape; 6] = [
        Shape::Constant,
        Shape::Uniform,
        Shape::Normal,
        Shape::LogNormal,
        Shape::Exponential,
        Shape::Pareto,
    ];
    const WORDS: &[&str] = &[
        "constant",
        "uniform",
        "normal",
        "log-normal",
        "exponential",
        "pareto",
    ];
}

const ORDERINGS: &[&str] = &["datagram", "fifo"];

/// What the kernel changes together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPart {
    /// How long messages travel.
    Latency,
    /// Independent loss.
    Loss,
    /// Bursty loss.
    Bursts,
    /// Duplicates.
    Duplication,
    /// Corruption.
    Corruption,
    /// Order.
    Ordering,
    /// The bottleneck.
    Bandwidth,
}

/// A setting of links.
pub type LinkSetting = Setting<Network, LinkPart>;

/// Every setting of links, in the order in which the page shows them.
pub const LINK_SETTINGS: &[LinkSetting] = &[
    Setting {
        key: "latency",
        label: "Latency",
        hint: "How long a message travels, typically",
        range: LATENCY,
        slider: Slider::ms(0.0, 1000.0, 1.0).by_ratios(),
        part: LinkPart::Latency,
        get: |n| n.latency,
        set: |n, to| n.latency = to,
    },
    Setting {
        key: "jitter",
        label: "Jitter",
        hint: "How much that differs from message to message",
        range: LATENCY,
        slider: Slider::ms(0.0, 500.0, 1.0).by_ratios(),
        part: LinkPart::Latency,
        get: |n| n.jitter,
        set: |n, to| n.jitter = to,
    },
    Setting {
        key: "shape",
        label: "Latency's shape",
        hint: "How latencies spread about their middle",
        range: Range::words(Shape::WORDS),
        slider: Slider::plain(0.0, 5.0, 1.0),
        part: LinkPart::Latency,
        get: |n| n.shape as u8 as f64,
        set: |n, to| n.shape = Shape::ALL[to as usize],
    },
    Setting {
        key: "tail",
        label: "Tail's index",
        hint: "How light the tail of a Pareto latency is: at 1 and below it has no mean",
        range: Range::number(0.5, 20.0),
        slider: Slider::plain(0.5, 5.0, 0.1),
        part: LinkPart::Latency,
        get: |n| n.tail,
        set: |n, to| n.tail = to,
    },
    Setting {
        key: "floor",
        label: "Shortest latency",
        hint: "No message is faster",
        range: LATENCY,
        slider: Slider::ms(0.0, 500.0, 1.0).by_ratios(),
        part: LinkPart::Latency,
        get: |n| n.floor,
        set: |n, to| n.floor = to,
    },
    Setting {
        key: "cap",
        label: "Longest latency",
        hint: "No message is slower, spikes aside",
        range: Range::duration(0.0, 600.0 * SECOND),
        slider: Slider::ms(0.0, 60_000.0, 10.0).by_ratios(),
        part: LinkPart::Latency,
        get: |n| n.cap,
        set: |n, to| n.cap = to,
    },
    Setting {
        key: "spike",
        label: "Latency spikes",
        hint: "The share of messages that come much later",
        range: Range::SHARE,
        slider: Slider::percent(20.0, 0.5),
        part: LinkPart::Latency,
        get: |n| n.spike,
        set: |n, to| n.spike = to,
    },
    Setting {
        key: "spike-extra",
        label: "Spikes' height",
        hint: "How much later a spike makes a message",
        range: Range::duration(0.0, 60.0 * SECOND),
        slider: Slider::ms(0.0, 10_000.0, 10.0).by_ratios(),
        part: LinkPart::Latency,
        get: |n| n.spike_extra,
        set: |n, to| n.spike_extra = to,
    },
    Setting {
        key: "loss",
        label: "Loss",
        hint: "The share of messages that never arrive",
        range: Range::SHARE,
        slider: Slider::percent(100.0, 1.0),
        part: LinkPart::Loss,
        get: |n| n.loss,
        set: |n, to| n.loss = to,
    },
    Setting {
        key: "bursts",
        label: "Bursts of loss",
        hint: "The share of messages that meet a burst of loss",
        range: Range::share(0.0, 0.5),
        slider: Slider::percent(50.0, 0.5),
        part: LinkPart::Bursts,
        get: |n| n.bursts,
        set: |n, to| n.bursts = to,
    },
    Setting {
        key: "burst-length",
        label: "Bursts' length",
        hint: "How many messages a burst meets on average",
        range: Range::number(1.0, 10_000.0),
        slider: Slider::plain(1.0, 100.0, 1.0),
        part: LinkPart::Bursts,
        get: |n| n.burst_length,
        set: |n, to| n.burst_length = to,
    },
    Setting {
        key: "burst-loss",
        label: "Loss in a burst",
        hint: "The share of messages that never arrive while a burst lasts",
        range: Range::SHARE,
        slider: Slider::percent(100.0, 1.0),
        part: LinkPart::Bursts,
        get: |n| n.burst_loss,
        set: |n, to| n.burst_loss = to,
    },
    Setting {
        key: "duplication",
        label: "Duplication",
        hint: "The share of messages that arrive more than once",
        range: Range::SHARE,
        slider: Slider::percent(100.0, 1.0),
        part: LinkPart::Duplication,
        get: |n| n.duplication,
        set: |n, to| n.duplication = to,
    },
    Setting {
        key: "copies",
        label: "Extra copies",
        hint: "How many extra copies a duplicated message has",
        range: Range::count(1.0, 16.0),
        slider: Slider::plain(1.0, 8.0, 1.0),
        part: LinkPart::Duplication,
        get: |n| n.copies,
        set: |n, to| n.copies = to,
    },
    Setting {
        key: "spread",
        label: "Copies' delay",
        hint: "By how much at most a copy comes later",
        range: Range::duration(0.0, 60.0 * SECOND),
        slider: Slider::ms(0.0, 10_000.0, 10.0).by_ratios(),
        part: LinkPart::Duplication,
        get: |n| n.spread,
        set: |n, to| n.spread = to,
    },
    Setting {
        key: "corruption",
        label: "Corruption",
        hint: "The share of messages whose bits flip on the way",
        range: Range::SHARE,
        slider: Slider::percent(100.0, 1.0),
        part: LinkPart::Corruption,
        get: |n| n.corruption,
        set: |n, to| n.corruption = to,
    },
    Setting {
        key: "checksum",
        label: "Checksum",
        hint: "Whether what is corrupted is found and dropped",
        range: Range::words(OFF_ON),
        slider: Slider::plain(0.0, 1.0, 1.0),
        part: LinkPart::Corruption,
        get: |n| f64::from(u8::from(n.has_checksum)),
        set: |n, to| n.has_checksum = to != 0.0,
    },
    Setting {
        key: "ordering",
        label: "Order",
        hint: "Whether messages may overtake each other, or stay in order as in TCP",
        range: Range::words(ORDERINGS),
        slider: Slider::plain(0.0, 1.0, 1.0),
        part: LinkPart::Ordering,
        get: |n| f64::from(u8::from(n.is_fifo)),
        set: |n, to| n.is_fifo = to != 0.0,
    },
    Setting {
        key: "retransmit",
        label: "Retransmission",
        hint: "How long until an ordered link sends a lost message again",
        range: Range::duration(1e6, 60.0 * SECOND),
        slider: Slider::ms(1.0, 5000.0, 1.0).by_ratios(),
        part: LinkPart::Ordering,
        get: |n| n.retransmit,
        set: |n, to| n.retransmit = to,
    },
    Setting {
        key: "bandwidth",
        label: "Bandwidth",
        hint: "How many bytes pass in a second",
        range: Range::rate(1.0),
        slider: Slider::kilobytes(1.0, 1e6, "kB/s"),
        part: LinkPart::Bandwidth,
        get: |n| n.bandwidth,
        set: |n, to| n.bandwidth = to,
    },
    Setting {
        key: "queue",
        label: "Queue",
        hint: "How many bytes may wait to pass; what does not fit is dropped",
        range: Range::bytes(1.0),
        slider: Slider::kilobytes(1.0, 1e6, "kB"),
        part: LinkPart::Bandwidth,
        get: |n| n.queue,
        set: |n, to| n.queue = to,
    },
];

impl Default for Network {
    fn default() -> Self {
        Network {
            shape: Shape::LogNormal,
            latency: 50e6,
            jitter: 10e6,
            tail: 3.0,
            floor: 0.0,
            cap: 60e9,
            spike: 0.0,
            spike_extra: 1e9,
            loss: 0.0,
            bursts: 0.0,
            burst_length: 8.0,
            burst_loss: 1.0,
            duplication: 0.0,
            copies: 1.0,
            spread: 100e6,
            corruption: 0.0,
            has_checksum: true,
            is_fifo: false,
            retransmit: 200e6,
            bandwidth: f64::INFINITY,
            queue: 64e3,
        }
    }
}

/// Makes a network to start from.
pub type Preset = fn() -> Network;

/// Networks to start from, by name.
pub const PRESETS: [(&str, Preset); 5] = [
    ("ideal", || Network {
        latency: 10e6,
        jitter: 0.0,
        ..Network::default()
    }),
    ("datacenter", || Network {
        latency: 0.5e6,
        jitter: 0.2e6,
        loss: 0.0001,
        ..Network::default()
    }),
    ("wide-area", || Network {
        latency: 80e6,
        jitter: 15e6,
        loss: 0.005,
        ..Network::default()
    }),
    ("mobile", || Network {
        latency: 120e6,
        jitter: 80e6,
        loss: 0.01,
        bursts: 0.03,
        burst_length: 12.0,
        ..Network::default()
    }),
    ("satellite", || Network {
        latency: 300e6,
        jitter: 20e6,
        loss: 0.01,
        floor: 240e6,
        ..Network::default()
    }),
];

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
            _ => Distribution::Constant(nanos(middle)),
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
        // A conversion to an integer takes infinity for the largest one.
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

    #[test]
    fn every_setting_gives_back_what_it_was_given_and_names_itself_once() {
        for (place, setting) in LINK_SETTINGS.iter().enumerate() {
            let mut network = Network::default();
            let default = (setting.get)(&network);
            assert_eq!(setting.range.check(default), Ok(default), "{}", setting.key);
            (setting.set)(&mut network, setting.range.min);
            assert_eq!(
                (setting.get)(&network),
                setting.range.min,
                "{}",
                setting.key
            );
            let twins = LINK_SETTINGS[..place].iter();
            assert_eq!(twins.filter(|other| other.key == setting.key).count(), 0);
        }
    }

    #[test]
    fn every_preset_is_in_range() {
        for (name, preset) in PRESETS {
            for setting in LINK_SETTINGS {
                let value = (setting.get)(&preset());
                assert_eq!(
                    setting.range.check(value),
                    Ok(value),
                    "{name}: {}",
                    setting.key
                );
            }
        }
    }
}
