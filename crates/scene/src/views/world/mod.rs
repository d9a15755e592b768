//! The world at a moment: nodes with their clocks, links, and messages on their way.
//!
//! | module | its subject |
//! | --- | --- |
//! | `mod.rs` | what is drawn, in which order; what all of it is measured by |
//! | `layout` | where nodes stand, and how many words have room there |
//! | `glyphs` | the marks, each drawn here alone |
//! | `nodes` | nodes, or the fog where they cannot be seen |
//! | `claims` | what nodes believe that they alone have, and which of them are wrong |
//! | `waiting` | what waits at nodes |
//! | `round_trips` | by which round trips a node knows other clocks |
//! | `clocks` | what the clocks of a node show |
//! | `accused` | whom violations accuse |
//! | `captions` | what has just happened at nodes |
//! | `links` | links, cuts across them, and which nodes have one |
//! | `parted` | partitions: the sides, and the line between them |
//! | `messages` | messages on their way, and where they died |
//! | `legend` | a sample of each mark |
//! | `pick` | what is under the pointer |

mod accused;
mod captions;
mod claims;
mod clocks;
mod glyphs;
mod layout;
mod legend;
mod links;
mod messages;
mod nodes;
mod parted;
mod pick;
mod round_trips;
mod waiting;

use scenario::Run;
use sim::{Kernel, NodeId, SimDuration, SimTime};

use sim::protocol::Claim;

use self::accused::Accused;
use self::layout::{Layout, Seat, Sheet, Words};
use self::parted::Parted;
use super::Scene;
use crate::look::Look;
use crate::shapes::{Ink, Labels, Picture, Point, Style, text_size};

pub use clocks::time_of_day;
pub(super) use legend::sample;
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
    /// How many digits after the point tell wall clocks apart.
    digits: usize,
    /// What each node believes that it alone has.
    claims: Vec<Option<Claim>>,
    accused: Accused,
    parted: Option<Parted>,
}

/// The picture of the run at its cursor.
pub(super) fn draw(scene: &Scene<'_>) -> Picture {
    let moment = Moment::new(scene);
    let mut picture = scene.blank();
    let mut labels = Labels::default();
    moment.regions(&mut picture);
    moment.links(&mut picture);
    moment.lights(&mut picture);
    // Words take their room in the order of their weight: names, violations, what nodes say, what has just happened,
    // messages.
    moment.nodes(&mut labels, &mut picture);
    let captions = moment.find_captions();
    let mut placed = moment.place_captions(&captions, true, &mut labels, &picture);
    let accused = moment.accused_messages(&mut labels, &mut picture);
    moment.lines(&mut labels, &mut picture);
    moment.round_trips(&mut labels, &mut picture);
    placed.extend(moment.place_captions(&captions, false, &mut labels, &picture));
    moment.side_captions(&mut labels, &mut picture);
    match scene.look.perspective {
        None => {
            moment.messages(&mut labels, &mut picture);
            moment.graves(&mut labels, &mut picture);
        }
        Some(node) => moment.own_messages(node, &mut labels, &mut picture),
    }
    for label in accused {
        label.draw(&mut picture);
    }
    for caption in placed {
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
            clock_lines: clocks::lines(run),
        };
        let mut moment = Moment {
            run,
            look: &scene.look,
            kernel: run.timeline().machine().kernel(),
            now: run.now(),
            layout: Layout::new(&seats(run), sheet),
            size,
            unit: size / 16.0,
            life: life(run),
            digits: clocks::digits(run),
            claims: Vec::new(),
            accused: Accused::default(),
            parted: None,
        };
        moment.claims = moment.find_claims();
        moment.accused = moment.find_accused();
        moment.parted = moment.find_parted();
        moment
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
}
