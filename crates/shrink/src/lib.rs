//! From a failing run to the smallest that still fails in the same way: the same check is violated.
//!
//! A run is taken apart into a calm scenario and the things that disturb it: what is done to it, the faults that chance draws
//! (each as a deed of its own), the knobs that are not calm. Then fewer things, fewer operations, fewer nodes and a shorter run
//! are tried, each by one run, until nothing more can be taken away.
//!
//! [`Shrink`] works in steps of one run each, so that whoever asks decides how long it works and shows how far it has come:
//!
//! ```
//! use scenario::link::Link;
//! use shrink::Shrink;
//!
//! let (link, _) = Link::parse("#/double-charge");
//! let mut shrink = Shrink::of(&link, None)?;
//! while shrink.step() {}
//! let smallest = shrink.best();
//! assert_eq!(smallest.check, "exactly-once");
//! assert!(smallest.faults.all() <= 2, "one receipt is lost, and the payment is charged again");
//! # Ok::<(), shrink::Refused>(())
//! ```
//!
//! | module | its subject |
//! | --- | --- |
//! | `shrink` | the search: one run per step, and what is kept |
//! | `round` | what is tried next |
//! | `ddmin` | which of many things to try without |
//! | `count` | the smallest of a number |
//! | `nodes` | a run with one node less |
//! | `drawn` | what chance did to a run, as things that are done on purpose |
//! | `family` | which things let chance draw which faults |
//! | `case` | a run as a calm scenario and things |
//! | `thing` | what can be taken away |
//! | `trial` | one run |
//! | `numbering` | which message is meant, in a run that has changed |
//! | `faults` | how many faults befall a run |
//! | `smallest` | what has been found, as a link, and what was taken away |

#![forbid(unsafe_code)]

mod case;
mod count;
mod ddmin;
mod drawn;
mod family;
mod faults;
mod nodes;
mod numbering;
mod round;
mod shrink;
mod smallest;
mod thing;
mod trial;

pub use faults::{Faults, Kind};
pub use round::Stage;
pub use shrink::{Progress, Refused, Shrink};
pub use smallest::{Less, Smallest};
