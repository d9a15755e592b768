//! Once the last fault is over, clients are served again.

use sim::trace::{Event, Outcome};
use sim::{EventId, SimDuration, SimTime};

use crate::watch::parts::faults::{Faults, Turn};
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{capitalised, counted, seconds};
use crate::watch::parts::under_way::{Begun, UnderWay};
use crate::watch::verdict::{Check, Finding, State, Verdict, Words};

/// Recovery with a bound: when the last fault has ended, what is under way ends within `bound`, what begins later ends
/// within `bound` of its beginning, and what begins when the bound is over ends well.
///
/// That something does not end is certain at the first event after the bound. A fault that begins before that suspends
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
            "The last fault was over at {}; {} #{}, begun by {} at {}, {what}.",
            seconds(late.healed),
            words.operation,
            begun.operation,
            (words.node)(begun.client),
            seconds(begun.at),
        ))
    }
}

impl Check for RecoversWithin {
    fn observe(&mut self, id: EventId, event: &Event) {
        if let Some((begun, due)) = self.overdue(event.time) {
            self.find(due, id, begun, false);
        }
        match self.faults.observe(event) {
            Turn::Begins => self.healed = None,
            Turn::Ends => self.healed = Some((event.time, id)),
            Turn::Same => {}
        }
        if let Some((begun, outcome)) = self.under_way.observe(id, event) {
            self.ended(id, event.time, begun, outcome);
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
            (None, 0) => "No fault is over yet.".to_owned(),
            (Some((at, _)), 0) => format!("The last fault was over at {}.", seconds(at)),
            (_, served) => format!(
                "{} served since a fault was over.",
                capitalised(&counted(served, words.operation))
            ),
        };
        Verdict::unviolated(State::decided(self.served > 0), sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::NodeId;
    use sim::trace::{EventKind, Fact, Function};

    enum Step {
        Crash,
        Restart,
        Begin(u32),
        End(u32, Outcome),
    }
    use Outcome::{Fail, Ok, Unknown};
    use Step::{Begin, Crash, End, Restart};

    fn event(ms: u64, step: &Step) -> Event {
        let at = SimTime::from_millis(ms);
        let client = |fact| Event::of_fact(at, NodeId(0), fact);
        let begin = |operation| {
            client(Fact::Invoked {
                operation,
                function: Function::Request,
                key: 0,
                value: 0,
            })
        };
        let fault = |kind| Event {
            kind,
            node: NodeId(1),
            ..begin(0)
        };
        match *step {
            Crash => fault(EventKind::Crash),
            Restart => fault(EventKind::Restart),
            Begin(operation) => begin(operation),
            End(operation, outcome) => client(Fact::Returned {
                operation,
                outcome,
                value: 0,
            }),
        }
    }

    /// Feeds steps with their milliseconds to a check with a bound of 1 s.
    fn check(steps: &[(u64, Step)], state: State, sentence: &str) {
        let mut check = RecoversWithin::new(SimDuration::from_millis(1000));
        for (place, (ms, step)) in steps.iter().enumerate() {
            check.observe(EventId(place as u32), &event(*ms, step));
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "call",
        };
        let verdict = check.verdict(&words, true);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    #[test]
    fn what_the_fault_held_up_ends_in_time() {
        let steps = [
            (100, Crash),
            (200, Begin(1)),
            (5000, Restart),
            (6000, End(1, Unknown)),
            (6100, Begin(2)),
            (6200, End(2, Ok)),
        ];
        check(
            &steps,
            State::Holds,
            "1 call served since a fault was over.",
        );
    }

    #[test]
    fn what_the_fault_held_up_for_too_long_is_a_violation() {
        let steps = [
            (100, Crash),
            (200, Begin(1)),
            (5000, Restart),
            (6001, Begin(2)),
        ];
        let told = "The last fault was over at 5.00 s; call #1, begun by n1 at 0.20 s, had not ended at 6.00 s.";
        check(&steps, State::Violated, told);
        check(
            &steps[..3],
            State::Undecided,
            "The last fault was over at 5.00 s.",
        );
    }

    #[test]
    fn what_begins_after_the_bound_must_end_well() {
        let refused = |begin| {
            [
                (100, Crash),
                (1000, Restart),
                (begin, Begin(1)),
                (begin + 10, End(1, Fail)),
            ]
        };
        let told = "The last fault was over at 1.00 s; call #1, begun by n1 at 2.00 s, ended without an answer at 2.01 s.";
        check(&refused(2000), State::Violated, told);
        check(
            &refused(1999),
            State::Undecided,
            "The last fault was over at 1.00 s.",
        );
    }

    #[test]
    fn another_fault_suspends_the_demand() {
        let steps = [
            (100, Crash),
            (200, Begin(1)),
            (1000, Restart),
            (1500, Crash),
            (9000, Begin(2)),
        ];
        check(&steps, State::Undecided, "No fault is over yet.");
    }
}
