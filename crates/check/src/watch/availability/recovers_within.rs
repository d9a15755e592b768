//! Once the last fault is over, clients are served again.

use sim::held::Measure;
use sim::trace::{Event, Outcome};
use sim::{EventId, SimDuration, SimTime};

use crate::watch::parts::faults::{Faults, Transition};
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{capitalised, counted, seconds};
use crate::watch::parts::under_way::{Begun, UnderWay};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Recovery with a bound: when the last fault has ended, what is under way ends within `bound`, what begins later ends
/// within `bound` of its beginning, and what begins when the bound is over ends well.
///
/// That something has not ended shows with the first event after the bound, or at the end of the run. A fault that begins before that suspends
/// the demand until it has ended too.
#[derive(Clone, Debug)]
pub struct RecoversWithin {
    bound: SimDuration,
    faults: Faults,
    under_way: UnderWay,
    /// When and where the last fault ended, if none is in force.
    healed: Option<(SimTime, EventId)>,
    /// How many operations have ended well since some fault had ended.
    served: usize,
    finding: Found<Late>,
}

#[derive(Clone, Copy, Debug)]
struct Late {
    begun: Begun,
    healed: SimTime,
    has_ended: bool,
}

impl RecoversWithin {
    /// A check that allows so much time after the end of a fault.
    pub fn new(bound: SimDuration) -> RecoversWithin {
        RecoversWithin {
            bound,
            faults: Faults::default(),
            under_way: UnderWay::default(),
            healed: None,
            served: 0,
            finding: Found::default(),
        }
    }

    /// What should have ended before `now`, and when.
    fn overdue(&self, now: SimTime) -> Option<(Begun, SimTime)> {
        let (healed, _) = self.healed?;
        let begun = self.under_way.oldest()?;
        let due = begun.at.max(healed) + self.bound;
        (due < now).then_some((begun, due))
    }

    fn ended(&mut self, id: EventId, now: SimTime, begun: Begun, outcome: Outcome) {
        let Some((healed, _)) = self.healed else {
            return;
        };
        if outcome == Outcome::Ok {
            self.served += 1;
        } else if begun.at >= healed + self.bound {
            self.find(now, id, begun, true);
        }
    }

    fn find(&mut self, at: SimTime, event: EventId, begun: Begun, has_ended: bool) {
        let Some((healed, end)) = self.healed else {
            return;
        };
        let mut events = vec![end.min(begun.event), end.max(begun.event)];
        events.extend(has_ended.then_some(event));
        let late = Late {
            begun,
            healed,
            has_ended,
        };
        self.finding.since(Finding { at, event, events }, late);
    }

    fn violated(&self, words: &Words<'_>, finding: &Finding, late: &Late) -> Verdict {
        let begun = late.begun;
        let what = if late.has_ended {
            format!("ended without an answer at {}", seconds(finding.at))
        } else {
            format!("had not ended at {}", seconds(finding.at))
        };
        finding.verdict(format!(
            "{} #{}, begun by {} at {}, {what}. The last fault ended at {}.",
            capitalised(words.operation),
            begun.operation,
            (words.node)(begun.client),
            seconds(begun.at),
            seconds(late.healed)
        ))
    }
}

impl Check for RecoversWithin {
    fn held(&self, by: Measure) -> usize {
        self.faults.held(by) + self.under_way.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.pass(id, event.time);
        match self.faults.observe(event) {
            Transition::Begins => self.healed = None,
            Transition::Ends => self.healed = Some((event.time, id)),
            Transition::Same => {}
        }
        if let Some((begun, outcome)) = self.under_way.observe(id, event) {
            self.ended(id, event.time, begun, outcome);
        }
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        if let Some((begun, due)) = self.overdue(now) {
            self.find(due, latest, begun, false);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, late)) = self.finding.get() {
            return self.violated(words, finding, late);
        }
        let sentence = match (self.healed, self.served) {
            (None, 0) => "No fault has ended yet.".to_owned(),
            (Some((at, _)), 0) => format!("The last fault ended at {}.", seconds(at)),
            (_, served) => format!(
                "{} served since a fault ended.",
                capitalised(&counted(served, words.operation))
            ),
        };
        Verdict::unviolated(self.served > 0, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// Calls have 1 s; n1 is their client, and n2 is what crashes.
    fn calls() -> Trial {
        trial(RecoversWithin::new(ms(1000)), "call").at(100, 2, CRASHES)
    }

    #[test]
    fn what_the_fault_held_up_ends_in_time() {
        calls()
            .at(200, 1, requests(1))
            .at(5000, 2, RESTARTS)
            .at(6000, 1, gives_up(1))
            .at(6100, 1, requests(2))
            .at(6200, 1, ok(2))
            .holds("1 call served since a fault ended.");
    }

    #[test]
    fn what_the_fault_held_up_for_too_long_is_a_violation() {
        calls()
            .at(200, 1, requests(1))
            .at(5000, 2, RESTARTS)
            .undecided("The last fault ended at 5.00 s.")
            .at(6001, 1, requests(2))
            .violated("Call #1, begun by n1 at 0.20 s, had not ended at 6.00 s. The last fault ended at 5.00 s.")
            .since(6000);
    }

    #[test]
    fn what_the_fault_left_open_in_silence_is_a_violation_when_the_run_ends() {
        let silent = |end| {
            calls()
                .at(200, 1, requests(1))
                .at(5000, 2, RESTARTS)
                .ends(end)
        };
        silent(6000).undecided("The last fault ended at 5.00 s.");
        silent(6001)
            .violated("Call #1, begun by n1 at 0.20 s, had not ended at 6.00 s. The last fault ended at 5.00 s.")
            .since(6000);
    }

    #[test]
    fn what_begins_after_the_bound_must_end_well() {
        let refused = |begin| {
            calls()
                .at(1000, 2, RESTARTS)
                .at(begin, 1, requests(1))
                .at(begin + 10, 1, fails(1))
        };
        refused(1999).undecided("The last fault ended at 1.00 s.");
        refused(2000)
            .violated("Call #1, begun by n1 at 2.00 s, ended without an answer at 2.01 s. The last fault ended at 1.00 s.")
            .found_here();
    }

    #[test]
    fn another_fault_suspends_the_demand() {
        calls()
            .at(200, 1, requests(1))
            .at(1000, 2, RESTARTS)
            .at(1500, 2, CRASHES)
            .at(9000, 1, requests(2))
            .undecided("No fault has ended yet.");
    }
}
