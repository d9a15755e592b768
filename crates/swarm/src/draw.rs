//! Settings and interventions drawn from choices.
//!
//! Every knob is off unless a byte says otherwise. In a wild case numbers are of any size, the largest and the smallest
//! above all; in a tame one they are such that a run shows what the knob does.

use sim::action::{Flapping, Meddling, Mishap, MishapKind};
use sim::clock::{Rate, Uncertainty, Wobble};
use sim::network::{
    Bandwidth, Bursts, Corruption, CutMode, CutShape, Distribution, Duplication, Filter, Latency,
    LinkChange, LinkProfile, LinkSelector, Ordering,
};
use sim::random::Probability;
use sim::{
    Action, DiskProfile, Intervention, MessageId, NodeChange, NodeId, NodeProfile, NtpProfile,
    ProcessProfile, Setup, SimDuration, SimTime, Target,
};

use crate::{Case, Choices, Little};

impl Case {
    /// A case with sane settings.
    pub fn draw(bytes: &[u8]) -> Case {
        Draw::new(bytes, false).case()
    }

    /// A case with settings and interventions of any size, sane or not.
    pub fn draw_wild(bytes: &[u8]) -> Case {
        Draw::new(bytes, true).case()
    }
}

pub(crate) struct Draw<'a> {
    pub choices: Choices<'a>,
    is_wild: bool,
    nodes: u16,
    end: SimTime,
}

