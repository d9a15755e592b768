//! How a transaction ends: it commits, or is aborted.

use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use super::super::Node;
use super::super::message::{Change, Ending, Record, Timer};
use super::conflicts::Dangerous;
use super::locks::{Lockable, Mode};
use super::store::{Stamp, Version};
use super::{Database, Stage};

impl Database {
    /// A client asks to commit.
    pub(super) fn asked_to(
        &mut self,
        from: NodeId,
        number: u32,
        change: Option<i64>,
        context: &mut Context<'_, Node>,
    ) {
        let Some(transaction) = self.open.get_mut(&number) else {
            if !self.repeats(from, number, context) {
                // No copy of what began it, however late, begins it any more.
                self.leave_earlier(from, context);
                self.sessions
                    .insert(from, (number, Some(Ending::Forgotten)));
                self.tell(from, number, Ending::Forgotten, context);
            }
            return;
        };
        transaction.heard = context.monotonic();
        if transaction.stage != Stage::HasRead {
            return;
        }
        match change {
            Some(value) => {
                transaction.stage = Stage::WaitsToWrite(value);
                self.go_on(number, context);
            }
            None if self.is_dangerous(number) => self.end(number, Ending::Pivot, context),
            None => self.end(number, Ending::Committed, context),
        }
    }

    fn is_dangerous(&mut self, number: u32) -> bool {
        self.detects_pivots && self.conflicts.decide(number).is_err()
    }

    pub(super) fn write_locked(
        &mut self,
        number: u32,
        value: i64,
        context: &mut Context<'_, Node>,
    ) {
        let Some(transaction) = self.open.get(&number) else {
            return;
        };
        let row = i64::from(transaction.client.0);
        let what: &[Lockable] = match (self.locks_reads, self.locks_list) {
            (false, _) => &[],
            (true, true) => &[Lockable::List, Lockable::Row(row)],
            (true, false) => &[Lockable::Row(row)],
        };
        if !self.has_locks(number, what, Mode::Exclusive, context) {
            return;
        }
        let change = Change {
            row,
            value,
            is_materialised: self.materialises,
        };
        match self.validate(number, change) {
            Err(ending) => self.end(number, ending, context),
            Ok(()) => self.decide(number, change, context),
        }
    }

    /// Whether a transaction may make a change: nobody else has committed a change of the same row since its snapshot (*first
    /// committer wins*), and it is no pivot.
    fn validate(&mut self, number: u32, change: Change) -> Result<(), Ending> {
        let snapshot = self.open[&number].snapshot;
        let mut writes = change.writes();
        if writes.any(|(row, _)| self.store.since(row, snapshot).next().is_some()) {
            return Err(Ending::Conflict);
        }
        if self.detects_pivots {
            let mut writes = change.writes();
            let marked = writes.try_for_each(|(row, _)| self.conflicts.write(number, row));
            let decided = marked.and_then(|()| self.conflicts.decide(number));
            return decided.map_err(|Dangerous| Ending::Pivot);
        }
        Ok(())
    }

    /// It commits, once its record is durable: until then no snapshot includes it, and nobody hears of it.
    fn decide(&mut self, number: u32, change: Change, context: &mut Context<'_, Node>) {
        let stamp = self.store.next_stamp();
        let Some(transaction) = self.open.get_mut(&number) else {
            return;
        };
        transaction.stage = Stage::Commits(stamp, change);
        let record = Record {
            number,
            client: transaction.client.0,
            change,
        };
        self.add(stamp, &record);
        context.write(stamp, record);
        self.commit.owe(number, context);
    }

    pub(super) fn add(&mut self, stamp: Stamp, record: &Record) {
        for (row, value) in record.change.writes() {
            let writer = record.number;
            let version = Version {
                stamp,
                writer,
                value,
            };
            self.store.add(row, version);
        }
    }

    /// A transaction is durable.
    pub(super) fn durable(&mut self, number: u32, context: &mut Context<'_, Node>) {
        let Some(Stage::Commits(stamp, change)) = self.open.get(&number).map(|open| open.stage)
        else {
            return;
        };
        self.store.show(stamp);
        for (row, value) in change.writes() {
            context.record(Fact::Installed {
                operation: number,
                row,
                value,
            });
        }
        self.end(number, Ending::Committed, context);
    }

    /// A transaction is over: its locks are free, and its client is told.
    pub(super) fn end(&mut self, number: u32, ending: Ending, context: &mut Context<'_, Node>) {
        let Some(transaction) = self.open.remove(&number) else {
            return;
        };
        match ending {
            Ending::Committed => self.committed += 1,
            _ => self.aborted += 1,
        }
        if self.detects_pivots {
            self.conflicts.end(number, ending == Ending::Committed);
        }
        let client = transaction.client;
        let session = self.sessions.get_mut(&client);
        if let Some(session) = session.filter(|session| session.0 == number) {
            session.1 = Some(ending);
        }
        self.tell(client, number, ending, context);
        let snapshots = self.open.values().map(|open| open.snapshot);
        let oldest = snapshots.min().unwrap_or(self.store.visible());
        self.store.vacuum(oldest);
        self.locks.release(number);
        while let Some(lock) = self.locks.grant() {
            self.go_on(lock.by, context);
        }
    }

    /// A client may have been silent for too long: it may be gone, and others wait for what it has locked.
    pub(in super::super) fn idle(&mut self, number: u32, context: &mut Context<'_, Node>) {
        let Some(transaction) = self.open.get(&number) else {
            return;
        };
        let silent = context.monotonic() - transaction.heard;
        let patience = self.patience.as_nanos() as i64;
        if silent < patience {
            let rest = SimDuration::from_nanos((patience - silent) as u64);
            context.set_timer(rest, Timer::Idle { number });
        } else if transaction.stage == Stage::HasRead {
            self.end(number, Ending::RolledBack, context);
        } else {
            context.set_timer(self.patience, Timer::Idle { number });
        }
    }
}
