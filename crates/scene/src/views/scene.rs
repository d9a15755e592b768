//! What a view draws from, and what can be found in its picture.

use scenario::Run;
use sim::{EventId, MessageId, NodeId};

use super::light::Light;
use crate::look::Look;
use crate::over_time::chronicle::Chronicle;
use crate::shapes::Picture;

/// A run at its cursor, as it is looked at, on a sheet of a given size: all that a view draws from.
pub struct Scene<'a> {
    pub(super) run: &'a Run,
    pub(super) chronicle: &'a Chronicle,
    pub(super) look: Look,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) light: Light<'a>,
}

/// Something at a place of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// A node.
    Node(NodeId),
    /// A message on its way.
    Message(MessageId),
    /// The link between two nodes, both ways.
    Link(NodeId, NodeId),
    /// An event.
    Event(EventId),
}

impl<'a> Scene<'a> {
    /// The run as `look` says, on a sheet of this size. The chronicle is of this run, and may be behind it.
    pub fn new(
        run: &'a Run,
        chronicle: &'a Chronicle,
        look: Look,
        width: f64,
        height: f64,
    ) -> Scene<'a> {
        Scene {
            run,
            chronicle,
            look,
            width,
            height,
            light: Light::default(),
        }
    }

    /// The same, with what is lit.
    #[must_use]
    pub fn lit(self, light: Light<'a>) -> Scene<'a> {
        Scene { light, ..self }
    }

    pub(super) fn blank(&self) -> Picture {
        Picture::new(self.width, self.height)
    }
}
