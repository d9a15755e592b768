//! Acknowledged writes survive: whoever reads later finds them, or something newer.

use sim::sorted::Map;

use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, State, Verdict, Words};

/// A read that begins after a write was acknowledged finds what that wrote, or what was written later or at the same
/// time. It is certain when a read finds nothing, or what was written before that write began.
#[derive(Clone, Debug)]
pub struct AcknowledgedSurvive {
    /// The value with which a read says that there is nothing.
    nil: i64,
    writes: Map<i64, Vec<Write>>,
    /// The key of each write that has not ended.
    writing: Map<u32, i64>,
    /// The key of each read that has not ended, and where it began.
    reading: Map<u32, (i64, EventId)>,
    acknowledged: usize,
    found: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Write {
    operation: u32,
    value: i64,
    writer: NodeId,
    invoked: EventId,
    acknowledged: Option<(EventId, SimTime)>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    lost: Write,
    /// When its writer was told that it is written.
    told: SimTime,
    reader: NodeId,
    /// What was found in its place.
    instead: Option<u32>,
}

impl AcknowledgedSurvive {
    /// A check that has seen nothing yet; `nil` is what a read of nothing returns.
    pub fn new(nil: i64) -> AcknowledgedSurvive {
        AcknowledgedSurvive {
            nil,
            writes: Map::new(),
            writing: Map::new(),
            reading: Map::new(),
            acknowledged: 0,
            found: 0,
            finding: Found::default(),
        }
    }

    fn fact(&mut self, id: EventId, event: &Event, fact: Fact) {
        match fact {
            Fact::Invoked {
                operation,
                function: Function::Write,
                key,
                value,
            } => {
                self.writing.insert(operation, key);
                self.writes.entry(key).or_default().push(Write {
                    operation,
                    value,
                    writer: event.node,
                    invoked: id,
                    acknowledged: None,
                });
            }
            Fact::Invoked {
                operation,
                function: Function::Read,
                key,
                ..
            } => {
                self.reading.insert(operation, (key, id));
            }
            Fact::Returned {
                operation,
                outcome,
                value,
            } => {
                let is_ok = outcome == Outcome::Ok;
                if let Some(key) = self.writing.remove(&operation).filter(|_| is_ok) {
                    self.acknowledged(key, operation, id, event.time);
                } else if let Some((key, begun)) = self.reading.remove(&operation).filter(|_| is_ok)
                {
                    self.read(key, value, begun, id, event);
                }
            }
            _ => {}
        }
    }

    fn acknowledged(&mut self, key: i64, operation: u32, id: EventId, at: SimTime) {
        let writes = self.writes.entry(key).or_default();
        let write = writes.iter_mut().find(|write| write.operation == operation);
        if let Some(write) = write {
            write.acknowledged = Some((id, at));
            self.acknowledged += 1;
        }
    }

