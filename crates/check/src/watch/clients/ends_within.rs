//! Every operation ends, in an answer or in a decision to go on without one.

use sim::trace::Event;
use sim::{EventId, SimDuration};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{capitalised, counted, seconds};
use crate::watch::parts::under_way::{Begun, UnderWay};
use crate::watch::verdict::{Check, Finding, State, Verdict, Words};

/// Liveness with a bound: each operation ends within `bound` of its beginning, however it ends.
///
/// That it does not is certain at the first event after the bound. What its client began and did not end before it
/// crashed is nobody's any more.
#[derive(Clone, Debug)]
pub struct EndsWithin {
    bound: SimDuration,
    under_way: UnderWay,
    ended: usize,
    longest: SimDuration,
    finding: Found<Begun>,
}

impl EndsWithin {
    /// A check that allows an operation so much time.
    pub fn new(bound: SimDuration) -> EndsWithin {
        EndsWithin {
            bound,
            under_way: UnderWay::default(),
            ended: 0,
            longest: SimDuration::ZERO,
            finding: Found::default(),
        }
    }

    fn expire(&mut self, id: EventId, event: &Event) {
        let overdue = |begun: &Begun| begun.at + self.bound < event.time;
        if let Some(begun) = self.under_way.oldest().filter(overdue) {
            let finding = Finding {
                at: begun.at + self.bound,
                event: id,
                events: vec![begun.event],
            };
            self.finding.since(finding, begun);
        }
    }
}

impl Check for EndsWithin {
    fn observe(&mut self, id: EventId, event: &Event) {
        if !self.finding.is_some() {
            self.expire(id, event);
        }
        if let Some((begun, _)) = self.under_way.observe(id, event) {
            self.ended += 1;
            self.longest = self.longest.max(event.time.since(begun.at));
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, is_over: bool) -> Verdict {
        let noun = words.operation;
        if let Some((finding, begun)) = self.finding.get() {
            let sentence = format!(
                "{} #{}, begun by {} at {}, has not ended {:.1} s later.",
                capitalised(noun),
                begun.operation,
                (words.node)(begun.client),
                seconds(begun.at),
                self.bound.as_millis_f64() / 1000.0
            );
            return finding.verdict(sentence);
        }
        let (ended, open) = (self.ended, self.under_way.count());
        let is_decided = ended > 0 && !(is_over && open > 0);
        let sentence = match (ended, open) {
            (0, 0) => format!("No {} has begun yet.", noun),
            (0, _) => format!("The first {} is open.", noun),
            _ => format!(
                "{} ended, the slowest after {:.2} s.",
                counted(ended, noun),
                self.longest.as_millis_f64() / 1000.0
            ),
        };
        Verdict::unviolated(State::decided(is_decided), sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::trace::{EventKind, Fact, Function, Outcome};
    use sim::{NodeId, SimTime};

    fn invoked(operation: u32) -> Fact {
        Fact::Invoked {
            operation,
            function: Function::Request,
            key: 0,
            value: 0,
        }
    }

    fn returned(operation: u32, outcome: Outcome) -> Fact {
        Fact::Returned {
            operation,
            outcome,
            value: 0,
        }
    }

    /// Feeds facts with their milliseconds to a check with a bound of 1 s.
    fn check(facts: &[(u64, Fact)], is_over: bool, state: State, sentence: &str) {
        let mut check = EndsWithin::new(SimDuration::from_millis(1000));
        for (place, (ms, fact)) in facts.iter().enumerate() {
            let event = Event::of_fact(SimTime::from_millis(*ms), NodeId(0), *fact);
            check.observe(EventId(place as u32), &event);
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "call",
        };
        let verdict = check.verdict(&words, is_over);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    #[test]
    fn an_answer_and_a_decision_are_both_an_end() {
        let facts = [
            (10, invoked(1)),
            (60, returned(1, Outcome::Ok)),
            (100, invoked(2)),
            (1100, returned(2, Outcome::Unknown)),
        ];
        let sentence = "2 calls ended, the slowest after 1.00 s.";
        check(&facts, true, State::Holds, sentence);
    }

    #[test]
    fn a_call_that_waits_for_ever_is_a_violation_from_its_bound_on() {
        let begun = (1000, invoked(3));
        check(
            &[begun, (2000, invoked(4))],
            false,
            State::Undecided,
            "The first call is open.",
        );
        check(
            &[begun, (2001, invoked(4))],
            false,
            State::Violated,
            "Call #3, begun by n1 at 1.00 s, has not ended 1.0 s later.",
        );
    }

    #[test]
    fn a_crash_ends_what_its_client_had_begun() {
        let mut check = EndsWithin::new(SimDuration::from_millis(1000));
        let begun = Event::of_fact(SimTime::ZERO, NodeId(0), invoked(1));
        let crash = Event {
            kind: EventKind::Crash,
            time: SimTime::from_millis(500),
            ..begun
        };
        let later = Event::of_fact(SimTime::from_millis(9000), NodeId(1), invoked(2));
        for (id, event) in [begun, crash, later].iter().enumerate() {
            check.observe(EventId(id as u32), event);
        }
        assert_eq!(check.finding(), None);
    }
}
