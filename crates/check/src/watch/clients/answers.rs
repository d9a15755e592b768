//! Whether answers are any use: they come while somebody waits, there are enough of them, and they come soon.

use std::collections::VecDeque;

use sim::sorted::Map;
use sim::trace::{Event, Fact, Outcome};
use sim::{EventId, SimDuration, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{capitalised, counted, seconds};
use crate::watch::verdict::{Check, Finding, State, Verdict, Words};

/// What a share is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Of all answers, those that came while their client waited.
    UsefulAnswers,
    /// Of all operations that ended, those that were answered.
    AnsweredOperations,
}

/// Of any so many in a row, enough are good.
///
/// It is certain at the bad one that is one too many within so many: whatever comes next, those stay too few.
#[derive(Clone, Debug)]
pub struct EnoughGood {
    counted: Counted,
    /// How many in a row are looked at.
    row: usize,
    /// How many of them may be bad.
    bearable: usize,
    /// Whether each of the latest was good, and where it was decided.
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
        match (self.counted, fact) {
            (Counted::AnsweredOperations, Fact::Returned { outcome, .. }) => {
                Some(outcome == Outcome::Ok)
            }
            (
                Counted::UsefulAnswers,
                Fact::Returned {
                    outcome: Outcome::Ok,
                    ..
                },
            ) => Some(true),
            (Counted::UsefulAnswers, Fact::Learned { .. }) => Some(false),
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
                    "Of the last {of} answers before {at}, {bad} came when nobody waited any more."
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
                let state = State::decided(self.good + self.bad > 0);
                Verdict::unviolated(state, self.unviolated(words.operation))
            }
        }
    }

    fn finds_a_case(&self) -> bool {
        false
    }
}

/// The 99th percentile of latency has a bound: of any hundred answers in a row, late ones included, at most one takes
/// longer.
///
/// It is certain at the second such answer within a hundred.
#[derive(Clone, Debug)]
pub struct TailLatency {
    bound: SimDuration,
    /// When each operation was asked for that has had no answer.
    asked: Map<u32, SimTime>,
    answers: usize,
    /// The latest answer that took too long: the how manieth it was, and where it came.
    slow: Option<(usize, EventId)>,
    slowest: SimDuration,
    finding: Found<Slow>,
}

#[derive(Clone, Copy, Debug)]
struct Slow {
    operation: u32,
    took: SimDuration,
}

