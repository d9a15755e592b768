//! The views of a run: each draws a picture of its own, and says what is at a place of that picture.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`world`] | a moment: nodes at their places, links, messages on their way |
//! | [`spacetime`] | one row per node, one arrow per message |
//! | [`history`] | one row per client, one bar per operation |
//! | [`logs`] | one row per server, one box per entry of its log |
//! | [`legend`] | what the marks of a picture mean |
//! | `light` | what is lit in all of them at once |
//! | `scene` | what a view draws from, and what can be found in its picture |
//! | `time_axis` | time to the right, for views with rows |
//!
//! A new view is a module here with a `draw` that takes a [`Scene`], an arm in [`Scene::draw`] and in [`Scene::pick`],
//! and a variant of [`View`] with its words.

pub mod history;
pub mod legend;
mod light;
pub mod logs;
mod scene;
pub mod spacetime;
mod time_axis;
pub mod world;

use scenario::Run;
use scenario::view::View;
use sim::NodeId;

use crate::look::Look;
use crate::over_time::chronicle::Chronicle;
use crate::shapes::{Picture, Point};

pub use self::light::Light;
pub use self::scene::{Pick, Scene};

/// One picture of a run at its cursor. What draws many pictures of a run keeps a [`Chronicle`] and uses a [`Scene`].
pub fn draw(view: View, run: &Run, look: Look, width: f64, height: f64) -> Picture {
    Scene::new(run, &Chronicle::of(run), look, width, height).draw(view)
}

impl Scene<'_> {
    /// Which indices the picture of the logs shows.
    pub fn log_columns(&self) -> logs::Columns {
        logs::columns_of(self)
    }

    /// The picture in one of the views.
    pub fn draw(&self, view: View) -> Picture {
        match view {
            View::World => world::draw(self),
            View::SpaceTime => spacetime::draw(self),
            View::History => history::draw(self),
            View::Logs => logs::draw(self),
        }
    }

    /// What is at `place` of the picture in one of the views.
    pub fn pick(&self, view: View, place: Point) -> Option<Pick> {
        match view {
            View::World => world::pick(self, place),
            View::SpaceTime => spacetime::pick(self, place),
            // Nothing more can be said of a bar than the list of operations says.
            View::History => None,
            View::Logs => logs::pick(self, place),
        }
    }

    /// The links that a line from `start` to `end` across the world crosses, each once.
    pub fn links_crossed(&self, start: Point, end: Point) -> Vec<(NodeId, NodeId)> {
        world::links_crossed(self, start, end)
    }

    /// The links that the world shows, each once.
    pub fn links(&self) -> Vec<(NodeId, NodeId)> {
        world::links(self)
    }
}
