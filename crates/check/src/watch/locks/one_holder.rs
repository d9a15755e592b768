//! Mutual exclusion: a lock has one holder at a time.

use sim::held::{Held, Measure};
use sim::sorted::Map;

use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// One holder at a time, in true time: no two nodes believe that they hold a lock.
///
/// A node holds a lock from when it says so until it says that it lets go, or crashes. A pause does not end it: the node
/// will go on as the holder.
#[derive(Clone, Debug, Default)]
pub struct OneHolder {
    /// Who holds a lock, by lock and node, and since when.
    holders: Map<(i64, NodeId), (SimTime, EventId)>,
    turns: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    holder: NodeId,
    since: SimTime,
    intruder: NodeId,
}

impl OneHolder {
    /// A check that has seen nothing yet.
    pub fn new() -> OneHolder {
        OneHolder::default()
    }

    fn acquired(&mut self, lock: i64, id: EventId, event: &Event) {
        let other = self
            .holders
            .range((lock, NodeId(0))..=(lock, NodeId(u16::MAX)))
            .find(|((_, holder), _)| *holder != event.node);
        if let Some(((_, holder), (since, taken))) = other {
            let fault = Fault {
                holder: *holder,
                since: *since,
                intruder: event.node,
            };
            self.finding.here(id, event, &[*taken, id], fault);
        }
        self.turns += 1;
        self.holders.insert((lock, event.node), (event.time, id));
    }
}

impl Check for OneHolder {
    fn held(&self, by: Measure) -> usize {
        self.holders.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if event.kind == EventKind::Crash {
            self.holders.retain(|(_, holder), _| *holder != event.node);
        }
        match event.fact() {
            Some(Fact::Acquired { lock, .. }) => self.acquired(lock, id, event),
            Some(Fact::Released { lock, .. }) => {
                self.holders.remove(&(lock, event.node));
            }
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            let name = words.node;
            return finding.verdict(format!(
                "{} took the lock at {}, but {} had held it since {} and had not let go.",
                name(fault.intruder),
                seconds(finding.at),
                name(fault.holder),
                seconds(fault.since)
            ));
        }
        match self.turns {
            0 => Verdict::undecided("No node has held the lock yet."),
            turns => Verdict::holds(format!("{}, one holder at a time.", counted(turns, "turn"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn turns() -> Trial {
        trial(OneHolder::new(), "turn")
    }

    #[test]
    fn turns_that_follow_each_other_hold() {
        turns()
            .undecided("No node has held the lock yet.")
            .at(1, 1, acquires(1))
            .at(2, 1, releases(1))
            .at(2, 2, acquires(1))
            .holds("2 turns, one holder at a time.");
    }

    #[test]
    fn a_turn_that_begins_within_another_is_a_violation() {
        turns()
            .at(100, 1, acquires(1))
            .at(250, 2, acquires(1))
            .found_here()
            .at(260, 1, releases(1))
            .violated(
                "n2 took the lock at 0.25 s, but n1 had held it since 0.10 s and had not let go.",
            );
    }

    #[test]
    fn a_crash_ends_a_turn_and_other_locks_do_not_matter() {
        turns()
            .at(1, 1, acquires(1))
            .at(1, 3, under(1, acquires(1)))
            .at(2, 1, CRASHES)
            .at(3, 2, acquires(1))
            .holds("3 turns, one holder at a time.");
    }
}
