//! Runs: a scenario in motion.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`build`] | from a scenario to a world with its checks and its script |
//! | `watched` | a run with a cursor and a past, for somebody who watches |
//! | `edit` | what they do to it |
//! | `changes` | the list of that, and taking single changes back |
//! | `undo` | the steps and futures that are kept for them |
//! | `progress` | how far it has come in its lab's story |
//! | `outlook` | what the whole run ahead will bring, and with a switch flipped |
//! | [`play`] | a run from its beginning to its end, for those who do not watch |
//! | [`sweep`] | the claims of a lab in drawn weather |
//! | `verdict` | what each check says about a run |
//! | `why` | what explains it |
//! | `tally` | what a run reports in numbers |

pub mod build;
mod changes;
mod edit;
mod outlook;
pub mod play;
mod progress;
pub mod sweep;
mod tally;
mod undo;
mod verdict;
mod watched;
mod why;

pub use changes::Change;
pub use outlook::Forecast;
pub use progress::{Coming, Reached};
pub use tally::{Tally, TallyEntry};
pub use undo::Future;
pub use verdict::ExplainedVerdict;
pub use watched::Run;
