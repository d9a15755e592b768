//! The links of a run: those that open it, and those that it takes up.

use std::borrow::Cow;

use serde_json::Value;
use sim::SimTime;

use super::Run;
use super::changes::Change;
use super::edit::may_be_done;
use crate::link::Link;
use crate::twin::Twin;
use crate::variant::Variant;

impl Run {
    /// The link that opens this run at this moment.
    pub fn link(&self) -> String {
        self.link_at(Some(self.named_moment()))
    }

    /// The link that opens this run as its lab opens: at the start.
    pub fn link_from_start(&self) -> String {
        self.link_at(None)
    }

    /// The link of this run alone: nothing of how it is seen, or of what its reader is to do.
    pub fn link_alone(&self) -> String {
        let variant = Variant {
            deeds: self.deeds.clone(),
            ..Variant::of(self.scenario.clone())
        };
        let lab = self.lab.clone();
        Link { lab, variant }.format()
    }

    /// The document that opens this run at this moment.
    pub fn document(&self) -> Value {
        self.opened_at(Some(self.named_moment())).to_value()
    }

    /// The moment that a link names: in whole milliseconds, unless something happens on the way to them.
    fn named_moment(&self) -> SimTime {
        let exact = self.aim();
        let whole = exact.ceil_to_millis();
        let is_same = !self.is_on_its_way() && self.timeline.is_calm_until(whole);
        if is_same { whole } else { exact }
    }

    fn link_at(&self, at: Option<SimTime>) -> String {
        self.opened_at(at).format()
    }

    fn opened_at(&self, at: Option<SimTime>) -> Link {
        let variant = Variant {
            scenario: self.scenario.clone(),
            deeds: self.deeds.clone(),
            at,
            view: self.view,
            perspective: self.perspective,
            twin: self.twin.clone(),
            guess: self.guess,
            challenge: self.challenge,
        };
        let lab = self.lab.clone();
        Link { lab, variant }
    }

    /// Takes up what another link of the same lab says, at the moment that it shows, as one step that can be undone.
    /// Returns whether it is of the same lab; if not, nothing has changed.
    pub fn take_up(&mut self, link: Link) -> bool {
        // A document of somebody's own is a lab of its own.
        let (Cow::Borrowed(own), Cow::Borrowed(other)) = (&self.lab, &link.lab) else {
            return false;
        };
        if own.id != other.id {
            return false;
        }
        let Variant {
            scenario,
            deeds,
            at,
            view,
            perspective,
            twin,
            guess,
            challenge,
        } = link.variant;
        (self.view, self.perspective, self.twin) = (view, perspective, twin);
        (self.guess, self.challenge) = (guess, challenge);
        self.replace(scenario, deeds, at.unwrap_or_default());
        true
    }

    /// The link of the same run at this moment with a defence or a deed flipped; nothing for what is neither, or cannot be flipped.
    pub fn flipped_link(&self, text: &str) -> Option<String> {
        let mut link = self.opened_at(Some(self.aim()));
        let Variant {
            scenario, deeds, ..
        } = &mut link.variant;
        let twin = Twin::parse(text, scenario).ok()?;
        twin.flip(scenario, deeds, &self.lab.scenario);
        may_be_done(scenario, deeds).ok()?;
        (link.variant.twin, link.variant.guess) = (None, None);
        link.variant.challenge = None;
        Some(link.format())
    }

    /// What can be flipped, in words, and whether this run has it.
    pub fn told_of_twin(&self, text: &str) -> Option<(String, bool)> {
        let scenario = self.scenario();
        let twin = Twin::parse(text, scenario).ok()?;
        let is_in = twin.is_in(scenario, &self.deeds);
        let says = match &twin {
            Twin::Deed(timed) => Change::Done(timed).says(self),
            Twin::Defence(id) => {
                let mut known = scenario.protocol.defences.iter();
                let spec = known.find(|spec| spec.id == *id);
                spec.map_or(id, |spec| &spec.label).to_string()
            }
        };
        Some((says, is_in))
    }

    /// The link of the lab with what a query changes, if that is anything.
    pub fn link_to(&self, query: &str) -> Option<String> {
        let lab = self.lab.clone();
        let mut variant = Variant::of(lab.scenario.clone());
        variant.apply(query);
        (!query.is_empty()).then(|| Link { lab, variant }.format())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::labs;

    /// Moments that no author would choose, as a reader's pause lands on them.
    fn odd_moments() -> impl Iterator<Item = SimTime> {
        (1..40).map(|k| SimTime::from_nanos(k * 497_531_357))
    }

    #[test]
    fn a_link_names_a_whole_millisecond_where_that_is_the_same_moment_of_the_run() {
        for lab in labs() {
            let (mut run, _) = Run::open(&format!("#/{}", lab.id));
            let (mut short, mut exact) = (0, 0);
            for at in odd_moments() {
                run.seek(at);
                let named = run.named_moment();
                let (again, problems) = Run::open(&run.link());
                assert_eq!(problems, [], "{}", run.link());
                assert_eq!(again.timeline().digest(), run.timeline().digest());
                let is_whole = named == named.ceil_to_millis();
                assert!(is_whole || named == run.now());
                *(if is_whole { &mut short } else { &mut exact }) += 1;
            }
            assert!(short > exact, "{}: {short} short, {exact} exact", lab.id);
        }
    }
}
