//! Nodes with their clocks, or the fog where they cannot be seen.

use sim::{NodeId, Status};

use super::View;
use super::labels::Labels;
use crate::shape::{Align, Ink, Picture, Point, Style};

impl View<'_> {
    pub(super) fn nodes(&self, labels: &mut Labels, picture: &mut Picture) {
        for node in self.all_nodes() {
            labels.keep_disc(self.place(node), self.layout.radius);
            if self.is_clear(node) {
                self.node(node, labels, picture);
            } else {
                self.fog(node, picture);
            }
        }
    }

    fn node(&self, node: NodeId, labels: &mut Labels, picture: &mut Picture) {
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
            self.words(node, status, labels, picture);
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

    fn words(&self, node: NodeId, status: Status, labels: &mut Labels, picture: &mut Picture) {
        let (at, radius, size) = (self.place(node), self.layout.radius, self.size);
        let name = self.run.scenario().name(node);
        match self.size_of_name(node) {
            Some(fitting) => picture.bold_text(at, name, fitting, Align::Middle, Ink::Ink),
            None => {
                let above = Point::new(at.x, at.y - radius - size);
                labels.keep(above, &name, size, picture);
                picture.bold_text(above, name, size, Align::Middle, Ink::Ink);
            }
        }
        let state = match status {
            Status::Running => self.badge(node),
            Status::Paused => "paused".to_owned(),
            Status::Crashed => "crashed".to_owned(),
        };
        let mut lines = vec![
            (self.clock_words(node, picture.width), size, Ink::Ink),
            (state, size * 0.92, Ink::Muted),
        ];
        let limp = self.kernel.limp_permille(node);
        if limp != 1000 {
            let words = format!("limps, {}× as slow", f64::from(limp) / 1000.0);
            lines.push((words, size * 0.92, Ink::Muted));
        }
        self.dials(node, labels, picture);
        for (line, (words, its_size, ink)) in lines.into_iter().enumerate() {
            let down = radius + size * (0.9 + 1.25 * line as f64);
            let below = Point::new(at.x, at.y + down);
            labels.keep(below, &words, its_size, picture);
            picture.text(below, words, its_size, Align::Middle, ink, 1.0);
        }
    }

    /// How large a node's name is that stands in it; nothing if it finds no room there, and stands above.
    pub(super) fn size_of_name(&self, node: NodeId) -> Option<f64> {
        let name = self.run.scenario().name(node);
        let fitting = self.layout.radius * 1.7 / (name.chars().count() as f64 * 0.56);
        Some(fitting.min(self.size * 1.15)).filter(|size| *size >= 8.0)
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
        // A dial may stand at the lower right.
        let lowest = radius * if self.is_about_clocks() { -0.1 } else { 0.6 };
        let dot = |place: u32| {
            let up = lowest - f64::from(place) * 7.0;
            Point::new(at.x + radius + 7.0, at.y + up)
        };
        for place in 0..shown {
            picture.circle(dot(place), 2.5, Style::fill(Ink::Muted));
        }
        if waiting > shown {
            let count = waiting.to_string();
            picture.text(
                dot(shown).moved(Point::new(-1.0, 0.0), 3.0),
                count,
                self.size * 0.85,
                Align::Start,
                Ink::Muted,
                1.0,
            );
        }
    }
}
