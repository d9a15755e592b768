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
    /// the event that comes next, or at the end of the run.
    pub seen_at: Option<SimTime>,
    /// The events that show the violation and explain it, in order.
    pub events: Vec<EventId>,
    /// What it says, in plain sentences.
    pub sentence: String,
}

/// Up to when a run is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub now: SimTime,
    /// Whether that is its end.
    pub is_over: bool,
    /// Whether it has stopped there at a bound, before its end.
    pub is_cut_short: bool,
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

    /// What held up to where the run stopped may have broken after that.
    fn hold_back(&mut self) {
        if self.state == State::Holds {
            self.state = State::Undecided;
            self.sentence = format!(
                "The run stopped before its end. Up to there: {}",
                self.sentence
            );
        }
    }

    fn explain(&mut self, reason: &Reason) {
        self.events.clone_from(&reason.why.events);
        if let Some(sentence) = &reason.sentence {
            self.sentence = format!("{} {sentence}", self.sentence);
        }
    }
}

/// What each check of a run says, with what explains it. `events` are all events from the first one.
pub(super) fn explained<'s>(
    scenario: &'s Scenario,
    watch: &Watch,
    moment: Moment,
    events: Events<'_>,
    reasons: &Reasons,
) -> Vec<ExplainedVerdict<'s>> {
    let checks = scenario.checks.iter().zip(watch.checks());
    let verdict = |(settings, check): (&'s CheckSettings, &dyn Check)| {
        let mut verdict = ExplainedVerdict::of(check, settings, scenario, moment.is_over);
        let seen = |finding: &Finding| seen_at(finding, events, moment.now);
        if moment.is_cut_short {
            verdict.hold_back();
        }
        verdict.seen_at = check.finding().map(seen);
        if let Some(reason) = check.case().and_then(|case| reasons.of(case)) {
            verdict.explain(reason);
        }
        verdict
    };
    checks.map(verdict).collect()
}

/// When a violation can be seen: a missed time limit counts from its end, and shows with the event that comes next. If none
/// comes, it shows at the end of the run, which is `now`.
pub(super) fn seen_at(finding: &Finding, events: Events<'_>, now: SimTime) -> SimTime {
    let shown = events[finding.event.index()].time;
    if finding.at <= shown { shown } else { now }
}
