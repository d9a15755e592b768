//! The scenario document.
//!
//! | module | its subject |
//! | --- | --- |
//! | `migrate` | from earlier versions to the present one |
//! | `read` | from JSON, with every problem at once |
//! | `write` | to JSON |
//! | `sketch` | what it looks like, for its schema |
//! | `fields` | how one object is read |
//! | `problem` | what is wrong with it |
//!
//! What it is made of is in `model`, and what it is written in in `terms`.

mod fields;
pub(crate) mod migrate;
mod problem;
pub(crate) mod read;
#[cfg(feature = "schema")]
pub(crate) mod sketch;
mod write;

pub use crate::checks::CheckSettings;
pub use crate::model::{Defence, FlappingSettings, LinkSettings, MishapSettings, Scenario};
pub use crate::terms::{limits, scope, words};
pub use fields::Fields;
pub use problem::{Problem, Problems};
