//! Why checks are violated: what explains each finding, worked out once.

use check::watch::why::{Names, Why, cost, explain};
use check::watch::{Finding, Watch};
use sim::NodeId;
use sim::held::{Held, Measure};
use sim::protocol::Vocabulary;
use sim::trace::Events;

use super::uneven::uneven;
use crate::model::Scenario;

/// What explains the findings of a run's checks. Back before a violation, its explanation is kept: a reader who went
/// there comes again.
#[derive(Default)]
pub(super) struct Reasons {
    known: Vec<(Finding, Reason)>,
    is_behind: bool,
}

/// What explains a finding.
pub(super) struct Reason {
    /// The events that show it and led to it, and what of them is the trouble.
    pub why: Why,
    /// What led to it, if that can be told.
    pub sentence: Option<String>,
}

impl Reasons {
    /// What explains a finding, if that was worked out.
    pub fn of(&self, finding: &Finding) -> Option<&Reason> {
        let found = self.known.iter().find(|(known, _)| known == finding);
        found.map(|(_, reason)| reason)
    }

    /// Explains what was found since, one finding at least and further ones as long as no more than about `most` events are
    /// read for them. `events` are all events from the first one.
    pub fn follow(
        &mut self,
        scenario: &Scenario,
        vocabulary: &Vocabulary,
        events: Events<'_>,
        watch: &Watch,
        most: usize,
    ) {
        let name = |node: NodeId| scenario.name(node);
        let names = Names {
            node: &name,
            vocabulary,
        };
        let (mut left, mut is_first) = (most, true);
        self.is_behind = false;
        for case in watch.checks().filter_map(|check| check.case()) {
            if self.of(case).is_some() {
                continue;
            }
            let cost = cost(&case.events, case.event);
            if cost > left && !is_first {
                self.is_behind = true;
                return;
            }
            (left, is_first) = (left.saturating_sub(cost), false);
            let mut why = explain(events, &case.events, case.event);
            let mut sentence = why.sentence(events, &names);
            if sentence.is_none()
                && let Some((told, messages)) = uneven(scenario, vocabulary, events, case)
            {
                why.add(messages);
                sentence = Some(told);
            }
            self.known.push((case.clone(), Reason { why, sentence }));
        }
    }

    /// Whether something was found that is not explained yet.
    pub fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        let of_each = self.known.iter().map(|(finding, reason)| {
            let sentence = reason.sentence.as_ref();
            finding.events.held(by)
                + reason.why.held(by)
                + sentence.map_or(0, |sentence| sentence.held(by))
        });
        self.known.held(by) + of_each.sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Run;

    #[test]
    fn what_many_checks_have_found_is_explained_one_finding_a_call() {
        let (mut run, _) = Run::open("#/raft");
        run.seek(sim::SimTime::NEVER);
        let events = run.timeline().events();
        let words = run.timeline().machine().vocabulary();
        let follow = |reasons: &mut Reasons, most| {
            reasons.follow(run.scenario(), words, events, run.watch(), most);
            reasons.known.len()
        };
        let mut at_once = Reasons::default();
        let all = follow(&mut at_once, usize::MAX);
        assert!(all > 1 && !at_once.is_behind(), "{all} findings");
        let mut reasons = Reasons::default();
        for count in 1..=all {
            assert_eq!(follow(&mut reasons, 1), count);
            assert_eq!(reasons.is_behind(), count < all);
        }
    }
}
