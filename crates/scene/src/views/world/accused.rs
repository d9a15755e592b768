//! What the violations up to now accuse: the node at which each became certain, and the message that led to it.
//!
//! Both are read off the event that a check names, never off what a protocol says of itself.

use scenario::Run;
use sim::EventId;
use sim::trace::{Event, EventKind};

use super::glyphs::{self, Mark};
use super::messages::Label;
use super::moment::{Accused, Moment};
use crate::shapes::{Ink, Labels, Picture, Style};
use crate::words::vocabulary::{label, message_of, sort_of, timeout};

/// A message stays marked for so many times as long as what has passed stays visible.
const LIVES: f64 = 4.0;

/// Where on its way a message is drawn that has arrived.
const ARRIVED: f64 = 0.95;

/// So many causes back lies the message that a node acted on: it may have waited for a disk or a timer meanwhile.
const MOST_CAUSES: usize = 6;

/// The event in which a node handled the message that led it to `id`, if it was a message, and not that none came.
fn delivery(run: &Run, id: EventId) -> Option<EventId> {
    let events = run.timeline().events();
    let node = events.get(id.index())?.node;
    let mut at = id;
    for _ in 0..MOST_CAUSES {
        let event = events.get(at.index())?;
        match event.kind {
            _ if event.node != node || timeout(run, event).is_some() => return None,
            EventKind::Deliver => return Some(at),
            _ => at = event.cause.some()?,
        }
    }
    None
}

impl Moment<'_> {
    /// What the violations up to now accuse. No node is told of a violation: in a node's perspective there are none.
    pub(super) fn find_accused(&self) -> Accused {
        let mut accused = Accused::default();
        if !self.look.is_from_outside() {
            return accused;
        }
        let events = self.run.timeline().events();
        for (id, is_case) in self.run.accused() {
            let event = events.get(id.index());
            let event = event.filter(|event| event.kind != EventKind::Network);
            accused.nodes.extend(event.map(|event| event.node));
            if is_case {
                accused.deliveries.extend(delivery(self.run, id));
            }
        }
        accused
    }

    /// The ways of the accused messages, in red for a while. Their labels are drawn on top of all other messages.
    pub(super) fn accused_messages(
        &self,
        labels: &mut Labels,
        picture: &mut Picture,
    ) -> Vec<Label> {
        let events = self.run.timeline().events();
        let deliveries = self.accused.deliveries.iter();
        let events = deliveries.filter_map(|id| events.get(id.index()));
        events
            .filter_map(|event| self.accused_message(event, labels, picture))
            .collect()
    }

    fn accused_message(
        &self,
        event: &Event,
        labels: &mut Labels,
        picture: &mut Picture,
    ) -> Option<Label> {
        let age = self.age(event.time) / LIVES;
        if age >= 1.0 || event.peer == event.node {
            return None;
        }
        let (from, to, alpha) = (event.peer, event.node, 1.0 - age * age * age);
        let way = |progress| self.on_way(from, to, progress);
        picture.segment(
            way(0.0),
            way(1.0),
            Style::stroke(Ink::Danger, 1.5 * self.unit).faded(alpha),
        );
        let mark = Mark {
            at: way(ARRIVED),
            forward: self.place(from).direction(self.place(to)),
            sort: sort_of(self.run, event.code),
            is_copy: false,
            is_accused: true,
            alpha,
        };
        glyphs::message(picture, &mark, self.mark_radius(), self.unit);
        labels.keep_disc(mark.at, self.mark_radius());
        let words = label(self.run, message_of(self.run, event));
        self.place_label(mark.at, words, (Ink::Danger, alpha), labels, picture)
    }
}

#[cfg(test)]
mod tests {
    use scenario::Run;
    use scenario::view::View;

    use crate::look::Look;
    use crate::shapes::{Ink, Shape};
    use crate::views::draw;

    /// How many circles and how many ways are red at a moment of the lab in which Ann writes too late.
    fn red(time: &str, look: Look) -> (usize, usize) {
        let (run, problems) = Run::open(&format!("#/lease-and-pause?t={time}"));
        assert_eq!(problems, []);
        let shapes = draw(View::World, &run, look, 750.0, 480.0).shapes;
        let is_red = |stroke: Option<Ink>| stroke == Some(Ink::Danger);
        let rings = shapes.iter();
        let rings = rings
            .filter(|shape| matches!(shape, Shape::Circle(circle) if is_red(circle.style.stroke)));
        let ways = shapes.iter();
        let ways =
            ways.filter(|shape| matches!(shape, Shape::Path(path) if is_red(path.style.stroke)));
        (rings.count(), ways.count())
    }

    #[test]
    fn the_node_and_the_message_that_a_violation_accuses_are_red_from_its_moment_on() {
        for (time, rings, ways) in [("4.6s", 0, 0), ("4.7s", 1, 1), ("20s", 1, 0)] {
            assert_eq!(red(time, Look::default()), (rings, ways), "at {time}");
        }
    }

    /// Alice reports a call as failed because no answer came: the answer that she got before has nothing to do with it.
    #[test]
    fn no_message_is_accused_of_what_a_timeout_led_to() {
        let (run, problems) = Run::open("#/did-it-fail?t=5.05s");
        assert_eq!(problems, []);
        let shapes = draw(View::World, &run, Look::default(), 750.0, 480.0).shapes;
        let is_red = |shape: &Shape| matches!(shape, Shape::Path(path) if path.style.stroke == Some(Ink::Danger));
        assert!(!shapes.iter().any(is_red));
    }

    /// Carol's call was answered; Bob's is the one that has not ended.
    #[test]
    fn the_node_whose_call_does_not_end_is_red_and_not_the_one_that_acts_next() {
        let (run, problems) = Run::open("#/did-it-fail?off=timeout&t=5s");
        assert_eq!(problems, []);
        let accused: Vec<String> = run
            .accused()
            .map(|(id, _)| {
                run.scenario()
                    .name(run.timeline().events()[id.index()].node)
            })
            .collect();
        assert_eq!(accused, ["bob"]);
    }

    #[test]
    fn no_node_sees_what_a_violation_accuses() {
        for node in 0..4 {
            let seen = Look {
                perspective: Some(sim::NodeId(node)),
                ..Look::default()
            };
            assert_eq!(red("4.7s", seen), (0, 0), "seen by {node}");
        }
    }
}
