//! A holder whose successor has opened what the lock guards writes no longer.

use sim::held::{Held, Measure};
use sim::sorted::{Map, Set};

use sim::trace::{Event, Fact};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Once a holder with a newer token has opened what the lock guards, nothing is stored under an older token.
///
/// The version of what is stored is the token that it came with. A holder puts on record when it has opened.
///
/// That is the order that fencing tokens keep, and no mutual exclusion: a write under a lease that has ended is no violation
/// as long as the next holder has not opened, because that holder then finds it.
#[derive(Clone, Debug, Default)]
pub struct StaleWrite {
    /// The newest holder of each lock.
    newest: Map<i64, Office>,
    /// Who came into office with which token.
    holders: Map<(i64, i64), NodeId>,
    /// What has been stored, and under which token. A storage that restarts tells again what it has.
    stored: Set<(u32, i64)>,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Office {
    token: i64,
    since: SimTime,
    event: EventId,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    storage: NodeId,
    operation: u32,
    writer: Option<NodeId>,
    token: i64,
    successor: NodeId,
    newer: Office,
}

impl StaleWrite {
    /// A check that has seen nothing yet.
    pub fn new() -> StaleWrite {
        StaleWrite::default()
    }

    fn acquired(&mut self, lock: i64, token: i64, id: EventId, event: &Event) {
        self.holders.insert((lock, token), event.node);
        let office = Office {
            token,
            since: event.time,
            event: id,
        };
        let newest = self.newest.entry(lock).or_insert(office);
        if newest.token < token {
            *newest = office;
        }
    }

    fn stored(&mut self, operation: u32, lock: i64, token: i64, id: EventId, event: &Event) {
        if !self.stored.insert((operation, token)) {
            return;
        }
        let Some(newer) = self.newest.get(&lock).filter(|newest| token < newest.token) else {
            return;
        };
        let fault = Fault {
            storage: event.node,
            operation,
            writer: self.holders.get(&(lock, token)).copied(),
            token,
            successor: self.holders[&(lock, newer.token)],
            newer: *newer,
        };
        self.finding.here(id, event, &[newer.event, id], fault);
    }
}

impl Check for StaleWrite {
    fn held(&self, by: Measure) -> usize {
        self.newest.held(by) + self.holders.held(by) + self.stored.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::Acquired { lock, token }) => self.acquired(lock, token, id, event),
            Some(Fact::Stored {
                operation,
                key,
                version,
            }) => self.stored(operation, key, version, id, event),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let noun = words.operation;
        if let Some((finding, fault)) = self.finding.get() {
            let name = words.node;
            let writer = fault.writer.map_or("an old holder".to_owned(), name);
            let storage = name(fault.storage);
            return finding.verdict(format!(
                "{storage} stored {noun} #{} of {writer} (token {}) at {}, but {} had opened {storage} (token {}) at {}.",
                fault.operation,
                fault.token,
                seconds(finding.at),
                name(fault.successor),
                fault.newer.token,
                seconds(fault.newer.since)
            ));
        }
        match self.stored.len() {
            0 => Verdict::undecided(format!("No {noun} has been stored yet.")),
            stored => Verdict::holds(format!(
                "{}, none after the next holder had opened.",
                counted(stored, noun)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// n1 is the storage.
    fn storage() -> Trial {
        trial(StaleWrite::new(), "write")
    }

    #[test]
    fn writes_of_the_holder_in_office_hold() {
        storage()
            .undecided("No write has been stored yet.")
            .at(1, 2, acquires(1))
            .at(2, 1, stores_as(1, 1))
            .at(3, 3, acquires(2))
            .at(4, 1, stores_as(2, 2))
            .holds("2 writes, none after the next holder had opened.");
    }

    #[test]
    fn a_write_of_a_holder_that_was_succeeded_is_a_violation() {
        storage()
            .at(100, 2, acquires(1))
            .at(200, 1, stores_as(1, 1))
            .at(3000, 3, acquires(2))
            .at(3500, 1, stores_as(3, 1))
            .found_here()
            .at(3600, 1, stores_as(2, 2))
            .violated("n1 stored write #3 of n2 (token 1) at 3.50 s, but n3 had opened n1 (token 2) at 3.00 s.");
    }

    #[test]
    fn a_storage_that_restarts_may_tell_again_what_it_has() {
        storage()
            .at(1, 2, acquires(1))
            .at(2, 1, stores_as(1, 1))
            .at(3, 3, acquires(2))
            .at(4, 1, stores_as(1, 1))
            .holds("1 write, none after the next holder had opened.");
    }

    #[test]
    fn a_late_write_that_nobody_has_succeeded_yet_does_no_harm() {
        storage()
            .at(1, 2, acquires(1))
            .at(90_000, 1, stores_as(1, 1))
            .holds("1 write, none after the next holder had opened.");
    }

    #[test]
    fn a_successor_in_another_lock_does_no_harm() {
        storage()
            .at(1, 2, acquires(1))
            .at(2, 3, under(5, acquires(2)))
            .at(3, 1, stores_as(1, 1))
            .at(4, 1, under(5, stores_as(2, 2)))
            .holds("2 writes, none after the next holder had opened.");
    }
}
