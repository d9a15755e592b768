//! Why checks are violated: what explains each finding, worked out once.

use check::watch::why::{Names, explain};
use check::watch::{Finding, Verdict, Watch};
use sim::protocol::Vocabulary;
use sim::trace::Events;
use sim::{EventId, NodeId};

use crate::document::Scenario;

/// What explains the findings of a run's checks, in their order.
#[derive(Default)]
pub(crate) struct Reasons(Vec<Option<Reason>>);

struct Reason {
    finding: Finding,
    events: Vec<EventId>,
    sentence: Option<String>,
}

impl Reasons {
    /// Explains what was found since. `trace` has all events from the first one.
    pub fn follow(
        &mut self,
        scenario: &Scenario,
        vocabulary: &Vocabulary,
        trace: Events<'_>,
        watch: &Watch,
    ) {
        let name = |node: NodeId| scenario.name(node);
        let names = Names {
            node: &name,
            vocabulary,
        };
        self.0.resize_with(scenario.checks.len(), || None);
        for (known, case) in self.0.iter_mut().zip(watch.cases()) {
            // Back before a violation, what explains it is kept: whoever went there comes again.
            let Some(finding) = case else { continue };
            if known
                .as_ref()
                .is_some_and(|known| known.finding == *finding)
            {
                continue;
            }
            let why = explain(trace, &finding.events, finding.event);
            *known = Some(Reason {
                finding: finding.clone(),
                sentence: why.sentence(trace, &names),
                events: why.events,
            });
        }
    }

    /// Adds to verdicts what explains them.
    pub fn tell(&self, verdicts: &mut [Verdict], watch: &Watch) {
        let reasons = self.0.iter().zip(watch.cases());
        for (verdict, (reason, case)) in verdicts.iter_mut().zip(reasons) {
            let Some(reason) = reason
                .as_ref()
                .filter(|reason| case == Some(&reason.finding))
            else {
                continue;
            };
            verdict.events.clone_from(&reason.events);
            if let Some(sentence) = &reason.sentence {
                verdict.sentence = format!("{} {sentence}", verdict.sentence);
            }
        }
    }
}
