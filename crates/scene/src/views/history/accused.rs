//! Which operations a violation is about.
//!
//! A verdict names the events that show the violation. Such an event is about the operation that its fact names. A fact
//! that names none, such as a timestamp, the end of a measurement or a lock that was taken, is about the operation that
//! the node was busy with: the one that the other facts of the same turn name. A turn is all that a node does at once,
//! and so all that has one cause.

use scenario::Run;
use sim::EventId;
use sim::sorted::Set;
use sim::trace::{Event, Events};

use crate::look::Look;

/// The operations that the violations up to now are about. No node is told of a violation: in a node's
/// perspective there are none.
pub(super) fn accused(run: &Run, look: &Look) -> Set<u32> {
    if !look.is_from_outside() {
        return Set::default();
    }
    let verdicts = run.verdicts().into_iter();
    let violated = verdicts.filter(|verdict| verdict.violated_at.is_some());
    let shown = violated.flat_map(|verdict| verdict.events);
    let events = run.timeline().events();
    shown.filter_map(|id| operation(events, id)).collect()
}

/// The operation that an event is about.
pub(super) fn operation(events: Events<'_>, id: EventId) -> Option<u32> {
    let event = events.get(id.index())?;
    let named = event.fact()?.operation();
    named.or_else(|| operation_of_turn(events, id, event))
}

/// The operation that the facts of the event's turn name, if they name one and no other.
fn operation_of_turn(events: Events<'_>, id: EventId, event: &Event) -> Option<u32> {
    let cause = event.cause.some()?;
    let is_of_turn = |other: &&Event| other.cause == cause;
    let before = events.take(id.index()).iter().rev();
    let after = events.skip(id.index()).iter();
    let turn = before
        .take_while(is_of_turn)
        .chain(after.take_while(is_of_turn));
    let mut named = turn.filter_map(|other| other.fact()?.operation());
    let first = named.next()?;
    named.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::lab::{self, Expected, Lab};
    use scenario::link::Link;
    use sim::SimTime;
    use std::borrow::Cow;

    /// Checks of labs with operations that are not about any one of them, and why.
    const ABOUT_NO_OPERATION: [(&str, &str, &str); 2] = [
        ("raft-votes", "one-leader", "is about votes and who leads"),
        ("raft-rules", "one-leader", "is about votes and who leads"),
    ];

    fn has_operations(run: &Run) -> bool {
        let mut events = run.timeline().events().iter();
        events.any(|event| event.fact().is_some_and(|fact| fact.operation().is_some()))
    }

    /// The names of all checks of a lab that are violated as the lab claims and accuse nothing, though there are
    /// operations.
    fn silent_checks(lab: &'static Lab) -> Vec<(&'static str, &'static str)> {
        let claims = lab.expectations.iter();
        let claims = claims.filter(|claim| matches!(claim.verdict, Expected::Violated(_)));
        let is_silent = |place: usize, variant| {
            let lab = Cow::Borrowed(lab);
            let mut run = Run::of_link(Link { lab, variant });
            run.seek(SimTime::NEVER);
            let seen_at = run.verdicts().swap_remove(place).seen_at;
            run.seek(seen_at.unwrap_or(SimTime::NEVER));
            let verdict = run.verdicts().swap_remove(place);
            let events = run.timeline().events();
            let accuses = |id: &EventId| operation(events, *id).is_some();
            verdict.violated_at.is_some()
                && has_operations(&run)
                && !verdict.events.iter().any(accuses)
        };
        let silent = claims.filter(|claim| is_silent(claim.check, claim.variant(&lab.scenario)));
        let name = |place: usize| (lab.id.as_str(), lab.scenario.checks[place].id.as_str());
        silent.map(|claim| name(claim.check)).collect()
    }

    #[test]
    fn what_a_lab_shows_violated_accuses_an_operation() {
        let silent: Set<_> = lab::labs().iter().flat_map(silent_checks).collect();
        let excused: Set<_> = ABOUT_NO_OPERATION
            .iter()
            .map(|(lab, check, _)| (*lab, *check))
            .collect();
        let listed =
            |set: &Set<(&'static str, &'static str)>| -> Vec<_> { set.iter().copied().collect() };
        assert_eq!(listed(&silent), listed(&excused));
    }
}
