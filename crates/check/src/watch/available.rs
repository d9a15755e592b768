//! Availability in numbers: before a fault, during it, and since.

use sim::sorted::Map;

use sim::trace::{Event, Fact, Outcome};
use sim::{EventId, SimTime};

use super::faults::{Faults, Turn};
use super::phrase::seconds;
use super::verdict::{Check, Finding, State, Verdict, Words};

/// Of the operations that begin during a fault, at least a share is answered.
///
/// It is judged when the fault is over and each of them has ended. An operation counts for the time in which it begins;
/// all faults are taken together.
#[derive(Clone, Debug)]
pub struct Available {
    share: f64,
    faults: Faults,
    phase: Phase,
    /// The time in which each operation began that has not ended.
    open: Map<u32, Phase>,
    counts: [Counted; 3],
    /// The first and the last operation that began during a fault and was not answered, where they ended.
    missed: Option<(EventId, EventId)>,
    finding: Option<Finding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Phase {
    Before = 0,
    During = 1,
    Since = 2,
}

/// How many operations have ended, and how many of them with an answer.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    ended: u32,
    answered: u32,
}

impl Available {
    /// A check that demands this share, from 0 to 1.
    pub fn new(share: f64) -> Available {
        Available {
            share,
            faults: Faults::default(),
            phase: Phase::Before,
            open: Map::new(),
            counts: [Counted::default(); 3],
            missed: None,
            finding: None,
        }
    }

    fn ended(&mut self, operation: u32, outcome: Outcome, id: EventId) {
        let Some(phase) = self.open.remove(&operation) else {
            return;
        };
        let counted = &mut self.counts[phase as usize];
        counted.ended += 1;
        if outcome == Outcome::Ok {
            counted.answered += 1;
        } else if phase == Phase::During {
            let first = self.missed.map_or(id, |(first, _)| first);
            self.missed = Some((first, id));
        }
    }

    fn judge(&mut self, id: EventId, now: SimTime) {
        let is_open = self.open.values().any(|phase| *phase == Phase::During);
        let Counted { ended, answered } = self.counts[Phase::During as usize];
        let is_enough = f64::from(answered) + 1e-9 >= self.share * f64::from(ended);
        if self.phase != Phase::Since || is_open || is_enough || self.finding.is_some() {
            return;
        }
        let events = self.missed.map_or(vec![id], |(first, last)| {
            let mut events = vec![first, last];
            events.dedup();
            events
        });
        self.finding = Some(Finding {
            at: now,
            event: id,
            events,
        });
    }

    fn sentence(&self, noun: &str) -> String {
        let [before, during, since] = self.counts.map(|counted| {
            let Counted { ended, answered } = counted;
            format!("{answered} of {ended}")
        });
        match self.phase {
            Phase::Before => format!("Of {noun}s {before} were answered; there was no fault yet."),
            Phase::During => {
                format!("Of {noun}s {before} were answered before the fault, and {during} in it.")
            }
            Phase::Since => format!(
                "Of {noun}s {before} were answered before the fault, {during} in it, and {since} since."
            ),
        }
    }
}

impl Check for Available {
    fn observe(&mut self, id: EventId, event: &Event) {
        match self.faults.observe(event) {
            Turn::Begins => self.phase = Phase::During,
            Turn::Ends => self.phase = Phase::Since,
            Turn::Same => {}
        }
        match event.fact() {
            Some(Fact::Invoked { operation, .. }) => {
                self.open.insert(operation, self.phase);
            }
            Some(Fact::Returned {
                operation, outcome, ..
            }) => self.ended(operation, outcome, id),
            _ => {}
        }
        self.judge(id, event.time);
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.as_ref()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let sentence = self.sentence(words.operation);
        match &self.finding {
            Some(finding) => {
                finding.verdict(format!("{sentence} At {}: too few.", seconds(finding.at)))
            }
            None => {
                let is_judged = self.phase == Phase::Since && self.counts[1].ended > 0;
                Verdict::unviolated(State::decided(is_judged), sentence)
            }
        }
    }

    fn finds_a_case(&self) -> bool {
        false
    }

    fn boxed_clone(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::NodeId;
    use sim::trace::{EventKind, Function};

    /// Operations that begin at these milliseconds, each of which ends 100 ms later with an answer or without; the node is
    /// paused from 1000 to 2000.
    fn check(operations: &[(u64, bool)], until: u64, state: State, sentence: &str) {
        let at = |ms, fact| Event::of_fact(SimTime::from_millis(ms), NodeId(0), fact);
        let mut events: Vec<Event> = Vec::new();
        for (number, (begin, is_answered)) in (1..).zip(operations) {
            events.push(at(
                *begin,
                Fact::Invoked {
                    operation: number,
                    function: Function::Read,
                    key: 0,
                    value: 0,
                },
            ));
            events.push(at(
                begin + 100,
                Fact::Returned {
                    operation: number,
                    outcome: if *is_answered {
                        Outcome::Ok
                    } else {
                        Outcome::Fail
                    },
                    value: 0,
                },
            ));
        }
        for (ms, kind) in [(1000, EventKind::Pause), (2000, EventKind::Resume)] {
            let event = at(ms, Fact::Leads { term: 0 });
            events.push(Event { kind, ..event });
        }
        events.sort_by_key(|event| event.time);
        let mut check = Available::new(0.5);
        let due = events
            .iter()
            .filter(|event| event.time <= SimTime::from_millis(until));
        for (place, event) in (0..).zip(due) {
            check.observe(EventId(place), event);
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "read",
        };
        let verdict = check.verdict(&words, true);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    const OPERATIONS: [(u64, bool); 5] = [
        (500, false),
        (1100, false),
        (1500, true),
        (1950, true),
        (2500, true),
    ];

    #[test]
    fn too_few_answers_in_a_fault_are_a_violation_once_the_last_has_ended() {
        let mut operations = OPERATIONS;
        operations[3].1 = false;
        let in_it = "Of reads 0 of 1 were answered before the fault, and 1 of 2 in it.";
        check(&operations, 1999, State::Undecided, in_it);
        let open =
            "Of reads 0 of 1 were answered before the fault, 1 of 2 in it, and 0 of 0 since.";
        check(&operations, 2000, State::Holds, open);
        let sentence = "Of reads 0 of 1 were answered before the fault, 1 of 3 in it, and 1 of 1 since. At 2.05 s: too few.";
        check(&operations, 9000, State::Violated, sentence);
    }

    #[test]
    fn enough_answers_hold_whatever_was_before() {
        let sentence =
            "Of reads 0 of 1 were answered before the fault, 2 of 3 in it, and 1 of 1 since.";
        check(&OPERATIONS, 9000, State::Holds, sentence);
        let sentence = "Of reads 0 of 1 were answered; there was no fault yet.";
        check(&OPERATIONS, 900, State::Undecided, sentence);
    }
}
