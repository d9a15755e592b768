//! Every operation ends: with an answer, or with a decision to go on without one.

use sim::held::Measure;
use sim::trace::Event;
use sim::{EventId, SimDuration, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{capitalised, counted, in_seconds, seconds};
use crate::watch::parts::under_way::{Begun, UnderWay};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Liveness with a bound: each operation ends within `bound` of its beginning, however it ends.
///
/// A violation shows with the first event after the bound, or at the end of the run. A crash of its client ends an operation too.
#[derive(Clone, Debug)]
pub struct EndsWithin {
    bound: SimDuration,
    /// Until when an operation may last, whenever it began.
    excused_until: SimTime,
    under_way: UnderWay,
    ended: usize,
    longest: SimDuration,
    finding: Found<Begun>,
}

impl EndsWithin {
    /// A check with this bound.
    pub fn new(bound: SimDuration) -> EndsWithin {
        EndsWithin {
            bound,
            excused_until: SimTime::ZERO,
            under_way: UnderWay::default(),
            ended: 0,
            longest: SimDuration::ZERO,
            finding: Found::default(),
        }
    }

    /// From when on an operation is judged.
    fn judged_from(&self, begun: &Begun) -> SimTime {
        begun.at.max(self.excused_until)
    }

    fn expire(&mut self, id: EventId, now: SimTime) {
        let overdue = |begun: &Begun| self.judged_from(begun) + self.bound < now;
        if let Some(begun) = self.under_way.oldest().filter(overdue) {
            let finding = Finding {
                at: self.judged_from(&begun) + self.bound,
                event: id,
                events: vec![begun.event],
            };
            self.finding.since(finding, begun);
        }
    }
}

impl Check for EndsWithin {
    fn held(&self, by: Measure) -> usize {
        self.under_way.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.pass(id, event.time);
        if let Some((begun, _)) = self.under_way.observe(id, event) {
            self.ended += 1;
            let length = event.time.since(self.judged_from(&begun));
            self.longest = self.longest.max(length);
        }
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        if self.finding.is_none() {
            self.expire(latest, now);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn excuse_until(&mut self, moment: SimTime) {
        self.excused_until = moment;
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let noun = words.operation;
        if let Some((finding, begun)) = self.finding.get() {
            let sentence = format!(
                "{} #{}, begun by {} at {}, has not ended {:.1} s later.",
                capitalised(noun),
                begun.operation,
                (words.node)(begun.client),
                seconds(begun.at),
                in_seconds(self.bound)
            );
            return finding.verdict(sentence);
        }
        let (ended, open) = (self.ended, self.under_way.count());
        let sentence = match (ended, open) {
            (0, 0) => format!("No {} has begun yet.", noun),
            (0, _) => format!("The first {} is open.", noun),
            _ => format!(
                "{} ended, the slowest after {:.2} s.",
                counted(ended, noun),
                in_seconds(self.longest)
            ),
        };
        // What is open has not had its time yet, and leaves the others decided, also when the run is over.
        Verdict::unviolated(ended > 0, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// Calls have 1 s.
    fn calls() -> Trial {
        trial(EndsWithin::new(ms(1000)), "call").goes_on()
    }

    #[test]
    fn an_answer_and_a_decision_are_both_an_end() {
        calls()
            .at(10, 1, requests(1))
            .at(60, 1, ok(1))
            .at(100, 1, requests(2))
            .at(1100, 1, gives_up(2))
            .at(1200, 1, requests(3))
            .at_its_end()
            .holds("2 calls ended, the slowest after 1.00 s.");
    }

    #[test]
    fn a_call_in_bad_weather_has_until_the_calm_and_its_bound_from_then_on() {
        let excused = || {
            let mut check = EndsWithin::new(ms(1000));
            check.excuse_until(SimTime::from_millis(5000));
            trial(check, "call").goes_on().at(10, 1, requests(1))
        };
        excused()
            .at(4000, 1, ok(1))
            .at_its_end()
            .holds("1 call ended, the slowest after 0.00 s.");
        excused()
            .at(6001, 1, NOTHING)
            .violated("Call #1, begun by n1 at 0.01 s, has not ended 1.0 s later.")
            .since(6000);
    }

    #[test]
    fn a_call_that_waits_for_ever_is_a_violation_from_its_bound_on() {
        calls()
            .at(1000, 1, requests(3))
            .at(2000, 1, requests(4))
            .undecided("The first call is open.")
            .at(2001, 1, requests(5))
            .violated("Call #3, begun by n1 at 1.00 s, has not ended 1.0 s later.")
            .since(2000);
    }

    #[test]
    fn a_call_that_waits_in_silence_is_a_violation_when_the_run_ends() {
        let silent = |end| {
            calls()
                .at(0, 1, requests(1))
                .at(500, 1, ok(1))
                .at(1000, 1, requests(2))
                .at(1100, 2, CRASHES)
                .ends(end)
        };
        silent(2000).holds("1 call ended, the slowest after 0.50 s.");
        silent(2001)
            .violated("Call #2, begun by n1 at 1.00 s, has not ended 1.0 s later.")
            .since(2000);
    }

    #[test]
    fn a_crash_ends_what_its_client_had_begun() {
        calls()
            .at(0, 1, requests(1))
            .at(500, 1, CRASHES)
            .at(9000, 2, requests(2))
            .undecided("The first call is open.");
    }
}
