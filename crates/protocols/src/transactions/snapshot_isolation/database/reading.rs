//! How a transaction begins, and reads its snapshot.

use sim::trace::Fact;
use sim::{Context, NodeId};

use super::super::Node;
use super::super::message::{Ending, Message, ON_CALL, Row, SHIFT, Timer};
use super::conflicts::Dangerous;
use super::locks::{Lock, Lockable, Mode, Wish};
use super::store::Stamp;
use super::{Database, Stage, Transaction};

impl Database {
    pub(super) fn begin(&mut self, from: NodeId, number: u32, context: &mut Context<'_, Node>) {
        if let Some(transaction) = self.open.get_mut(&number) {
            transaction.heard = context.monotonic();
            if transaction.stage == Stage::HasRead {
                self.answer(number, context);
            }
            return;
        }
        if self.repeats(from, number, context) {
            return;
        }
        self.leave_earlier(from, context);
        self.sessions.insert(from, (number, None));
        let transaction = Transaction {
            client: from,
            snapshot: self.store.visible(),
            stage: Stage::WaitsToRead,
            heard: context.monotonic(),
        };
        self.open.insert(number, transaction);
        context.set_timer(self.patience, Timer::Idle { number });
        self.go_on(number, context);
    }

    /// A client has begun another transaction: it has given up the one before, unless that commits already.
    pub(super) fn leave_earlier(&mut self, client: NodeId, context: &mut Context<'_, Node>) {
        let Some((earlier, None)) = self.sessions.get(&client) else {
            return;
        };
        let number = *earlier;
        let stage = self.open.get(&number).map(|open| open.stage);
        if !matches!(stage, None | Some(Stage::Commits(..))) {
            self.end(number, Ending::RolledBack, context);
        }
    }

    /// Does what comes next in a transaction, once it has the locks for it.
    pub(super) fn go_on(&mut self, number: u32, context: &mut Context<'_, Node>) {
        let Some(transaction) = self.open.get(&number) else {
            return;
        };
        match transaction.stage {
            Stage::WaitsToRead => self.read_locked(number, context),
            Stage::WaitsToWrite(value) => self.write_locked(number, value, context),
            Stage::HasRead | Stage::Commits(..) => {}
        }
    }

    fn read_locked(&mut self, number: u32, context: &mut Context<'_, Node>) {
        let mode = Mode::Shared;
        let what = match (self.locks_reads, self.locks_list) {
            (false, _) => Vec::new(),
            (true, true) => vec![Lockable::List],
            (true, false) => self.found().map(Lockable::Row).collect(),
        };
        if self.has_locks(number, &what, mode, context) {
            self.read(number, context);
        }
    }

    /// The rows that are found by who asks for those that are on call.
    pub(super) fn found(&self) -> impl Iterator<Item = i64> {
        let now = self.store.visible();
        let is_found = move |row: &i64| {
            let version = self.store.read(*row, now);
            version.is_some_and(|version| version.value == ON_CALL)
        };
        self.doctors().filter(is_found)
    }

    /// The rows that are about doctors.
    pub(super) fn doctors(&self) -> impl Iterator<Item = i64> + '_ {
        self.store.rows().filter(|row| *row != SHIFT)
    }

    /// Asks for locks in their order. If one is not free the transaction waits, or ends.
    pub(super) fn has_locks(
        &mut self,
        number: u32,
        all: &[Lockable],
        mode: Mode,
        context: &mut Context<'_, Node>,
    ) -> bool {
        for what in all {
            let mode = match what {
                Lockable::List if mode == Mode::Exclusive => Mode::Intention,
                _ => mode,
            };
            let lock = Lock {
                what: *what,
                mode,
                by: number,
            };
            match self.locks.ask(lock) {
                Wish::Granted => {}
                Wish::Waits(holder) => {
                    let operation = number;
                    context.record(Fact::Awaits { operation, holder });
                    return false;
                }
                Wish::Deadlock => {
                    self.end(number, Ending::Deadlock, context);
                    return false;
                }
            }
        }
        true
    }

    /// The transaction has the locks that it needs, if it needs any: its snapshot is what is there now.
    fn read(&mut self, number: u32, context: &mut Context<'_, Node>) {
        let snapshot = self.store.visible();
        let Some(transaction) = self.open.get_mut(&number) else {
            return;
        };
        transaction.snapshot = snapshot;
        transaction.stage = Stage::HasRead;
        transaction.heard = context.monotonic();
        if self.detects_pivots && self.marks_reads(number, snapshot).is_err() {
            return self.end(number, Ending::Pivot, context);
        }
        self.answer(number, context);
    }

    fn marks_reads(&mut self, number: u32, snapshot: Stamp) -> Result<(), Dangerous> {
        self.conflicts.begin(number);
        let rows: Vec<i64> = self.doctors().collect();
        rows.into_iter().try_for_each(|row| {
            let missed = self.store.since(row, snapshot);
            let missed = missed.map(|version| version.writer);
            self.conflicts.read(number, row, missed)
        })
    }

    /// What a transaction reads, as often as its client asks: its snapshot.
    fn answer(&self, number: u32, context: &mut Context<'_, Node>) {
        let Some(transaction) = self.open.get(&number) else {
            return;
        };
        let rows = self.doctors().filter_map(|row| {
            let version = self.store.read(row, transaction.snapshot)?;
            Some(Row {
                row,
                value: version.value,
                writer: version.writer,
            })
        });
        let rows = rows.collect();
        context.send(transaction.client, Message::Rows { number, rows });
    }
}
