//! Availability in numbers: before a fault, during it, and since.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::{EventId, NodeId};

use sim::trace::{Event, EventKind, Fact, Outcome};

use crate::watch::parts::faults::Phase;
use crate::watch::parts::share::ShareInFaults;
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Of the operations that begin during a fault, at least a share is answered.
///
/// It is judged when the fault is over and each of them has ended. An operation counts for the time in which it begins;
/// all faults are taken together. An operation whose client crashes does not count: nobody is left to be answered.
#[derive(Clone, Debug)]
pub struct Available {
    answered: ShareInFaults,
    /// For each open operation, its client, and the phase in which it began.
    open: Map<u32, (NodeId, Phase)>,
}

impl Available {
    /// A check that demands this share, from 0 to 1.
    pub fn new(share: f64) -> Available {
        Available {
            answered: ShareInFaults::new(share),
            open: Map::new(),
        }
    }
}

impl Check for Available {
    fn held(&self, by: Measure) -> usize {
        self.open.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        let phase = self.answered.observe(event);
        if event.kind == EventKind::Crash {
            self.open.retain(|_, (client, _)| *client != event.node);
        }
        match event.fact() {
            Some(Fact::Invoked { operation, .. }) => {
                self.open.insert(operation, (event.node, phase));
            }
            Some(Fact::Returned {
                operation, outcome, ..
            }) => {
                if let Some((_, began)) = self.open.remove(&operation) {
                    self.answered.ended(began, outcome == Outcome::Ok, id);
                }
            }
            _ => {}
        }
        let open = self.open.values().map(|(_, began)| *began);
        self.answered.judge(open, id, event.time);
    }

    fn finding(&self) -> Option<&Finding> {
        self.answered.finding()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        self.answered.verdict(words.operation, "answered", "")
    }

    fn finds_a_case(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// n1 is paused from 1 to 2 s. Reads begin at these milliseconds, and end 100 ms later, well or not.
    fn reads_in_a_pause(reads_at: [(u64, bool); 5], until: u64) -> Trial {
        let mut happens: Vec<(u64, Happening)> =
            vec![(1000, PAUSES.into()), (2000, RESUMES.into())];
        for (number, (begin, is_answered)) in (1..).zip(reads_at) {
            let end = if is_answered {
                ok(number)
            } else {
                fails(number)
            };
            happens.push((begin, reads(number).into()));
            happens.push((begin + 100, end.into()));
        }
        happens.sort_by_key(|(at, _)| *at);
        let due = happens.into_iter().filter(|(at, _)| *at <= until);
        due.fold(trial(Available::new(0.5), "read"), |trial, (at, what)| {
            trial.at(at, 1, what)
        })
    }

    const ENOUGH: [(u64, bool); 5] = [
        (500, false),
        (1100, false),
        (1500, true),
        (1950, true),
        (2500, true),
    ];

    #[test]
    fn too_few_answers_in_a_fault_are_a_violation_once_the_last_has_ended() {
        let mut too_few = ENOUGH;
        too_few[3].1 = false;
        reads_in_a_pause(too_few, 1999)
            .undecided("During the fault, 1 of 2 reads were answered so far; before it, 0 of 1.");
        reads_in_a_pause(too_few, 2000).holds(
            "During the fault, 1 of 2 reads were answered; before it, 0 of 1; since then, 0 of 0.",
        );
        reads_in_a_pause(too_few, 9000).violated(
            "During the fault, 1 of 3 reads were answered; before it, 0 of 1; since then, 1 of 1.",
        );
    }

    #[test]
    fn a_client_that_crashes_is_not_waited_for() {
        trial(Available::new(0.5), "read")
            .at(1000, 2, PAUSES)
            .at(1100, 1, reads(1))
            .at(1200, 3, reads(2))
            .at(1300, 3, fails(2))
            .at(1400, 1, CRASHES)
            .at(1500, 1, RESTARTS)
            .at(2000, 2, RESUMES)
            .violated("During the fault, 0 of 1 reads were answered; before it, 0 of 0; since then, 0 of 0.");
    }

    #[test]
    fn enough_answers_hold_whatever_was_before() {
        reads_in_a_pause(ENOUGH, 900)
            .undecided("0 of 1 reads were answered. There has been no fault yet.");
        reads_in_a_pause(ENOUGH, 9000).holds(
            "During the fault, 2 of 3 reads were answered; before it, 0 of 1; since then, 1 of 1.",
        );
    }
}
