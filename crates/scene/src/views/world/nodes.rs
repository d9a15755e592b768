//! Nodes with their names, or an outline where they cannot be seen.

use sim::{NodeId, Status};

use super::glyphs;
use super::layout::Words;
use super::moment::Moment;
use crate::shapes::{Align, Ink, Labels, Picture, Point};

/// What a name leaves for the word below it: a node of this radius, in heights of letters, has room for both.
const ROOM_FOR_STATUS: f64 = 1.9;

/// A name in letters smaller than this leaves no room for a line below it, and what stands there is as for these at least.
const SMALLEST: f64 = 7.5;
const SMALLEST_BELOW: f64 = 9.5;

/// A line below a node that has its place.
pub(super) struct Line {
    at: Point,
    words: String,
    size: f64,
    ink: Ink,
}

impl Line {
    pub(super) fn draw(self, picture: &mut Picture) {
        let Line {
            at,
            words,
            size,
            ink,
        } = self;
        if ink == Ink::Danger {
            glyphs::wrong_belief(picture, at, words, size);
        } else {
            picture.text(at, words, size, Align::Middle, ink, 1.0);
        }
    }
}

impl Moment<'_> {
    /// All nodes with their names, their dials and what waits at them. They take their room before any other words.
    pub(super) fn nodes(&self, labels: &mut Labels, picture: &mut Picture) {
        let patience = self.patience();
        for node in self.all_nodes() {
            labels.keep_disc(self.place(node), self.layout.radius);
            if self.look.sees(node) {
                self.body(node, picture);
                if let Some(gone) = patience.get(&node) {
                    self.arc(node, *gone, picture);
                }
            } else {
                glyphs::unseen(picture, self.place(node), self.layout.radius);
            }
            self.name(node, labels, picture);
        }
        for node in self.all_nodes().filter(|node| self.look.sees(*node)) {
            self.dials(node, labels, picture);
            self.waiting(node, labels, picture);
        }
    }

    fn body(&self, node: NodeId, picture: &mut Picture) {
        let (at, radius, unit) = (self.place(node), self.layout.radius, self.unit);
        let status = self.kernel.status(node);
        glyphs::node(picture, at, radius, unit, status);
        let claim = self.claim(node).filter(|claim| claim.leads());
        if claim.is_some() {
            let ink = if self.is_out_of_date(node) {
                Ink::Danger
            } else {
                Ink::Accent
            };
            glyphs::leader(picture, at, radius, unit, ink);
        }
        if self.run.timeline().machine().unsynced_writes(node) > 0 {
            glyphs::unsaved(picture, at, radius, unit);
        }
        if self.accused.nodes.contains(&node) {
            glyphs::accused(picture, at, radius, unit);
        }
    }

    /// A node's name: in it, with what stands below it there, or above it; left out where there is no room.
    fn name(&self, node: NodeId, labels: &mut Labels, picture: &mut Picture) {
        let at = self.place(node);
        let name = self.run.scenario().name(node);
        let is_seen = self.look.sees(node);
        let (size, place) = match self.size_of_name(node) {
            Some(size) => match self.words_inside(node) {
                Some((words, most)) => {
                    let size = size.min(most);
                    self.below_name(node, &words, most, labels, picture);
                    (size, Point::new(at.x, at.y - 0.5 * size))
                }
                None => (size, at),
            },
            None if self.has_words() => {
                let up = self.layout.radius + self.size;
                (self.size, Point::new(at.x, at.y - up))
            }
            None => return,
        };
        labels.keep(place, &name, size, picture);
        if is_seen {
            picture.bold_text(place, name, size, Align::Middle, Ink::Ink);
        } else {
            picture.text(place, name, size, Align::Middle, Ink::Muted, 1.0);
        }
    }

    /// What stands in a node below its name, and how large the name is at most: that the node does not run, or its role and
    /// term where there is no line below it for them.
    fn words_inside(&self, node: NodeId) -> Option<(String, f64)> {
        if !self.look.sees(node) {
            return None;
        }
        if let Some(status) = self.status_words(node) {
            return self
                .has_room_inside(status)
                .then(|| (status.to_owned(), self.size));
        }
        if self.layout.words >= Words::States {
            return None;
        }
        let size = self.size.min(self.layout.radius / ROOM_FOR_STATUS);
        let words = self.role_and_term(node)?;
        (size >= SMALLEST).then_some((words, size))
    }

    fn below_name(
        &self,
        node: NodeId,
        words: &str,
        size: f64,
        labels: &mut Labels,
        picture: &mut Picture,
    ) {
        let (at, size) = (self.place(node), 0.8 * size.max(SMALLEST_BELOW));
        let below = Point::new(at.x, at.y + 0.9 * size);
        labels.keep(below, words, size, picture);
        picture.text(below, words, size, Align::Middle, Ink::Ink, 1.0);
    }

    /// The word for a node that does not run.
    fn status_words(&self, node: NodeId) -> Option<&'static str> {
        match self.kernel.status(node) {
            Status::Running => None,
            Status::Paused => Some("paused"),
            Status::Crashed => Some("crashed"),
        }
    }

    /// Whether words stand in a node, below its name.
    fn has_room_inside(&self, words: &str) -> bool {
        let width = 2.0 * Picture::half_width(words, self.size * 0.8);
        let radius = self.layout.radius;
        radius >= ROOM_FOR_STATUS * self.size && width <= 1.7 * radius
    }

    /// The lines below a node, as many as have room. A line that is too wide is written smaller, or left out.
    pub(super) fn lines(&self, labels: &mut Labels, picture: &Picture) -> Vec<Line> {
        let mut lines = Vec::new();
        if !self.has_words() {
            return lines;
        }
        for node in self.all_nodes() {
            let (at, size) = (self.place(node), self.size);
            let sizes = [0.95, 0.85, 0.72].map(|share| share * size);
            let below = |row: usize| {
                let down = self.layout.radius + (1.05 + 1.25 * row as f64) * size;
                Point::new(at.x, at.y + down)
            };
            let mut place = |row: usize, (words, ink): (String, Ink)| {
                let at = below(row);
                let size = labels.shrink(at, &words, &sizes, picture)?;
                lines.push(Line {
                    at,
                    words,
                    size,
                    ink,
                });
                Some(())
            };
            let rows = self.words_below(node);
            let has_room = below(rows.len().max(1) - 1).y + 0.5 * size <= picture.height;
            if !has_room
                && let Some(all) = self.known_line(node)
                && place(0, all).is_some()
            {
                continue;
            }
            for (row, words) in rows.into_iter().enumerate() {
                place(row, words);
            }
        }
        lines
    }

    fn words_below(&self, node: NodeId) -> Vec<(String, Ink)> {
        if !self.look.sees(node) {
            return self.known_lines(node);
        }
        let mut lines = self.clock_lines(node);
        let outside = self.status_words(node);
        let outside = outside.filter(|words| !self.has_room_inside(words));
        lines.extend(outside.map(|words| (words.to_owned(), Ink::Ink)));
        lines.extend(self.state_line(node));
        if self.layout.words >= Words::States && self.kernel.status(node) == Status::Running {
            lines.extend(self.log_line(node).map(|words| (words, Ink::Muted)));
        }
        let limp = f64::from(self.kernel.limp_permille(node)) / 1000.0;
        // No node can know how fast it would be.
        if limp != 1.0 && self.look.is_from_outside() {
            lines.push((format!("limps, {limp}× as slow"), Ink::Ink));
        }
        lines
    }
}
