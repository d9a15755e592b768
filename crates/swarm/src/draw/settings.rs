//! What a run starts from: links, nodes, faults that come by themselves.

use sim::action::{Flapping, Mishap, MishapKind};
use sim::clock::{Uncertainty, Wobble};
use sim::network::{
    Bandwidth, Bursts, Corruption, CutMode, CutShape, Distribution, Duplication, Latency,
    LinkProfile, Ordering,
};
use sim::{DiskProfile, NodeProfile, NtpProfile, ProcessProfile, Setup, SimDuration, SimTime};

use super::Draw;

impl Draw<'_> {
    pub(super) fn setup(&mut self) -> Setup {
        let seed = self.choices.bits();
        let link = self.link();
        let own = self.few();
        let links = (0..own).map(|_| (self.node(), self.node(), self.link()));
        let links = links.collect();
        let nodes = (0..self.nodes).map(|_| self.node_profile()).collect();
        let mishaps = (0..self.few()).map(|_| self.mishap()).collect();
        let flapping = (0..self.few()).map(|_| self.flapping()).collect();
        Setup {
            seed,
            link,
            links,
            nodes,
            mishaps,
            flapping,
        }
    }

    pub(super) fn link(&mut self) -> LinkProfile {
        let latency = self.latency();
        let mut link = LinkProfile {
            latency,
            ..LinkProfile::ideal(SimDuration::ZERO)
        };
        if self.is_on() {
            link.loss = self.probability(0.4);
        }
        link.bursts = self.option(Self::bursts);
        if self.is_on() {
            link.duplication = self.duplication();
        }
        if self.is_on() {
            link.corruption = self.corruption();
        }
        if self.is_on() {
            link.ordering = self.fifo();
        }
        link.bandwidth = self.option(Self::bandwidth);
        link
    }

    pub(super) fn latency(&mut self) -> Latency {
        let length = self.length(60);
        let longer = length + self.length(60);
        let sigma = self.choices.below(8) as f64 / 4.0;
        let mut latency = Latency::of(match self.choices.below(6) {
            0 => Distribution::Constant(length),
            1 => Distribution::Uniform {
                low: length,
                high: longer,
            },
            2 => Distribution::Normal {
                mean: longer,
                deviation: length,
            },
            3 => Distribution::LogNormal {
                median: length,
                sigma,
            },
            4 => Distribution::Exponential { mean: length },
            _ => Distribution::Pareto {
                scale: length,
                shape: sigma,
            },
        });
        // Without a floor a loop of messages may stand still in time.
        latency.floor = SimDuration::from_micros(200);
        if self.is_wild && self.is_on() {
            latency.floor = self.length(10);
        }
        if self.is_on() {
            latency.cap = latency.floor + self.length(200);
        }
        if self.is_on() {
            latency.spike = self.probability(0.1);
            latency.spike_extra = self.length(500);
        }
        latency
    }

    pub(super) fn bursts(&mut self) -> Bursts {
        Bursts {
            to_bad: self.probability(0.2),
            to_good: self.probability(0.5),
            loss_when_bad: self.probability(1.0),
        }
    }

    pub(super) fn duplication(&mut self) -> Duplication {
        let most = if self.is_wild { 256 } else { 3 };
        Duplication {
            probability: self.probability(0.3),
            copies: self.choices.below(most) as u8,
            spread: self.length(100),
        }
    }

    pub(super) fn corruption(&mut self) -> Corruption {
        Corruption {
            probability: self.probability(0.3),
            detected: self.choices.chance(128),
        }
    }

    pub(super) fn fifo(&mut self) -> Ordering {
        Ordering::Fifo {
            retransmit: self.length(200),
        }
    }

    pub(super) fn bandwidth(&mut self) -> Bandwidth {
        let least = u64::from(!self.is_wild) * 2_000;
        Bandwidth {
            bytes_per_sec: least + self.choices.below(256) * 400,
            queue_bytes: self.choices.below(256) * 20,
        }
    }

    pub(super) fn node_profile(&mut self) -> NodeProfile {
        let mut node = NodeProfile::default();
        if self.is_on() {
            node.skew = self.shift(2000);
        }
        if self.is_on() {
            node.drift = self.rate();
        }
        node.wobble = self.option(Self::wobble);
        if self.is_on() {
            node.monotonic_rate = self.rate();
        }
        node.uncertainty = self.uncertainty();
        node.ntp = self.option(Self::ntp);
        if self.is_on() {
            node.process = self.process();
        }
        if self.is_on() {
            node.disk = self.disk();
        }
        node
    }

    pub(super) fn wobble(&mut self) -> Wobble {
        Wobble {
            amplitude: self.length(20),
            period: self.length(4000),
        }
    }

    pub(super) fn uncertainty(&mut self) -> Uncertainty {
        Uncertainty {
            base: self.length(10),
            drift: self.rate(),
        }
    }

    pub(super) fn ntp(&mut self) -> NtpProfile {
        NtpProfile {
            server: self.node(),
            poll: self.length(1000),
            step_threshold: self.length(200),
            slew: self.rate(),
        }
    }

    pub(super) fn process(&mut self) -> ProcessProfile {
        ProcessProfile {
            service: self.length(20),
            inbox: self.choices.below(30) as u32,
        }
    }

    pub(super) fn disk(&mut self) -> DiskProfile {
        DiskProfile {
            write: self.length(5),
            sync: self.length(60),
            torn: self.probability(0.5),
        }
    }

    pub(super) fn mishap(&mut self) -> Mishap {
        let limp = MishapKind::Limp(self.permille());
        Mishap {
            node: self.node(),
            kind: self.choices.pick(&[
                MishapKind::Crash,
                MishapKind::Pause,
                limp,
                MishapKind::Isolate,
            ]),
            mean_between: self.length(2000),
            mean_length: self.length(800),
        }
    }

    pub(super) fn flapping(&mut self) -> Flapping {
        Flapping {
            shape: self.shape(),
            mode: self.mode(),
            first: SimTime::ZERO + self.length(2000),
            cut: self.length(800),
            healed: self.length(800),
        }
    }

    pub(super) fn mode(&mut self) -> CutMode {
        self.choices.pick(&[CutMode::Drop, CutMode::Hold])
    }

    pub(super) fn shape(&mut self) -> CutShape {
        match self.choices.below(8) {
            0 => CutShape::Isolate(self.some_nodes()),
            1 => CutShape::Links(vec![(self.node(), self.node()), (self.node(), self.node())]),
            2 => CutShape::Between(self.some_nodes()),
            3 => CutShape::OneWay(self.some_nodes()),
            4 => CutShape::Halves,
            5 => CutShape::Bridge(self.node()),
            6 => CutShape::MajoritiesRing,
            _ => CutShape::RandomHalf,
        }
    }
}
