//! The settings of nodes.

use sim::action::{Mishap, MishapKind};
use sim::clock::{Rate, Uncertainty, Wobble};
use sim::random::Probability;
use sim::{
    Action, DiskProfile, NodeChange, NodeId, NodeProfile, NtpProfile, ProcessProfile, SimDuration,
    Target,
};

use super::limits::{BETWEEN, DRIFT, LATENCY, SECOND, SKEW};
use crate::deed::pauses_name;
use crate::quantity::Range;
use crate::setting::{Setting, Slider};

/// A node. Times are in nanoseconds, rates in ppm, chances are shares.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeSettings {
    /// What it is called, in links too: letters, digits and dashes.
    pub name: String,
    /// Its role in the protocol.
    pub role: &'static str,
    /// Where it stands in the picture: from the left and from the top, as shares.
    pub position: Option<(f64, f64)>,
    /// Whom its wall clock is synchronised with.
    pub ntp: Option<NodeId>,
    /// How far its wall clock is ahead at the beginning.
    pub skew: f64,
    /// How fast its wall clock runs.
    pub drift: f64,
    /// The largest error of a periodic error of its wall clock.
    pub wobble: f64,
    /// The period of that error.
    pub wobble_period: f64,
    /// How fast its monotonic clock runs.
    pub monotonic: f64,
    /// The error that its interval clock admits right after a synchronisation.
    pub uncertainty: f64,
    /// How fast its interval clock lets that error grow.
    pub uncertainty_drift: f64,
    /// How often its wall clock is synchronised.
    pub ntp_poll: f64,
    /// Which offset is corrected by a jump.
    pub ntp_step: f64,
    /// How fast a smaller one is corrected.
    pub ntp_slew: f64,
    /// How long it serves a message.
    pub service: f64,
    /// How many messages may wait.
    pub inbox: f64,
    /// How often a minute it is paused at random, on average.
    pub pauses: f64,
    /// How long such a pause lasts on average.
    pub pause_length: f64,
    /// How long its disk takes for a write.
    pub disk_write: f64,
    /// How long its disk takes for a sync.
    pub disk_sync: f64,
    /// How often a crash tears the last write.
    pub torn: f64,
}

/// What of a node the kernel changes together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodePart {
    /// How far its wall clock is ahead.
    Skew,
    /// How fast its wall clock runs.
    Drift,
    /// How fast its monotonic clock runs.
    Monotonic,
    /// The periodic error of its wall clock.
    Wobble,
    /// How its interval clock bounds that clock's error.
    Uncertainty,
    /// How its wall clock is synchronised.
    Ntp,
    /// How long it serves a message.
    Service,
    /// How many messages may wait.
    Inbox,
    /// How often it is paused at random, and for how long.
    Pauses,
    /// Its disk.
    Disk,
}

/// A setting of nodes.
pub type NodeSetting = Setting<NodeSettings, NodePart>;

