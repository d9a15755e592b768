//! The event that is told: a ring around the node where it happens, the way of its message, the place where one died.
//!
//! The page loads it when something is told: see `crates/xtask/src/split/doors.rs`.

use sim::trace::{Event, EventKind, Lost};
use sim::{Flight, NodeId};

use super::glyphs;
use super::moment::Moment;
use crate::shapes::Picture;

impl Moment<'_> {
    /// Lights the event that is told, and the messages on their way that belong to its chain. No node knows where those are: in its
    /// perspective, what it knows of is lit with its own messages.
    #[inline(never)]
    pub(super) fn told(&self, picture: &mut Picture) {
        if !self.look.is_from_outside() {
            return;
        }
        let lit = |flight: &&Flight| self.light.events.contains(&flight.send_event);
        for flight in self.kernel.flights().filter(lit) {
            glyphs::halo(picture, self.flight_place(flight), 18.0 * self.unit);
        }
        let Some((_, event)) = self.light.event(self.run) else {
            return;
        };
        match event.kind {
            EventKind::Send | EventKind::Duplicate => {
                self.told_way(event.node, event.peer, 1.0, picture);
            }
            EventKind::Deliver | EventKind::Queued => {
                self.told_way(event.peer, event.node, 1.0, picture);
            }
            EventKind::Lost => return self.told_death(event, picture),
            // It happens to links, whatever node it names.
            EventKind::Network => return,
            _ => {}
        }
        let (at, radius) = (self.place(event.node), self.layout.radius);
        glyphs::told(picture, at, radius, self.unit);
    }

    fn told_death(&self, event: &Event, picture: &mut Picture) {
        let share = event.detail::<Lost>().map_or(1.0, Lost::share);
        self.told_way(event.peer, event.node, share, picture);
        let grave = self.on_way(event.peer, event.node, share);
        glyphs::halo(picture, grave, 20.0 * self.unit);
    }

    fn told_way(&self, from: NodeId, to: NodeId, share: f64, picture: &mut Picture) {
        if from != to {
            let [start, end] = [0.0, share].map(|share| self.on_way(from, to, share));
            glyphs::told_way(picture, start, end, self.unit);
        }
    }
}
