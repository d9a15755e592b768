//! Enough answers are good: they come, and while somebody waits for them.

use std::collections::VecDeque;

use sim::EventId;
use sim::held::{Held, Measure};
use sim::trace::{Event, Fact, Outcome};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// What a share is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Of all answers, those that came while their client waited.
    UsefulAnswers,
    /// Of all operations that ended, those that were answered.
    AnsweredOperations,
}

/// Of a number of answers or operations in a row, enough are good.
///
/// A violation is certain at the bad one that is one too many: whatever comes next, too few in that row are good.
#[derive(Clone, Debug)]
pub struct EnoughGood {
    counted: Counted,
    /// The length of the row.
    row: usize,
    /// How many in a row may be bad.
    bearable: usize,
    /// For each of the latest, whether it was good, and the event that decided it.
    latest: VecDeque<(bool, EventId)>,
    bad: usize,
    good: usize,
    finding: Found<usize>,
}

impl EnoughGood {
    /// Of any `row` in a row at least this share is good.
    pub fn new(counted: Counted, row: u32, share: f64) -> EnoughGood {
        let row = row.max(1) as usize;
        // A share that is nearly a whole number of them is that.
        let needed = (share * row as f64 - 1e-9).ceil() as usize;
        EnoughGood {
            counted,
            row,
            bearable: row.saturating_sub(needed),
            latest: VecDeque::new(),
            bad: 0,
            good: 0,
            finding: Found::default(),
        }
    }

    /// Whether the fact is counted, and good.
    fn is_good(&self, fact: Fact) -> Option<bool> {
        match (fact, self.counted) {
            (Fact::Returned { outcome, .. }, Counted::AnsweredOperations) => {
                Some(outcome == Outcome::Ok)
            }
            (Fact::Returned { outcome, .. }, Counted::UsefulAnswers) => {
                (outcome == Outcome::Ok).then_some(true)
            }
            (Fact::Learned { .. }, Counted::UsefulAnswers) => Some(false),
            _ => None,
        }
    }

    fn count(&mut self, is_good: bool, id: EventId, event: &Event) {
        if self.latest.len() == self.row {
            self.latest.pop_front();
        }
        self.latest.push_back((is_good, id));
        if is_good {
            self.good += 1;
            return;
        }
        self.bad += 1;
        let bad = self.latest.iter().filter(|(is_good, _)| !is_good);
        let bad: Vec<EventId> = bad.map(|(_, id)| *id).collect();
        if bad.len() > self.bearable {
            self.finding.here(id, event, &bad, self.latest.len());
        }
    }

    fn violated(&self, finding: &Finding, of: usize, noun: &str) -> String {
        let (bad, at) = (finding.events.len(), seconds(finding.at));
        match self.counted {
            Counted::UsefulAnswers => {
                format!(
                    "Of the last {of} answers before {at}, {bad} came after their clients had given up."
                )
            }
            Counted::AnsweredOperations => {
                let nouns = counted(of, noun);
                format!("Of the last {nouns} that ended before {at}, {bad} had no answer in time.")
            }
        }
    }

    fn unviolated(&self, noun: &str) -> String {
        let all = self.good + self.bad;
        match self.counted {
            Counted::UsefulAnswers if all == 0 => "Nothing has been answered yet.".to_owned(),
            Counted::AnsweredOperations if all == 0 => format!("No {noun} has ended yet."),
            Counted::UsefulAnswers => {
                format!("{}, {} of them useful.", counted(all, "answer"), self.good)
            }
            Counted::AnsweredOperations => {
                format!(
                    "{}, {} of them answered in time.",
                    counted(all, noun),
                    self.good
                )
            }
        }
    }
}

impl Check for EnoughGood {
    fn held(&self, by: Measure) -> usize {
        self.latest.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if let Some(is_good) = event.fact().and_then(|fact| self.is_good(fact)) {
            self.count(is_good, id, event);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        match self.finding.get() {
            Some((finding, of)) => finding.verdict(self.violated(finding, *of, words.operation)),
            None => {
                let is_decided = self.good + self.bad > 0;
                Verdict::unviolated(is_decided, self.unviolated(words.operation))
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

    /// Of 4 answers in a row, 3 must be useful.
    fn answers() -> Trial {
        trial(EnoughGood::new(Counted::UsefulAnswers, 4, 0.75), "request")
    }

    /// Of 4 requests in a row, 3 must be answered.
    fn answered() -> Trial {
        trial(
            EnoughGood::new(Counted::AnsweredOperations, 4, 0.75),
            "request",
        )
    }

    #[test]
    fn one_bad_answer_too_many_is_a_violation_at_once() {
        answers()
            .at(10, 1, learns(1))
            .at(20, 1, ok(2))
            .at(30, 1, learns(3))
            .violated(
                "Of the last 3 answers before 0.03 s, 2 came after their clients had given up.",
            )
            .found_here();
        answered()
            .at(10, 1, ok(1))
            .at(20, 1, gives_up(2))
            .at(30, 1, ok(3))
            .at(40, 1, gives_up(4))
            .violated("Of the last 4 requests that ended before 0.04 s, 2 had no answer in time.")
            .found_here();
    }

    #[test]
    fn bad_ones_that_lie_apart_are_borne() {
        answers()
            .at(10, 1, learns(1))
            .each(1, (2..5).map(|operation| (20, ok(operation))))
            .at(30, 1, learns(5))
            .holds("5 answers, 3 of them useful.");
    }

    #[test]
    fn what_is_given_up_says_nothing_of_answers_and_late_answers_nothing_of_requests() {
        answers()
            .at(10, 1, gives_up(1))
            .undecided("Nothing has been answered yet.")
            .at(20, 1, learns(1))
            .at(30, 1, ok(2))
            .holds("2 answers, 1 of them useful.");
        answered()
            .undecided("No request has ended yet.")
            .at(10, 1, gives_up(1))
            .at(20, 1, learns(1))
            .at(30, 1, ok(2))
            .holds("2 requests, 1 of them answered in time.");
    }
}
