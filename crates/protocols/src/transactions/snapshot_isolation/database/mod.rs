//! The database: it has all versions of all rows, and decides which transactions commit.
//!
//! | module | its subject |
//! | --- | --- |
//! | `reading` | how a transaction begins, and reads |
//! | `ending` | how it ends |
//! | `store` | versions, and snapshots of them |
//! | `conflicts` | serializable snapshot isolation |
//! | `locks` | two-phase locking |
//! | `view` | what is seen of it |

mod conflicts;
mod ending;
mod locks;
mod reading;
mod store;
mod view;

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored};

use super::message::{Change, Ending, Message, OFF_CALL, ON_CALL, Record};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::parts::disk::group_commit::GroupCommit;
use conflicts::Conflicts;
use locks::Locks;
use store::{Stamp, Store};

/// The database.
#[derive(Clone, Debug, Hash)]
pub struct Database {
    detects_pivots: bool,
    locks_reads: bool,
    locks_list: bool,
    materialises: bool,
    /// How long a client may be silent.
    patience: SimDuration,
    store: Store,
    locks: Locks,
    conflicts: Conflicts,
    /// The transactions that are under way.
    open: Map<u32, Transaction>,
    /// Of each client, the latest transaction, and how it ended.
    sessions: Map<NodeId, (u32, Option<Ending>)>,
    /// The transactions that wait for the log.
    commit: GroupCommit<u32>,
    committed: u32,
    aborted: u32,
}

/// A transaction that is under way.
#[derive(Clone, Debug, Hash)]
struct Transaction {
    client: NodeId,
    /// What it reads.
    snapshot: Stamp,
    stage: Stage,
    /// When its client was last heard, by the database's monotonic clock.
    heard: i64,
}

/// How far a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    /// It waits for a lock to read.
    WaitsToRead,
    /// It has read, and its client decides what to do.
    HasRead,
    /// It waits for a lock to change its client's row to this.
    WaitsToWrite(i64),
    /// Its record is on its way to the disk.
    Commits(Stamp, Change),
}

impl Database {
    /// The database, with a row for each doctor. The first two are on call.
    pub(super) fn new(choices: &Choices) -> Database {
        let doctors = choices.doctors.iter().enumerate();
        let first = doctors.map(|(place, doctor)| {
            let value = if place < 2 { ON_CALL } else { OFF_CALL };
            (i64::from(doctor.0), value)
        });
        Database {
            detects_pivots: choices.detects_pivots,
            locks_reads: choices.locks_reads,
            locks_list: choices.locks_list,
            materialises: choices.materialises,
            patience: choices.idle,
            store: Store::new(first),
            locks: Locks::default(),
            conflicts: Conflicts::default(),
            open: Map::new(),
            sessions: Map::new(),
            commit: GroupCommit::default(),
            committed: 0,
            aborted: 0,
        }
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        match message {
            Message::Begin { number, life } if life == context.boot() => {
                self.begin(from, number, context);
            }
            // It was begun in an earlier life, and may be a late copy of what that life has refused.
            Message::Begin { number, .. } => {
                self.tell(from, number, Ending::Forgotten, context);
            }
            Message::Commit { number, change } => self.asked_to(from, number, change, context),
            Message::Rows { .. } | Message::Ended { .. } => {}
        }
    }

    fn tell(&self, to: NodeId, number: u32, ending: Ending, context: &mut Context<'_, Node>) {
        let life = context.boot();
        let ended = Message::Ended {
            number,
            ending,
            life,
        };
        context.send(to, ended);
    }

    /// Repeats what was told of a transaction, if it is the client's latest one and has ended. Whether it is known at all.
    fn repeats(&mut self, to: NodeId, number: u32, context: &mut Context<'_, Node>) -> bool {
        match self.sessions.get(&to) {
            Some((latest, Some(ending))) if *latest == number => {
                self.tell(to, number, *ending, context);
                true
            }
            // A late copy: its client has gone on.
            Some((latest, _)) => *latest >= number,
            None => false,
        }
    }
}

impl Role<Node> for Database {
    /// What its log has is committed, and nothing else: whatever was under way is gone.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        let found = context
            .durable()
            .filter_map(|(stamp, record)| match record {
                Stored::Whole(record) => Some((stamp, *record)),
                Stored::Torn => None,
            });
        let found: Vec<(Stamp, Record)> = found.collect();
        for (stamp, record) in found {
            self.add(stamp, &record);
            self.store.show(stamp);
            let session = (record.number, Some(Ending::Committed));
            self.sessions.insert(NodeId(record.client), session);
        }
        self.store.vacuum(self.store.visible());
        for row in self.store.rows() {
            if let Some(version) = self.store.read(row, self.store.visible()) {
                context.record(Fact::Installed {
                    operation: version.writer,
                    row,
                    value: version.value,
                });
            }
        }
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        for number in self.commit.synced(token, context) {
            self.durable(number, context);
        }
    }

    fn held(&self, by: Measure) -> usize {
        self.store.held(by)
            + self.locks.held(by)
            + self.conflicts.held(by)
            + self.open.held(by)
            + self.sessions.held(by)
            + self.commit.held(by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        self.description(outlook)
    }
}
