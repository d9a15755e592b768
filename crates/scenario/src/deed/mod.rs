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
//! | `op.pay:alice`, `op.lead:n2=1` | one of the protocol's own operations, with its argument |
//! | `loss:0.3`, `latency.a-b:300ms`, `skew.a:2s` | a knob is turned |
//!
//! | module | its subject |
//! | --- | --- |
//! | `verbs` | the words of deeds |
//! | `read` | from text to a deed |
//! | `write` | back |
//! | `filter` | filters |
//! | `chance` | what comes and goes by itself |
//! | `guide` | the forms of deeds, for help |
//! | `idle` | deeds that change nothing |
//! | `act` | what the kernel has to do for each |
//! | `amount` | how much all of them do |

mod act;
pub(crate) mod amount;
mod chance;
mod filter;
mod guide;
mod idle;
mod read;
#[cfg(test)]
mod tests;
mod verbs;
mod write;

pub use crate::model::{
    ClockDeed, Cut, CutForm, Deed, Filtering, Flap, NodeDeed, SlowDeed, Strike, Timed,
};
pub use guide::GUIDE;
pub use idle::idle;
pub(crate) use verbs::{NODE_DEEDS, fault_word, faults};
