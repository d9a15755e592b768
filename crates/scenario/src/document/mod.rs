//! The scenario document.
//!
//! - `model`: the document's fields
//! - `read`: from JSON, with every problem at once
//! - [`limits`]: what fields may be
//! - [`fields`]: how one object is read

pub mod fields;
pub mod limits;
mod model;
mod read;

pub use fields::{Fields, Problem};
pub use model::{CheckKind, CheckSettings, Defence, Network, NodeSettings, Scenario, Shape};
