//! The world at a moment: nodes with their clocks, links, and messages on their way.
//!
//! | module | its subject |
//! | --- | --- |
//! | `mod.rs` | what is drawn, in which order; what all of it is measured by |
//! | `layout` | where nodes stand, and how many words have room there |
//! | `nodes` | nodes, or the fog where they cannot be seen |
//! | `clocks` | what the clocks of a node show |
//! | `captions` | what has just happened at nodes |
//! | `links` | links, cuts across them, and which nodes have one |
//! | `messages` | messages on their way, and where they died |
//! | `pick` | what is under the pointer |

mod captions;
mod clocks;
mod layout;
mod links;
mod messages;
mod nodes;
mod pick;

use scenario::Run;
use sim::{Kernel, NodeId, SimDuration, SimTime};

use self::layout::{Layout, Seat, Sheet, Words, size_of_name};
use super::Scene;
use crate::look::Look;
use crate::shapes::{Ink, Labels, Picture, Point, Style, text_size};

pub use clocks::time_of_day;
pub(super) use pick::{links, links_crossed, pick};

/// Messages of the two directions keep to their right, so that they do not meet: by so much, in units.
const LANE: f64 = 7.0;

/// What drawing a moment needs.
struct Moment<'a> {
    run: &'a Run,
    look: &'a Look,
    kernel: &'a Kernel,
    now: SimTime,
    layout: Layout,
    /// The size of ordinary text.
    size: f64,
    /// What lines and marks are measured by: a pixel on a laptop, less on a phone, more on a wall.
    unit: f64,
    /// How long what has passed stays visible.
    life: SimDuration,
}

/// The picture of the run at its cursor.
pub(super) fn draw(scene: &Scene<'_>) -> Picture {
    let moment = Moment::new(scene);
    let mut picture = scene.blank();
    // What has just happened to a node is drawn last and has room for its words before any message.
    let mut labels = Labels::default();
    let captions = moment.captions(&mut labels, &picture);
    moment.links(&mut picture);
    moment.lights(&mut picture);
    moment.nodes(&mut labels, &mut picture);
    match scene.look.perspective {
        None => {
            moment.messages(&mut labels, &mut picture);
            moment.graves(&mut labels, &mut picture);
        }
        Some(node) => moment.own_messages(node, &mut labels, &mut picture),
    }
    for caption in captions {
        moment.caption(caption, &mut picture);
    }
    picture
}

/// What has passed stays for about a second of watching at the lab's own speed.
fn life(run: &Run) -> SimDuration {
    SimDuration::from_nanos_f64(run.lab().speed * 1.2e9)
}

/// What is known of the nodes before they have places.
fn seats(run: &Run) -> Vec<Seat<'_>> {
    let nodes = run.scenario().nodes.iter();
    let seats = nodes.map(|node| Seat {
        name: &node.name,
        role: node.role,
        position: node.position,
    });
    seats.collect()
}

impl<'a> Moment<'a> {
    fn new(scene: &'a Scene<'a>) -> Moment<'a> {
        let (run, width, height) = (scene.run, scene.width, scene.height);
        let size = text_size(width, height);
        let sheet = Sheet {
            width,
            height,
            size,
            has_dials: clocks::are_the_lesson(run),
        };
        Moment {
            run,
            look: &scene.look,
            kernel: run.timeline().machine().kernel(),
            now: run.now(),
            layout: Layout::new(&seats(run), sheet),
            size,
            unit: size / 16.0,
            life: life(run),
        }
    }

    fn place(&self, node: NodeId) -> Point {
        self.layout.places[node.index()]
    }

    /// All nodes, in order.
    fn all_nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.layout.places.len() as u16).map(NodeId)
    }

    fn has_words(&self) -> bool {
        self.layout.words >= Words::Names
    }

    /// A point on the way of a message, a share `progress` from the sender's edge to the receiver's.
    fn on_way(&self, from: NodeId, to: NodeId, progress: f64) -> Point {
        let (start, end) = (self.place(from), self.place(to));
        let direction = start.direction(end);
        let side = direction.right();
        let (radius, lane) = (self.layout.radius, LANE * self.unit);
        let start = start.moved(direction, radius).moved(side, lane);
        let end = end.moved(direction, -radius).moved(side, lane);
        start.towards(end, progress)
    }

    /// The share of its visible life that something from `time` has behind it; at least 1 when it is over.
    fn age(&self, time: SimTime) -> f64 {
        self.now.since(time).as_nanos() as f64 / self.life.as_nanos().max(1) as f64
    }

    /// A halo around what a story speaks of.
    fn lights(&self, picture: &mut Picture) {
        let halo = Style::fill(Ink::Accent).faded(0.22);
        let node = self.look.light_node;
        if let Some(node) = node.filter(|node| node.index() < self.layout.places.len()) {
            picture.circle(self.place(node), self.layout.radius * 1.45, halo);
        }
        let message = self.look.light_message;
        if let Some(flight) = message.and_then(|id| self.kernel.flight(id)) {
            picture.circle(self.flight_place(flight), 18.0 * self.unit, halo);
        }
    }

    /// How large a node's name is that stands in it; nothing if it finds no room there, and stands above.
    fn size_of_name(&self, node: NodeId) -> Option<f64> {
        let name = self.run.scenario().name(node);
        size_of_name(&name, self.layout.radius, self.size)
    }
}
