//! Checks that watch a run as it goes: fed with the trace event by event, cloned with every keyframe.
//!
//! - `faults`: which faults are in force
//! - `phrase`: how sentences write numbers, names and times
//! - `share`: the share that is good of what begins during a fault
//! - `under_way`: which operations are under way
//! - `verdict`: what a check says
//! - [`why`]: what explains a violation
//! - [`acknowledged_survive`](AcknowledgedSurvive): what was acknowledged is found by later reads
//! - [`among`](Among): a check of some nodes only
//! - [`answers`](EnoughGood): answers come while somebody waits, and soon
//! - [`available`](Available): operations are answered during faults too
//! - [`causal_order`](CausalOrder): what answers something is shown after it
//! - [`clock_error`](ClockError): clocks that were set are right
//! - [`consistent`](Consistent): what clients are told is consistent
//! - [`copies_agree`](CopiesAgree): all copies become the same
//! - [`counts_right`](CountsRight): numbers that readers are told are right during faults too
//! - [`effect_times`](EffectTimes): every effect that was asked for happens, and once
//! - [`ends_within`](EndsWithin): every operation ends
//! - [`detection`](NoFalseAlarm): the dead are found, and the living are not declared dead
//! - [`external_consistency`](ExternalConsistency): timestamps follow true time
//! - [`goodput`](GoodputRecovers): once a fault is over, as much gets done as before
//! - [`half_round_trip`](HalfRoundTrip): what can be known of another's clock
//! - [`lost_write`](LostWrite): no write is dropped that should not be
//! - [`measured`](Measured): measured lengths are what has gone by
//! - [`money_conserved`](MoneyConserved): what was charged is in the books
//! - [`no_false_failure`](NoFalseFailure): what a client calls failed did not happen
//! - [`no_ghost_write`](NoGhostWrite): no acknowledged write is undone by an older one
//! - [`one_holder`](OneHolder): a lock has one holder at a time
//! - [`one_leader_acts`](OneLeaderActs): who was succeeded as leader acts no longer
//! - [`reads_written`](ReadsWritten): every value that is read was written
//! - [`recovers_within`](RecoversWithin): once faults are over, clients are served again
//! - [`stale_write`](StaleWrite): no write of a holder that has been succeeded
//! - [`told_order`](ToldOrder): what happened first is told to be the first

mod acknowledged_survive;
mod among;
mod answers;
mod available;
mod causal_order;
mod clock_error;
mod consistent;
mod copies_agree;
mod counts_right;
mod detection;
mod effect_times;
mod ends_within;
mod external_consistency;
mod faults;
mod goodput;
mod half_round_trip;
mod lost_write;
mod measured;
mod money_conserved;
mod no_false_failure;
mod no_ghost_write;
mod one_holder;
mod one_leader_acts;
mod phrase;
mod reads_written;
mod recovers_within;
mod share;
mod stale_write;
mod told_order;
mod under_way;
mod verdict;
pub mod why;

pub use acknowledged_survive::AcknowledgedSurvive;
pub use among::Among;
pub use answers::{Counted, EnoughGood, TailLatency};
pub use available::Available;
pub use causal_order::CausalOrder;
pub use clock_error::ClockError;
pub use consistent::Consistent;
pub use copies_agree::CopiesAgree;
pub use counts_right::CountsRight;
pub use detection::{DeadAreFound, NoFalseAlarm};
pub use effect_times::{EffectTimes, Times};
pub use ends_within::EndsWithin;
pub use external_consistency::ExternalConsistency;
pub use goodput::{Demand, GoodputRecovers};
pub use half_round_trip::HalfRoundTrip;
pub use lost_write::{LostWrite, Protected};
pub use measured::Measured;
pub use money_conserved::MoneyConserved;
pub use no_false_failure::NoFalseFailure;
pub use no_ghost_write::NoGhostWrite;
pub use one_holder::OneHolder;
pub use one_leader_acts::OneLeaderActs;
pub use reads_written::ReadsWritten;
pub use recovers_within::RecoversWithin;
pub use stale_write::StaleWrite;
pub use told_order::{Telling, ToldOrder};
pub use verdict::{Check, Finding, State, Verdict, Watch, Words};
