//! Every value that is read was written.

use sim::sorted::{Map, Set};

use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, State, Verdict, Words};

/// A read returns a value that somebody had begun to write to its key, or 0 for a key that nobody wrote.
///
/// The weakest thing to demand of storage: nothing about when, or how often; only that nothing is made up on the way.
#[derive(Clone, Debug, Default)]
pub struct ReadsWritten {
    /// The values that were written to each key.
    written: Map<i64, Set<i64>>,
    /// The keys of the reads that are open.
    reads: Map<u32, (i64, EventId)>,
    right: usize,
    wrong: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    operation: u32,
    reader: NodeId,
    value: i64,
    at: SimTime,
}

impl ReadsWritten {
    /// A check that has seen nothing yet.
    pub fn new() -> ReadsWritten {
        ReadsWritten::default()
    }

    fn read(&mut self, operation: u32, value: i64, id: EventId, event: &Event) {
        let Some((key, invoked)) = self.reads.remove(&operation) else {
            return;
        };
        let written = self.written.get(&key);
        if value == 0 || written.is_some_and(|values| values.contains(&value)) {
            self.right += 1;
            return;
        }
        self.wrong += 1;
        let fault = Fault {
            operation,
            reader: event.node,
            value,
            at: event.time,
        };
        self.finding.here(id, event, &[invoked, id], fault);
    }
}

impl Check for ReadsWritten {
    fn observe(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::Invoked {
                function: Function::Write,
                key,
                value,
                ..
            }) => {
                self.written.entry(key).or_default().insert(value);
            }
            Some(Fact::Invoked {
                operation,
                function: Function::Read,
                key,
                ..
            }) => {
                self.reads.insert(operation, (key, id));
            }
            Some(Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                value,
            }) => self.read(operation, value, id, event),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            let sentence = format!(
                "{} read {} at {}, by {} #{}: nobody wrote that. So far {} of {} were wrong.",
                (words.node)(fault.reader),
                fault.value,
                seconds(fault.at),
                words.operation,
                fault.operation,
                self.wrong,
                counted(self.wrong + self.right, "read"),
            );
            return finding.verdict(sentence);
        }
        let sentence = match self.right {
            0 => "Nothing has been read yet.".to_owned(),
            count => format!(
                "{}, each of a value that was written.",
                counted(count, "read")
            ),
        };
        Verdict::unviolated(State::decided(self.right > 0), sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::State;

    fn invoked(operation: u32, function: Function, key: i64, value: i64) -> Fact {
        Fact::Invoked {
            operation,
            function,
            key,
            value,
        }
    }

    fn returned(operation: u32, value: i64) -> Fact {
        Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            value,
        }
    }

    /// Feeds facts a second apart, and compares state and sentence at the end.
    fn check(facts: &[Fact], state: State, sentence: &str) {
        let mut check = ReadsWritten::new();
        for (place, fact) in facts.iter().enumerate() {
            let time = SimTime::from_millis(place as u64 * 1000);
            check.observe(
                EventId(place as u32),
                &Event::of_fact(time, NodeId(0), *fact),
            );
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

    #[test]
    fn a_read_may_return_any_value_that_was_begun_to_be_written() {
        let facts = [
            invoked(1, Function::Read, 5, 0),
            returned(1, 0),
            invoked(2, Function::Write, 5, 3700),
            invoked(3, Function::Read, 5, 0),
            returned(3, 3700),
        ];
        check(
            &facts,
            State::Holds,
            "2 reads, each of a value that was written.",
        );
    }

    #[test]
    fn a_value_that_nobody_wrote_to_that_key_is_a_violation() {
        let facts = [
            invoked(2, Function::Write, 5, 3700),
            invoked(3, Function::Read, 6, 0),
            returned(3, 3700),
        ];
        check(
            &facts,
            State::Violated,
            "n1 read 3700 at 2.00 s, by request #3: nobody wrote that. So far 1 of 1 read were wrong.",
        );
    }
}
