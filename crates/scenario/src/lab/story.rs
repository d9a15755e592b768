//! The steps of a lab's story.

use sim::sorted::Set;
use sim::{NodeId, SimTime};

use super::moment::{self, Moment};
use super::parts::{place, prose};
use crate::document::Fields;
use crate::document::read::defences;
use crate::model::Scenario;

/// A step of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is told, in the safe subset of Markdown.
    pub text: String,
    /// What is told if its moment does not come. May be empty.
    pub instead: String,
    /// The defences that must all be on; else it is left out.
    pub only_on: Vec<&'static str>,
    /// The defences of which none may be on; else it is left out.
    pub unless_on: Vec<&'static str>,
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
    /// From when on the weather is not the lab's own, if it ever is not: a knob was turned, or something was done.
    pub other_since: Option<SimTime>,
}

impl Step {
    /// Whether it is part of the story of such a run.
    pub fn is_about(&self, told: Told<'_>) -> bool {
        let is_other = |until| told.other_since.is_some_and(|since| since <= until);
        self.only_on.iter().all(|id| told.on.contains(id))
            && !self.unless_on.iter().any(|id| told.on.contains(id))
            && !self.own_until.is_some_and(is_other)
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
        _ => {
            place(&mut fields, "points-at", names).map(|place| PointsAt::Node(NodeId(place as u16)))
        }
    };
    let step = Step {
        text: prose(&mut fields, "text", 1500),
        instead: prose(&mut fields, "instead", 1500),
        only_on: defences(&mut fields, "only-on", Some(scenario.protocol)),
        unless_on: defences(&mut fields, "unless-on", Some(scenario.protocol)),
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
