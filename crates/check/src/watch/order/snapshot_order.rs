//! Who sees a write sees what had ended before it.

use sim::held::{Held, Measure, all_held};
use sim::sorted::{Map, Set};
use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::earliest::Earliest;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{capitalised, counted, length, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words, noun_at};

/// Snapshot reads respect the order that clients saw: a read that shows a write also shows every write under the same key
/// that its client was told of before the shown one was asked for. Strict serializability demands as much of read-only
/// transactions (Corbett et al., *Spanner*, OSDI 2012, section 1).
///
/// Each write under a key is a thing of its own, and none replaces another. A read shows what it finds before it ends.
#[derive(Clone, Debug, Default)]
pub struct SnapshotOrder {
    writes: Map<u32, Written>,
    /// Which writes have begun under each key.
    under: Map<i64, Under>,
    /// What each open read has shown.
    reads: Map<u32, Set<u32>>,
    /// How many reads have shown something.
    shown: usize,
    finding: Found<Fault>,
}

/// The writes under a key, in the order in which they began.
#[derive(Clone, Debug, Default)]
struct Under {
    operations: Vec<u32>,
    ends: Earliest,
}

impl Under {
    /// Those that had ended before this event and are not shown, in their order.
    fn missing(&self, shown: &Set<u32>, before: EventId) -> impl Iterator<Item = u32> {
        let ended = self.ends.all_before(before);
        let ended = ended.map(|place| self.operations[place]);
        ended.filter(|operation| !shown.contains(operation))
    }
}

impl Held for Under {
    fn held(&self, by: Measure) -> usize {
        self.operations.held(by) + self.ends.held(by)
    }
}

#[derive(Clone, Copy, Debug)]
struct Written {
    key: i64,
    begun: EventId,
    ended: Option<(EventId, SimTime)>,
    stamp: Option<i64>,
    /// How many writes under its key began before it.
    place: usize,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    reader: NodeId,
    at: SimTime,
    /// What is shown, and what is missing: its number, and its place under its key.
    shown: (u32, usize),
    missing: (u32, usize),
    /// When the missing one had ended.
    ended: SimTime,
    /// How much earlier the timestamp of the shown one is, if both have one.
    earlier: Option<i64>,
}

impl SnapshotOrder {
    /// A check that has seen nothing yet.
    pub fn new() -> SnapshotOrder {
        SnapshotOrder::default()
    }

    fn invoked(&mut self, operation: u32, function: Function, key: i64, id: EventId) {
        match function {
            Function::Read => {
                self.reads.insert(operation, Set::new());
            }
            Function::Write => {
                let under = self.under.entry(key).or_default();
                let written = Written {
                    key,
                    place: under.operations.len(),
                    begun: id,
                    ended: None,
                    stamp: None,
                };
                under.operations.push(operation);
                under.ends.push();
                self.writes.insert(operation, written);
            }
            _ => {}
        }
    }

    fn shown(&mut self, item: i64, read: i64) {
        let (Ok(item), Ok(read)) = (u32::try_from(item), u32::try_from(read)) else {
            return;
        };
        if let Some(shown) = self.reads.get_mut(&read) {
            shown.insert(item);
        }
    }

    fn stamped(&mut self, item: i64, stamp: i64) {
        let written = u32::try_from(item).ok();
        let written = written.and_then(|operation| self.writes.get_mut(&operation));
        if let Some(written) = written {
            written.stamp = Some(stamp);
        }
    }

    fn returned(&mut self, operation: u32, id: EventId, event: &Event) {
        if let Some(written) = self.writes.get_mut(&operation)
            && written.ended.is_none()
        {
            written.ended = Some((id, event.time));
            if let Some(under) = self.under.get_mut(&written.key) {
                under.ends.end(written.place, id);
            }
        }
        let Some(shown) = self.reads.remove(&operation) else {
            return;
        };
        self.shown += usize::from(!shown.is_empty());
        if self.finding.is_none() {
            self.judge(&shown, id, event);
        }
    }

    /// Looks for a write that had ended before one began that is shown, and that is not shown with it.
    fn judge(&mut self, shown: &Set<u32>, id: EventId, event: &Event) {
        let soonest = self.soonest_missing(shown);
        let lacks = |later: &&u32| {
            let written = self.writes.get(later);
            written.is_some_and(|it| soonest.get(&it.key).is_some_and(|end| *end < it.begun))
        };
        let Some(&later) = shown.iter().find(lacks) else {
            return;
        };
        let written = self.writes[&later];
        let missing = self.under[&written.key]
            .missing(shown, written.begun)
            .next();
        let Some((missing, other)) = missing.map(|operation| (operation, self.writes[&operation]))
        else {
            return;
        };
        let Some((end, ended)) = other.ended else {
            return;
        };
        let earlier = other.stamp.zip(written.stamp);
        let fault = Fault {
            reader: event.node,
            at: event.time,
            shown: (later, written.place),
            missing: (missing, other.place),
            ended,
            earlier: earlier.map(|(other, own)| other - own),
        };
        self.finding
            .here(id, event, &[end, written.begun, id], fault);
    }

