//! What is done to a run, as plans and links write it: `crash:bank@2.4s`, `latency:120ms@3.2s`.
//!
//! | written | what happens |
//! | --- | --- |
//! | `crash:a`, `restart:a`, `pause:a`, `resume:a`, `wipe:a` | to nodes: one, several (`a+b`), or a role (`all`, `random`, `leader`, `majority`, `minority`) |
//! | `limp:a*5`, `slowdisk:a*10` | a node, or its disk, is slower by a factor; 1 is healthy |
//! | `step:a+300ms`, `slew:a-300ms*500ppm` | a wall clock jumps, or is corrected at a rate |
//! | `drift.leader:200ppm`, `monotonic.all:-50ppm` | the clocks of a role run at another rate |
//! | `ntp:a=b`, `ntp:a=none` | a wall clock is synchronised with another node's from now on, or with none |
//! | `cut:a-b`, `cut:a..b`, `split:a+b`, `isolate:a`, `mute:a`, `halves`, `bridge:a`, `ring`, `half` | a [`Cut`]; with `hold-` before it, messages wait |
//! | `heal`, `heal:halves`, `heal:a-b` | all cuts heal, or one |
//! | `filter:pay`, `filter.a..b:pay*0.5`, `filter:any`, `unfilter`, `unfilter:pay` | messages of a kind are dropped |
//! | `strike.crash:a=20s/2s`, `strike.limp*5:all=20s/2s`, `calm`, `calm.crash:a` | from now on a fault strikes at random: how long between two, how long one lasts |
//! | `flap:halves=2s/5s`, `flap:a-b=2s/5s`, `unflap`, `unflap:halves` | from now on a cut comes and goes: how long it stays, how long it is gone |
//! | `drop:m45`, `delay:m45+200ms`, `dup:m45`, `now:m45`, `corrupt:m45` | to a message on its way |
//! | `op.pay:alice`, `op.write:a=5` | one of the protocol's own operations, with its argument |
//! | `loss:0.3`, `latency.a-b:300ms`, `skew.a:2s` | a knob is turned |
//!
//! | module | its subject |
//! | --- | --- |
//! | `verbs` | the words of deeds |
//! | `read` | from text to a deed |
//! | `write` | back |
//! | `cut` | cuts |
//! | `filter` | filters |
//! | `chance` | what comes and goes by itself |
//! | `act` | what the kernel has to do for each |
//! | `name` | the names under which it keeps things |

mod act;
mod chance;
mod cut;
mod filter;
pub(crate) mod name;
mod read;
#[cfg(test)]
mod tests;
mod verbs;
mod write;

pub use chance::{Flap, Strike};
pub use cut::{Cut, CutForm};
pub use filter::Filtering;
pub(crate) use verbs::{fault_word, faults};

use sim::action::Meddling;
use sim::{MessageId, NodeId, SimTime};

use crate::document::scope::{NodeSet, Role, Who};
use crate::knob::Knob;

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
