//! The scenario document.
//!
//! - `model`: the document's fields
//! - `network`: the settings of links, `node`: those of nodes
//! - `migrate`: from earlier versions to the present one
//! - `read`: from JSON, with every problem at once, `write`: to JSON
//! - `sketch`: what it looks like, for its schema
//! - [`limits`]: what fields may be
//! - [`fields`]: how one object is read

pub mod fields;
pub mod limits;
pub(crate) mod migrate;
mod model;
mod network;
mod node;
pub(crate) mod read;
#[cfg(feature = "schema")]
pub(crate) mod sketch;
mod write;

pub use crate::checks::CheckSettings;
pub use fields::{Fields, Problem};
pub use model::{Defence, FlappingSettings, LinkSettings, MishapSettings, Scenario};
pub use network::{LINK_SETTINGS, LinkPart, LinkSetting, Network, PRESETS, Shape};
pub use node::{NODE_SETTINGS, NodePart, NodeSetting, NodeSettings};

pub(crate) use model::Links;
pub(crate) use node::rate;
