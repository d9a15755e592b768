//! The steps of a lab's story.

use sim::protocol::Vocabulary;
use sim::sorted::Set;
use sim::trace::Events;
use sim::{NodeId, SimTime};

use super::moment::{self, Moment, Pattern};
use super::parts::{place, prose};
use crate::deed::NODE_DEEDS;
use crate::document::Fields;
use crate::document::read::defences;
use crate::model::{Deed, NodeDeed, Scenario, Timed};
use crate::terms::quantity::shortened;
use crate::terms::words::nearest;

/// A step of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is told, in the safe subset of Markdown.
    pub text: String,
    /// What is told where its moment is a special one: the first that fits.
    pub cases: Vec<Case>,
    /// What is told if its moment does not come. May be empty.
    pub instead: String,
    /// The defences that must all be on; else it is left out.
    pub only_on: Vec<&'static str>,
    /// The defences of which none may be on; else it is left out.
    pub unless_on: Vec<&'static str>,
    /// One of these must be done to a node in the run, beside what the lab's own plan does; else it is left out.
    pub only_done: Vec<NodeDeed>,
    /// In a run whose weather is not the lab's own at this time any more it is left out; if nothing is said, it is told in
    /// any weather.
    pub own_until: Option<SimTime>,
    /// When.
    pub moment: Moment,
    /// What it points at.
    pub points_at: Option<PointsAt>,
}

/// What decides which steps are part of the story of a run.
#[derive(Clone, Copy, Debug)]
pub struct Told<'r> {
    /// The defences that are on.
    pub on: &'r Set<&'static str>,
    /// What is done to the run.
    pub done: &'r [Timed],
    /// From when on the weather is not the lab's own, if it ever is not: a knob was turned, or something was done.
    pub other_since: Option<SimTime>,
}

/// What is told of a moment that is a special one.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What must hold for its event.
    pub when: Pattern,
    /// What is told, in the safe subset of Markdown.
    pub text: String,
}

impl Step {
    /// What is told of its moment, if that is the event at `place`.
    pub fn text_of(&self, events: Events<'_>, place: usize, words: &Vocabulary) -> &str {
        let mut cases = self.cases.iter();
        let case = cases.find(|case| case.when.fits(events, place, words));
        case.map_or(&self.text, |case| &case.text)
    }

    /// All that it may tell.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let cases = self.cases.iter().map(|case| case.text.as_str());
        [self.text.as_str(), self.instead.as_str()]
            .into_iter()
            .chain(cases)
    }

    /// Whether it is part of the story of such a run.
    pub fn is_about(&self, told: Told<'_>) -> bool {
        let is_other = |until| told.other_since.is_some_and(|since| since <= until);
        self.only_on.iter().all(|id| told.on.contains(id))
            && !self.unless_on.iter().any(|id| told.on.contains(id))
            && !self.own_until.is_some_and(is_other)
            && (self.only_done.is_empty() || told.done.iter().any(|timed| self.is_of(timed)))
    }
}

impl Step {
    fn is_of(&self, timed: &Timed) -> bool {
        matches!(&timed.deed, Deed::Node(deed, _) if self.only_done.contains(deed))
    }
}

/// The weather in which a step may be told.
const WEATHERS: [&str; 2] = ["own", "any"];

/// Until when the weather must be the lab's own. What happens at a time may be otherwise in other weather.
fn own_until(fields: &mut Fields<'_>, moment: &Moment) -> Option<SimTime> {
    let (time, is_own) = match moment {
        Moment::At(at) => (*at, *at > SimTime::ZERO),
        // Without a time of its own, it may depend on all that the run brings.
        Moment::When(pattern) if pattern.after == SimTime::ZERO => (SimTime::NEVER, false),
        Moment::When(pattern) => (pattern.after, false),
    };
    let is_own = match place(fields, "weather", WEATHERS.into_iter()) {
        Some(place) => WEATHERS[place] == "own",
        None => is_own,
    };
    is_own.then_some(time)
}

/// What a step points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointsAt {
    /// A node.
    Node(NodeId),
    /// The message that its moment is about.
    Message,
    /// The node that the violation accuses which is its moment.
    Accused,
}

/// Reads a step.
pub(super) fn step(mut fields: Fields<'_>, scenario: &Scenario) -> Step {
    let moment = moment::read(&mut fields, scenario);
    let own_until = own_until(&mut fields, &moment);
    let names = scenario.nodes.iter().map(|node| node.name.as_str());
    let points_at = match fields.value("points-at").and_then(|value| value.as_str()) {
        Some("message") if matches!(moment, Moment::At(_)) => {
            fields.complain(
                "points-at",
                "is \"message\", but a time is about no message",
            );
            None
        }
        Some("message") => Some(PointsAt::Message),
        Some("accused") => {
            if !matches!(&moment, Moment::When(pattern) if pattern.violates.is_some()) {
                fields.complain(
                    "points-at",
                    "is \"accused\", but its moment is no violation",
                );
            }
            Some(PointsAt::Accused)
        }
        _ => {
            place(&mut fields, "points-at", names).map(|place| PointsAt::Node(NodeId(place as u16)))
        }
    };
    let step = Step {
        text: prose(&mut fields, "text", 1500),
        cases: cases(&mut fields, scenario),
        instead: prose(&mut fields, "instead", 1500),
        only_on: defences(&mut fields, "only-on", Some(scenario.protocol)),
        unless_on: defences(&mut fields, "unless-on", Some(scenario.protocol)),
        only_done: only_done(&mut fields),
        own_until,
        moment,
        points_at,
    };
    if step.text.is_empty() {
        fields.complain("text", "is missing");
    }
    fields.finish();
    step
}

fn cases(fields: &mut Fields<'_>, scenario: &Scenario) -> Vec<Case> {
    let entries = fields.objects("cases", 8).into_iter();
    let case = |mut entry: Fields<'_>| {
        let when = entry.object("when");
        let case = Case {
            when: when.map_or_else(Pattern::default, |when| moment::pattern(when, scenario)),
            text: prose(&mut entry, "text", 1500),
        };
        if case.text.is_empty() {
            entry.complain("text", "is missing");
        }
        entry.finish();
        case
    };
    entries.map(case).collect()
}

fn only_done(fields: &mut Fields<'_>) -> Vec<NodeDeed> {
    let words = fields.texts("only-done", NODE_DEEDS.len(), 60);
    let deed = |word: &String| {
        let found = NODE_DEEDS.iter().find(|(known, _)| known == word);
        if found.is_none() {
            let all = NODE_DEEDS.iter().map(|(known, _)| *known);
            let what = format!(
                "has \"{}\", which is not known{}",
                shortened(word),
                nearest(word, all)
            );
            fields.complain("only-done", what);
        }
        found.map(|(_, deed)| *deed)
    };
    words.iter().filter_map(deed).collect()
}
