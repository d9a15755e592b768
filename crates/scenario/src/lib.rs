//! Scenarios: the documents that runs are built from, the labs that teach with them, and the links that share them.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`document`] | the scenario document: its fields, reading it, saying everything that is wrong with it |
//! | [`quantity`] | numbers with units, as documents and links write them |
//! | [`setting`] | the settings of links and nodes, as tables |
//! | [`scope`] | which nodes and which links something is about |
//! | `schema` | what a document looks like, as a JSON Schema (with the feature of that name) |
//! | [`checks`] | the checks that a scenario can name |
//! | [`knob`] | what can be turned while a run goes on |
//! | [`deed`] | what is done to a run, as links write it |
//! | [`lab`] | a scenario with a lesson |
//! | [`link`] | a run as the part of an address after the `#` |
//! | [`build`] | from a document to a world with its checks |
//! | [`edits`] | undoing, redoing, and the futures that were tried |
//! | [`play`] | a run from its beginning to its end, for those who do not watch |
//! | [`figures`] | what a run reports in numbers |
//! | `why` | what explains the violations that checks find |
//! | [`run`] | a run that is watched: everything the page and the command line do |

#![forbid(unsafe_code)]

pub mod build;
pub mod checks;
pub mod deed;
pub mod document;
pub mod edits;
pub mod figures;
pub mod knob;
pub mod lab;
pub mod link;
pub mod play;
pub mod quantity;
pub mod run;
#[cfg(feature = "schema")]
pub mod schema;
pub mod scope;
pub mod setting;
mod why;

pub use run::Run;