impl<'a> Draw<'a> {
    pub fn new(bytes: &'a [u8], is_wild: bool) -> Draw<'a> {
        Draw {
            choices: Choices::new(bytes),
            is_wild,
            nodes: 0,
            end: SimTime::ZERO,
        }
    }

    pub fn case(&mut self) -> Case {
        let protocol = self.choices.pick(&[
            Little::Chatter,
            Little::Ring,
            Little::Gossip,
            Little::PingPong(2),
        ]);
        self.nodes = 2 + self.choices.below(5) as u16;
        self.end = SimTime::from_millis(1000 + self.choices.below(5) * 1000);
        let setup = self.setup();
        let count = self.choices.below(12);
        let mut script: Vec<_> = (0..count).map(|_| self.intervention()).collect();
        script.sort_by_key(|intervention: &Intervention| intervention.at);
        Case {
            protocol,
            setup,
            script,
            end: self.end,
        }
    }

    fn setup(&mut self) -> Setup {
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

    /// Mostly none, at most 3.
    fn few(&mut self) -> u64 {
        self.choices.below(8).saturating_sub(4)
    }

    fn is_on(&mut self) -> bool {
        self.choices.chance(96)
    }

    /// A setting that is there or not.
    fn option<T>(&mut self, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.is_on().then(|| draw(self))
    }

    /// A number of any size, the extremes above all.
    fn any(&mut self) -> u64 {
        match self.choices.below(6) {
            0 => 0,
            1 => 1,
            2 => u64::MAX,
            3 => i64::MAX as u64,
            4 => i64::MIN as u64,
            _ => self.choices.bits(),
        }
    }

    /// Up to `most_ms`, and never zero.
    fn length(&mut self, most_ms: u64) -> SimDuration {
        if self.is_wild && self.is_on() {
            return SimDuration::from_nanos(self.any());
        }
        let micros = 1 + self.choices.below(256) * most_ms * 1000 / 256;
        SimDuration::from_micros(micros)
    }

    /// From minus to plus `most_ms`, in nanoseconds.
    fn shift(&mut self, most_ms: u64) -> i64 {
        if self.is_wild && self.is_on() {
            return self.any() as i64;
        }
        let length = self.length(most_ms).as_nanos() as i64;
        if self.choices.chance(128) {
            length.wrapping_neg()
        } else {
            length
        }
    }

    fn rate(&mut self) -> Rate {
        if self.is_wild && self.is_on() {
            return Rate(self.any() as i64);
        }
        Rate::ppm(self.choices.below(256) as i64 * 8 - 1024)
    }

    fn permille(&mut self) -> u32 {
        if self.is_wild && self.is_on() {
            return self.any() as u32;
        }
        1000 * (1 + self.choices.below(10) as u32)
    }

    fn probability(&mut self, most: f64) -> Probability {
        let share = (1 + self.choices.below(256)) as f64 / 256.0;
        Probability::new(share * if self.is_wild { 1.0 } else { most })
    }

    fn node(&mut self) -> NodeId {
        if self.is_wild && self.choices.chance(16) {
            return NodeId(self.any() as u16);
        }
        NodeId(self.choices.below(self.nodes.into()) as u16)
    }

    fn some_nodes(&mut self) -> Vec<NodeId> {
        let count = self.choices.below(3) + 1;
        (0..count).map(|_| self.node()).collect()
    }

    fn link(&mut self) -> LinkProfile {
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

    fn latency(&mut self) -> Latency {
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

    fn bursts(&mut self) -> Bursts {
        Bursts {
            to_bad: self.probability(0.2),
            to_good: self.probability(0.5),
            loss_when_bad: self.probability(1.0),
        }
    }

    fn duplication(&mut self) -> Duplication {
        let most = if self.is_wild { 256 } else { 3 };
        Duplication {
            probability: self.probability(0.3),
            copies: self.choices.below(most) as u8,
            spread: self.length(100),
        }
    }

    fn corruption(&mut self) -> Corruption {
        Corruption {
            probability: self.probability(0.3),
            detected: self.choices.chance(128),
        }
    }

    fn fifo(&mut self) -> Ordering {
        Ordering::Fifo {
            retransmit: self.length(200),
        }
    }

    fn bandwidth(&mut self) -> Bandwidth {
        let least = u64::from(!self.is_wild) * 2_000;
        Bandwidth {
            bytes_per_sec: least + self.choices.below(256) * 400,
            queue_bytes: self.choices.below(256) * 20,
        }
    }

    fn node_profile(&mut self) -> NodeProfile {
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

    fn wobble(&mut self) -> Wobble {
        Wobble {
            amplitude: self.length(20),
            period: self.length(4000),
        }
    }

    fn uncertainty(&mut self) -> Uncertainty {
        Uncertainty {
            base: self.length(10),
            drift: self.rate(),
        }
    }

    fn ntp(&mut self) -> NtpProfile {
        NtpProfile {
            server: self.node(),
            poll: self.length(1000),
            step_threshold: self.length(200),
            slew: self.rate(),
        }
    }

    fn process(&mut self) -> ProcessProfile {
        ProcessProfile {
            service: self.length(20),
            inbox: self.choices.below(30) as u32,
        }
    }

    fn disk(&mut self) -> DiskProfile {
        DiskProfile {
            write: self.length(5),
            sync: self.length(60),
            torn: self.probability(0.5),
        }
    }

    fn mishap(&mut self) -> Mishap {
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

    fn flapping(&mut self) -> Flapping {
        Flapping {
            shape: self.shape(),
            mode: self.mode(),
            first: SimTime::ZERO + self.length(2000),
            cut: self.length(800),
            healed: self.length(800),
        }
    }

    fn mode(&mut self) -> CutMode {
        self.choices.pick(&[CutMode::Drop, CutMode::Hold])
    }

    fn shape(&mut self) -> CutShape {
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

    fn target(&mut self) -> Target {
        let node = self.node();
        self.choices.pick(&[
            Target::Node(node),
            Target::Random,
            Target::Leader,
            Target::Majority,
            Target::Minority,
            Target::All,
        ])
    }

    fn selector(&mut self) -> LinkSelector {
        let (from, to) = (self.node(), self.node());
        self.choices.pick(&[
            LinkSelector::All,
            LinkSelector::Pair(from, to),
            LinkSelector::From(from),
            LinkSelector::To(to),
        ])
    }

    /// A small number: names of things that are to meet each other again.
    fn name(&mut self) -> u32 {
        self.choices.below(3) as u32
    }

    fn name_or_all(&mut self) -> Option<u32> {
        let name = self.name();
        self.choices.pick(&[Some(name), None])
    }

    pub fn intervention(&mut self) -> Intervention {
        let at = SimTime::from_nanos(self.end.as_nanos() / 256 * self.choices.below(256));
        Intervention {
            at,
            action: self.action(),
        }
    }

    pub fn action(&mut self) -> Action {
        match self.choices.below(24) {
            0 => Action::Crash(self.target()),
            1 | 2 => Action::Restart(self.target()),
            3 => Action::Pause(self.target()),
            4 | 5 => Action::Resume(self.target()),
            6 => Action::Limp(self.target(), self.permille()),
            7 => Action::StepClock(self.target(), self.shift(3000)),
            8 => Action::SlewClock(self.target(), self.shift(500), self.rate()),
            9 => Action::Drift(self.target(), self.rate()),
            10 => Action::MonotonicRate(self.target(), self.rate()),
            11 => Action::Link(self.selector(), self.link_change()),
            12 => Action::Cut {
                name: self.name(),
                shape: self.shape(),
                mode: self.mode(),
            },
            13 => Action::Isolate {
                name: self.name(),
                target: self.target(),
                mode: self.mode(),
            },
            14 => Action::Heal(self.name_or_all()),
            15 => Action::AddFilter(self.name(), self.filter()),
            16 => Action::RemoveFilter(self.name_or_all()),
            17 | 18 => Action::Message(self.message(), self.meddling()),
            19 => Action::WipeDisk(self.target()),
            20 => Action::SlowDisk(self.target(), self.permille()),
            21 => Action::Node(self.target(), self.node_change()),
            22 => self.fault_by_itself(),
            _ => Action::Operation {
                target: self.target(),
                operation: self.choices.below(2) as u8,
                argument: self.shift(1),
            },
        }
    }

    fn fault_by_itself(&mut self) -> Action {
        match self.choices.below(4) {
            0 => Action::AddMishap(self.name(), self.mishap()),
            1 => Action::RemoveMishap(self.name_or_all()),
            2 => Action::AddFlapping(self.name(), self.flapping()),
            _ => Action::RemoveFlapping(self.name_or_all()),
        }
    }

    fn message(&mut self) -> MessageId {
        MessageId(self.choices.below(256) as u32 * 4)
    }

    pub fn meddling(&mut self) -> Meddling {
        let delay = Meddling::Delay(self.length(500));
        self.choices.pick(&[
            Meddling::Drop,
            delay,
            Meddling::Duplicate,
            Meddling::DeliverNow,
            Meddling::Corrupt,
        ])
    }

    fn filter(&mut self) -> Filter {
        Filter {
            links: self.selector(),
            kind: self.option(|draw| draw.choices.below(3) as u8),
            share: self.probability(1.0),
        }
    }

    fn link_change(&mut self) -> LinkChange {
        match self.choices.below(7) {
            0 => LinkChange::Latency(self.latency()),
            1 => LinkChange::Loss(self.probability(0.6)),
            2 => LinkChange::Bursts(self.option(Self::bursts)),
            3 => LinkChange::Duplication(self.duplication()),
            4 => LinkChange::Corruption(self.corruption()),
            5 => LinkChange::Ordering(self.option(Self::fifo).unwrap_or(Ordering::Datagram)),
            _ => LinkChange::Bandwidth(self.option(Self::bandwidth)),
        }
    }

    fn node_change(&mut self) -> NodeChange {
        match self.choices.below(6) {
            0 => NodeChange::Service(self.length(50)),
            1 => NodeChange::Inbox(self.choices.below(10) as u32),
            2 => NodeChange::Disk(self.disk()),
            3 => NodeChange::Wobble(self.option(Self::wobble)),
            4 => NodeChange::Uncertainty(self.uncertainty()),
            _ => NodeChange::Ntp(self.option(Self::ntp)),
        }
    }
}
