//! Scenarios: the documents that runs are built from, the labs that teach with them, and the links that share them.
//!
//! | module | its subject |
//! | --- | --- |
//! | `terms` | what documents and links are written in: [`quantity`], [`view`], and which nodes are meant |
//! | [`setting`] | the settings of links and nodes, as tables |
//! | [`document`] | the scenario document: its fields, reading it, saying everything that is wrong with it |
//! | `model` | what a scenario is made of |
//! | [`checks`] | the checks that a scenario can name |
//! | [`knob`] | what can be turned while a run goes on |
//! | [`deed`] | what is done to a run, as links write it |
//! | [`variant`] | a scenario with what a link changes |
//! | [`lab`] | a scenario with a lesson |
//! | [`challenge`] | what a link challenges its reader to |
//! | [`link`] | a run as the part of an address after the `#` |
//! | [`run`] | runs: watched by somebody, or played to their end |
//! | [`weather`] | faults drawn within what a claim withstands |
//! | `schema` | what a document looks like, as a JSON Schema (with the feature of that name) |
//!
//! Open a link of a lab, play it, and read what its checks say:
//!
//! ```
//! use check::watch::State;
//! use scenario::Run;
//! use sim::SimTime;
//!
//! let (mut run, problems) = Run::open("#/double-charge?seed=7&on=idempotency-key");
//! assert!(problems.is_empty());
//! run.seek(SimTime::from_millis(20_000));
//! for verdict in run.verdicts() {
//!     assert_eq!(verdict.state, State::Holds, "{}", verdict.sentence);
//! }
//!
//! // Without the defence, a retried payment is charged twice.
//! run.defend("idempotency-key", false)?;
//! let violated = run.verdicts().into_iter().find(|verdict| verdict.state == State::Violated);
//! assert_eq!(violated.map(|verdict| verdict.check.id.as_str()), Some("exactly-once"));
//! # Ok::<(), scenario::document::Problem>(())
//! ```

#![forbid(unsafe_code)]

pub mod challenge;
pub mod checks;
pub mod deed;
pub mod document;
pub mod knob;
pub mod lab;
pub mod link;
mod model;
pub mod run;
#[cfg(feature = "schema")]
pub mod schema;
pub mod score;
pub mod setting;
mod terms;
pub mod twin;
pub mod variant;
pub mod weather;

pub use run::Run;
pub use terms::{quantity, view};
