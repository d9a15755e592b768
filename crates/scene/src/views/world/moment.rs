//! What the world is drawn from: what is known of the moment, and where things stand in the picture.

use scenario::Run;
use sim::protocol::Claim;
use sim::sorted::Set;
use sim::{EventId, Kernel, NodeId, SimDuration, SimTime};

use super::layout::{Layout, Words};
use super::parted::sides::Parted;
use crate::look::Look;
use crate::over_time::known::Known;
use crate::shapes::Point;
use crate::views::Light;

/// Messages of the two directions keep to their right, so that they do not meet: by so much, in units.
const LANE: f64 = 7.0;

/// What drawing a moment needs.
pub(super) struct Moment<'a> {
    /// The run that is drawn.
    pub run: &'a Run,
    /// How it is looked at.
    pub look: &'a Look,
    /// What is lit.
    pub light: Light<'a>,
    /// The state of the world at the cursor.
    pub kernel: &'a Kernel,
    /// The moment at the cursor.
    pub now: SimTime,
    /// Where nodes stand, and how large.
    pub layout: Layout,
    /// The size of ordinary text.
    pub size: f64,
    /// What lines and marks are measured by: a pixel on a laptop, less on a phone, more on a wall.
    pub unit: f64,
    /// How long what has passed stays visible.
    pub life: SimDuration,
    /// How many digits after the point tell wall clocks apart.
    pub digits: usize,
    /// What each node believes that it alone has.
    pub claims: Vec<Option<Claim>>,
    /// What violations accuse.
    pub accused: Accused,
    /// The sides of a partition, if there is one that can be seen.
    pub parted: Option<Parted>,
    /// In a node's perspective: what it knows of each node.
    pub known: Vec<Known>,
}

/// What the violations accuse.
#[derive(Default)]
pub(super) struct Accused {
    /// The accused nodes.
    pub nodes: Set<NodeId>,
    /// The events in which the accused messages were handled.
    pub deliveries: Set<EventId>,
}

impl Moment<'_> {
    /// The centre of a node.
    pub fn place(&self, node: NodeId) -> Point {
        self.layout.places[node.index()]
    }

    /// All nodes, in order.
    pub fn all_nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.layout.places.len() as u16).map(NodeId)
    }

    /// Whether there is room for names beside nodes, and for what just happened to them.
    pub fn has_words(&self) -> bool {
        self.layout.words >= Words::Names
    }

    /// A point on the way of a message, a share `progress` from the sender's edge to the receiver's.
    pub fn on_way(&self, from: NodeId, to: NodeId, progress: f64) -> Point {
        let (start, end) = (self.place(from), self.place(to));
        let direction = start.direction(end);
        let side = direction.right();
        let (radius, lane) = (self.layout.radius, LANE * self.unit);
        let start = start.moved(direction, radius).moved(side, lane);
        let end = end.moved(direction, -radius).moved(side, lane);
        start.towards(end, progress)
    }

    /// The share of its visible life that something from `time` has behind it; at least 1 when it is over.
    pub fn age(&self, time: SimTime) -> f64 {
        self.now.since(time).as_nanos() as f64 / self.life.as_nanos().max(1) as f64
    }
}