/// The percentile is taken of so many.
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
        let Some(asked) = self.asked.remove(&operation) else {
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
    fn observe(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::Invoked { operation, .. }) => {
                self.asked.insert(operation, event.time);
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
        let in_seconds = |length: SimDuration| length.as_millis_f64() / 1000.0;
        let bound = in_seconds(self.bound);
        if let Some((finding, slow)) = self.finding.get() {
            return finding.verdict(format!(
                "{} #{} was answered at {}, after {:.2} s: the second of a hundred that took more than {bound:.1} s.",
                capitalised(words.operation),
                slow.operation,
                seconds(finding.at),
                in_seconds(slow.took)
            ));
        }
        match self.answers {
            0 => Verdict::unviolated(
                State::Undecided,
                "Nothing has been answered yet.".to_owned(),
            ),
            answers => {
                let answers = counted(answers, "answer");
                let slowest = in_seconds(self.slowest);
                let text = format!("{answers}, the slowest after {slowest:.2} s.");
                Verdict::unviolated(State::Holds, text)
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
    use sim::NodeId;
    use sim::trace::Function;

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

    fn ok(operation: u32) -> Fact {
        returned(operation, Outcome::Ok)
    }

    fn late(operation: u32) -> Fact {
        Fact::Learned {
            operation,
            outcome: Outcome::Ok,
        }
    }

    /// Feeds facts with their milliseconds, and compares state and sentence at the end.
    fn check(mut check: impl Check, facts: &[(u64, Fact)], state: State, sentence: &str) {
        for (place, (ms, fact)) in (0..).zip(facts) {
            let event = Event::of_fact(SimTime::from_millis(*ms), NodeId(0), *fact);
            check.observe(EventId(place), &event);
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "request",
        };
        let verdict = check.verdict(&words, true);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    /// Of 4 in a row, 3 must be good.
    fn useful() -> EnoughGood {
        EnoughGood::new(Counted::UsefulAnswers, 4, 0.75)
    }

    fn answered() -> EnoughGood {
        EnoughGood::new(Counted::AnsweredOperations, 4, 0.75)
    }

    #[test]
    fn one_bad_answer_too_many_is_a_violation_at_once() {
        check(
            useful(),
            &[(10, late(1)), (20, ok(2)), (30, late(3))],
            State::Violated,
            "Of the last 3 answers before 0.03 s, 2 came when nobody waited any more.",
        );
        let gave_up = |operation| returned(operation, Outcome::Unknown);
        check(
            answered(),
            &[(10, ok(1)), (20, gave_up(2)), (30, ok(3)), (40, gave_up(4))],
            State::Violated,
            "Of the last 4 requests that ended before 0.04 s, 2 had no answer in time.",
        );
    }

    #[test]
    fn bad_ones_that_lie_apart_are_borne() {
        let mut facts = vec![(10, late(1))];
        facts.extend((2..5).map(|operation| (20, ok(operation))));
        facts.push((30, late(5)));
        check(
            useful(),
            &facts,
            State::Holds,
            "5 answers, 3 of them useful.",
        );
    }

    #[test]
    fn what_is_given_up_says_nothing_of_answers_and_late_answers_nothing_of_requests() {
        let gave_up = returned(1, Outcome::Unknown);
        let facts = [(10, gave_up), (20, late(1)), (30, ok(2))];
        check(
            useful(),
            &facts,
            State::Holds,
            "2 answers, 1 of them useful.",
        );
        check(
            answered(),
            &facts,
            State::Holds,
            "2 requests, 1 of them answered in time.",
        );
        check(
            answered(),
            &[],
            State::Undecided,
            "No request has ended yet.",
        );
        check(
            useful(),
            &[(10, gave_up)],
            State::Undecided,
            "Nothing has been answered yet.",
        );
    }

    fn tail() -> TailLatency {
        TailLatency::new(SimDuration::from_millis(500))
    }

    #[test]
    fn the_second_slow_answer_of_a_hundred_is_a_violation() {
        let facts = [
            (0, invoked(1)),
            (600, ok(1)),
            (700, invoked(2)),
            (1700, returned(2, Outcome::Unknown)),
            (2000, late(2)),
        ];
        check(
            tail(),
            &facts,
            State::Violated,
            "Request #2 was answered at 2.00 s, after 1.30 s: the second of a hundred that took more than 0.5 s.",
        );
        check(
            tail(),
            &facts[..4],
            State::Holds,
            "1 answer, the slowest after 0.60 s.",
        );
    }

    #[test]
    fn slow_answers_a_hundred_apart_are_borne() {
        let fast = |operation: u32| {
            let at = u64::from(operation) * 1000;
            [(at, invoked(operation)), (at + 100, ok(operation))]
        };
        let slow = |operation: u32| {
            let at = u64::from(operation) * 1000;
            [(at, invoked(operation)), (at + 501, ok(operation))]
        };
        let run = |between: u32| {
            let mut facts: Vec<(u64, Fact)> = slow(1).into();
            (2..2 + between).for_each(|operation| facts.extend(fast(operation)));
            facts.extend(slow(2 + between));
            facts
        };
        check(
            tail(),
            &run(99),
            State::Holds,
            "101 answers, the slowest after 0.50 s.",
        );
        check(
            tail(),
            &run(98),
            State::Violated,
            "Request #100 was answered at 100.50 s, after 0.50 s: the second of a hundred that took more than 0.5 s.",
        );
    }
}
