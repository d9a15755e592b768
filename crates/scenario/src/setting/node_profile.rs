//! The settings of nodes as the kernel's profile of a node.

use sim::action::{Mishap, MishapKind};
use sim::clock::{Rate, Uncertainty, Wobble};
use sim::random::Probability;
use sim::{
    Action, DiskProfile, NodeChange, NodeId, NodeProfile, NtpProfile, ProcessProfile, SimDuration,
    Target,
};

use super::{NodePart, NodeSettings};
use crate::terms::limits::SECOND;
use crate::terms::name::pauses_name;

/// A rate in the kernel's parts per billion.
pub(crate) fn rate(ppm: f64) -> Rate {
    Rate(libm::round(ppm * 1000.0) as i64)
}

impl NodeSettings {
    /// What the kernel has to know about the node.
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

    /// The action after which node `me` is paused at random as these settings say, or no longer.
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
