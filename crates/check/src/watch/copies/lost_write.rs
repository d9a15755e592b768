//! Writes that a copy drops for another write.

use sim::causality::{Causality, Moment};
use sim::sorted::Map;

use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// No protected write is dropped; the setting says which writes are protected.
///
/// A write is made when it is given its timestamp. It follows another one if its maker could know of that one.
#[derive(Clone, Debug)]
pub struct LostWrite {
    protected: Protected,
    causality: Causality,
    writes: Map<u32, Write>,
    /// Writes that were dropped before they were acknowledged.
    dropped: Map<u32, Dropped>,
    acknowledged: usize,
    finding: Found<Dropped>,
}

/// Which writes may not be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protected {
    /// A write that followed the one for which it is dropped.
    Followers,
    /// A write that was acknowledged, dropped for a concurrent one.
    Concurrent,
    /// A write that was acknowledged.
    Acknowledged,
}

#[derive(Clone, Debug, Default)]
struct Write {
    writer: NodeId,
    made: Option<(Moment, EventId)>,
    acknowledged: Option<EventId>,
}

#[derive(Clone, Copy, Debug)]
struct Dropped {
    operation: u32,
    by: u32,
    copy: NodeId,
    at: SimTime,
    event: EventId,
}

impl LostWrite {
    /// A check that has seen nothing yet.
    pub fn new(protected: Protected) -> LostWrite {
        LostWrite {
            protected,
            causality: Causality::default(),
            writes: Map::new(),
            dropped: Map::new(),
            acknowledged: 0,
            finding: Found::default(),
        }
    }

    fn fact(&mut self, id: EventId, event: &Event, fact: Fact) {
        match fact {
            Fact::Invoked {
                operation,
                function: Function::Write,
                ..
            } => self.writes.entry(operation).or_default().writer = event.node,
            Fact::Stamped { item, .. } => {
                let moment = self.causality.moment(event.node);
                let write = u32::try_from(item)
                    .ok()
                    .and_then(|item| self.writes.get_mut(&item));
                if let Some(write) = write {
                    write.made.get_or_insert((moment, id));
                }
            }
            Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                ..
            } => self.acknowledged(operation, id, event),
            Fact::Discarded { operation, by, .. } => self.discarded(Dropped {
                operation,
                by,
                copy: event.node,
                at: event.time,
                event: id,
            }),
            _ => {}
        }
    }

    fn acknowledged(&mut self, operation: u32, id: EventId, event: &Event) {
        let Some(write) = self.writes.get_mut(&operation) else {
            return;
        };
        write.acknowledged = Some(id);
        self.acknowledged += 1;
        if let Some(dropped) = self.dropped.remove(&operation) {
            self.find(event.time, id, vec![dropped.event, id], dropped);
        }
    }

    fn discarded(&mut self, dropped: Dropped) {
        if !self.is_wrong(&dropped) {
            return;
        }
        let write = &self.writes[&dropped.operation];
        if self.protected == Protected::Followers {
            let made = write.made.as_ref().map(|(_, event)| *event);
            let events = made.into_iter().chain([dropped.event]).collect();
            self.find(dropped.at, dropped.event, events, dropped);
        } else if let Some(acknowledged) = write.acknowledged {
            let events = vec![acknowledged, dropped.event];
            self.find(dropped.at, dropped.event, events, dropped);
        } else {
            self.dropped.entry(dropped.operation).or_insert(dropped);
        }
    }

    /// Whether a protected write was dropped, acknowledgements aside.
    fn is_wrong(&self, dropped: &Dropped) -> bool {
        let write = |operation| self.writes.get(&operation);
        let (Some(lost), Some(kept)) = (write(dropped.operation), write(dropped.by)) else {
            return false;
        };
        match (self.protected, &lost.made, &kept.made) {
            (Protected::Acknowledged, ..) => true,
            (Protected::Followers, Some((lost, _)), Some((kept, _))) => kept.is_before(lost),
            (Protected::Concurrent, Some((lost, _)), Some((kept, _))) => {
                !kept.is_before(lost) && !lost.is_before(kept)
            }
            (Protected::Followers | Protected::Concurrent, ..) => false,
        }
    }

    fn find(&mut self, at: SimTime, event: EventId, events: Vec<EventId>, dropped: Dropped) {
        let finding = Finding { at, event, events };
        self.finding.since(finding, dropped);
    }

    fn sentence(&self, dropped: &Dropped, words: &Words<'_>) -> String {
        let (name, noun) = (words.node, words.operation);
        let writer = |operation| {
            let write: Option<&Write> = self.writes.get(&operation);
            write.map_or_else(String::new, |write| name(write.writer))
        };
        let Dropped { operation, by, .. } = *dropped;
        let (lost, kept) = (writer(operation), writer(by));
        let because = match self.protected {
            Protected::Followers => {
                format!("though #{operation} was made after #{by} was known there")
            }
            Protected::Concurrent => {
                format!(
                    "though neither knew of the other, and {lost} was told that #{operation} is stored"
                )
            }
            Protected::Acknowledged => {
                format!("though {lost} was told that #{operation} is stored")
            }
        };
        format!(
            "{} dropped {noun} #{operation} of {lost} for #{by} of {kept} at {}, {because}.",
            name(dropped.copy),
            seconds(dropped.at)
        )
    }
}

