//! The steps of a lab's story.

use sim::NodeId;
use sim::sorted::Set;

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
    /// When.
    pub moment: Moment,
    /// What it points at.
    pub points_at: Option<PointsAt>,
}

impl Step {
    /// Whether it is part of the story of a run with these defences.
    pub fn is_about(&self, on: &Set<&'static str>) -> bool {
        self.only_on.iter().all(|id| on.contains(id))
            && !self.unless_on.iter().any(|id| on.contains(id))
    }
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
        moment,
        points_at,
    };
    if step.text.is_empty() {
        fields.complain("text", "is missing");
    }
    fields.finish();
    step
}
