//! Goodput comes back once a fault is over.

use std::collections::VecDeque;

use sim::held::{Held, Measure};
use sim::trace::{Event, Fact, Outcome};
use sim::{EventId, SimDuration, SimTime};

use crate::watch::parts::faults::{Faults, Transition};
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, in_seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Goodput recovers: within a bound after the last fault has ended, nearly as many operations end well as before the
/// first one began.
///
/// Goodput is the number of operations that end well in a window of time. It is measured when a fault begins, and again
/// when the bound is over; a fault that begins in between starts the time anew. A fault that begins before there has
/// been a whole window is not judged.
#[derive(Clone, Debug)]
pub struct GoodputRecovers {
    demand: Demand,
    faults: Faults,
    /// When operations ended well, as far back as a window reaches.
    ended_well: VecDeque<SimTime>,
    recovery: Recovery,
    finding: Found<Measured>,
}

/// What is demanded of goodput.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// The share of its earlier value that goodput must reach.
    pub share: f64,
    /// How long after the end of the fault.
    pub within: SimDuration,
    /// The time over which it is measured.
    pub window: SimDuration,
}

#[derive(Clone, Copy, Debug)]
enum Recovery {
    /// No fault has been judged yet.
    Calm,
    /// A fault is in force, or has ended a moment ago.
    Trouble {
        usual: usize,
        /// When the first fault began.
        begun: EventId,
        /// When and where the last fault ended, if none is in force.
        ended: Option<(SimTime, EventId)>,
    },
    /// Goodput was judged, and has recovered.
    Recovered(Measured),
}

/// Goodput after a fault and before it.
#[derive(Clone, Copy, Debug)]
struct Measured {
    after: usize,
    usual: usize,
}

impl GoodputRecovers {
    /// A check of this demand.
    pub fn new(demand: Demand) -> GoodputRecovers {
        GoodputRecovers {
            demand,
            faults: Faults::default(),
            ended_well: VecDeque::new(),
            recovery: Recovery::Calm,
            finding: Found::default(),
        }
    }

    /// How many operations ended well in the window before `now`.
    fn goodput(&self, now: SimTime) -> usize {
        let begin = now - self.demand.window;
        let in_window = |ended: &&SimTime| **ended > begin && **ended <= now;
        self.ended_well.iter().filter(in_window).count()
    }

    fn forget(&mut self, now: SimTime) {
        // The window may yet be asked for at a moment that lies before this event.
        let begin = now - self.demand.window - self.demand.window;
        while self.ended_well.front().is_some_and(|ended| *ended <= begin) {
            self.ended_well.pop_front();
        }
    }

    /// Judges once the time after the fault is over.
    fn judge(&mut self, id: EventId, now: SimTime) {
        let Recovery::Trouble {
            usual,
            begun,
            ended: Some((at, end)),
        } = self.recovery
        else {
            return;
        };
        let due = at + self.demand.within;
        if now <= due {
            return;
        }
        let measured = Measured {
            after: self.goodput(due),
            usual,
        };
        self.recovery = Recovery::Recovered(measured);
        if (measured.after as f64) < self.demand.share * measured.usual as f64 {
            let finding = Finding {
                at: due,
                event: id,
                events: vec![begun, end],
            };
            self.finding.since(finding, measured);
        }
    }

    fn turn(&mut self, transition: Transition, id: EventId, now: SimTime) {
        let has_window = now.since(SimTime::ZERO) >= self.demand.window;
        match (transition, &mut self.recovery) {
            (Transition::Begins, Recovery::Trouble { ended, .. }) => *ended = None,
            (Transition::Begins, _) if has_window => {
                self.recovery = Recovery::Trouble {
                    usual: self.goodput(now),
                    begun: id,
                    ended: None,
                };
            }
            (Transition::Ends, Recovery::Trouble { ended, .. }) => *ended = Some((now, id)),
            _ => {}
        }
    }

    fn counted(&self, measured: Measured, noun: &str) -> String {
        let window = in_seconds(self.demand.window);
        let after = match measured.after {
            0 => format!("no {noun} was answered"),
            1 => format!("1 {noun} was answered"),
            more => format!("{} were answered", counted(more, noun)),
        };
        format!(
            "{after} in {window:.0} s. Before the fault it was {}",
            measured.usual
        )
    }