    /// A read that began at `begun` has found `value`.
    fn read(&mut self, key: i64, value: i64, begun: EventId, id: EventId, event: &Event) {
        let writes = self.writes.get(&key).map_or(&[][..], Vec::as_slice);
        let instead = writes.iter().find(|write| write.value == value);
        if value != self.nil && instead.is_none() {
            // Nobody wrote that: others judge it.
            return;
        }
        // What was written may have come before this one only if it ended before this one began.
        let is_older = |than: &Write| {
            instead.is_none_or(|found| {
                let ended = found.acknowledged;
                ended.is_some_and(|(ended, _)| ended < than.invoked)
            })
        };
        let lost = writes.iter().find_map(|write| {
            let (ended, told) = write.acknowledged.filter(|(ended, _)| *ended < begun)?;
            is_older(write).then_some((*write, ended, told))
        });
        let Some((lost, ended, told)) = lost else {
            self.found += 1;
            return;
        };
        let fault = Fault {
            lost,
            told,
            reader: event.node,
            instead: instead.map(|write| write.operation),
        };
        self.finding.here(id, event, &[ended, id], fault);
    }
}

impl Check for AcknowledgedSurvive {
    fn observe(&mut self, id: EventId, event: &Event) {
        if let Some(fact) = event.fact() {
            self.fact(id, event, fact);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let noun = words.operation;
        if let Some((finding, fault)) = self.finding.get() {
            let instead = match fault.instead {
                Some(operation) => format!("the older #{operation} in its place"),
                None => "nothing there".to_owned(),
            };
            return finding.verdict(format!(
                "{} was told at {} that {noun} #{} is saved; at {} {} finds {instead}.",
                (words.node)(fault.lost.writer),
                seconds(fault.told),
                fault.lost.operation,
                seconds(finding.at),
                (words.node)(fault.reader),
            ));
        }
        let sentence = match self.acknowledged {
            0 => format!("No {noun} has been acknowledged yet."),
            count => format!(
                "{} acknowledged; each of {} found it.",
                counted(count, noun),
                counted(self.found, "read")
            ),
        };
        Verdict::unviolated(State::decided(self.found > 0), sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A call of n1 under key 5.
    fn call(operation: u32, function: Function, value: i64) -> Fact {
        Fact::Invoked {
            operation,
            function,
            key: 5,
            value,
        }
    }

    fn write(operation: u32) -> Fact {
        call(operation, Function::Write, i64::from(operation))
    }

    fn read(operation: u32) -> Fact {
        call(operation, Function::Read, 0)
    }

    fn returned(operation: u32, value: i64) -> Fact {
        Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            value,
        }
    }

    /// Feeds a fact every 100 ms, and compares state and sentence at the end.
    fn check(facts: &[Fact], state: State, sentence: &str) {
        let mut check = AcknowledgedSurvive::new(0);
        for (place, fact) in (0..).zip(facts) {
            let time = SimTime::from_millis(100 * u64::from(place));
            check.observe(EventId(place), &Event::of_fact(time, NodeId(0), *fact));
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "note",
        };
        let verdict = check.verdict(&words, true);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    #[test]
    fn what_was_acknowledged_must_be_found() {
        let facts = [
            write(1),
            returned(1, 0),
            read(2),
            returned(2, 1),
            read(3),
            returned(3, 0),
        ];
        check(
            &facts[..2],
            State::Undecided,
            "1 note acknowledged; each of 0 reads found it.",
        );
        check(
            &facts[..4],
            State::Holds,
            "1 note acknowledged; each of 1 read found it.",
        );
        check(
            &facts,
            State::Violated,
            "n1 was told at 0.10 s that note #1 is saved; at 0.50 s n1 finds nothing there.",
        );
    }

    #[test]
    fn what_is_not_acknowledged_may_be_missing() {
        check(
            &[write(1), read(2), returned(2, 0), returned(1, 0)],
            State::Holds,
            "1 note acknowledged; each of 1 read found it.",
        );
        check(
            &[write(1), read(2), returned(1, 0), returned(2, 0)],
            State::Holds,
            "1 note acknowledged; each of 1 read found it.",
        );
    }

    #[test]
    fn a_newer_write_may_be_found_in_its_place_and_an_older_one_not() {
        let facts = [
            write(1),
            returned(1, 0),
            write(2),
            returned(2, 0),
            read(3),
            returned(3, 2),
        ];
        check(
            &facts,
            State::Holds,
            "2 notes acknowledged; each of 1 read found it.",
        );
        let mut older = facts;
        older[5] = returned(3, 1);
        check(
            &older,
            State::Violated,
            "n1 was told at 0.30 s that note #2 is saved; at 0.50 s n1 finds the older #1 in its place.",
        );
        // Two writes at the same time have no order.
        let facts = [
            write(1),
            write(2),
            returned(1, 0),
            returned(2, 0),
            read(3),
            returned(3, 1),
        ];
        check(
            &facts,
            State::Holds,
            "2 notes acknowledged; each of 1 read found it.",
        );
    }
}
