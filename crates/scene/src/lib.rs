//! What is drawn: a run at its cursor becomes a picture of shapes. The browser paints them on a canvas; here they are
//! written as SVG.
//!
//! ```text
//! Run ──► over_time ──► views: Scene ──► Picture ──► svg, canvas
//!              │           ▲                 ▲
//!              └─ words ───┘              shapes
//! ```
//!
//! | module | its subject |
//! | --- | --- |
//! | [`views`] | the pictures of a run, and what is at a place of each |
//! | [`look`] | how a run is looked at: in which perspective, which stretch of time |
//! | [`over_time`] | what a trace says over time: states of nodes, clocks, marks, curves, what nodes have heard |
//! | [`words`] | an event as a sentence, or in a few words beside a node |
//! | [`shapes`] | the few shapes that every picture is made of, and SVG |
//!
//! Conventions: colour is never the only signal. Red is for violations and for beliefs that are out of
//! date. A message's shape says its sort. A lost
//! message stops and fades where it died. A duplicate is hollow. A paused node is frosted, a crashed one dashed.
//!
//! # Example
//!
//! ```
//! use scenario::Run;
//! use scenario::view::View;
//! use scene::look::Look;
//! use scene::shapes::{Palette, svg};
//!
//! let (run, problems) = Run::open("#/double-charge?t=3.2s");
//! assert!(problems.is_empty());
//! let picture = scene::draw(View::World, &run, Look::default(), 960.0, 540.0);
//! let text = svg::write(&picture, &Palette::light());
//! assert!(text.starts_with("<svg"));
//! ```

#![forbid(unsafe_code)]

pub mod look;
pub mod over_time;
pub mod shapes;
pub mod views;
pub mod words;

pub use over_time::{chronicle, known, series};
pub use shapes::svg;
pub use views::{Light, Pick, Scene, draw, history, legend, logs, world};
pub use words::narrate;

/// So many events before the present are looked through at most for something that is told of it: a moment of a storm has
/// more, and nobody could tell them apart.
const LOOKED_BACK: usize = 100_000;
