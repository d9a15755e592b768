//! The links of a run: those that open it, and those that it takes up.

use std::borrow::Cow;

use serde_json::Value;
use sim::action::Meddling;
use sim::{MessageId, SimTime};

use super::Run;
use super::changes::Change;
use super::edit::may_be_done;
use crate::deed::{Deed, NodeDeed, SlowDeed, Timed};
use crate::link::Link;
use crate::terms::scope::{NodeSet, Who};
use crate::twin::Twin;
use crate::variant::Variant;

/// What differs between a run and the one beside it, for readers.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldTwin {
    /// What is flipped: a defence, a knob, a deed, or the nodes that something befalls. Empty for a message.
    pub says: String,
    /// In which way they differ.
    pub differs: Differs,
    /// Whether this run has what is flipped.
    pub is_here: bool,
}

/// In which way two runs differ.
#[derive(Clone, Debug, PartialEq)]
pub enum Differs {
    /// A defence is on or off.
    Switch,
    /// A knob has one value in this run, and another one in the run beside it.
    Value([String; 2]),
    /// A deed is done or not.
    Deed,
    /// A message arrives or is lost: the run that has what is flipped is the one in which it arrives.
    Arrival(MessageId),
    /// A node goes on or is paused, likewise.
    Pause,
    /// A node is as fast as usual or slow, likewise.
    Pace,
}

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

    /// The link of the same run at this moment with something flipped; nothing for what cannot be flipped.
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

    /// What can be flipped, for readers.
    pub fn told_of_twin(&self, text: &str) -> Option<ToldTwin> {
        let scenario = self.scenario();
        let twin = Twin::parse(text, scenario).ok()?;
        let is_here = twin.is_in(scenario, &self.deeds);
        let (says, differs) = match &twin {
            Twin::Defence(id) => {
                let mut known = scenario.protocol.defences.iter();
                let spec = known.find(|spec| spec.id == *id);
                let label = spec.map_or(id, |spec| &spec.label);
                ((*label).to_string(), Differs::Switch)
            }
            Twin::Setting(knob, value) => {
                let is = knob.value(scenario);
                let other = if is_here {
                    knob.value(&self.lab.scenario)
                } else {
                    *value
                };
                let values = [is, other].map(|value| knob.range().unit.display(value));
                (knob.label(scenario), Differs::Value(values))
            }
            Twin::Deed(timed) => self.told_of_deed(timed, is_here),
        };
        Some(ToldTwin {
            says,
            differs,
            is_here,
        })
    }

    /// What makes up for a fault is told as the fault, where it is not done here.
    fn told_of_deed(&self, timed: &Timed, is_here: bool) -> (String, Differs) {
        let named = |who: Who| match who {
            Who::Nodes(nodes) if !is_here => Some(self.names_of(nodes)),
            _ => None,
        };
        let told = match timed.deed {
            Deed::Message(message, Meddling::DeliverNow) => {
                Some((String::new(), Differs::Arrival(message)))
            }
            Deed::Node(NodeDeed::Resume, who) => named(who).map(|says| (says, Differs::Pause)),
            Deed::Slow(SlowDeed::Node, who, SlowDeed::USUAL) => {
                named(who).map(|says| (says, Differs::Pace))
            }
            _ => None,
        };
        told.unwrap_or_else(|| (Change::Done(timed).says(self), Differs::Deed))
    }

    fn names_of(&self, nodes: NodeSet) -> String {
        let nodes = nodes.nodes(self.scenario().nodes.len());
        let names: Vec<String> = nodes.map(|node| self.scenario().name(node)).collect();
        names.join(", ")
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
    fn what_two_runs_differ_in_is_told_as_what_happens_in_them() {
        let told = |link: &str, twin: &str| {
            let (mut run, problems) = Run::open(link);
            assert_eq!(problems, [], "{link}");
            run.seek(SimTime::NEVER);
            let told = run.told_of_twin(twin).expect("it can be flipped");
            (told.says.replace('\u{a0}', " "), told.differs, told.is_here)
        };
        let value = |is: &str, other: &str| {
            Differs::Value([is, other].map(|value| value.replace(' ', "\u{a0}")))
        };
        let run = "#/double-charge";
        for (link, twin, says, differs, is_here) in [
            (
                run,
                "idempotency-key",
                "Idempotency key",
                Differs::Switch,
                false,
            ),
            (run, "crash:bank@2s", "crash bank", Differs::Deed, false),
            (
                "#/double-charge?loss=0.5",
                "loss:0.1",
                "Loss",
                value("50 %", "10 %"),
                false,
            ),
            (
                "#/double-charge?do=crash:bank@2s",
                "crash:bank@2s",
                "crash bank",
                Differs::Deed,
                true,
            ),
            (
                "#/double-charge?do=pause:bank@2s",
                "resume:bank@2s",
                "bank",
                Differs::Pause,
                false,
            ),
            (
                "#/double-charge?do=limp:bank*5@2s",
                "limp:bank*1@2s",
                "bank",
                Differs::Pace,
                false,
            ),
            (
                "#/double-charge?do=pause:bank@2s,resume:bank@3s",
                "resume:bank@3s",
                "resume bank",
                Differs::Deed,
                true,
            ),
        ] {
            assert_eq!(
                told(link, twin),
                (says.to_owned(), differs, is_here),
                "{link}: {twin}"
            );
        }
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
