//! What a scenario is made of, after reading: everything in range, every name known.
//!
//! | module | its subject |
//! | --- | --- |
//! | `scenario` | all that a run is built from |
//! | `links` | what some links have of their own |
//! | `algorithm` | whether its algorithm is the published one |
//! | `knob` | what can be set |
//! | `deed`, `cut` | what can be done to a run |
//! | `plan` | what is left out of what is done to it in any case |
//!
//! How it is written as text stands in `document`, `knob` and `deed`, which hand these types on.

mod algorithm;
mod cut;
mod deed;
mod knob;
mod links;
mod plan;
mod scenario;

pub use cut::{Cut, CutForm};
pub use deed::{ClockDeed, Deed, Filtering, Flap, NodeDeed, SlowDeed, Strike, Timed};
pub use knob::{Group, Knob};
pub use links::LinkSettings;
pub use scenario::{Defence, FlappingSettings, MishapSettings, Scenario};

pub(crate) use cut::one;
pub(crate) use links::{Links, LinksOf, Owned};
pub(crate) use plan::{missing, restored, without};
