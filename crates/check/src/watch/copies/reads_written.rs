//! Every value that is read was written.

use sim::held::{Held, Measure, all_held};
use sim::sorted::{Map, Set};

use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// A read returns a value that somebody had begun to write to its key, or 0 for a key that nobody wrote.
///
/// This is the weakest demand on storage. It says nothing about when, or how often; only that no value is made up.
#[derive(Clone, Debug, Default)]
pub struct ReadsWritten {
    /// The values that were written to each key.
    written: Map<i64, Set<i64>>,
    /// The keys of the reads that are open.
    reads: Map<u32, (i64, EventId)>,
    right: usize,
    /// How many of them found nothing, as before any write.
    empty: usize,
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
        let is_written = written.is_some_and(|values| values.contains(&value));
        if value == 0 || is_written {
            self.right += 1;
            self.empty += usize::from(!is_written);
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
    fn held(&self, by: Measure) -> usize {
        self.written.held(by) + all_held(self.written.values(), by) + self.reads.held(by)
    }

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
                "{}'s read #{} got {} at {}, but nobody wrote that. So far {} of {} reads were wrong.",
                (words.node)(fault.reader),
                fault.operation,
                fault.value,
                seconds(fault.at),
                self.wrong,
                self.wrong + self.right,
            );
            return finding.verdict(sentence);
        }
        let reads = counted(self.right, "read");
        match (self.right, self.empty) {
            (0, _) => Verdict::undecided("Nothing has been read yet."),
            (_, 0) => Verdict::holds(format!("{reads}, each of a value that somebody wrote.")),
            (all, empty) if all == empty => {
                Verdict::holds(format!("{reads}, and no value that was written came back."))
            }
            (_, empty) => Verdict::holds(format!(
                "{reads}: {empty} found nothing yet, each other a value that somebody wrote."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    const KEY: i64 = 5;

    fn read(operation: u32, key: i64) -> Fact {
        begins(operation, Function::Read, key, 0)
    }

    fn requests_of() -> Trial {
        trial(ReadsWritten::new(), "request")
    }

    #[test]
    fn a_read_may_return_any_value_that_was_begun_to_be_written() {
        requests_of()
            .at(0, 1, read(1, KEY))
            .at(1000, 1, told(1, 0))
            .at(2000, 1, begins(2, Function::Write, KEY, 3700))
            .at(3000, 1, read(3, KEY))
            .at(4000, 1, told(3, 3700))
            .holds("2 reads: 1 found nothing yet, each other a value that somebody wrote.");
    }

    #[test]
    fn a_reader_who_never_finds_anything_is_not_said_to_have_read_what_somebody_wrote() {
        requests_of()
            .at(0, 1, begins(2, Function::Write, KEY, 3700))
            .at(1000, 1, read(3, KEY))
            .at(2000, 1, told(3, 0))
            .holds("1 read, and no value that was written came back.");
    }

    #[test]
    fn a_value_that_nobody_wrote_to_that_key_is_a_violation() {
        requests_of()
            .at(0, 1, begins(2, Function::Write, KEY, 3700))
            .at(1000, 1, read(3, KEY + 1))
            .at(2000, 1, told(3, 3700))
            .violated("n1's read #3 got 3700 at 2.00 s, but nobody wrote that. So far 1 of 1 reads were wrong.")
            .found_here();
    }
}
