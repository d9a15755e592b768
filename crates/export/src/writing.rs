//! A run written part by part, so that a long one holds up nobody.

use scenario::Run;
use sim::EventId;

use crate::history::History;
use crate::mermaid::Mermaid;
use crate::shiviz::ShiViz;
use crate::trace::Lines;

/// The forms in which a run can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Every event as a line of JSON.
    Trace,
    /// A log for ShiViz: every event of a node with its vector clock.
    ShiViz,
    /// The latest messages as the text of a Mermaid sequence diagram.
    Mermaid,
    /// What clients asked for and were told, as Jepsen's EDN.
    History,
}

impl Form {
    /// Every form and its name.
    pub const ALL: &[(&'static str, Form)] = &[
        ("trace", Form::Trace),
        ("shiviz", Form::ShiViz),
        ("mermaid", Form::Mermaid),
        ("history", Form::History),
    ];

    /// The form of this name.
    pub fn of_name(name: &str) -> Option<Form> {
        let mut all = Form::ALL.iter();
        all.find(|(known, _)| *known == name).map(|(_, form)| *form)
    }
}

/// A run that is written from its beginning up to its cursor.
pub struct Writing {
    writer: Writer,
    next: usize,
    has_ended: bool,
}

enum Writer {
    Trace(Lines),
    ShiViz(ShiViz),
    Mermaid(Mermaid),
    History(History),
}

impl Writing {
    /// Nothing is written yet.
    pub fn new(form: Form, run: &Run) -> Writing {
        let writer = match form {
            Form::Trace => Writer::Trace(Lines::of(run.scenario())),
            Form::ShiViz => Writer::ShiViz(ShiViz::of(run)),
            Form::Mermaid => Writer::Mermaid(Mermaid::default()),
            Form::History => Writer::History(History::of(run.scenario())),
        };
        Writing {
            writer,
            next: 0,
            has_ended: false,
        }
    }

    /// Takes in the next `most` events and writes what they make; nothing once all is written. The run must be the one that
    /// the writing was begun with, at the same moment.
    pub fn part(&mut self, run: &Run, most: usize) -> Option<String> {
        if self.has_ended {
            return None;
        }
        let mut out = String::new();
        if self.next == 0 {
            self.begin(run, &mut out);
        }
        let events = run.timeline().events();
        let last = events.len().min(self.next.saturating_add(most));
        for place in self.next..last {
            self.event(run, EventId(place as u32), &mut out);
        }
        self.next = last;
        if last == events.len() {
            self.end(run, &mut out);
            self.has_ended = true;
        }
        Some(out)
    }

    /// The share of the run that is written, from 0 to 1.
    pub fn share(&self, run: &Run) -> f64 {
        let all = run.timeline().events().len().max(1);
        self.next as f64 / all as f64
    }

    /// All that is not written yet, at once.
    pub fn to_end(mut self, run: &Run) -> String {
        let mut out = String::new();
        while let Some(part) = self.part(run, usize::MAX) {
            out.push_str(&part);
        }
        out
    }

    fn begin(&self, run: &Run, out: &mut String) {
        let link = run.link();
        match &self.writer {
            Writer::Trace(_) => out.push_str(&Lines::head(&link)),
            Writer::ShiViz(_) => ShiViz::begin(&link, out),
            Writer::Mermaid(_) => Mermaid::begin(&link, out),
            Writer::History(_) => History::begin(&link, out),
        }
    }

    fn event(&mut self, run: &Run, id: EventId, out: &mut String) {
        let event = &run.timeline().events()[id.index()];
        match &mut self.writer {
            Writer::Trace(lines) => lines.line(id, event, out),
            Writer::ShiViz(shiviz) => shiviz.event(run, id, event, out),
            Writer::Mermaid(mermaid) => mermaid.event(run, event),
            Writer::History(history) => history.event(event, out),
        }
    }

    fn end(&self, run: &Run, out: &mut String) {
        match &self.writer {
            Writer::Mermaid(mermaid) => mermaid.end(run, out),
            Writer::History(history) => history.end(out),
            Writer::Trace(_) | Writer::ShiViz(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::lab;
    use sim::SimTime;

    fn ended(link: &str) -> Run {
        let (mut run, problems) = Run::open(link);
        assert_eq!(problems, []);
        run.seek(SimTime::from_millis(20_000));
        run
    }

    #[test]
    fn parts_of_any_length_make_the_same_text() {
        let run = ended("#/stale-read");
        for (_, form) in Form::ALL {
            let whole = Writing::new(*form, &run).to_end(&run);
            let mut writing = Writing::new(*form, &run);
            let mut parts = String::new();
            while let Some(part) = writing.part(&run, 7) {
                parts.push_str(&part);
            }
            assert_eq!(parts, whole, "{form:?}");
            assert_eq!(writing.share(&run), 1.0);
        }
    }

    #[test]
    fn every_lab_is_written_in_every_form_and_names_its_link() {
        for lab in lab::labs() {
            let mut run = ended(&format!("#/{}", lab.id));
            run.seek(SimTime::from_millis(5_000));
            for (_, form) in Form::ALL {
                let text = Writing::new(*form, &run).to_end(&run);
                let link = text.lines().take(2).find(|line| line.contains(&run.link()));
                assert!(link.is_some(), "{}, {form:?}", lab.id);
                assert!(text.ends_with('\n'), "{}, {form:?}", lab.id);
            }
        }
    }

    #[test]
    fn a_run_without_events_is_written_too() {
        let (run, _) = Run::open("#/double-charge?t=0s");
        for (_, form) in Form::ALL {
            assert!(!Writing::new(*form, &run).to_end(&run).is_empty());
        }
    }
}
