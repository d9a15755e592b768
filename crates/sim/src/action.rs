//! What can be done to a run from outside: by its scenario, at random, or by hand.
//!
//! This is the vocabulary. `world/intervene.rs` and `world/fault.rs` do what it says.

use crate::collections::held::{Held, Measure};
use crate::id::{MessageId, NodeId};
use crate::network::{CutMode, CutShape, Filter, LinkChange, LinkSelector};
use crate::node::clock::{Rate, Uncertainty, Wobble};
use crate::node::{DiskProfile, NtpProfile};
use crate::time::{SimDuration, SimTime};

/// Which nodes an action hits. Roles are resolved when it takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// This node.
    Node(NodeId),
    /// Every node.
    All,
    /// One node, each equally likely.
    Random,
    /// The nodes that say they lead.
    Leader,
    /// The smallest majority of all nodes, drawn at random.
    Majority,
    /// The largest minority of all nodes, drawn at random.
    Minority,
}

/// Something done to a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Stops nodes and empties their memory. A crashed node stays as it is.
    Crash(Target),
    /// Starts crashed nodes again with what is on their disks. Other nodes stay as they are.
    Restart(Target),
    /// Stops running nodes. They do not notice.
    Pause(Target),
    /// Lets paused nodes continue.
    Resume(Target),
    /// Makes nodes serve at this many thousandths of their usual time: 1000 is healthy, 5000 five times slower.
    Limp(Target, u32),
    /// Makes wall clocks jump by this many nanoseconds.
    StepClock(Target, i64),
    /// Corrects wall clocks by this many nanoseconds, at no more than this rate.
    SlewClock(Target, i64, Rate),
    /// Changes how fast wall clocks run.
    Drift(Target, Rate),
    /// Changes how fast monotonic clocks run. Timers that are set already fire when that clock says so.
    MonotonicRate(Target, Rate),
    /// Changes a setting of nodes.
    Node(Target, NodeChange),
    /// Changes a setting of links.
    Link(LinkSelector, LinkChange),
    /// Cuts links under a name; a cut of that name is replaced. What is on its way there is cut off too.
    Cut {
        /// Its name, for healing it.
        name: u32,
        /// Which links.
        shape: CutShape,
        /// What happens to messages.
        mode: CutMode,
    },
    /// Cuts all links to and from nodes.
    Isolate {
        /// The cut's name.
        name: u32,
        /// Which nodes.
        target: Target,
        /// What happens to messages.
        mode: CutMode,
    },
    /// Heals the cut of this name, or all.
    Heal(Option<u32>),
    /// Drops messages of a kind, under a name.
    AddFilter(u32, Filter),
    /// Removes the filter of this name, or all.
    RemoveFilter(Option<u32>),
    /// Changes a message on its way by hand. Nothing happens if the message has ended.
    Message(MessageId, Meddling),
    /// Loses all that is on disks.
    WipeDisk(Target),
    /// Makes disks take this many thousandths of their usual time.
    SlowDisk(Target, u32),
    /// Lets a fault strike at random from now on, under a name; the one of that name is replaced. The faults of the
    /// setup are named by their places in its list.
    AddMishap(u32, Mishap),
    /// Ends the random faults of this name, or all; what they have done is repaired.
    RemoveMishap(Option<u32>),
    /// Lets a cut come and go from now on, under a name; the one of that name is replaced. The cuts of
    /// the setup that come and go are named by their places in its list.
    AddFlapping(u32, Flapping),
    /// Ends the flapping of this name, or all, and heals its cut.
    RemoveFlapping(Option<u32>),
    /// Tells nodes to do one of their protocol's own operations.
    Operation {
        /// Which nodes.
        target: Target,
        /// Which operation, by its place in the protocol's vocabulary.
        operation: u8,
        /// Its argument.
        argument: i64,
    },
}

/// One setting of a node that can change during a run. Its clocks' rates and readings have actions of their own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NodeChange {
    /// How long it serves a message. The message that it is serving takes as long as before.
    Service(SimDuration),
    /// How many messages may wait. Messages that wait already stay.
    Inbox(u32),
    /// How fast its disk is, and how it fails. Syncs under way take as long as before.
    Disk(DiskProfile),
    /// The periodic error of its wall clock.
    Wobble(Option<Wobble>),
    /// How its interval clock bounds its wall clock's error.
    Uncertainty(Uncertainty),
    /// How its wall clock is synchronised.
    Ntp(Option<NtpProfile>),
}

/// What can be done to a message on its way. On a FIFO link messages keep their order, whatever is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meddling {
    /// It is lost.
    Drop,
    /// It arrives this much later. On a FIFO link everything that was sent after it waits.
    Delay(SimDuration),
    /// It arrives twice.
    Duplicate,
    /// It arrives at once, even across a cut, and even if it would have been lost. On a FIFO link everything that was
    /// sent before it arrives at once too.
    DeliverNow,
    /// Its bits flip, and no checksum notices.
    Corrupt,
}

impl Held for Action {
    fn held(&self, by: Measure) -> usize {
        match self {
            Action::Cut { shape, .. } => shape.held(by),
            Action::AddFlapping(_, flapping) => flapping.shape.held(by),
            _ => 0,
        }
    }
}

/// An action with its moment. It takes effect after everything else at that moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Intervention {
    /// When.
    pub at: SimTime,
    /// What.
    pub action: Action,
}

/// Faults that strike at random: times to failure and to repair are exponential, and at least a millisecond.
///
/// A fault repairs only what it did itself: if it finds its node crashed by hand, it does not restart the node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mishap {
    /// Which node they strike.
    pub node: NodeId,
    /// What strikes.
    pub kind: MishapKind,
    /// The mean time between the end of one and the next.
    pub mean_between: SimDuration,
    /// How long one lasts on average.
    pub mean_length: SimDuration,
}

/// What strikes at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MishapKind {
    /// The node crashes, and restarts.
    Crash,
    /// The node pauses, and resumes.
    Pause,
    /// The node is slower by this many thousandths, and recovers.
    Limp(u32),
    /// The node is cut off, and reconnected.
    Isolate,
}

/// A cut that comes and goes by the clock, and stays or is gone for at least a millisecond.
#[derive(Clone, Debug, PartialEq)]
pub struct Flapping {
    /// Which links.
    pub shape: CutShape,
    /// What happens to messages.
    pub mode: CutMode,
    /// When it first comes; at once if that is past.
    pub first: SimTime,
    /// How long it stays.
    pub cut: SimDuration,
    /// How long it is gone.
    pub healed: SimDuration,
}
