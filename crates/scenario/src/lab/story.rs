//! A lab's story: steps that are told when their moment has come.

use check::watch::Finding;
use sim::protocol::Vocabulary;
use sim::trace::Events;
use sim::{EventId, NodeId, SimTime};

use super::moment::{self, Moment};
use super::prose;
use crate::document::Scenario;
use crate::document::fields::Fields;

/// A step of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is told, in the safe subset of Markdown.
    pub text: String,
    /// When.
    pub moment: Moment,
    /// What it points at.
    pub points_at: Option<PointsAt>,
}

/// What a step points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointsAt {
    /// A node.
    Node(NodeId),
    /// The message that its moment is about.
    Message,
}

/// A step's moment that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// When.
    pub at: SimTime,
    /// At which event, if at one.
    pub event: Option<EventId>,
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
        _ => moment::place(&mut fields, "points-at", names)
            .map(|place| PointsAt::Node(NodeId(place as u16))),
    };
    let step = Step {
        text: prose(&mut fields, "text", 1500),
        moment,
        points_at,
    };
    if step.text.is_empty() {
        fields.complain("text", "is missing");
    }
    fields.finish();
    step
}

/// When a violation can be seen: a time that was let go by counts at its end, and shows with what happens next.
pub(crate) fn seen_at(finding: &Finding, events: Events<'_>) -> SimTime {
    events[finding.event.index()].time.max(finding.at)
}

/// How far a run has come in a story.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// How many events were looked at.
    seen: usize,
    /// How many events have fitted each step, and which one counts.
    steps: Vec<(u32, Option<Reached>)>,
}

impl Progress {
    /// Looks at the events that have come on top since it last did.
    pub fn follow<'f>(
        &mut self,
        story: &[Step],
        events: Events<'_>,
        words: &Vocabulary,
        findings: impl Iterator<Item = Option<&'f Finding>>,
    ) {
        self.steps.resize(story.len(), (0, None));
        let findings: Vec<Option<&Finding>> = findings.collect();
        for (step, (count, reached)) in story.iter().zip(&mut self.steps) {
            let Moment::When(pattern) = &step.moment else {
                continue;
            };
            if let (None, Some(check)) = (&reached, pattern.violates) {
                *reached = findings
                    .get(check)
                    .copied()
                    .flatten()
                    .map(|finding| Reached {
                        at: seen_at(finding, events),
                        event: Some(finding.event),
                    });
                continue;
            }
            for place in self.seen..events.len() {
                if reached.is_some() {
                    break;
                }
                *count += u32::from(pattern.fits(events, place, words));
                *reached = (*count == pattern.nth).then_some(Reached {
                    at: events[place].time,
                    event: Some(EventId(place as u32)),
                });
            }
        }
        self.seen = self.seen.max(events.len());
    }

    /// When each step's moment was, if it had come by `now`.
    pub fn reached(&self, story: &[Step], now: SimTime) -> Vec<Option<Reached>> {
        let known = |(step, place): (&Step, usize)| match step.moment {
            Moment::At(at) => Some(Reached { at, event: None }),
            Moment::When(_) => self.steps.get(place).and_then(|(_, reached)| *reached),
        };
        let steps = story.iter().zip(0..).map(known);
        steps
            .map(|reached| reached.filter(|reached| reached.at <= now))
            .collect()
    }
}
