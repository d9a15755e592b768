//! Availability in numbers: before a fault, during it, and since.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::{EventId, NodeId, SimDuration, SimTime};

use sim::trace::{Event, EventKind, Fact, Outcome};

use super::majority::{Change, Majority};
use crate::watch::parts::faults::Phase;
use crate::watch::parts::share::ShareInFaults;
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Of the operations that begin during a fault, at least a share is answered.
///
/// It is judged once the fault or the run is over, and as soon as what is still open cannot turn it. An operation counts for the time in
/// which it begins; all faults are taken together. An operation whose client crashes does not count: nobody is left to be
/// answered. One that is open when the run ends counts as not answered if it has waited longer than every one that ended.
/// Where servers vote, nothing is demanded of what a client asks while it cannot reach, both ways, whichever of them can lead:
/// each that is up and reaches a majority both ways, itself among them.
#[derive(Clone, Debug)]
pub struct Available {
    answered: ShareInFaults,
    majority: Majority,
    /// Whether operations were left out because nobody could have been sure to serve them.
    has_left_out: bool,
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
    /// A check that demands this share, from 0 to 1, of at least so many operations.
    pub fn new(share: f64, least: u32) -> Available {
        Available {
            answered: ShareInFaults::new(share, least),
            majority: Majority::default(),
            has_left_out: false,
            open: Map::new(),
            longest: SimDuration::ZERO,
        }
    }

