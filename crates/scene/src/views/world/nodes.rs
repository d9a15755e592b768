//! Nodes with their clocks, or the fog where they cannot be seen.

use sim::{NodeId, Status};

use super::Moment;
use super::layout::Words;
use crate::shapes::{Align, Ink, Labels, Picture, Point, Style};

impl Moment<'_> {
    pub(super) fn nodes(&self, labels: &mut Labels, picture: &mut Picture) {
        for node in self.all_nodes() {
            labels.keep_disc(self.place(node), self.layout.radius);
            if self.look.sees(node) {
                self.node(node, labels, picture);
            } else {
                self.fog(node, picture);
            }
        }
    }

    fn node(&self, node: NodeId, labels: &mut Labels, picture: &mut Picture) {
        let (at, radius, unit) = (self.place(node), self.layout.radius, self.unit);
        let status = self.kernel.status(node);
        let machine = self.run.timeline().machine();
        let width = 1.5 * unit.max(0.8);
        let style = match status {
            Status::Running => Style::stroke(Ink::Ink, width).filled(Ink::Surface),
            Status::Paused => Style::stroke(Ink::Muted, width).filled(Ink::Ground),
            Status::Crashed => Style::stroke(Ink::Muted, width)
                .filled(Ink::Ground)
                .dashed(),
        };
        picture.circle(at, radius, style);
        if machine.leads(node) {
            let ring = Style::stroke(Ink::Accent, 2.5 * unit);
            picture.circle(at, radius - 4.0 * unit, ring);
        }
        if machine.unsynced_writes(node) > 0 {
            let ring = Style::stroke(Ink::Muted, 1.2 * unit.max(0.8)).dashed();
            picture.circle(at, radius - 8.0 * unit, ring);
        }
        if status == Status::Paused {
            self.frost(at, picture);
        }
        if self.has_words() {
            self.words(node, status, labels, picture);
        } else if let Some(size) = self.size_of_name(node) {
            let name = self.run.scenario().name(node);
            picture.bold_text(at, name, size, Align::Middle, Ink::Ink);
        }
        self.inbox(node, picture);
    }

    /// A node about which the node in whose perspective the run is seen can only guess.
    fn fog(&self, node: NodeId, picture: &mut Picture) {
        let (at, radius) = (self.place(node), self.layout.radius);
        let outline = Style::stroke(Ink::Line, 1.2).dashed();
        picture.circle(at, radius, outline.filled(Ink::Ground));
        if self.has_words() {
            let name = self.run.scenario().name(node);
            picture.text(at, name, self.size, Align::Middle, Ink::Muted, 1.0);
            let below = Point::new(at.x, at.y + radius + self.size);
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
            picture.line(ends, Style::stroke(Ink::Line, 2.0 * self.unit).faded(0.6));
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
        self.dials(node, labels, picture);
        for (line, (words, ink)) in self.lines(node, status).into_iter().enumerate() {
            let size = if ink == Ink::Muted { size * 0.92 } else { size };
            let down = radius + self.size * (1.05 + 1.25 * line as f64);
            let below = Point::new(at.x, at.y + down);
            labels.keep(below, &words, size, picture);
            picture.text(below, words, size, Align::Middle, ink, 1.0);
        }
    }

    /// The lines below a node.
    fn lines(&self, node: NodeId, status: Status) -> Vec<(String, Ink)> {
        let room = self.layout.words;
        let mut lines = Vec::new();
        if room >= Words::Clocks {
            lines.push((self.clock_words(node), Ink::Ink));
        }
        if room >= Words::States {
            lines.extend(self.error_words(node).map(|words| (words, Ink::Accent)));
        }
        match status {
            Status::Running if room >= Words::States => lines.push((self.badge(node), Ink::Muted)),
            Status::Running => {}
            Status::Paused => lines.push(("paused".to_owned(), Ink::Ink)),
            Status::Crashed => lines.push(("crashed".to_owned(), Ink::Ink)),
        }
        let limp = f64::from(self.kernel.limp_permille(node)) / 1000.0;
        if limp != 1.0 {
            lines.push((format!("limps, {limp}× as slow"), Ink::Ink));
        }
        lines
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
            let up = lowest - f64::from(place) * 7.0 * self.unit;
            Point::new(at.x + radius + 8.0 * self.unit, at.y + up)
        };
        for place in 0..shown {
            picture.circle(dot(place), 2.5 * self.unit, Style::fill(Ink::Muted));
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
