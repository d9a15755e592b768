//! The settings of nodes.

use sim::NodeId;

use super::{Setting, Slider};
use crate::terms::limits::{BETWEEN, DRIFT, LATENCY, SECOND, SKEW};
use crate::terms::quantity::Range;

/// A setting of nodes.
pub type NodeSetting = Setting<NodeSettings, NodePart>;

/// A part of a node's settings, which the kernel changes together.
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

settings! {
    /// A node. Times are in nanoseconds, rates in ppm, chances are shares.
    #[derive(Clone, Debug, PartialEq)]
    pub struct NodeSettings {
        /// What it is called, in links too: letters, digits and dashes.
        pub name: String = String::new(),
        /// Its role in the protocol.
        pub role: &'static str = "",
        /// Where it stands in the picture: from the left and from the top, as shares.
        pub position: Option<(f64, f64)> = None,
        /// The node that its wall clock is synchronised with.
        pub ntp: Option<NodeId> = None,
    }

    /// Every setting of nodes, in the order in which the page shows them.
    pub const NODE_SETTINGS: [NodePart] {
        /// How far this node's wall clock is ahead of the true time.
        skew: f64 = 0.0 => "skew", "Clock skew", Skew,
            SKEW, Slider::ms(-5000.0, 5000.0, 50.0);

        /// How much too fast this node's wall clock runs.
        drift: f64 = 0.0 => "drift", "Clock drift", Drift,
            DRIFT, Slider::ppm(1000.0, 10.0);

        /// How far this node's wall clock swings around the right time, as with the temperature.
        wobble: f64 = 0.0 => "wobble", "Clock wobble", Wobble,
            LATENCY, Slider::ms(0.0, 1000.0, 5.0);

        /// How long one swing of the wall clock takes, forth and back.
        wobble_period: f64 = 10.0 * SECOND => "wobble-period", "Wobble's period", Wobble,
            Range::duration(1e6, 3600.0 * SECOND), Slider::seconds(1.0, 60.0, 1.0);

        /// How much too fast this node's monotonic clock runs.
        monotonic: f64 = 0.0 => "monotonic", "Monotonic clock's rate", Monotonic,
            DRIFT, Slider::ppm(100_000.0, 100.0);

        /// The error that this node's interval clock admits right after a synchronisation.
        uncertainty: f64 = 0.0 => "uncertainty", "Uncertainty", Uncertainty,
            LATENCY, Slider::ms(0.0, 1000.0, 1.0);

        /// How fast the error that this node's interval clock admits grows between synchronisations.
        uncertainty_drift: f64 = 0.0 => "uncertainty-drift", "Uncertainty's growth", Uncertainty,
            Range::ppm(0.0, 100_000.0), Slider::ppm(1000.0, 10.0).from(0.0);

        /// How often this node asks its time server.
        ntp_poll: f64 = 10.0 * SECOND => "ntp-poll", "NTP poll", Ntp,
            Range::duration(10e6, 3600.0 * SECOND), Slider::seconds(1.0, 60.0, 1.0);

        /// A larger offset is corrected by a jump, a smaller one bit by bit.
        ntp_step: f64 = 128e6 => "ntp-step", "NTP step", Ntp,
            Range::duration(0.0, 3600.0 * SECOND), Slider::ms(0.0, 1000.0, 1.0);

        /// How fast a smaller offset is corrected.
        ntp_slew: f64 = 500.0 => "ntp-slew", "NTP slew", Ntp,
            Range::ppm(1.0, 100_000.0), Slider::ppm(10_000.0, 10.0).from(1.0);

        /// How long this node serves a message before it acts on it.
        service: f64 = 0.0 => "service", "Service time", Service,
            LATENCY, Slider::ms(0.0, 500.0, 1.0);

        /// How many messages may wait at this node; further ones are dropped.
        inbox: f64 = 10_000.0 => "inbox", "Inbox", Inbox,
            Range::count(0.0, 100_000.0), Slider::plain(0.0, 1000.0, 1.0);

        /// How often per minute this node stops without knowing it, as for a garbage collection: at random, on average.
        pauses: f64 = 0.0 => "pauses", "Pauses per minute", Pauses,
            Range::number(0.0, 600.0), Slider::plain(0.0, 30.0, 1.0);

        /// How long such a pause lasts, on average.
        pause_length: f64 = SECOND => "pause-length", "Pauses' length", Pauses,
            BETWEEN, Slider::ms(50.0, 5000.0, 50.0).by_ratios();

        /// How long a write takes on this node's disk; the sync that follows pays for it.
        disk_write: f64 = 0.0 => "disk-write", "Disk write", Disk,
            LATENCY, Slider::ms(0.0, 100.0, 1.0);

        /// How long this node's disk takes to make writes durable.
        disk_sync: f64 = 0.0 => "disk-sync", "Disk sync", Disk,
            LATENCY, Slider::ms(0.0, 500.0, 1.0);

        /// How often a crash leaves this node's last write half done.
        torn: f64 = 0.0 => "torn", "Torn writes", Disk,
            Range::SHARE, Slider::percent(100.0, 1.0);
    }
}
