//! Why checks are violated: what explains each finding, worked out once.

use check::watch::why::{Names, Why, cost, explain, off_pace};
use check::watch::{Finding, Watch};
use sim::clock::Rate;
use sim::held::{Held, Measure};
use sim::protocol::Vocabulary;
use sim::trace::{ClockChange, Event, EventKind, Events, Fact};
use sim::{EventId, NodeId};

use crate::model::Scenario;
use crate::setting::rate;

/// That two nodes count the time of a lease with clocks of which the holder's is the slower one, if a node got a lock while
/// another one held it, and enough time had passed for the clocks to part.
fn uneven(scenario: &Scenario, events: Events<'_>, evidence: &[EventId]) -> Option<String> {
    let [taken, end] = evidence else {
        return None;
    };
    let (taken, got) = (events.get(taken.index())?, events.get(end.index())?);
    let is_of_a_lock = |event: &Event| matches!(event.fact(), Some(Fact::Acquired { .. }));
    let grant = events.get(got.cause.some()?.index())?;
    if !is_of_a_lock(taken) || !is_of_a_lock(got) || grant.kind != EventKind::Deliver {
        return None;
    }
    let (holder, lender) = (taken.node, grant.peer);
    let pace = |node: NodeId| pace(scenario, events.take(end.index()), node);
    let (slow, fast) = (pace(holder), pace(lender));
    let held = i128::from(got.time.since(taken.time).as_nanos());
    let parted = held * i128::from(fast.0.saturating_sub(slow.0)) / 1_000_000_000;
    if parted < PARTED {
        return None;
    }
    let tell = |node: NodeId, rate: Rate| match rate.0 {
        0 => format!("{}'s clock runs at the right pace", scenario.name(node)),
        _ => format!("{}'s clock is {}", scenario.name(node), off_pace(rate)),
    };
    Some(format!(
        "{}, and {}.",
        tell(holder, slow),
        tell(lender, fast)
    ))
}

/// By how many nanoseconds at least two clocks must have parted for that to be worth telling.
const PARTED: i128 = 1_000_000;

/// How fast a node's monotonic clock runs at the end of `events`.
fn pace(scenario: &Scenario, events: Events<'_>, node: NodeId) -> Rate {
    let mut own = events.iter().rev().filter(|event| event.node == node);
    let changed = own.find_map(|event| match event.detail() {
        Some(ClockChange::MonotonicRate { rate }) => Some(rate),
        _ => None,
    });
    let set = scenario.nodes.get(usize::from(node.0));
    let set = set.map_or(Rate::default(), |node| rate(node.monotonic));
    changed.unwrap_or(set)
}

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
            let why = explain(events, &case.events, case.event);
            let told = why.sentence(events, &names);
            let reason = Reason {
                sentence: told.or_else(|| uneven(scenario, events, &case.events)),
                why,
            };
            self.known.push((case.clone(), reason));
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
