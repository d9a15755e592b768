//! Enough rows of a store are set.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimTime};

use super::serializable::named;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// At any time, at least so many of a store's rows that are about nodes have another value than 0.
///
/// It is judged by what the store has, whatever clients believe. What a node that restarts puts on record is judged when the
/// moment is over.
#[derive(Clone, Debug)]
pub struct EnoughSet {
    least: usize,
    rows: Map<i64, Row>,
    /// The clients of the operations that are under way.
    clients: Map<u32, NodeId>,
    /// When a node has restarted, until that moment is over.
    restarted: Option<SimTime>,
    changes: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    value: i64,
    event: EventId,
    at: SimTime,
    operation: u32,
    client: Option<NodeId>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    row: i64,
    last: Row,
    set: usize,
    all: usize,
}

impl EnoughSet {
    /// A check that so many rows are set.
    pub fn new(least: u32) -> EnoughSet {
        EnoughSet {
            least: least as usize,
            rows: Map::new(),
            clients: Map::new(),
            restarted: None,
            changes: 0,
            finding: Found::default(),
        }
    }

    fn installed(&mut self, operation: u32, row: i64, value: i64, id: EventId, event: &Event) {
        let known = self.rows.get(&row);
        if row < 0
            || known.is_some_and(|known| (known.operation, known.value) == (operation, value))
        {
            return;
        }
        let last = Row {
            value,
            event: id,
            at: event.time,
            operation,
            client: self.clients.get(&operation).copied(),
        };
        self.rows.insert(row, last);
        self.changes += usize::from(operation != 0);
        if self.restarted.is_none() && value == 0 && operation != 0 {
            self.judge(id, event.time);
        }
    }

    fn judge(&mut self, id: EventId, at: SimTime) {
        let set = self.rows.values().filter(|row| row.value != 0).count();
        if set >= self.least {
            return;
        }
        let mut events: Vec<EventId> = self.rows.values().map(|row| row.event).collect();
        sim::sorting::sort(&mut events);
        let unset = self.rows.iter().filter(|(_, row)| row.value == 0);
        let Some((row, last)) = unset.max_by_key(|(_, row)| row.event) else {
            return;
        };
        let fault = Fault {
            row: *row,
            last: *last,
            set,
            all: self.rows.len(),
        };
        let event = id;
        self.finding.since(Finding { at, event, events }, fault);
    }
}

impl Check for EnoughSet {
    fn held(&self, by: Measure) -> usize {
        self.rows.held(by) + self.clients.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.pass(id, event.time);
        if event.kind == EventKind::Restart {
            self.restarted = Some(event.time);
        }
        match event.fact() {
            Some(Fact::Invoked { operation, .. }) => {
                self.clients.insert(operation, event.node);
            }
            Some(Fact::Returned { operation, .. }) => {
                self.clients.remove(&operation);
            }
            Some(Fact::Installed {
                operation,
                row,
                value,
            }) => self.installed(operation, row, value, id, event),
            _ => {}
        }
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        if let Some(at) = self.restarted.take_if(|at| *at < now) {
            self.judge(latest, at);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            return finding.verdict(fault.sentence(words));
        }
        let sentence = match self.changes {
            0 => "No row has changed yet.".to_owned(),
            changes => format!(
                "{}, and never fewer than {} set.",
                counted(changes, "change"),
                counted(self.least, "row")
            ),
        };
        Verdict::unviolated(self.changes > 0, sentence)
    }
}

impl Fault {
    fn sentence(&self, words: &Words<'_>) -> String {
        let (noun, number) = (words.operation, self.last.operation);
        let who = match self.last.client {
            Some(client) => format!("{}'s {noun} #{number}", (words.node)(client)),
            None => format!("{noun} #{number}"),
        };
        let left = match self.set {
            0 => "none".to_owned(),
            set => format!("only {set}"),
        };
        format!(
            "{who} cleared {} at {}, and {left} of {} is set.",
            named(self.row, words),
            seconds(self.last.at),
            counted(self.all, "row")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn installs(operation: u32, row: i64, value: i64) -> Fact {
        Fact::Installed {
            operation,
            row,
            value,
        }
    }

    /// Two rows, about n1 and n2, that are set.
    fn rows() -> Trial {
        trial(EnoughSet::new(1), "change")
            .at(0, 3, installs(0, 0, 1))
            .at(0, 3, installs(0, 1, 1))
    }

    #[test]
    fn the_last_row_that_is_cleared_is_one_too_many() {
        rows()
            .undecided("No row has changed yet.")
            .at(50, 2, requests(6))
            .at(100, 3, installs(5, 0, 0))
            .holds("1 change, and never fewer than 1 row set.")
            .at(200, 3, installs(6, 1, 0))
            .found_here()
            .violated("n2's change #6 cleared n2's row at 0.20 s, and none of 2 rows is set.");
    }

    #[test]
    fn one_that_is_set_first_makes_room_for_another_one() {
        rows()
            .at(100, 3, installs(5, 0, 0))
            .at(150, 3, installs(7, 0, 1))
            .at(200, 3, installs(6, 1, 0))
            .holds("3 changes, and never fewer than 1 row set.");
    }

    #[test]
    fn a_restart_is_judged_when_all_is_on_record_again() {
        let restarted = || {
            rows()
                .at(100, 3, installs(5, 0, 0))
                .at(150, 3, RESTARTS)
                .at(150, 3, installs(6, 1, 0))
        };
        restarted()
            .at(150, 3, installs(7, 0, 1))
            .at(160, 3, NOTHING)
            .holds("3 changes, and never fewer than 1 row set.");
        restarted()
            .at(160, 3, NOTHING)
            .violated("change #6 cleared n2's row at 0.15 s, and none of 2 rows is set.")
            .since(150);
    }
}
