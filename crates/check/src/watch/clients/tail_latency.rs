//! Answers come soon, all but one of a hundred.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact, Outcome};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{capitalised, counted, in_seconds, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// The 99th percentile of latency has a bound: of any hundred answers in a row, late ones included, at most one takes
/// longer.
///
/// A violation is certain at the second such answer within a hundred.
#[derive(Clone, Debug)]
pub struct TailLatency {
    bound: SimDuration,
    /// For each operation without an answer, its client, and when it was requested.
    asked: Map<u32, (NodeId, SimTime)>,
    answers: usize,
    /// The latest answer that took too long: its number among the answers, and its event.
    slow: Option<(usize, EventId)>,
    slowest: SimDuration,
    finding: Found<Slow>,
}

#[derive(Clone, Copy, Debug)]
struct Slow {
    operation: u32,
    took: SimDuration,
}

/// How many answers the percentile is taken of.
const HUNDRED: usize = 100;

impl TailLatency {
    /// A check with this bound.
    pub fn new(bound: SimDuration) -> TailLatency {
        TailLatency {
            bound,
            asked: Map::new(),
            answers: 0,
            slow: None,
            slowest: SimDuration::ZERO,
            finding: Found::default(),
        }
    }

    fn answered(&mut self, operation: u32, id: EventId, event: &Event) {
        let Some((_, asked)) = self.asked.remove(&operation) else {
            return;
        };
        let took = event.time.since(asked);
        self.answers += 1;
        self.slowest = self.slowest.max(took);
        if took <= self.bound {
            return;
        }
        let before = self.slow.replace((self.answers, id));
        let is_near = |(place, _): &(usize, EventId)| self.answers - place < HUNDRED;
        if let Some((_, first)) = before.filter(is_near) {
            self.finding
                .here(id, event, &[first, id], Slow { operation, took });
        }
    }
}

impl Check for TailLatency {
    fn held(&self, by: Measure) -> usize {
        self.asked.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if event.kind == EventKind::Crash {
            self.asked.retain(|_, (client, _)| *client != event.node);
        }
        match event.fact() {
            Some(Fact::Invoked { operation, .. }) => {
                self.asked.insert(operation, (event.node, event.time));
            }
            // What is given up may yet be answered.
            Some(Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                ..
            })
            | Some(Fact::Learned { operation, .. }) => self.answered(operation, id, event),
            Some(Fact::Returned {
                operation,
                outcome: Outcome::Fail,
                ..
            })
            | Some(Fact::Shed { operation }) => {
                self.asked.remove(&operation);
            }
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let bound = in_seconds(self.bound);
        if let Some((finding, slow)) = self.finding.get() {
            return finding.verdict(format!(
                "{} #{} was answered at {}, after {:.2} s. It is one of 2 answers that took more than {bound:.1} s, and of up to 100 answers 1 may.",
                capitalised(words.operation),
                slow.operation,
                seconds(finding.at),
                in_seconds(slow.took)
            ));
        }
        match self.answers {
            0 => Verdict::undecided("Nothing has been answered yet."),
            answers => {
                let answers = counted(answers, "answer");
                let slowest = in_seconds(self.slowest);
                let text = format!("{answers}, the slowest after {slowest:.2} s.");
                Verdict::holds(text)
            }
        }
    }

    fn finds_a_case(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// Answers have 500 ms.
    fn answers() -> Trial {
        trial(TailLatency::new(ms(500)), "request")
    }

    #[test]
    fn the_second_slow_answer_of_a_hundred_is_a_violation() {
        answers()
            .at(0, 1, requests(1))
            .at(600, 1, ok(1))
            .at(700, 1, requests(2))
            .at(1700, 1, gives_up(2))
            .holds("1 answer, the slowest after 0.60 s.")
            .at(2000, 1, learns(2))
            .violated("Request #2 was answered at 2.00 s, after 1.30 s. It is one of 2 answers that took more than 0.5 s, and of up to 100 answers 1 may.")
            .found_here();
    }

    #[test]
    fn a_client_that_crashes_waits_for_nothing() {
        answers()
            .at(0, 1, requests(1))
            .at(100, 2, requests(2))
            .at(600, 2, ok(2))
            .at(700, 1, CRASHES)
            .at(800, 1, RESTARTS)
            .at(900, 1, learns(1))
            .holds("1 answer, the slowest after 0.50 s.");
    }

    /// A slow answer, so many fast ones, and a slow one again.
    fn apart(between: u32) -> Trial {
        let last = between + 2;
        let answer = |operation: u32| {
            let at = 1000 * u64::from(operation);
            let is_slow = operation == 1 || operation == last;
            let took = if is_slow { 501 } else { 100 };
            [(at, requests(operation)), (at + took, ok(operation))]
        };
        answers().each(1, (1..=last).flat_map(answer))
    }

    #[test]
    fn slow_answers_a_hundred_apart_are_borne() {
        apart(99).holds("101 answers, the slowest after 0.50 s.");
        apart(98).violated("Request #100 was answered at 100.51 s, after 0.50 s. It is one of 2 answers that took more than 0.5 s, and of up to 100 answers 1 may.");
    }
}
