//! Why checks are violated: what explains each finding, worked out once.

use check::watch::why::{Names, explain};
use check::watch::{Finding, Watch};
use sim::protocol::Vocabulary;
use sim::trace::Events;
use sim::{EventId, NodeId};

use crate::model::Scenario;

/// What explains the findings of a run's checks. Back before a violation, its explanation is kept: a reader who went
/// there comes again.
#[derive(Default)]
pub(super) struct Reasons(Vec<(Finding, Reason)>);

/// What explains a finding.
pub(super) struct Reason {
    /// The events that show it and led to it, in order.
    pub events: Vec<EventId>,
    /// What led to it, if that can be told.
    pub sentence: Option<String>,
}

impl Reasons {
    /// What explains a finding, if that was worked out.
    pub fn of(&self, finding: &Finding) -> Option<&Reason> {
        let found = self.0.iter().find(|(known, _)| known == finding);
        found.map(|(_, reason)| reason)
    }

    /// Explains what was found since. `events` are all events from the first one.
    pub fn follow(
        &mut self,
        scenario: &Scenario,
        vocabulary: &Vocabulary,
        events: Events<'_>,
        watch: &Watch,
    ) {
        let name = |node: NodeId| scenario.name(node);
        let names = Names {
            node: &name,
            vocabulary,
        };
        for case in watch.checks().filter_map(|check| check.case()) {
            if self.of(case).is_some() {
                continue;
            }
            let why = explain(events, &case.events, case.event);
            let reason = Reason {
                sentence: why.sentence(events, &names),
                events: why.events,
            };
            self.0.push((case.clone(), reason));
        }
    }
}
