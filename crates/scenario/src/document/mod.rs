//! The scenario document.
//!
//! - `model`: the document's fields, and `links`: what some links have of their own
//! - `migrate`: from earlier versions to the present one
//! - `read`: from JSON, with every problem at once, `write`: to JSON
//! - `sketch`: what it looks like, for its schema
//! - [`limits`]: what fields may be
//! - [`fields`]: how one object is read

pub mod fields;
pub mod limits;
mod links;
pub(crate) mod migrate;
mod model;
pub(crate) mod read;
#[cfg(feature = "schema")]
pub(crate) mod sketch;
mod write;

pub use crate::checks::CheckSettings;
pub use fields::{Fields, Problem};
pub use links::LinkSettings;
pub use model::{Defence, FlappingSettings, MishapSettings, Scenario};

pub(crate) use links::Links;
