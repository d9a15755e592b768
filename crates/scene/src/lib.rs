//! What is drawn: a moment of a run becomes shapes. The browser paints them on a canvas; here they are written as SVG.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`shape`] | the few shapes that everything is made of, and their inks |
//! | `layout` | where nodes stand, and how many words have room there |
//! | `labels` | which words have room beside what they are about |
//! | [`world`] | the picture of a moment: nodes, links, messages on their way |
//! | [`spacetime`] | a row a node, an arrow a message |
//! | [`history`] | clients' operations as bars |
//! | `time_axis` | time to the right, for the two above |
//! | [`look`] | how somebody looks at a run |
//! | [`pick`] | what is under the pointer |
//! | [`chronicle`] | what a trace says over time of nodes and clocks |
//! | [`series`] | curves over the time of a run |
//! | [`caption`] | what just happened at a node, in a few words |
//! | [`narrate`] | an event as a plain sentence |
//! | [`svg`] | shapes as SVG |
//!
//! Conventions: colour is never the only signal; red is for violations alone; a message's shape says its sort; a lost
//! message stops and fades where it died; a duplicate is hollow; a paused node is frosted, a crashed one hollow.

#![forbid(unsafe_code)]

pub mod caption;
pub mod chronicle;
pub mod history;
mod labels;
mod layout;
pub mod look;
pub mod narrate;
pub mod pick;
pub mod series;
pub mod shape;
pub mod spacetime;
pub mod svg;
mod time_axis;
pub mod world;