    /// Leaves out what is open during a fault and can be served by nobody for certain. If no client has one, what has ended since
    /// that fault began is left out as well: it is seen late which links are cut.
    fn follow(&mut self, id: EventId, event: &Event) {
        let change = self.majority.observe(id, event);
        if change == Change::Begins {
            self.answered.mark();
        }
        if change == Change::None || self.majority.serves_all() {
            return;
        }
        let majority = self.majority.clone();
        let in_vain =
            self.close(|open| open.phase == Phase::During && !majority.serves(open.client));
        self.has_left_out |= !in_vain.is_empty();
        for phase in in_vain {
            self.answered.is_left_out(phase);
        }
        if !majority.serves_any() {
            self.has_left_out |= self.answered.revert();
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
        self.open.held(by) + self.majority.held(by)
    }

    fn hears(&self, kind: EventKind) -> bool {
        use EventKind::{Clock, Disk, Duplicate, Queued, Send, Start, TimerFired};
        !matches!(
            kind,
            Clock | Disk | Duplicate | Queued | Send | Start | TimerFired
        )
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        let phase = self.answered.observe(event);
        self.follow(id, event);
        if event.kind == EventKind::Crash {
            for phase in self.close(|open| open.client == event.node) {
                self.answered.is_left_out(phase);
            }
        }
        match event.fact() {
            Some(Fact::Invoked { .. })
                if phase == Phase::During && !self.majority.serves(event.node) =>
            {
                self.has_left_out = true;
            }
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
        let left_out = " None are counted while no server can lead, or for a client that does not reach each that can.";
        let more = if self.has_left_out { left_out } else { "" };
        self.answered.verdict(words.operation, "answered", more)
    }

    fn finds_a_case(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;
    use sim::trace::Loss;

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
        due.fold(
            trial(Available::new(0.5, 1), "read"),
            |trial, (at, what)| trial.at(at, 1, what),
        )
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
            "During the fault, 1 of 3 reads were answered; before it, 0 of 1; since then, 0 of 0.",
        );
    }

    #[test]
    fn a_fault_that_lasts_to_the_end_of_the_run_is_judged_there() {
        let in_a_pause = |end| {
            trial(Available::new(0.5, 1), "read")
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
        trial(Available::new(0.5, 1), "read")
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
        let reading = trial(Available::new(0.5, 1), "read").at(1000, 2, PAUSES);
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
        trial(Available::new(0.5, 1), "read")
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

    /// n1, n2 and n3 vote and keep a log, and n4 and n5 are clients that have asked and were answered.
    fn three_servers(least: u32) -> Trial {
        let voting = trial(Available::new(0.6, least), "read");
        let voting = (1..=3).fold(voting, |trial, node| trial.at(100, node, votes(1, 1)));
        let asked = [(4, 101), (5, 102)];
        asked.into_iter().fold(voting, |trial, (node, number)| {
            trial.at(200, node, reads(number)).at(300, node, ok(number))
        })
    }

    /// From this second on, so many reads begin and fail, one each 100 ms.
    fn fail(trial: Trial, second: u32, reads_of: [u16; 4]) -> Trial {
        (1..).zip(reads_of).fold(trial, |trial, (place, node)| {
            let number = 10 * second + place;
            let at = u64::from(1000 * second + 100 * place);
            trial
                .at(at, node, reads(number))
                .at(at + 50, node, fails(number))
        })
    }

    const LEFT_OUT: &str = "During the fault, 0 of 0 reads were answered; before it, 2 of 2; since then, 0 of 0. None are counted while no server can lead, or for a client that does not reach each that can.";

    #[test]
    fn without_a_majority_that_is_up_nothing_is_demanded() {
        let crashed = |servers: &[u16]| {
            let down = servers.iter();
            let down = down.fold(three_servers(4), |trial, node| {
                trial.at(1000, *node, CRASHES)
            });
            let failed = fail(down, 1, [4, 5, 4, 5]);
            let up = servers.iter();
            up.fold(failed, |trial, node| trial.at(2000, *node, RESTARTS))
        };
        crashed(&[1, 2]).ends(9000).undecided(LEFT_OUT);
        crashed(&[1]).violated(
            "During the fault, 0 of 4 reads were answered; before it, 2 of 2; since then, 0 of 0.",
        );
        // What was open when the majority was lost does not count either.
        three_servers(1)
            .at(1000, 1, CRASHES)
            .at(1100, 4, reads(1))
            .at(1200, 2, CRASHES)
            .at(1300, 4, fails(1))
            .at(2000, 1, RESTARTS)
            .at(2000, 2, RESTARTS)
            .ends(9000)
            .undecided(LEFT_OUT);
    }

    #[test]
    fn a_majority_that_is_cut_off_from_all_clients_is_none() {
        // n1 is with the clients, and n2 and n3 are on their own. Each link shows that it is cut when something is lost there.
        let split = |links: &[(u16, u16)]| {
            let failed = fail(three_servers(4).at(1000, 1, cut(1)), 1, [4, 5, 4, 5]);
            let lost = links.iter().fold(failed, |trial, (from, to)| {
                trial
                    .sends(1600, *from, *to)
                    .loses(1610, *from, *to, Loss::Cut)
            });
            lost.at(2000, 1, heal(1)).ends(9000)
        };
        let all = [(1, 2), (1, 3), (4, 2), (4, 3), (5, 2), (5, 3)];
        split(&all).undecided(LEFT_OUT);
        // n5 is with them.
        split(&all[..4]).violated(
            "During the fault, 0 of 4 reads were answered; before it, 2 of 2; since then, 0 of 0.",
        );
    }

    /// In a ring, or with a bridge between two halves, several servers reach a majority each, and a client not all of them.
    #[test]
    fn a_client_that_does_not_reach_a_server_that_can_lead_is_not_counted() {
        // The links at which something is lost are cut from one second to two; four reads of a client fail meanwhile.
        let cut_at = |links: &[(u16, u16)], client| {
            let cut_off =
                links
                    .iter()
                    .fold(three_servers(4).at(1000, 1, cut(1)), |trial, (from, to)| {
                        trial
                            .sends(1010, *from, *to)
                            .loses(1020, *from, *to, Loss::Cut)
                    });
            fail(cut_off, 1, [client; 4])
                .at(2000, 1, heal(1))
                .ends(9000)
        };
        let too_few =
            "During the fault, 0 of 4 reads were answered; before it, 2 of 2; since then, 0 of 0.";
        cut_at(&[(4, 1)], 4).undecided(LEFT_OUT);
        cut_at(&[(4, 1)], 5).violated(too_few);
        // n1 reaches nobody else either, so it cannot lead: one of the others can, and n4 reaches them.
        cut_at(&[(4, 1), (1, 2), (1, 3)], 4).violated(too_few);
    }

    /// All clients are cut off, which is seen only after the reads have failed, and meanwhile something else happens.
    #[test]
    fn what_happens_before_a_cut_is_seen_does_not_hide_when_it_began() {
        let (begin, end) = ([4, 5, 4, 5], 9000);
        let cut_off = |meanwhile: &[(u64, u16, Happening)]| {
            let mut trial = fail(three_servers(4).at(1000, 1, cut(1)), 1, begin);
            for (at, node, what) in meanwhile {
                trial = trial.at(*at, *node, *what);
            }
            let links = [4, 5]
                .into_iter()
                .flat_map(|client| [1, 2, 3].map(|server| (client, server)));
            let lost = links.fold(trial, |trial, (from, to)| {
                trial.sends(1600, from, to).loses(1610, from, to, Loss::Cut)
            });
            lost.at(2000, 1, heal_all()).ends(end)
        };
        cut_off(&[]).undecided(LEFT_OUT);
        cut_off(&[(1500, 1, PAUSES.into()), (1550, 1, RESUMES.into())]).undecided(LEFT_OUT);
        cut_off(&[(1500, 1, cut(2))]).undecided(LEFT_OUT);
    }

    #[test]
    fn a_single_operation_is_no_share() {
        let paused = |least| {
            three_servers(least)
                .at(1000, 1, PAUSES)
                .at(1100, 4, reads(1))
                .at(1200, 4, fails(1))
                .at(2000, 1, RESUMES)
        };
        paused(1).violated(
            "During the fault, 0 of 1 reads were answered; before it, 2 of 2; since then, 0 of 0.",
        );
        paused(2).undecided("During the fault, 0 of 1 reads were answered; before it, 2 of 2; since then, 0 of 0. Those are too few to judge by.");
    }

    #[test]
    fn the_sentence_stays_what_it_was_when_too_few_were_answered() {
        let failed = fail(three_servers(4).at(1000, 1, PAUSES), 1, [4, 5, 4, 5]);
        failed
            .at(2000, 1, RESUMES)
            .at(3000, 1, PAUSES)
            .at(3100, 4, reads(90))
            .at(3200, 4, ok(90))
            .violated("During the fault, 0 of 4 reads were answered; before it, 2 of 2; since then, 0 of 0.")
            .since(2000);
    }
}