    /// Under each key of which something is shown the first end of what is not, if that is before the last beginning of what
    /// is. Where nothing is missing that takes a few steps for each that is shown.
    fn soonest_missing(&self, shown: &Set<u32>) -> Map<i64, EventId> {
        let mut latest = Map::new();
        for written in shown
            .iter()
            .filter_map(|operation| self.writes.get(operation))
        {
            let begun = latest.entry(written.key).or_insert(written.begun);
            *begun = written.begun.max(*begun);
        }
        let soonest = latest.into_iter().filter_map(|(key, begun)| {
            let missing = self.under.get(&key)?.missing(shown, begun);
            let ends = missing.filter_map(|operation| self.writes[&operation].ended);
            Some((key, ends.map(|(end, _)| end).min()?))
        });
        soonest.collect()
    }
}

impl Check for SnapshotOrder {
    fn held(&self, by: Measure) -> usize {
        let numbers =
            self.writes.held(by) + self.under.held(by) + all_held(self.under.values(), by);
        numbers + self.reads.held(by) + all_held(self.reads.values(), by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::Invoked {
                operation,
                function,
                key,
                ..
            }) => self.invoked(operation, function, key, id),
            Some(Fact::Shown { item, after }) => self.shown(item, after),
            Some(Fact::Stamped { item, stamp, .. }) => self.stamped(item, stamp),
            Some(Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                ..
            }) => self.returned(operation, id, event),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let name = |(number, place)| format!("{} #{number}", noun_at(words.operation, place));
        if let Some((finding, fault)) = self.finding.get() {
            let earlier = fault.earlier.filter(|earlier| *earlier > 0);
            let stamps = earlier.map_or_else(String::new, |earlier| {
                format!(
                    " The timestamp of {} is {} earlier.",
                    name(fault.shown),
                    length(earlier)
                )
            });
            return finding.verdict(format!(
                "{} had ended at {}, before {} began. At {} {} sees {} and not {}.{stamps}",
                capitalised(&name(fault.missing)),
                seconds(fault.ended),
                name(fault.shown),
                seconds(fault.at),
                (words.node)(fault.reader),
                name(fault.shown),
                name(fault.missing),
            ));
        }
        match self.shown {
            0 => Verdict::undecided("No read has shown anything yet."),
            shown => Verdict::holds(format!(
                "In {} nothing was shown without what had ended before it.",
                counted(shown, "read")
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// Write 1 ends at 200 ms, and write 2 begins at this time.
    fn written(second: u64) -> Trial {
        trial(SnapshotOrder::new(), "block then photo")
            .at(100, 1, writes(1))
            .at(150, 3, stamps(1, 340))
            .each(1, (second < 200).then(|| (second, writes(2))))
            .at(200, 1, ok(1))
            .each(1, (second >= 200).then(|| (second, writes(2))))
            .at(350, 4, stamps(2, 250))
            .at(400, 2, reads(3))
    }

    #[test]
    fn a_read_that_shows_a_write_without_what_had_ended_before_is_a_violation() {
        written(300)
            .at(500, 2, shows_after(2, 3))
            .undecided("No read has shown anything yet.")
            .at(500, 2, ok(3))
            .found_here()
            .violated("Block #1 had ended at 0.20 s, before photo #2 began. At 0.50 s n2 sees photo #2 and not block #1. The timestamp of photo #2 is 90 ms earlier.");
    }

    #[test]
    fn a_read_may_show_both_or_the_earlier_one_or_nothing() {
        for items in [&[1, 2][..], &[1], &[]] {
            let shown = items.iter().map(|item| (500, shows_after(*item, 3)));
            let trial = written(300).each(2, shown).at(500, 2, ok(3));
            match items.len() {
                0 => trial.undecided("No read has shown anything yet."),
                _ => trial.holds("In 1 read nothing was shown without what had ended before it."),
            };
        }
    }

    #[test]
    fn writes_that_overlap_or_have_another_key_may_be_shown_alone() {
        let ends = |trial: Trial| {
            trial
                .at(500, 2, shows_after(2, 3))
                .at(500, 2, ok(3))
                .holds("In 1 read nothing was shown without what had ended before it.");
        };
        ends(written(180));
        let other_key = trial(SnapshotOrder::new(), "block then photo")
            .at(100, 1, under(7, writes(1)))
            .at(200, 1, ok(1))
            .at(300, 1, writes(2))
            .at(400, 2, reads(3));
        ends(other_key);
    }

    #[test]
    fn a_write_that_its_client_was_never_told_of_may_be_missing() {
        trial(SnapshotOrder::new(), "block then photo")
            .at(100, 1, writes(1))
            .at(200, 1, gives_up(1))
            .at(300, 1, writes(2))
            .at(400, 2, reads(3))
            .at(500, 2, shows_after(2, 3))
            .at(500, 2, ok(3))
            .holds("In 1 read nothing was shown without what had ended before it.");
    }
}