    fn unviolated(&self, noun: &str) -> Verdict {
        match self.recovery {
            Recovery::Calm => Verdict::undecided("No fault has been overcome yet."),
            Recovery::Trouble { usual, ended, .. } => Verdict::undecided(format!(
                "{}. Before it, {} in {:.0} s got an answer.",
                if ended.is_none() {
                    "The fault is not over"
                } else {
                    "The fault is over"
                },
                counted(usual, noun),
                in_seconds(self.demand.window)
            )),
            Recovery::Recovered(measured) => Verdict::holds(format!(
                "{:.0} s after the fault, {}.",
                in_seconds(self.demand.within),
                self.counted(measured, noun)
            )),
        }
    }
}

impl Check for GoodputRecovers {
    fn held(&self, by: Measure) -> usize {
        self.faults.held(by) + self.ended_well.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.pass(id, event.time);
        let transition = self.faults.observe(event);
        self.turn(transition, id, event.time);
        if let Some(Fact::Returned {
            outcome: Outcome::Ok,
            ..
        }) = event.fact()
        {
            self.forget(event.time);
            self.ended_well.push_back(event.time);
        }
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        self.judge(latest, now);
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let Some((finding, measured)) = self.finding.get() else {
            return self.unviolated(words.operation);
        };
        finding.verdict(format!(
            "{:.0} s after the fault, {}.",
            in_seconds(self.demand.within),
            self.counted(*measured, words.operation)
        ))
    }

    fn finds_a_case(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    const DEMAND: Demand = Demand {
        share: 0.9,
        within: ms(5000),
        window: ms(2000),
    };

    /// An operation ends well each 100 ms in these spans, and a node is paused in those.
    fn run(good: &[(u64, u64)], pauses: &[(u64, u64)]) -> Trial {
        let ends = good.iter().flat_map(|(from, to)| (*from..*to).step_by(100));
        let mut happens: Vec<(u64, Happening)> = ends.map(|at| (at, ok(1).into())).collect();
        for (from, to) in pauses {
            happens.push((*from, PAUSES.into()));
            happens.push((*to, RESUMES.into()));
        }
        happens.push((20_000, NOTHING.into()));
        happens.sort_by_key(|(at, _)| *at);
        let calls = trial(GoodputRecovers::new(DEMAND), "call");
        happens
            .into_iter()
            .fold(calls, |calls, (at, what)| calls.at(at, 1, what))
    }

    #[test]
    fn goodput_that_stays_away_is_a_violation_once_its_time_is_over() {
        run(&[(0, 3000)], &[(3000, 4000)])
            .violated(
                "5 s after the fault, no call was answered in 2 s. Before the fault it was 19.",
            )
            .since(9000);
        run(&[(0, 3000), (7000, 8000)], &[(3000, 4000)])
            .violated(
                "5 s after the fault, 9 calls were answered in 2 s. Before the fault it was 19.",
            )
            .since(9000);
    }

    #[test]
    fn goodput_that_a_fault_ended_for_ever_is_judged_when_the_run_ends() {
        let silent = |end| {
            let calls = trial(GoodputRecovers::new(DEMAND), "call");
            calls
                .each(1, (0..30).map(|at| (100 * at, ok(1))))
                .at(3000, 1, PAUSES)
                .at(4000, 1, RESUMES)
                .ends(end)
        };
        silent(9000).undecided("The fault is over. Before it, 19 calls in 2 s got an answer.");
        silent(9001)
            .violated(
                "5 s after the fault, no call was answered in 2 s. Before the fault it was 19.",
            )
            .since(9000);
    }

    #[test]
    fn goodput_that_is_back_in_time_holds() {
        run(&[(0, 3000), (6900, 9500)], &[(3000, 4000)]).holds(
            "5 s after the fault, 20 calls were answered in 2 s. Before the fault it was 19.",
        );
    }

    #[test]
    fn a_second_fault_starts_the_time_anew() {
        run(
            &[(0, 3000), (12_000, 14_000)],
            &[(3000, 4000), (8000, 9000)],
        )
        .holds("5 s after the fault, 19 calls were answered in 2 s. Before the fault it was 19.");
    }

    #[test]
    fn a_fault_at_the_very_beginning_is_not_judged() {
        run(&[(0, 500)], &[(500, 700)]).undecided("No fault has been overcome yet.");
    }
}
