//! What is seen of the database: the versions of each row, who has locked what, and who waits for whom.

use sim::NodeId;
use sim::protocol::{Description, Outlook, counted};

use super::super::message::{ON_CALL, SHIFT};
use super::locks::{Lockable, Mode};
use super::{Database, Stage};
use crate::describe::words::seconds;

impl Database {
    pub(super) fn description(&self, outlook: &Outlook<'_>) -> Description {
        Description {
            badge: self.badge(outlook),
            state: self.state(outlook),
            beliefs: self.beliefs(outlook),
        }
    }

    fn badge(&self, outlook: &Outlook<'_>) -> String {
        let names: Vec<String> = self.found().map(|row| name(row, outlook)).collect();
        match names.as_slice() {
            [] => "on call: nobody".to_owned(),
            names => format!("on call: {}", names.join(", ")),
        }
    }

    fn state(&self, outlook: &Outlook<'_>) -> Vec<(String, String)> {
        let rows = self.store.rows();
        let mut state: Vec<(String, String)> = rows
            .map(|row| (name(row, outlook), self.row(row)))
            .collect();
        state.push(("committed".to_owned(), self.committed.to_string()));
        state.push(("aborted".to_owned(), self.aborted.to_string()));
        if self.locks_reads {
            state.push(("locks".to_owned(), self.held_locks(outlook)));
        }
        state
    }

    /// What a row says now, since which commit, and how many older versions there are for the snapshots that are open.
    fn row(&self, row: i64) -> String {
        let Some(version) = self.store.read(row, self.store.visible()) else {
            return String::new();
        };
        let says = match (row, version.value) {
            (SHIFT, _) => "written",
            (_, ON_CALL) => "on",
            _ => "off",
        };
        let since = match version.writer {
            0 => "at first".to_owned(),
            writer => format!("by #{writer}"),
        };
        match self.store.versions(row) {
            0 | 1 => format!("{says}, {since}"),
            versions => format!("{says}, {since}; {versions} versions"),
        }
    }

    fn held_locks(&self, outlook: &Outlook<'_>) -> String {
        let locks = self.locks.all().map(|lock| {
            let what = match lock.what {
                Lockable::List => "list".to_owned(),
                Lockable::Row(row) => name(row, outlook),
            };
            let how = match lock.mode {
                Mode::Shared => "read",
                Mode::Intention | Mode::Exclusive => "change",
            };
            let whose = self.client(lock.by, outlook);
            format!("{whose}#{} {how}s {what}", lock.by)
        });
        let locks: Vec<String> = locks.collect();
        match locks.as_slice() {
            [] => "none".to_owned(),
            locks => locks.join(", "),
        }
    }

    /// Whose transaction it is, as in *alice's*, to stand before what follows.
    fn client(&self, number: u32, outlook: &Outlook<'_>) -> String {
        let open = self.open.get(&number);
        open.map_or_else(String::new, |open| {
            format!("{}'s ", (outlook.name)(open.client))
        })
    }

    /// A transaction as in *alice's transaction #3*.
    fn transaction(&self, number: u32, outlook: &Outlook<'_>) -> String {
        format!("{}transaction #{number}", self.client(number, outlook))
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let waiting = self.locks.waiting().filter_map(|number| {
            let holder = self.locks.waits_for(number).next()?;
            let [number, holder] = [number, holder].map(|number| self.transaction(number, outlook));
            Some(format!("{number} waits for a lock that {holder} has."))
        });
        let mut beliefs: Vec<String> = waiting.collect();
        for (number, open) in &self.open {
            let transaction = self.transaction(*number, outlook);
            let silent = seconds(outlook.monotonic - open.heard);
            beliefs.extend(match open.stage {
                Stage::WaitsToRead | Stage::WaitsToWrite(_) => None,
                Stage::HasRead => Some(format!(
                    "{transaction} has its snapshot, and I have not heard from {} for {silent}.",
                    (outlook.name)(open.client)
                )),
                Stage::Commits(..) => Some(format!(
                    "{transaction} is committed once its record is on my disk. Nobody sees it before."
                )),
            });
        }
        if self.detects_pivots {
            beliefs.extend(self.marked(outlook));
        }
        if beliefs.is_empty() {
            beliefs.push("No transaction is under way.".to_owned());
        }
        beliefs
    }

    /// Who has read what, as serializable snapshot isolation marks it.
    fn marked(&self, outlook: &Outlook<'_>) -> Option<String> {
        let row = self.doctors().next()?;
        let readers: Vec<u32> = self.conflicts.readers(row).collect();
        let [first, .., last] = readers.as_slice() else {
            return None;
        };
        Some(format!(
            "I keep in mind that {}, from #{first} to #{last}, have read {}'s row and all others. I abort a transaction if \
             another one changes what it has read, and it changes what another one has read.",
            counted(readers.len(), "transaction"),
            name(row, outlook)
        ))
    }
}

/// What a row is called.
fn name(row: i64, outlook: &Outlook<'_>) -> String {
    match u16::try_from(row) {
        Ok(doctor) => (outlook.name)(NodeId(doctor)),
        Err(_) => "shift".to_owned(),
    }
}
