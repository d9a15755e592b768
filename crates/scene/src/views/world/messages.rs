//! Messages on their way, and where they died.

use crate::LOOKED_BACK;
use sim::protocol::Gist;
use sim::sorted::Set;
use sim::sorting::sort_by_key;
use sim::trace::{Event, EventKind, Lost};
use sim::{EventId, Flight, MessageId, NodeId, Place, SimTime};

use super::glyphs::{self, Mark};
use super::moment::Moment;
use crate::shapes::{Align, Ink, Labels, Picture, Point, Symbol};
use crate::words::vocabulary::{label, message_of, sort_of};

/// With more messages than this they go without labels.
const MOST_WITH_LABELS: usize = 14;

/// So many messages are drawn at most: more are a smear, and hold up the page. Of more, the kernel's numbers choose.
const MOST_DRAWN: usize = 512;

/// So many messages are shown where they died, the latest.
const MOST_GRAVES: usize = 256;

/// The radius of a message where nodes are large, in units.
const LARGEST_MARK: f64 = 7.0;

/// How far from its node a message stays that the node has sent or got, in units.
const STEM: f64 = 30.0;

/// Where a message died.
pub(super) struct Grave {
    at: Point,
    message: Gist,
    alpha: f64,
}

/// Words at a place that has room for them.
pub(super) struct Label {
    at: Point,
    words: String,
    size: f64,
    ink: Ink,
    alpha: f64,
}

impl Label {
    /// Writes the label.
    pub fn draw(self, picture: &mut Picture) {
        let (size, alpha) = (self.size, self.alpha);
        picture.text(self.at, self.words, size, Align::Middle, self.ink, alpha);
    }
}