impl Check for LostWrite {
    fn observe(&mut self, id: EventId, event: &Event) {
        if self.protected != Protected::Acknowledged {
            self.causality.observe(id, event);
        }
        if let Some(fact) = event.fact() {
            self.fact(id, event, fact);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, dropped)) = self.finding.get() {
            return finding.verdict(self.sentence(dropped, words));
        }
        let none = match self.protected {
            Protected::Followers => "none lost to a write that it followed",
            Protected::Concurrent => "none lost to a concurrent one",
            Protected::Acknowledged => "none lost",
        };
        match self.acknowledged {
            0 => Verdict::undecided(format!("No {} has been acknowledged yet.", words.operation)),
            count => Verdict::holds(format!(
                "{} acknowledged, {none}.",
                counted(count, words.operation)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// n1 makes write 1, and n2 makes write 2.
    fn made(protected: Protected, n2_knows_the_first: bool) -> Trial {
        let made = trial(LostWrite::new(protected), "write")
            .at(1, 1, writes(1))
            .at(1, 2, writes(2))
            .at(2, 1, stamps(1, 0));
        let told = if n2_knows_the_first {
            made.message(3, 1, 2)
        } else {
            made
        };
        told.at(4, 2, stamps(2, 0))
    }

    #[test]
    fn a_write_that_loses_to_one_it_followed_is_a_violation_even_unacknowledged() {
        made(Protected::Followers, true)
            .at(1000, 2, drops(2, 1))
            .violated("n2 dropped write #2 of n2 for #1 of n1 at 1.00 s, though #2 was made after #1 was known there.")
            .found_here();
    }

    #[test]
    fn dropping_the_older_or_a_concurrent_write_is_no_such_violation() {
        for (n2_knows_the_first, dropped) in [(true, drops(1, 2)), (false, drops(2, 1))] {
            made(Protected::Followers, n2_knows_the_first)
                .at(1000, 2, dropped)
                .at(2000, 1, ok(1))
                .holds("1 write acknowledged, none lost to a write that it followed.");
        }
    }

    #[test]
    fn a_concurrent_write_that_was_acknowledged_may_not_be_dropped_whichever_comes_first() {
        let told_of = |at: &str| {
            format!(
                "n2 dropped write #1 of n1 for #2 of n2 at {at} s, though neither knew of the other, and n1 was told that #1 is stored."
            )
        };
        made(Protected::Concurrent, false)
            .at(1000, 2, drops(1, 2))
            .at(2000, 1, ok(1))
            .violated(&told_of("1.00"))
            .found_here();
        made(Protected::Concurrent, false)
            .at(1000, 1, ok(1))
            .at(2000, 2, drops(1, 2))
            .violated(&told_of("2.00"))
            .found_here();
    }

    #[test]
    fn a_write_that_was_replaced_by_one_that_followed_it_is_not_lost() {
        let replaced = |protected| {
            made(protected, true)
                .at(1000, 1, ok(1))
                .at(2000, 2, drops(1, 2))
        };
        replaced(Protected::Concurrent)
            .holds("1 write acknowledged, none lost to a concurrent one.");
        replaced(Protected::Acknowledged).violated(
            "n2 dropped write #1 of n1 for #2 of n2 at 2.00 s, though n1 was told that #1 is stored.",
        );
    }

    #[test]
    fn what_nobody_was_told_of_may_be_dropped() {
        for protected in [Protected::Concurrent, Protected::Acknowledged] {
            made(protected, false)
                .at(1000, 2, drops(1, 2))
                .undecided("No write has been acknowledged yet.");
        }
    }
}