/// Every setting of nodes, in the order in which the page shows them.
pub const NODE_SETTINGS: &[NodeSetting] = &[
    Setting {
        key: "skew",
        label: "Clock skew",
        hint: "How far this node's wall clock is ahead of the true time",
        range: SKEW,
        slider: Slider::ms(-5000.0, 5000.0, 50.0),
        part: NodePart::Skew,
        get: |n| n.skew,
        set: |n, to| n.skew = to,
    },
    Setting {
        key: "drift",
        label: "Clock drift",
        hint: "How much too fast this node's wall clock runs",
        range: DRIFT,
        slider: Slider::ppm(1000.0, 10.0),
        part: NodePart::Drift,
        get: |n| n.drift,
        set: |n, to| n.drift = to,
    },
    Setting {
        key: "wobble",
        label: "Clock wobble",
        hint: "How far this node's wall clock errs to and fro, as with the temperature",
        range: LATENCY,
        slider: Slider::ms(0.0, 1000.0, 5.0),
        part: NodePart::Wobble,
        get: |n| n.wobble,
        set: |n, to| n.wobble = to,
    },
    Setting {
        key: "wobble-period",
        label: "Wobble's period",
        hint: "How long the wall clock errs to and fro once",
        range: Range::duration(1e6, 3600.0 * SECOND),
        slider: Slider::seconds(1.0, 60.0, 1.0),
        part: NodePart::Wobble,
        get: |n| n.wobble_period,
        set: |n, to| n.wobble_period = to,
    },
    Setting {
        key: "monotonic",
        label: "Monotonic clock's rate",
        hint: "How much too fast this node's monotonic clock runs",
        range: DRIFT,
        slider: Slider::ppm(100_000.0, 100.0),
        part: NodePart::Monotonic,
        get: |n| n.monotonic,
        set: |n, to| n.monotonic = to,
    },
    Setting {
        key: "uncertainty",
        label: "Uncertainty",
        hint: "The error that this node's interval clock admits right after a synchronisation",
        range: LATENCY,
        slider: Slider::ms(0.0, 1000.0, 1.0),
        part: NodePart::Uncertainty,
        get: |n| n.uncertainty,
        set: |n, to| n.uncertainty = to,
    },
    Setting {
        key: "uncertainty-drift",
        label: "Uncertainty's growth",
        hint: "How fast this node's interval clock lets that error grow",
        range: Range::ppm(0.0, 100_000.0),
        slider: Slider {
            min: 0.0,
            ..Slider::ppm(1000.0, 10.0)
        },
        part: NodePart::Uncertainty,
        get: |n| n.uncertainty_drift,
        set: |n, to| n.uncertainty_drift = to,
    },
    Setting {
        key: "ntp-poll",
        label: "NTP poll",
        hint: "How often this node asks its time server",
        range: Range::duration(10e6, 3600.0 * SECOND),
        slider: Slider::seconds(1.0, 60.0, 1.0),
        part: NodePart::Ntp,
        get: |n| n.ntp_poll,
        set: |n, to| n.ntp_poll = to,
    },
    Setting {
        key: "ntp-step",
        label: "NTP step",
        hint: "A larger offset is corrected by a jump, a smaller one bit by bit",
        range: Range::duration(0.0, 3600.0 * SECOND),
        slider: Slider::ms(0.0, 1000.0, 1.0),
        part: NodePart::Ntp,
        get: |n| n.ntp_step,
        set: |n, to| n.ntp_step = to,
    },
    Setting {
        key: "ntp-slew",
        label: "NTP slew",
        hint: "How fast a smaller offset is corrected",
        range: Range::ppm(1.0, 100_000.0),
        slider: Slider {
            min: 1.0,
            ..Slider::ppm(10_000.0, 10.0)
        },
        part: NodePart::Ntp,
        get: |n| n.ntp_slew,
        set: |n, to| n.ntp_slew = to,
    },
    Setting {
        key: "service",
        label: "Service time",
        hint: "How long this node serves a message before it acts on it",
        range: LATENCY,
        slider: Slider::ms(0.0, 500.0, 1.0),
        part: NodePart::Service,
        get: |n| n.service,
        set: |n, to| n.service = to,
    },
    Setting {
        key: "inbox",
        label: "Inbox",
        hint: "How many messages may wait at this node; what comes on top is dropped",
        range: Range::count(0.0, 100_000.0),
        slider: Slider::plain(0.0, 1000.0, 1.0),
        part: NodePart::Inbox,
        get: |n| n.inbox,
        set: |n, to| n.inbox = to,
    },
    Setting {
        key: "pauses",
        label: "Pauses a minute",
        hint: "How often this node stops, as for a garbage collection, without knowing it: at random, on average",
        range: Range::number(0.0, 600.0),
        slider: Slider::plain(0.0, 30.0, 1.0),
        part: NodePart::Pauses,
        get: |n| n.pauses,
        set: |n, to| n.pauses = to,
    },
    Setting {
        key: "pause-length",
        label: "Pauses' length",
        hint: "How long such a pause lasts, on average",
        range: BETWEEN,
        slider: Slider::ms(50.0, 5000.0, 50.0).by_ratios(),
        part: NodePart::Pauses,
        get: |n| n.pause_length,
        set: |n, to| n.pause_length = to,
    },
    Setting {
        key: "disk-write",
        label: "Disk write",
        hint: "How long this node's disk takes for a write, paid by the sync that follows",
        range: LATENCY,
        slider: Slider::ms(0.0, 100.0, 1.0),
        part: NodePart::Disk,
        get: |n| n.disk_write,
        set: |n, to| n.disk_write = to,
    },
    Setting {
        key: "disk-sync",
        label: "Disk sync",
        hint: "How long this node's disk takes to make writes durable",
        range: LATENCY,
        slider: Slider::ms(0.0, 500.0, 1.0),
        part: NodePart::Disk,
        get: |n| n.disk_sync,
        set: |n, to| n.disk_sync = to,
    },
    Setting {
        key: "torn",
        label: "Torn writes",
        hint: "How often a crash leaves this node's last write half done",
        range: Range::SHARE,
        slider: Slider::percent(100.0, 1.0),
        part: NodePart::Disk,
        get: |n| n.torn,
        set: |n, to| n.torn = to,
    },
];

