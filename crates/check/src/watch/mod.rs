//! Checks that watch a run as it goes: fed with the trace event by event, cloned with every keyframe.
//!
//! By subject:
//!
//! | module | its subject |
//! | --- | --- |
//! | `clients` | what clients asked for and were told |
//! | `copies` | copies, and the writes that they hold |
//! | `locks` | locks and leaders |
//! | `clocks` | clocks and timestamps |
//! | `order` | causes before effects |
//! | `agreement` | servers that agree on one log |
//! | `transactions` | what several stores do together, the locks in the meantime, and an order of transactions |
//! | `availability` | service during faults and after them |
//!
//! What they share:
//!
//! | module | its subject |
//! | --- | --- |
//! | `verdict` | what a check is, and what it says |
//! | `through` | checks that see a part of a run |
//! | `parts` | what checks are made of |
//! | [`why`] | what explains a violation |
//!
//! A check reads facts and faults, and at the end of a run what nodes hold ([`Check::look`]), never a protocol's types. To add one, put a file into the folder of its subject,
//! implement [`Check`], and re-export it here; its tests tell histories with `parts::trial`.

mod agreement;
mod availability;
mod clients;
mod clocks;
mod copies;
mod locks;
mod order;
mod parts;
mod through;
mod transactions;
mod verdict;
pub mod why;

pub use agreement::{
    ElectionSafety, LeaderAppendOnly, LeaderCompleteness, LogMatching, StateMachineSafety,
    SteadyLeader,
};
pub use availability::{
    Available, CountsRight, DeadAreFound, Demand, GoodputRecovers, NoFalseAlarm, RecoversWithin,
};
pub use clients::{
    Consistent, Counted, EffectTimes, EndsWithin, EnoughGood, MoneyConserved, NoFalseFailure,
    TailLatency, Times,
};
pub use clocks::{ClockBound, ClockError, ExternalConsistency, HalfRoundTrip, Measured};
pub use copies::{
    AcknowledgedSurvive, CopiesAgree, LostWrite, NoGhostWrite, Protected, ReadsWritten,
};
pub use locks::{OneHolder, OneLeaderActs, StaleWrite};
pub use order::{CausalOrder, SnapshotOrder, Telling, ToldOrder};
pub use through::{Among, Since, Spell, Through};
pub use transactions::{AtomicCommitment, EnoughSet, LockHeldWithin, Serializable};
pub use verdict::{BoxedClone, Check, Finding, State, Verdict, Watch, Words, noun_at};
