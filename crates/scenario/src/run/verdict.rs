//! What a check says about a run.

use check::watch::{Check, Finding, State, Watch, Words};
use sim::trace::Events;
use sim::{EventId, NodeId, SimTime};

use super::why::{Reason, Reasons};
use crate::checks::CheckSettings;
use crate::model::Scenario;

/// What a check says about a run at a moment, with what explains it.
#[derive(Clone, Debug)]
pub struct ExplainedVerdict<'s> {
    /// The check, as the scenario sets it.
    pub check: &'s CheckSettings,
    /// Whether what it demands is so.
    pub state: State,
    /// From which moment on it is certain to be violated.
    pub violated_at: Option<SimTime>,
    /// From when on the check says so. That is later than the violation where a time limit was missed: it shows with
    /// the event that comes next.
    pub seen_at: Option<SimTime>,
    /// The events that show the violation and explain it, in order.
    pub events: Vec<EventId>,
    /// What it says, in plain sentences.
    pub sentence: String,
}

impl<'s> ExplainedVerdict<'s> {
    /// What a check says. `is_over` tells that the run has ended, so that nothing open will be decided any more.
    pub(super) fn of(
        check: &dyn Check,
        settings: &'s CheckSettings,
        scenario: &Scenario,
        is_over: bool,
    ) -> ExplainedVerdict<'s> {
        let name = |node: NodeId| scenario.name(node);
        let words = Words {
            node: &name,
            operation: &settings.noun,
        };
        let said = check.verdict(&words, is_over);
        ExplainedVerdict {
            check: settings,
            state: said.state,
            violated_at: said.at,
            seen_at: None,
            events: said.events,
            sentence: said.sentence,
        }
    }

    fn explain(&mut self, reason: &Reason) {
        self.events.clone_from(&reason.events);
        if let Some(sentence) = &reason.sentence {
            self.sentence = format!("{} {sentence}", self.sentence);
        }
    }
}

/// What each check of a run says, with what explains it. `events` are all events from the first one.
pub(super) fn explained<'s>(
    scenario: &'s Scenario,
    watch: &Watch,
    is_over: bool,
    events: Events<'_>,
    reasons: &Reasons,
) -> Vec<ExplainedVerdict<'s>> {
    let checks = scenario.checks.iter().zip(watch.checks());
    let verdict = |(settings, check): (&'s CheckSettings, &dyn Check)| {
        let mut verdict = ExplainedVerdict::of(check, settings, scenario, is_over);
        verdict.seen_at = check.finding().map(|finding| seen_at(finding, events));
        if let Some(reason) = check.case().and_then(|case| reasons.of(case)) {
            verdict.explain(reason);
        }
        verdict
    };
    checks.map(verdict).collect()
}

/// When a violation can be seen: a missed time limit counts from its end, and shows with the event that comes next.
pub(super) fn seen_at(finding: &Finding, events: Events<'_>) -> SimTime {
    events[finding.event.index()].time.max(finding.at)
}
