//! Nodes with their clocks, or the fog where they cannot be seen.

use sim::{NodeId, Status};

use super::View;
use crate::shape::{Align, Ink, Picture, Point, Style};

impl View<'_> {
    pub(super) fn nodes(&self, picture: &mut Picture) {
        for node in self.all_nodes() {
            if self.is_clear(node) {
                self.node(node, picture);
            } else {
                self.fog(node, picture);
            }
        }
    }

    fn node(&self, node: NodeId, picture: &mut Picture) {
        let (at, radius) = (self.place(node), self.layout.radius);
        let status = self.kernel.status(node);
        let machine = self.run.timeline().machine();
        let style = match status {
            Status::Running => Style::stroke(Ink::Ink, 1.5).filled(Ink::Surface),
            Status::Paused => Style::stroke(Ink::Muted, 1.5).filled(Ink::Line),
            Status::Crashed => Style::stroke(Ink::Muted, 1.5).filled(Ink::Ground).dashed(),
        };
        picture.circle(at, radius, style);
        if machine.leads(node) {
            picture.circle(at, radius + 4.0, Style::stroke(Ink::Accent, 1.5));
        }
        if machine.unsynced_writes(node) > 0 {
            picture.circle(at, radius - 4.0, Style::stroke(Ink::Muted, 1.2).dashed());
        }
        if status == Status::Paused {
            self.frost(at, picture);
        }
        if self.has_words() {
            self.words(node, status, picture);
        }
        self.inbox(node, picture);
    }

    /// A node about which the one through whose eyes we look can only guess.
    fn fog(&self, node: NodeId, picture: &mut Picture) {
        let (at, radius) = (self.place(node), self.layout.radius);
        let outline = Style::stroke(Ink::Line, 1.2).dashed();
        picture.circle(at, radius, outline.filled(Ink::Ground));
        if self.has_words() {
            let name = self.run.scenario().name(node);
            picture.text(at, name, self.size, Align::Middle, Ink::Muted, 1.0);
            let below = Point::new(at.x, at.y + radius + self.size * 0.9);
            picture.text(below, "?", self.size, Align::Middle, Ink::Muted, 1.0);
        }
    }

    /// Slanted hatching, as on a pane in winter.
    fn frost(&self, centre: Point, picture: &mut Picture) {
        const SLANT: f64 = std::f64::consts::FRAC_1_SQRT_2;
        let radius = self.layout.radius;
        for step in -3..=3 {
            let shift = f64::from(step) * radius / 4.0;
            let reach = libm::sqrt((radius * radius - shift * shift).max(0.0)) * 0.96;
            let middle = centre.moved(Point::new(SLANT, SLANT), shift);
            let along = Point::new(SLANT, -SLANT);
            let ends = vec![middle.moved(along, -reach), middle.moved(along, reach)];
            picture.line(ends, Style::stroke(Ink::Ground, 2.0));
        }
    }

    fn words(&self, node: NodeId, status: Status, picture: &mut Picture) {
        let (at, radius, size) = (self.place(node), self.layout.radius, self.size);
        let name = self.run.scenario().name(node);
        let fitting = (radius * 1.7 / (name.chars().count() as f64 * 0.56)).min(size * 1.15);
        if fitting >= 8.0 {
            picture.bold_text(at, name, fitting, Align::Middle, Ink::Ink);
        } else {
            let above = Point::new(at.x, at.y - radius - size);
            picture.bold_text(above, name, size, Align::Middle, Ink::Ink);
        }
        let limp = self.kernel.limp_permille(node);
        let mut lines = vec![match status {
            Status::Running => self.badge(node),
            Status::Paused => "paused".to_owned(),
            Status::Crashed => "crashed".to_owned(),
        }];
        if limp != 1000 {
            lines.push(format!("limps, {}× as slow", f64::from(limp) / 1000.0));
        }
        let below = |line: f64| Point::new(at.x, at.y + radius + size * (0.9 + 1.25 * line));
        self.clocks(node, below(0.0), picture);
        for (line, text) in (1..).zip(lines) {
            let place = below(f64::from(line));
            picture.text(place, text, size * 0.92, Align::Middle, Ink::Muted, 1.0);
        }
    }

    fn badge(&self, node: NodeId) -> String {
        let name = |node: NodeId| self.run.scenario().name(node);
        self.run.timeline().machine().describe(node, &name).badge
    }

    /// What waits for a node: a row of dots, and a number if they are many.
    fn inbox(&self, node: NodeId, picture: &mut Picture) {
        let waiting = self.kernel.inbox(node);
        let (at, radius) = (self.place(node), self.layout.radius);
        let shown = waiting.min(6);
        let dot = |place: u32| {
            let up = radius * 0.6 - f64::from(place) * 7.0;
            Point::new(at.x + radius + 7.0, at.y + up)
        };
        for place in 0..shown {
            picture.circle(dot(place), 2.5, Style::fill(Ink::Muted));
        }
        if waiting > shown {
            let count = waiting.to_string();
            picture.text(
                dot(shown),
                count,
                self.size * 0.85,
                Align::Middle,
                Ink::Muted,
                1.0,
            );
        }
    }
}
