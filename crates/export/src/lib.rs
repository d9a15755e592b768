//! A run in the notations of other tools.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`trace`] | every event as a line of JSON |
//! | `shiviz` | every event of a node with its vector clock, for ShiViz |
//! | `mermaid` | the latest messages as the text of a sequence diagram |
//! | `history` | what clients asked for and were told, as Jepsen's EDN |
//! | `notation` | what the notations have in common |
//! | `writing` | a run written part by part, in one of these forms |
//!
//! Each text names the link that makes its run.
//!
//! ```
//! use export::{Form, Writing};
//! use scenario::Run;
//!
//! let (run, problems) = Run::open("#/double-charge?t=2s");
//! assert!(problems.is_empty());
//! let text = Writing::new(Form::Mermaid, &run).to_end(&run);
//! assert!(text.contains("sequenceDiagram"));
//! ```

#![forbid(unsafe_code)]

mod history;
mod mermaid;
mod notation;
mod shiviz;
pub mod trace;
mod writing;

pub use writing::{Form, Writing};
