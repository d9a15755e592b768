//! External consistency: timestamps follow true time from one transaction to the next.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, Fact, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{capitalised, counted, length, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// A transaction that began after another one had ended has the larger timestamp (Gifford, *Information storage in a
/// decentralized computer system*, 1981; Corbett et al., *Spanner*, OSDI 2012, section 1).
///
/// A transaction begins when its client asks, and ends when its client is told that it is committed. One whose client crashes or
/// gives up never ends, and still its timestamp must be larger than those of the transactions that had ended before it began.
#[derive(Clone, Debug, Default)]
pub struct ExternalConsistency {
    /// For each open transaction, the one that it must come after: among those that had ended when it began, the one with
    /// the largest timestamp.
    floors: Map<u32, Begun>,
    stamps: Map<u32, i64>,
    /// Among the transactions that have ended, the one with the largest timestamp.
    newest: Option<Ended>,
    stamped: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Begun {
    at: SimTime,
    event: EventId,
    floor: Option<Ended>,
}

#[derive(Clone, Copy, Debug)]
struct Ended {
    operation: u32,
    stamp: i64,
    at: SimTime,
    event: EventId,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    operation: u32,
    node: NodeId,
    stamp: i64,
    began: SimTime,
    earlier: Ended,
}

impl ExternalConsistency {
    /// A check that has seen nothing yet.
    pub fn new() -> ExternalConsistency {
        ExternalConsistency::default()
    }

    fn invoked(&mut self, operation: u32, id: EventId, event: &Event) {
        let begun = Begun {
            at: event.time,
            event: id,
            floor: self.newest,
        };
        self.floors.insert(operation, begun);
    }

    fn stamped(&mut self, item: i64, stamp: i64, id: EventId, event: &Event) {
        let Ok(operation) = u32::try_from(item) else {
            return;
        };
        let Some(begun) = self.floors.get(&operation) else {
            return;
        };
        // A node that restarts puts a timestamp on record again.
        if self.stamps.insert(operation, stamp).is_none() {
            self.stamped += 1;
        }
        let Some(earlier) = begun.floor.filter(|floor| stamp <= floor.stamp) else {
            return;
        };
        let fault = Fault {
            operation,
            node: event.node,
            stamp,
            began: begun.at,
            earlier,
        };
        self.finding
            .here(id, event, &[earlier.event, begun.event, id], fault);
    }

    fn returned(&mut self, operation: u32, id: EventId, event: &Event) {
        self.floors.remove(&operation);
        let Some(stamp) = self.stamps.remove(&operation) else {
            return;
        };
        if self.newest.is_none_or(|newest| newest.stamp < stamp) {
            self.newest = Some(Ended {
                operation,
                stamp,
                at: event.time,
                event: id,
            });
        }
    }
}

impl Check for ExternalConsistency {
    fn held(&self, by: Measure) -> usize {
        self.floors.held(by) + self.stamps.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::Invoked { operation, .. }) => self.invoked(operation, id, event),
            Some(Fact::Stamped { item, stamp, .. }) => self.stamped(item, stamp, id, event),
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
        let noun = words.operation;
        if let Some((finding, fault)) = self.finding.get() {
            let behind = length(fault.earlier.stamp - fault.stamp);
            return finding.verdict(format!(
                "{} #{} began at {}, after #{} ended at {}. But {} gave it a timestamp that is {behind} earlier.",
                capitalised(noun),
                fault.operation,
                seconds(fault.began),
                fault.earlier.operation,
                seconds(fault.earlier.at),
                (words.node)(fault.node)
            ));
        }
        match self.stamped {
            0 => Verdict::undecided(format!("No {noun} has a timestamp yet.")),
            stamped => Verdict::holds(format!(
                "{}, each with a timestamp after those that had ended before.",
                counted(stamped, noun)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn transactions() -> Trial {
        trial(ExternalConsistency::new(), "transaction")
    }

    #[test]
    fn a_smaller_or_equal_timestamp_after_one_that_had_ended_is_a_violation() {
        for (stamp, behind) in [(340, "60 ms"), (400, "0 ms")] {
            let sentence = format!(
                "Transaction #2 began at 0.30 s, after #1 ended at 0.20 s. But n1 gave it a timestamp that is {behind} earlier."
            );
            transactions()
                .at(0, 1, writes(1))
                .at(100, 1, stamps(1, 400))
                .at(200, 1, ok(1))
                .at(300, 1, writes(2))
                .at(400, 1, stamps(2, stamp))
                .violated(&sentence)
                .found_here();
        }
    }

    #[test]
    fn transactions_that_overlap_may_have_either_order() {
        transactions()
            .at(0, 1, writes(1))
            .undecided("No transaction has a timestamp yet.")
            .at(100, 1, stamps(1, 400))
            .at(200, 1, writes(2))
            .at(300, 1, ok(1))
            .at(400, 1, stamps(2, 340))
            .at(500, 1, ok(2))
            .at(600, 1, writes(3))
            .at(700, 1, stamps(3, 401))
            .holds("3 transactions, each with a timestamp after those that had ended before.");
    }

    #[test]
    fn a_client_that_crashes_or_gives_up_excuses_no_timestamp() {
        let told = || {
            transactions()
                .at(0, 1, writes(1))
                .at(100, 3, stamps(1, 400))
                .at(200, 1, ok(1))
                .at(300, 2, writes(2))
        };
        for trial in [told().at(350, 2, CRASHES), told().at(350, 2, fails(2))] {
            trial.at(400, 3, stamps(2, 300)).violated(
                "Transaction #2 began at 0.30 s, after #1 ended at 0.20 s. But n3 gave it a timestamp that is 100 ms earlier.",
            );
        }
    }

    #[test]
    fn a_timestamp_that_is_put_on_record_again_is_one_transaction() {
        transactions()
            .at(0, 1, writes(1))
            .at(100, 3, stamps(1, 400))
            .at(200, 3, stamps(1, 400))
            .at(300, 1, ok(1))
            .holds("1 transaction, each with a timestamp after those that had ended before.");
    }

    #[test]
    fn what_never_ends_is_no_floor_for_others() {
        for end in [Happening::from(CRASHES), fails(1).into()] {
            transactions()
                .at(0, 1, writes(1))
                .at(100, 3, stamps(1, 400))
                .at(200, 1, end)
                .at(300, 2, writes(2))
                .at(400, 3, stamps(2, 300))
                .holds("2 transactions, each with a timestamp after those that had ended before.");
        }
    }
}
