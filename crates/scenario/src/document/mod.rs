//! The scenario document.
//!
//! | module | its subject |
//! | --- | --- |
//! | `model` | the document's fields |
//! | `links` | what some links have of their own |
//! | `migrate` | from earlier versions to the present one |
//! | `read` | from JSON, with every problem at once |
//! | `write` | to JSON |
//! | `sketch` | what it looks like, for its schema |
//! | `fields` | how one object is read |
//! | `problem` | what is wrong with it |
//! | [`limits`] | what fields may be |
//! | [`scope`] | which nodes and which links something is about |
//! | [`words`] | what words stand for, and which one is probably meant |

mod fields;
pub mod limits;
mod links;
pub(crate) mod migrate;
mod model;
mod problem;
pub(crate) mod read;
pub mod scope;
#[cfg(feature = "schema")]
pub(crate) mod sketch;
pub mod words;
mod write;

pub use crate::checks::CheckSettings;
pub use fields::Fields;
pub use links::LinkSettings;
pub use model::{Defence, FlappingSettings, MishapSettings, Scenario};
pub use problem::{Problem, Problems};

pub(crate) use links::Links;
