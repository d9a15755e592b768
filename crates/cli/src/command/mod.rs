//! The commands, one file each.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`labs`], [`catalogue`] | all labs, as a list or as pictures |
//! | [`run`] | once, with its `trace` |
//! | [`hunt`] | many seeds |
//! | [`merge`] | what several machines have found, added up |
//! | [`test`] | runs with what is expected of them |
//! | `weather` | a hunt in the weather that a lab's claims withstand |
//! | `seeds` | what all hunts share |
//! | [`shrink`] | a failing run made small |
//! | [`explore`] | every order of what can happen |
//! | [`check`] | histories that come from elsewhere |
//! | [`link`] | documents as links and back |
//! | [`validate`] | what is wrong with documents |
//! | [`render`] | a moment as a picture |
//! | [`export`] | a run in the notations of other tools |

pub mod catalogue;
pub mod check;
pub mod explore;
pub mod export;
pub mod hunt;
pub mod labs;
pub mod link;
pub mod merge;
pub mod render;
pub mod run;
mod seeds;
pub mod shrink;
pub mod test;
mod trace;
pub mod validate;
mod weather;