impl Moment<'_> {
    pub(super) fn messages(&self, labels: &mut Labels, picture: &mut Picture) {
        let (mut flights, step) = self.drawn_flights();
        self.says_share(step, picture);
        sort_by_key(&mut flights, |flight| flight.id);
        for flight in &flights {
            self.message(flight, labels, picture);
        }
        if self.has_words() && flights.len() <= MOST_WITH_LABELS {
            for flight in flights {
                let alpha = self.vitality(flight) * self.calm(flight);
                let at = self.flight_place(flight);
                let words = label(self.run, flight.gist);
                self.label(at, words, (Ink::Ink, alpha), labels, picture);
            }
        }
    }

    /// The messages on their way that are drawn, in no particular order: one in so many.
    pub(super) fn drawn_flights(&self) -> (Vec<&Flight>, usize) {
        let flights = self.kernel.flights();
        let mut flights: Vec<&Flight> = flights
            .filter(|flight| flight.place != Place::Inbox)
            .collect();
        let step = flights.len().div_ceil(MOST_DRAWN).next_power_of_two();
        flights
            .retain(|flight| (flight.id.0 as usize).is_multiple_of(step) || self.is_lit(flight.id));
        (flights, step)
    }

    fn is_lit(&self, message: MessageId) -> bool {
        self.look.light_message == Some(message)
    }

    /// Says how many of the messages are drawn, if not all are.
    fn says_share(&self, step: usize, picture: &mut Picture) {
        if step > 1 {
            self.says_left_out(0, format!("One message in {step} is drawn."), picture);
        }
    }

    /// Says what is left out, in a line from the bottom.
    fn says_left_out(&self, line: usize, words: String, picture: &mut Picture) {
        let up = self.size * (1.0 + 1.3 * line as f64);
        let at = Point::new(self.size, picture.height - up);
        picture.text(at, words, self.size, Align::Start, Ink::Muted, 1.0);
    }

    /// Where a message is drawn. A copy parts from its original and runs beside it.
    pub(super) fn flight_place(&self, flight: &Flight) -> Point {
        let progress = match flight.place {
            Place::Held(_) => 0.5,
            _ => progress(flight, self.now),
        };
        let forward = self.place(flight.from).direction(self.place(flight.to));
        let shift = if flight.is_duplicate {
            9.0 * self.unit * (progress * 6.0).min(1.0)
        } else {
            0.0
        };
        self.on_way(flight.from, flight.to, progress)
            .moved(forward.right(), shift)
    }

    fn message(&self, flight: &Flight, labels: &mut Labels, picture: &mut Picture) {
        let mark = Mark {
            at: self.flight_place(flight),
            forward: self.place(flight.from).direction(self.place(flight.to)),
            sort: sort_of(self.run, flight.gist.kind),
            is_copy: flight.is_duplicate,
            is_accused: false,
            alpha: self.vitality(flight) * self.calm(flight),
        };
        let radius = self.mark_radius();
        glyphs::message(picture, &mark, radius, self.unit);
        labels.keep_disc(mark.at, radius);
        if flight.is_corrupted {
            glyphs::flaw(picture, &mark, radius, self.unit);
        }
    }

    /// In a node's perspective: what it has just sent, or just got, and what is lit. Each stays with the node, on a stem: where a
    /// message is on its way, no node knows.
    pub(super) fn own_messages(&self, node: NodeId, labels: &mut Labels, picture: &mut Picture) {
        let events = self.run.timeline().events();
        let lit = self.light.events.iter();
        let lit = lit.filter_map(|id| events.get(id.index()));
        for event in lit.filter(|event| event.is_known_to(node)) {
            self.own_message(node, event, 1.0, labels, picture);
        }
        let is_lit = |event: &Event| {
            let of_it = |id: &EventId| events.get(id.index()).map(|event| event.message);
            self.light
                .events
                .iter()
                .any(|id| of_it(id) == Some(event.message))
        };
        let recent = events.iter().rev().take(LOOKED_BACK);
        let recent = recent.take_while(|event| self.age(event.time) < 1.0);
        let known = recent.filter(|event| event.is_known_to(node) && !is_lit(event));
        for event in known.take(MOST_DRAWN) {
            let age = self.age(event.time);
            self.own_message(node, event, 1.0 - age * age, labels, picture);
        }
    }

    fn own_message(
        &self,
        node: NodeId,
        event: &Event,
        alpha: f64,
        labels: &mut Labels,
        picture: &mut Picture,
    ) {
        let (from, to, rim, away, did) = match event.kind {
            EventKind::Send => (node, event.peer, 0.0, STEM, Symbol::Sent),
            EventKind::Deliver => (event.peer, node, 1.0, -STEM, Symbol::Got),
            _ => return,
        };
        let (rim, forward) = (
            self.on_way(from, to, rim),
            self.place(from).direction(self.place(to)),
        );
        let mark = Mark {
            at: rim.moved(forward, away * self.unit),
            forward,
            sort: sort_of(self.run, event.code),
            is_copy: false,
            is_accused: false,
            alpha,
        };
        let radius = self.mark_radius();
        glyphs::stem(picture, rim, &mark, self.unit, did);
        glyphs::message(picture, &mark, radius, self.unit);
        labels.keep_disc(mark.at, radius);
        let words = label(self.run, message_of(self.run, event));
        let told = match did {
            _ if words.is_empty() => words,
            Symbol::Sent => format!("sent {words}"),
            _ => format!("got {words}"),
        };
        self.label(mark.at, told, (Ink::Ink, alpha), labels, picture);
    }

    /// A message that will be lost pales over the last part of its way.
    fn vitality(&self, flight: &Flight) -> f64 {
        if flight.ends.is_none() {
            return 1.0;
        }
        let whole = flight.next.since(flight.sent).as_nanos() as f64;
        let left = flight.next.since(self.now).as_nanos() as f64;
        0.35 + 0.65 * (left / (whole * 0.25 + 1.0)).min(1.0)
    }

    /// Beside messages that stand out the others are calm.
    fn calm(&self, flight: &Flight) -> f64 {
        let is_calm = self.light.calms && !self.light.events.contains(&flight.send_event);
        if is_calm { 0.4 } else { 1.0 }
    }

    /// Words near a mark, in an ink of some strength, where there is room for them.
    fn label(
        &self,
        mark: Point,
        words: String,
        look: (Ink, f64),
        labels: &mut Labels,
        picture: &mut Picture,
    ) {
        if let Some(label) = self.place_label(mark, words, look, labels, picture) {
            label.draw(picture);
        }
    }

    /// The same, to be drawn later.
    pub(super) fn place_label(
        &self,
        mark: Point,
        words: String,
        (ink, alpha): (Ink, f64),
        labels: &mut Labels,
        picture: &Picture,
    ) -> Option<Label> {
        if words.is_empty() {
            return None;
        }
        let size = self.size * 0.92;
        let at = labels.near(mark, &words, size, picture)?;
        Some(Label {
            at,
            words,
            size,
            ink,
            alpha,
        })
    }

    pub(super) fn mark_radius(&self) -> f64 {
        let largest = LARGEST_MARK * self.unit;
        (self.layout.radius / 5.0).clamp(largest.min(3.5), largest)
    }

    /// Crosses where messages died, fading. Answers which of them words may tell of.
    pub(super) fn graves(&self, labels: &mut Labels, picture: &mut Picture) -> Vec<Grave> {
        let events = self.run.timeline().events();
        let is_recent = |event: &Event| self.age(event.time) < 1.0;
        let beyond = events.len().checked_sub(LOOKED_BACK + 1);
        let recent = events.iter().rev().take(LOOKED_BACK);
        let recent = recent.take_while(|event| is_recent(event));
        // Of those that died on one link the latest says what it was: the words of several would pile up.
        let mut told: Set<(NodeId, NodeId)> = Set::new();
        let mut graves = Vec::new();
        for (event, alpha) in self.explaining_losses() {
            told.insert(ends(event));
            graves.extend(self.grave(event, alpha, labels, picture));
        }
        let explained: Set<MessageId> = self
            .explaining_losses()
            .map(|(event, _)| event.message)
            .collect();
        let recent = recent.filter(|event| !explained.contains(&event.message));
        let mut lost = recent.filter(|event| event.kind == EventKind::Lost);
        for event in lost.by_ref().take(MOST_GRAVES) {
            let is_told = told.insert(ends(event));
            let age = self.age(event.time);
            let grave = self.grave(event, 1.0 - age * age, labels, picture);
            graves.extend(grave.filter(|_| is_told));
        }
        if lost.next().is_some() || beyond.is_some_and(|place| is_recent(&events[place])) {
            let words = "Of the messages that were lost only the latest are drawn.";
            self.says_left_out(1, words.to_owned(), picture);
        }
        graves
    }

    /// The losses that explain a violation are as plain as that is, however long they are past. No node is told of one.
    fn explaining_losses(&self) -> impl Iterator<Item = (&Event, f64)> {
        let is_told = self.look.is_from_outside();
        let events = self.run.timeline().events();
        let explaining = self.run.explaining().filter(move |_| is_told);
        explaining.filter_map(move |(id, seen)| {
            let event = events.get(id.index())?;
            let age = self.age(seen);
            (event.kind == EventKind::Lost && age < 1.0).then_some((event, 1.0 - age * age))
        })
    }

    fn grave(
        &self,
        event: &Event,
        alpha: f64,
        labels: &mut Labels,
        picture: &mut Picture,
    ) -> Option<Grave> {
        let lost = event.detail::<Lost>()?;
        let at = self.on_way(event.peer, event.node, lost.share());
        glyphs::grave(picture, at, self.unit, alpha);
        labels.keep_disc(at, self.mark_radius());
        let message = message_of(self.run, event);
        Some(Grave { at, message, alpha })
    }

    /// What the messages were that died, where there is room after those that still travel.
    pub(super) fn tell_lost(&self, lost: Vec<Grave>, labels: &mut Labels, picture: &mut Picture) {
        for Grave { at, message, alpha } in lost {
            let words = label(self.run, message);
            if self.has_words() && !words.is_empty() {
                let look = (Ink::Muted, alpha);
                self.label(at, format!("lost: {words}"), look, labels, picture);
            }
        }
    }
}

/// The nodes at the ends of a link, whichever way a message went.
fn ends(event: &Event) -> (NodeId, NodeId) {
    (event.node.min(event.peer), event.node.max(event.peer))
}

/// How far a message has come, from 0 to 1.
fn progress(flight: &Flight, now: SimTime) -> f64 {
    let (whole, gone) = (flight.due.since(flight.sent), now.since(flight.sent));
    if whole.is_zero() {
        return 1.0;
    }
    (gone.as_nanos() as f64 / whole.as_nanos() as f64).min(1.0)
}
