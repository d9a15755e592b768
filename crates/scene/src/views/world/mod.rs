//! The world at a moment: nodes with their clocks, links, and messages on their way.
//!
//! | module | its subject |
//! | --- | --- |
//! | `mod.rs` | what is drawn, in which order |
//! | `moment` | what all of it is drawn from and measured by |
//! | `layout` | where nodes stand, and how many words have room there |
//! | `glyphs` | the marks, each drawn here alone |
//! | `nodes` | nodes, seen or not |
//! | `fog` | what a node knows of the world, in its perspective |
//! | `claims` | what nodes believe that they alone have, and which of them are wrong |
//! | `patience` | how long nodes still wait |
//! | `waiting` | what waits at nodes |
//! | `round_trips` | by which round trips a node knows other clocks |
//! | `clocks` | what the clocks of a node show |
//! | `accused` | which nodes and messages violations accuse |
//! | `captions` | what has just happened at nodes |
//! | `links` | links, cuts across them, and which nodes have one |
//! | `parted` | partitions: the sides, and the line between them |
//! | `messages` | messages on their way, and where they died |
//! | `told` | the event that is told |
//! | `legend` | a sample of each mark |
//! | `pick` | what is under the pointer |

mod accused;
mod captions;
mod claims;
mod clocks;
mod fog;
mod glyphs;
mod layout;
mod legend;
mod links;
mod messages;
mod moment;
mod nodes;
mod parted;
mod patience;
mod pick;
mod round_trips;
mod told;
mod waiting;

use scenario::Run;
use sim::SimDuration;

use self::layout::{Layout, Seat, Sheet};
use self::moment::{Accused, Moment};
use super::scene::Scene;
use crate::shapes::{Labels, Picture, text_size};

pub use clocks::time_of_day;
pub(super) use legend::sample;
pub(super) use pick::{links, links_crossed, pick};
pub use round_trips::round_trips;

/// The picture of the run at its cursor.
pub(super) fn draw(scene: &Scene<'_>) -> Picture {
    let moment = Moment::new(scene);
    let mut picture = scene.blank();
    let mut labels = Labels::default();
    moment.regions(&mut picture);
    moment.fog(&mut picture);
    moment.links(&mut picture);
    moment.lights(&mut picture);
    if !scene.light.is_off() {
        moment.told(&mut picture);
    }
    // Words take their room in the order of their weight: names, what nodes say and what is violated, messages that are accused,
    // what has just happened, messages.
    moment.nodes(&mut labels, &mut picture);
    let captions = moment.find_captions();
    let (lines, mut placed) = moment.lines_and_violations(&captions, &mut labels, &picture);
    let accused = moment.accused_messages(&mut labels, &mut picture);
    moment.round_trips(&mut labels, &mut picture);
    moment.beliefs(&mut labels, &mut picture);
    placed.extend(moment.place_captions(&captions, false, &mut labels, &picture));
    moment.side_captions(&mut labels, &mut picture);
    match scene.look.perspective {
        None => {
            let lost = moment.graves(&mut labels, &mut picture);
            moment.messages(&mut labels, &mut picture);
            moment.tell_lost(lost, &mut labels, &mut picture);
        }
        Some(node) => moment.own_messages(node, &mut labels, &mut picture),
    }
    // Words lie on top of the messages that pass by.
    for line in lines {
        line.draw(&mut picture);
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
            light: scene.light,
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
            known: Vec::new(),
        };
        moment.claims = moment.find_claims();
        moment.accused = moment.find_accused();
        moment.parted = moment.find_parted();
        moment.known = moment.find_known();
        moment
    }

    /// A halo around what a story speaks of.
    fn lights(&self, picture: &mut Picture) {
        let node = self.look.light_node;
        if let Some(node) = node.filter(|node| node.index() < self.layout.places.len()) {
            glyphs::halo(picture, self.place(node), self.layout.radius * 1.45);
        }
        let message = self.look.light_message;
        // No node sees a message on its way.
        let message = message.filter(|_| self.look.is_from_outside());
        if let Some(flight) = message.and_then(|id| self.kernel.flight(id)) {
            glyphs::halo(picture, self.flight_place(flight), 18.0 * self.unit);
        }
    }
}
