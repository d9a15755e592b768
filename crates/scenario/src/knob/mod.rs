//! Knobs: what can be set before a run and turned while it goes on, each with its name in links.
//!
//! | key | what it is |
//! | --- | --- |
//! | `latency` | a setting of every link |
//! | `latency.a-b`, `latency.a..b`, `latency.a..*` | the same of some links: between a and b, from a to b, from a to all |
//! | `skew.a` | a setting of a node |
//! | `timeout` | a parameter of the protocol |
//!
//! | module | its subject |
//! | --- | --- |
//! | `of_scenario` | the knobs of a scenario: their names and values |
//! | `settings` | where knobs stand at some moment of a run, and what the kernel has to do when one is turned |

mod of_scenario;
mod settings;

pub use crate::model::{Group, Knob};
pub use settings::Settings;
