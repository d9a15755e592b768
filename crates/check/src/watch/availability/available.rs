//! Availability in numbers: before a fault, during it, and since.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::{EventId, NodeId, SimDuration, SimTime};

use sim::trace::{Event, EventKind, Fact, Outcome};

use crate::watch::parts::faults::Phase;
use crate::watch::parts::share::ShareInFaults;
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Of the operations that begin during a fault, at least a share is answered.
///
/// It is judged once the fault or the run is over, and as soon as what is still open cannot turn it. An operation counts for the time in
/// which it begins; all faults are taken together. An operation whose client crashes does not count: nobody is left to be
/// answered. One that is open when the run ends counts as not answered if it has waited longer than every one that ended.
#[derive(Clone, Debug)]
pub struct Available {
    answered: ShareInFaults,
    open: Map<u32, Open>,
    /// How long the slowest operation took that ended.
    longest: SimDuration,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    client: NodeId,
    /// When it began, and in which phase.
    at: SimTime,
    phase: Phase,
}

impl Available {
    /// A check that demands this share, from 0 to 1.
    pub fn new(share: f64) -> Available {
        Available {
            answered: ShareInFaults::new(share),
            open: Map::new(),
            longest: SimDuration::ZERO,
        }
    }

    /// Takes out the operations that are no longer open, and returns their phases.
    fn close(&mut self, is_over: impl Fn(&Open) -> bool) -> Vec<Phase> {
        let mut over = Vec::new();
        self.open.retain(|_, open| {
            let is_over = is_over(open);
            over.extend(is_over.then_some(open.phase));
            !is_over
        });
        over
    }
}

impl Check for Available {
    fn held(&self, by: Measure) -> usize {
        self.open.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        let phase = self.answered.observe(event);
        if event.kind == EventKind::Crash {
            for phase in self.close(|open| open.client == event.node) {
                self.answered.is_left_out(phase);
            }
        }
        match event.fact() {
            Some(Fact::Invoked { operation, .. }) => {
                let open = Open {
                    client: event.node,
                    at: event.time,
                    phase,
                };
                self.open.insert(operation, open);
                self.answered.begins(phase);
            }
            Some(Fact::Returned {
                operation, outcome, ..
            }) => {
                if let Some(open) = self.open.remove(&operation) {
                    self.longest = self.longest.max(event.time.since(open.at));
                    self.answered.ended(open.phase, outcome == Outcome::Ok, id);
                }
            }
            _ => {}
        }
        self.answered.judge(id, event.time);
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        let longest = self.longest;
        for phase in self.close(|open| now.since(open.at) > longest) {
            self.answered.ended(phase, false, latest);
        }
        self.answered.end(latest, now);
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
        reads_in_a_pause(too_few, 1999).undecided(
            "During the fault, 1 of 2 reads were answered so far, 1 is open; before it, 0 of 1.",
        );
        reads_in_a_pause(too_few, 2000).undecided(
            "During the fault, 1 of 2 reads were answered, 1 is open; before it, 0 of 1; since then, 0 of 0.",
        );
        reads_in_a_pause(too_few, 9000).violated(
            "During the fault, 1 of 3 reads were answered; before it, 0 of 1; since then, 1 of 1.",
        );
    }

    #[test]
    fn a_fault_that_lasts_to_the_end_of_the_run_is_judged_there() {
        let in_a_pause = |end| {
            trial(Available::new(0.5), "read")
                .at(1000, 2, PAUSES)
                .at(1100, 1, reads(1))
                .at(1200, 1, end)
        };
        let lasts = in_a_pause(ok(1));
        lasts.undecided("During the fault, 1 of 1 reads were answered so far; before it, 0 of 0.");
        let counts =
            |good| format!("During the fault, {good} of 1 reads were answered; before it, 0 of 0.");
        in_a_pause(ok(1)).ends(3000).holds(&counts(1));
        in_a_pause(fails(1)).ends(3000).violated(&counts(0));
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

    /// Of four reads in a pause so many are answered, and the others are open when it is over.
    fn answered_in_a_pause(answered: u32) -> Trial {
        let reading = trial(Available::new(0.5), "read").at(1000, 2, PAUSES);
        let reading = reading.each(1, (1..=4).map(|number| (1100, reads(number))));
        reading
            .each(1, (1..=answered).map(|number| (1200, ok(number))))
            .at(2000, 2, RESUMES)
    }

    #[test]
    fn what_is_open_leaves_the_verdict_open_only_where_it_could_turn_it() {
        answered_in_a_pause(1)
            .undecided("During the fault, 1 of 1 reads were answered, 3 are open; before it, 0 of 0; since then, 0 of 0.");
        answered_in_a_pause(2)
            .holds("During the fault, 2 of 2 reads were answered, 2 are open; before it, 0 of 0; since then, 0 of 0.");
        answered_in_a_pause(0)
            .at(2100, 1, fails(1))
            .at(2200, 1, fails(2))
            .undecided("During the fault, 0 of 2 reads were answered, 2 are open; before it, 0 of 0; since then, 0 of 0.")
            .at(2300, 1, fails(3))
            .violated("During the fault, 0 of 3 reads were answered, 1 is open; before it, 0 of 0; since then, 0 of 0.")
            .found_here();
    }

    #[test]
    fn what_waits_for_ever_is_not_answered() {
        answered_in_a_pause(1).ends(9000).violated(
            "During the fault, 1 of 4 reads were answered; before it, 0 of 0; since then, 0 of 0.",
        );
        answered_in_a_pause(1)
            .at(2050, 1, reads(5))
            .at(3050, 1, ok(5))
            .ends(2051 + 1000)
            .violated("During the fault, 1 of 4 reads were answered; before it, 0 of 0; since then, 1 of 1.");
    }

    #[test]
    fn what_begins_just_before_the_end_of_the_run_has_had_no_time() {
        trial(Available::new(0.5), "read")
            .at(100, 1, reads(1))
            .at(1100, 1, ok(1))
            .at(5000, 2, PAUSES)
            .at(5100, 1, reads(2))
            .at(5200, 2, RESUMES)
            .ends(6100)
            .undecided("During the fault, 0 of 0 reads were answered, 1 is open; before it, 1 of 1; since then, 0 of 0.");
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
