//! Acknowledged writes survive: later reads find them, or something newer.

use sim::held::{Held, Measure, all_held};
use sim::sorted::Map;

use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::table::Table;
use crate::watch::parts::earliest::Earliest;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// A read that begins after a write was acknowledged finds that write, or one that is later or concurrent. A violation is
/// certain when a read finds nothing, or a write that had ended before that write began.
#[derive(Clone, Debug)]
pub struct AcknowledgedSurvive {
    /// The value with which a read says that there is nothing.
    nil: i64,
    writes: Map<i64, Writes>,
    /// The key of each open write, and its place under that.
    writing: Map<u32, (i64, usize)>,
    /// For each open read, its key and the event with which it began.
    reading: Map<u32, (i64, EventId)>,
    acknowledged: usize,
    found: usize,
    finding: Found<Fault>,
}

/// The writes under a key, in the order in which they began.
#[derive(Clone, Debug, Default)]
struct Writes {
    all: Vec<Write>,
    /// The place of the first write of each value.
    of_value: Table<i64, u32>,
    acknowledged: Earliest,
}

impl Writes {
    fn push(&mut self, write: Write) -> usize {
        let place = self.all.len();
        if self.of_value.get(&write.value).is_none() {
            self.of_value.insert(write.value, place as u32);
        }
        self.acknowledged.push();
        self.all.push(write);
        place
    }

    /// The first write from this place on that had been acknowledged before this event.
    fn first_acknowledged(
        &self,
        from: usize,
        before: EventId,
    ) -> Option<(Write, EventId, SimTime)> {
        let place = self.acknowledged.first_before(from, before)?;
        let write = self.all[place];
        let (ended, told) = write.acknowledged?;
        Some((write, ended, told))
    }
}

impl Held for Writes {
    fn held(&self, by: Measure) -> usize {
        self.all.held(by) + self.of_value.held(by) + self.acknowledged.held(by)
    }
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
    /// When the writer was told that the write is done.
    told: SimTime,
    reader: NodeId,
    /// The write that was found in its place.
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

    fn writes(&mut self, key: i64, write: Write) {
        let place = self.writes.entry(key).or_default().push(write);
        self.writing.insert(write.operation, (key, place));
    }

    /// An operation has ended well.
    fn done(&mut self, operation: u32, value: i64, id: EventId, event: &Event) {
        if let Some((key, place)) = self.writing.remove(&operation) {
            self.acknowledged(key, place, id, event.time);
        } else if let Some((key, begun)) = self.reading.remove(&operation) {
            self.read(key, value, begun, id, event);
        }
    }

    fn acknowledged(&mut self, key: i64, place: usize, id: EventId, at: SimTime) {
        if let Some(writes) = self.writes.get_mut(&key) {
            writes.all[place].acknowledged = Some((id, at));
            writes.acknowledged.end(place, id);
            self.acknowledged += 1;
        }
    }

    /// A read that began at `begun` has found `value`.
    fn read(&mut self, key: i64, value: i64, begun: EventId, id: EventId, event: &Event) {
        let none = Writes::default();
        let writes = self.writes.get(&key).unwrap_or(&none);
        let instead = writes
            .of_value
            .get(&value)
            .map(|place| writes.all[*place as usize]);
        if value != self.nil && instead.is_none() {
            // Nobody wrote that: others judge it.
            return;
        }
        // What was written may have come before another only if it ended before that one began.
        let later = match instead.map(|found| found.acknowledged) {
            None => Some(0),
            Some(None) => None,
            Some(Some((ended, _))) => {
                Some(writes.all.partition_point(|write| write.invoked <= ended))
            }
        };
        let lost = later.and_then(|later| writes.first_acknowledged(later, begun));
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
    fn held(&self, by: Measure) -> usize {
        self.writes.held(by)
            + all_held(self.writes.values(), by)
            + self.writing.held(by)
            + self.reading.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::Invoked {
                operation,
                function: Function::Write,
                key,
                value,
            }) => self.writes(
                key,
                Write {
                    operation,
                    value,
                    writer: event.node,
                    invoked: id,
                    acknowledged: None,
                },
            ),
            Some(Fact::Invoked {
                operation,
                function: Function::Read,
                key,
                ..
            }) => {
                self.reading.insert(operation, (key, id));
            }
            Some(Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                value,
            }) => self.done(operation, value, id, event),
            Some(Fact::Returned { operation, .. }) => {
                self.writing.remove(&operation);
                self.reading.remove(&operation);
            }
            _ => {}
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
                "{} was told at {} that {noun} #{} is saved, but at {} {} found {instead}.",
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
        Verdict::unviolated(self.found > 0, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn notes() -> Trial {
        trial(AcknowledgedSurvive::new(0), "note")
    }

    #[test]
    fn what_was_acknowledged_must_be_found() {
        notes()
            .at(0, 1, writes(1))
            .at(100, 1, ok(1))
            .undecided("1 note acknowledged; each of 0 reads found it.")
            .at(200, 1, reads(2))
            .at(300, 1, told(2, 1))
            .holds("1 note acknowledged; each of 1 read found it.")
            .at(400, 1, reads(3))
            .at(500, 1, told(3, 0))
            .violated(
                "n1 was told at 0.10 s that note #1 is saved, but at 0.50 s n1 found nothing there.",
            )
            .found_here();
    }

    #[test]
    fn what_is_not_acknowledged_may_be_missing() {
        let asked = || notes().at(0, 1, writes(1)).at(100, 1, reads(2));
        let told_nothing = told(2, 0);
        for order in [[told_nothing, ok(1)], [ok(1), told_nothing]] {
            asked()
                .at(200, 1, order[0])
                .at(300, 1, order[1])
                .holds("1 note acknowledged; each of 1 read found it.");
        }
    }

    #[test]
    fn a_newer_write_may_be_found_in_its_place_and_an_older_one_not() {
        let asked = || {
            notes()
                .at(0, 1, writes(1))
                .at(100, 1, ok(1))
                .at(200, 1, writes(2))
                .at(300, 1, ok(2))
                .at(400, 1, reads(3))
        };
        asked()
            .at(500, 1, told(3, 2))
            .holds("2 notes acknowledged; each of 1 read found it.");
        asked()
            .at(500, 1, told(3, 1))
            .violated("n1 was told at 0.30 s that note #2 is saved, but at 0.50 s n1 found the older #1 in its place.");
    }

    #[test]
    fn two_writes_at_the_same_time_have_no_order() {
        notes()
            .at(0, 1, writes(1))
            .at(100, 1, writes(2))
            .at(200, 1, ok(1))
            .at(300, 1, ok(2))
            .at(400, 1, reads(3))
            .at(500, 1, told(3, 1))
            .holds("2 notes acknowledged; each of 1 read found it.");
    }

    #[test]
    fn a_newer_note_under_another_key_does_not_replace_it() {
        notes()
            .at(0, 1, writes(1))
            .at(100, 1, ok(1))
            .at(200, 1, under(5, writes(2)))
            .at(300, 1, ok(2))
            .at(400, 1, reads(3))
            .at(500, 1, told(3, 1))
            .holds("2 notes acknowledged; each of 1 read found it.");
    }
}