impl Default for NodeSettings {
    fn default() -> Self {
        NodeSettings {
            name: String::new(),
            role: "",
            position: None,
            ntp: None,
            skew: 0.0,
            drift: 0.0,
            wobble: 0.0,
            wobble_period: 10.0 * SECOND,
            monotonic: 0.0,
            uncertainty: 0.0,
            uncertainty_drift: 0.0,
            ntp_poll: 10.0 * SECOND,
            ntp_step: 128e6,
            ntp_slew: 500.0,
            service: 0.0,
            inbox: 10_000.0,
            pauses: 0.0,
            pause_length: SECOND,
            disk_write: 0.0,
            disk_sync: 0.0,
            torn: 0.0,
        }
    }
}

/// A rate in the kernel's parts per billion.
pub(crate) fn rate(ppm: f64) -> Rate {
    Rate(libm::round(ppm * 1000.0) as i64)
}

impl NodeSettings {
    /// What the kernel has to know of the node.
    pub fn profile(&self) -> NodeProfile {
        let nanos = SimDuration::from_nanos_f64;
        NodeProfile {
            skew: self.skew as i64,
            drift: rate(self.drift),
            wobble: (self.wobble > 0.0).then(|| Wobble {
                amplitude: nanos(self.wobble),
                period: nanos(self.wobble_period),
            }),
            monotonic_rate: rate(self.monotonic),
            uncertainty: Uncertainty {
                base: nanos(self.uncertainty),
                drift: rate(self.uncertainty_drift),
            },
            ntp: self.ntp.map(|server| NtpProfile {
                server,
                poll: nanos(self.ntp_poll),
                step_threshold: nanos(self.ntp_step),
                slew: rate(self.ntp_slew),
            }),
            process: ProcessProfile {
                service: nanos(self.service),
                inbox: self.inbox as u32,
            },
            disk: DiskProfile {
                write: nanos(self.disk_write),
                sync: nanos(self.disk_sync),
                torn: Probability::new(self.torn),
            },
        }
    }

    /// What the kernel has to do to node `me` for one part of these settings. `before` is the skew so far.
    pub(crate) fn action(&self, part: NodePart, me: NodeId, before: f64) -> Action {
        let (target, profile) = (Target::Node(me), self.profile());
        let change = match part {
            NodePart::Skew => return Action::StepClock(target, (self.skew - before) as i64),
            NodePart::Drift => return Action::Drift(target, profile.drift),
            NodePart::Monotonic => return Action::MonotonicRate(target, profile.monotonic_rate),
            NodePart::Wobble => NodeChange::Wobble(profile.wobble),
            NodePart::Uncertainty => NodeChange::Uncertainty(profile.uncertainty),
            NodePart::Ntp => NodeChange::Ntp(profile.ntp),
            NodePart::Service => NodeChange::Service(profile.process.service),
            NodePart::Inbox => NodeChange::Inbox(profile.process.inbox),
            NodePart::Disk => NodeChange::Disk(profile.disk),
            NodePart::Pauses => return self.strike_with_pauses(me),
        };
        Action::Node(target, change)
    }

    /// What has node `me` paused at random from now on as these settings say, or no longer.
    pub(crate) fn strike_with_pauses(&self, me: NodeId) -> Action {
        let name = pauses_name(me);
        if self.pauses == 0.0 {
            return Action::RemoveMishap(Some(name));
        }
        let mishap = Mishap {
            node: me,
            kind: MishapKind::Pause,
            mean_between: SimDuration::from_nanos_f64(60.0 * SECOND / self.pauses),
            mean_length: SimDuration::from_nanos_f64(self.pause_length),
        };
        Action::AddMishap(name, mishap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_gives_back_what_it_was_given_and_names_itself_once() {
        for (place, setting) in NODE_SETTINGS.iter().enumerate() {
            let mut node = NodeSettings::default();
            let default = (setting.get)(&node);
            assert_eq!(setting.range.check(default), Ok(default), "{}", setting.key);
            (setting.set)(&mut node, setting.range.max);
            assert_eq!((setting.get)(&node), setting.range.max, "{}", setting.key);
            let twins = NODE_SETTINGS[..place].iter();
            assert_eq!(twins.filter(|other| other.key == setting.key).count(), 0);
        }
    }
}
