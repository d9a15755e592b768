//! What can be done to a run. How it is written, and what the kernel does for it, is in `deed`.

use sim::action::{Meddling, MishapKind};
use sim::{MessageId, NodeId, SimDuration, SimTime};

use super::cut::Cut;
use super::knob::Knob;
use crate::terms::scope::{NodeSet, Role, Scope, Who};

/// Something done to a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deed {
    /// A knob is turned to a value in its base unit.
    Turn(Knob, f64),
    /// Something happens to nodes.
    Node(NodeDeed, Who),
    /// Nodes become slower or faster: so many thousandths of the usual time.
    Slow(SlowDeed, Who, u32),
    /// Wall clocks jump by so many nanoseconds.
    Step(Who, i64),
    /// Wall clocks are corrected by so many nanoseconds, at a rate in ppm.
    Slew(Who, i64, f64),
    /// The clocks of a role run at another rate, in ppm.
    Rate(ClockDeed, Role, f64),
    /// Wall clocks are synchronised with a node's from now on, or with none.
    Ntp(NodeSet, Option<NodeId>),
    /// Links are cut.
    Cut(Cut),
    /// A cut heals, or all do.
    Heal(Option<Cut>),
    /// Messages of a kind are dropped.
    Filter(Filtering),
    /// A filter is taken away, or all are.
    Unfilter(Option<Filtering>),
    /// A fault strikes at random from now on.
    Strike(Strike),
    /// A fault no longer strikes, or none does.
    Calm(Option<Strike>),
    /// A cut comes and goes from now on.
    Flap(Flap),
    /// A cut no longer comes and goes, or none does.
    Unflap(Option<Cut>),
    /// A message on its way is taken hold of.
    Message(MessageId, Meddling),
    /// Nodes do an operation of their protocol, by its place in the vocabulary.
    Operation(Who, u8, i64),
}

impl Deed {
    /// The nodes that it names, if it is done to nodes and names them.
    pub fn nodes(&self) -> Option<NodeSet> {
        match self {
            Deed::Node(_, Who::Nodes(nodes))
            | Deed::Slow(_, Who::Nodes(nodes), _)
            | Deed::Step(Who::Nodes(nodes), _)
            | Deed::Slew(Who::Nodes(nodes), ..)
            | Deed::Operation(Who::Nodes(nodes), ..) => Some(*nodes),
            Deed::Cut(cut) => cut.nodes(),
            _ => None,
        }
    }
}

/// What can happen to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeDeed {
    /// It crashes.
    Crash,
    /// It restarts.
    Restart,
    /// It pauses.
    Pause,
    /// It resumes.
    Resume,
    /// Its disk is lost.
    Wipe,
}

/// The part of a node that is slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlowDeed {
    /// All of it.
    Node,
    /// Its disk.
    Disk,
}

impl SlowDeed {
    /// As fast as usual, in thousandths of the usual time.
    pub const USUAL: u32 = 1000;
}

/// Which clock runs at another rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockDeed {
    /// The wall clock.
    Wall,
    /// The monotonic clock.
    Monotonic,
}

/// A deed with its moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Timed {
    /// When it is done.
    pub at: SimTime,
    /// What is done.
    pub deed: Deed,
}

/// A rule that drops messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filtering {
    /// On which links.
    pub scope: Scope,
    /// The kind of message, by its place in the vocabulary; if none is named, every kind.
    pub kind: Option<u8>,
    /// The share of these messages that it drops.
    pub share: f64,
}

/// A fault that strikes at random.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strike {
    /// What strikes.
    pub kind: MishapKind,
    /// Which nodes, each on its own.
    pub nodes: NodeSet,
    /// The mean time between the end of one and the next.
    pub every: SimDuration,
    /// How long one lasts on average.
    pub lasts: SimDuration,
}

/// A cut that comes and goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flap {
    /// What is cut.
    pub cut: Cut,
    /// How long it stays.
    pub stays: SimDuration,
    /// How long it is gone.
    pub gone: SimDuration,
}
