//! Runs: a scenario in motion.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`build`] | from a scenario to a world with its checks and its script |
//! | `watched` | a run with a cursor and a past, for somebody who watches |
//! | `memory` | what it takes of its memory |
//! | `edit` | what is done to it |
//! | `links` | the links that open it, and those that it takes up |
//! | `changes` | the list of that, and taking single changes back |
//! | `undo` | the steps and futures that are kept for that |
//! | `story` | its lab's story, as it is told at the cursor |
//! | `progress` | how far it has come in its lab's story |
//! | `forecast` | a run played ahead to its end, and what that is known to bring |
//! | `outlook` | what is known of the whole run ahead: as it is, and with each switch flipped |
//! | [`play`] | a run from its beginning to its end, that nobody watches |
//! | [`hunt`] | what many runs come to, each with another seed |
//! | [`sweep`] | the claims of a lab in drawn weather |
//! | `verdict` | what each check says about a run |
//! | `why` | what explains it |
//! | `uneven` | two clocks that part while they count the same lease |
//! | `chain` | the same, event by event, as it is walked |
//! | `what_if` | what the run would be without a fault of that, or with a defence |
//! | `parting` | where two runs part |
//! | `guess` | what a reader is asked of it before it is told |
//! | `contest` | how far it has met a challenge |
//! | `gathered` | what words and pictures ask of all of it: operations, kinds of messages |
//! | `tally` | what a run reports in numbers |

pub mod build;
mod chain;
mod changes;
mod contest;
mod cuts;
mod edit;
mod forecast;
mod gathered;
mod guess;
pub mod hunt;
mod links;
mod memory;
mod outlook;
mod parting;
pub mod play;
mod progress;
mod story;
pub mod sweep;
mod tally;
mod undo;
mod uneven;
mod verdict;
mod watched;
mod what_if;
mod why;

pub use chain::{Chain, MOST_LINKS};
pub use changes::Change;
pub use contest::{Contest, CountedFault, MOST_BEYOND, MOST_FAULTS, Standing};
pub use cuts::CutOff;
pub use forecast::Forecast;
pub use gathered::{Gathered, Operation};
pub use guess::{ENDS, FATES, Guessing, Question, Truth};
pub use links::{Differs, ToldTwin};
pub use parting::Parting;
pub use progress::{Coming, Reached};
pub use tally::{Tally, TallyEntry};
pub use undo::Future;
pub use verdict::ExplainedVerdict;
pub use watched::{Means, Run};
pub use what_if::{Kind as TrialKind, Trial, WhatIf};
