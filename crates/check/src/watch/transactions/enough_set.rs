//! Enough rows of a store are set.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, Fact};
use sim::{Copies, EventId, NodeId, SimTime};

use super::serializable::named;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// At any time, at least so many of a store's rows that are about nodes have another value than 0.
///
/// It is judged by what the store has, whatever clients believe, from the first moment on. What happens at one moment is judged
/// when that is over: a transaction that changes several rows puts one after the other on record, and so does a node that
/// restarts.
#[derive(Clone, Debug)]
pub struct EnoughSet {
    least: usize,
    rows: Map<i64, Row>,
    /// The clients of the operations that are under way.
    clients: Map<u32, NodeId>,
    /// When a row has changed, until that moment is over.
    changed: Option<SimTime>,
    changes: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    value: i64,
    /// The latest transaction that wrote it.
    writer: u32,
    /// Since what it is set, or is not.
    since: Change,
}

#[derive(Clone, Copy, Debug)]
struct Change {
    operation: u32,
    client: Option<NodeId>,
    event: EventId,
    at: SimTime,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    row: i64,
    last: Change,
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
            changed: None,
            changes: 0,
            finding: Found::default(),
        }
    }

    fn installed(&mut self, operation: u32, row: i64, value: i64, id: EventId, event: &Event) {
        let known = self.rows.get(&row).copied();
        let is_known = |known: Row| (known.writer, known.value) == (operation, value);
        if row < 0 || known.is_some_and(is_known) {
            return;
        }
        // One that was cleared twice was cleared the first time.
        let same = known.filter(|known| (known.value == 0) == (value == 0));
        let since = same.map_or_else(|| self.change(operation, id, event), |same| same.since);
        let row_now = Row {
            value,
            writer: operation,
            since,
        };
        self.rows.insert(row, row_now);
        self.changes += usize::from(operation != 0);
        self.changed = Some(event.time);
    }

    fn change(&self, operation: u32, id: EventId, event: &Event) -> Change {
        Change {
            operation,
            client: self.clients.get(&operation).copied(),
            event: id,
            at: event.time,
        }
    }

    /// How many rows are set, where these are too few.
    fn too_few(&self) -> Option<usize> {
        let set = self.rows.values().filter(|row| row.value != 0).count();
        (set < self.least).then_some(set)
    }

    fn judge(&mut self, id: EventId, at: SimTime) {
        let Some(set) = self.too_few() else {
            return;
        };
        let mut events: Vec<EventId> = self.rows.values().map(|row| row.since.event).collect();
        sim::sorting::sort(&mut events);
        let unset = self.rows.iter().filter(|(_, row)| row.value == 0);
        let Some((row, found)) = unset.max_by_key(|(_, row)| row.since.event) else {
            return;
        };
        let fault = Fault {
            row: *row,
            last: found.since,
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
        if let Some(at) = self.changed.take_if(|at| *at < now) {
            self.judge(latest, at);
        }
    }

    /// With the run its last moment is over, too.
    fn look(&mut self, latest: EventId, _now: SimTime, _copies: &Copies<'_>) {
        if let Some(at) = self.changed.take() {
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
        if let Some(set) = self.changed.and_then(|_| self.too_few()) {
            let left = few_set(set, self.rows.len());
            let sentence = format!("At this moment {left}. It is judged once the moment is over.");
            return Verdict::unviolated(false, sentence);
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
        let left = few_set(self.set, self.all);
        let (row, at) = (named(self.row, words), seconds(self.last.at));
        match (number, self.last.at) {
            (0, SimTime::ZERO) => return format!("From the start, {left}."),
            // A store that has lost its disk begins anew.
            (0, _) => return format!("Since {at} {row} is as at the start, and {left}."),
            _ => {}
        }
        let who = match self.last.client {
            Some(client) => format!("{}'s {noun} #{number}", (words.node)(client)),
            None => format!("{noun} #{number}"),
        };
        format!("{who} cleared {row} at {at}, and {left}.")
    }
}

fn few_set(set: usize, all: usize) -> String {
    let all = counted(all, "row");
    match set {
        0 => format!("none of {all} is set"),
        1 => format!("only 1 of {all} is set"),
        set => format!("only {set} of {all} are set"),
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
            .at(210, 3, NOTHING)
            .violated("n2's change #6 cleared n2's row at 0.20 s, and none of 2 rows is set.")
            .since(200);
    }

    #[test]
    fn what_happens_at_the_last_moment_of_a_run_is_judged() {
        rows()
            .at(100, 3, installs(5, 0, 0))
            .at(200, 3, installs(6, 1, 0))
            .ends(200)
            .violated("change #6 cleared n2's row at 0.20 s, and none of 2 rows is set.")
            .since(200);
    }

    #[test]
    fn a_moment_that_goes_on_is_not_judged_and_not_passed_over() {
        rows()
            .at(100, 3, installs(5, 0, 0))
            .holds("1 change, and never fewer than 1 row set.")
            .at(200, 3, installs(6, 1, 0))
            .undecided(
                "At this moment none of 2 rows is set. It is judged once the moment is over.",
            )
            .at(200, 3, installs(7, 0, 1))
            .holds("3 changes, and never fewer than 1 row set.");
    }

    #[test]
    fn one_that_is_set_first_makes_room_for_another_one() {
        rows()
            .at(100, 3, installs(5, 0, 0))
            .at(150, 3, installs(7, 0, 1))
            .at(200, 3, installs(6, 1, 0))
            .ends(300)
            .holds("3 changes, and never fewer than 1 row set.");
    }

    #[test]
    fn a_transaction_that_clears_one_row_and_sets_another_one_is_judged_as_a_whole() {
        let swapped = |other: i64| {
            rows()
                .at(100, 3, installs(5, 0, 0))
                .at(200, 3, installs(6, 1, 0))
                .at(200, 3, installs(6, 0, other))
                .ends(300)
        };
        swapped(1).holds("3 changes, and never fewer than 1 row set.");
        swapped(0).violated("change #6 cleared n2's row at 0.20 s, and none of 2 rows is set.");
    }

    #[test]
    fn what_is_there_at_the_start_is_judged() {
        let begins = |values: [i64; 3], least: u32| {
            let rows = (0..).zip(values);
            let trial = trial(EnoughSet::new(least), "change");
            rows.fold(trial, |trial, (row, value)| {
                trial.at(0, 3, installs(0, row, value))
            })
            .ends(100)
        };
        begins([0, 1, 1], 2).undecided("No row has changed yet.");
        begins([0, 1, 1], 3)
            .violated("From the start, only 2 of 3 rows are set.")
            .since(0);
        begins([0, 0, 1], 2).violated("From the start, only 1 of 3 rows is set.");
        begins([0, 0, 0], 1).violated("From the start, none of 3 rows is set.");
    }

    #[test]
    fn a_store_that_begins_anew_is_judged_by_what_it_begins_with() {
        trial(EnoughSet::new(1), "change")
            .at(0, 3, installs(0, 0, 0))
            .at(0, 3, installs(0, 1, 1))
            .at(50, 3, installs(4, 0, 1))
            .at(60, 3, installs(5, 1, 0))
            .at(150, 3, RESTARTS)
            .at(150, 3, installs(0, 0, 0))
            .at(150, 3, installs(0, 1, 0))
            .ends(200)
            .violated("Since 0.15 s n1's row is as at the start, and none of 2 rows is set.");
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
