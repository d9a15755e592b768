//! A shard: gives transactions timestamps, makes them durable, and reports a commit once its timestamp has passed.

use std::collections::VecDeque;

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored, TimerId};

use super::reckoning::Reckoning;
use super::snapshots::{Asked, Snapshots};
use super::{Choices, Item, Kind, Message, Node, Timer, shown};
use crate::describe::roles::Role;
use crate::parts::disk::after_sync::AfterSync;

/// A shard.
///
/// Its disk has a record for each transaction, at the place with the transaction's number. A record is never overwritten
/// once it is whole, so a torn write takes nothing away.
#[derive(Clone, Debug, Hash)]
pub struct Shard {
    /// Whether it waits until a timestamp has passed before it reports the commit.
    waits: bool,
    reckoning: Reckoning,
    /// The largest timestamp that it has given.
    latest: i64,
    /// The transactions that are durable.
    stamps: Map<u32, Record>,
    /// Commits that have not been reported yet, in the order of their timestamps.
    waiting: VecDeque<Commit>,
    /// The timer that waits for the first of these commits.
    alarm: Option<TimerId>,
    /// Transactions that become durable.
    disk: AfterSync<u32>,
    /// Who is told about each photo.
    readers: Vec<NodeId>,
    snapshots: Snapshots,
}

/// What the disk has of a transaction.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Record {
    stamp: i64,
    /// What it committed, if that has a meaning.
    item: Option<Item>,
}

/// A commit that has not been reported yet.
#[derive(Clone, Copy, Debug, Hash)]
struct Commit {
    client: NodeId,
    operation: u32,
    record: Record,
}

impl Shard {
    /// A shard that has no transactions.
    pub(super) fn new(choices: &Choices, reckoning: Reckoning) -> Shard {
        Shard {
            waits: choices.waits,
            reckoning,
            latest: i64::MIN,
            stamps: Map::new(),
            waiting: VecDeque::new(),
            alarm: None,
            disk: AfterSync::default(),
            readers: choices.readers.clone(),
            snapshots: Snapshots::default(),
        }
    }

    pub fn ask_time(&mut self, context: &mut Context<'_, Node>) {
        self.reckoning.ask(context);
    }

    pub fn told_time(
        &mut self,
        server: NodeId,
        ask: u32,
        told: i64,
        context: &mut Context<'_, Node>,
    ) {
        self.reckoning.told(server, ask, told, context);
        self.report(context);
        self.answer_reads(context);
    }

    pub fn commit(
        &mut self,
        client: NodeId,
        operation: u32,
        item: Option<Item>,
        context: &mut Context<'_, Node>,
    ) {
        let mut waiting = self.waiting.iter();
        if waiting.any(|commit| commit.operation == operation) {
            return;
        }
        // The client asks again: the answer was lost, or the shard has restarted and may not have waited long enough.
        let record = match self.stamps.get(&operation) {
            Some(record) => Some(*record),
            None => self.stamp(operation, item, context),
        };
        if let Some(record) = record {
            let is_before = |one: &Commit| one.record.stamp < record.stamp;
            let place = self.waiting.partition_point(is_before);
            let commit = Commit {
                client,
                operation,
                record,
            };
            self.waiting.insert(place, commit);
            self.report(context);
        }
    }

    /// Gives a transaction its timestamp, and begins to make it durable. None as long as the shard does not know the time:
    /// the client asks again.
    fn stamp(
        &mut self,
        operation: u32,
        item: Option<Item>,
        context: &mut Context<'_, Node>,
    ) -> Option<Record> {
        let now = self.reckoning.interval(context)?;
        let stamp = now.latest.max(self.latest.saturating_add(1));
        self.latest = stamp;
        let record = Record { stamp, item };
        context.write(u64::from(operation), record);
        self.disk.owe(operation, context);
        Some(record)
    }

    /// The timestamp of a transaction is durable.
    fn durable(&mut self, operation: u32, context: &mut Context<'_, Node>) {
        let mut waiting = self.waiting.iter();
        let Some(commit) = waiting.find(|commit| commit.operation == operation) else {
            return;
        };
        let committed = commit.record;
        self.stamps.insert(operation, committed);
        record(operation, committed.stamp, context);
        self.report(context);
        self.answer_reads(context);
    }

    /// Reports all commits that are durable and whose timestamps have passed, and waits for the next timestamp to pass.
    pub fn report(&mut self, context: &mut Context<'_, Node>) {
        if let Some(alarm) = self.alarm.take() {
            context.cancel_timer(alarm);
        }
        let Some(now) = self.reckoning.interval(context) else {
            return;
        };
        while let Some(first) = self.waiting.front().copied() {
            if !self.stamps.contains_key(&first.operation) {
                return;
            }
            let Record { stamp, item } = first.record;
            if self.waits && stamp >= now.earliest {
                // The clock can be slower than the timer's clock, so the shard reads it again when the timer fires.
                let left = SimDuration::from_nanos((stamp - now.earliest) as u64 + 1);
                self.alarm = Some(context.set_timer(left, Timer::Passed));
                return;
            }
            self.waiting.pop_front();
            let operation = first.operation;
            context.send(first.client, Message::Committed { operation, stamp });
            if let Some(item) = item.filter(|item| item.kind == Kind::Photo) {
                self.announce(operation, item.photo, stamp, context);
            }
        }
    }

    /// Tells every reader about a photo.
    fn announce(&self, operation: u32, photo: u32, stamp: i64, context: &mut Context<'_, Node>) {
        for reader in &self.readers {
            let news = Message::NewPhoto {
                operation,
                photo,
                stamp,
            };
            context.send(*reader, news);
        }
    }

    /// A reader asks for what there was as of a time.
    pub fn read(
        &mut self,
        reader: NodeId,
        read: u32,
        item: Item,
        at: i64,
        context: &mut Context<'_, Node>,
    ) {
        self.snapshots.ask(Asked {
            reader,
            read,
            item,
            at,
        });
        self.answer_reads(context);
    }

    /// Answers all reads of snapshots that are safe, and waits for the next to become so.
    pub fn answer_reads(&mut self, context: &mut Context<'_, Node>) {
        if self.snapshots.is_empty() {
            return;
        }
        if let Some(alarm) = self.snapshots.alarm.take() {
            context.cancel_timer(alarm);
        }
        let Some(now) = self.reckoning.interval(context) else {
            return;
        };
        let (waiting, stamps) = (&self.waiting, &self.stamps);
        let is_durable = |at: i64| {
            let mut up_to = waiting
                .iter()
                .take_while(|commit| commit.record.stamp <= at);
            up_to.all(|commit| stamps.contains_key(&commit.operation))
        };
        for asked in self.snapshots.take_safe(now, is_durable) {
            // No later commit may change what was read.
            self.latest = self.latest.max(asked.at);
            let found = Message::Found {
                read: asked.read,
                kind: asked.item.kind,
                operation: self.committed_by(asked.item, asked.at),
            };
            context.send(asked.reader, found);
        }
        if let Some(wait) = self.snapshots.wait(now) {
            // The clock can be slower than the timer's clock, so the shard reads it again when the timer fires.
            let alarm = context.set_timer(SimDuration::from_nanos(wait), Timer::Safe);
            self.snapshots.alarm = Some(alarm);
        }
    }

    /// Which transaction had committed an item as of a time.
    fn committed_by(&self, item: Item, at: i64) -> Option<u32> {
        let is_it = |record: &Record| record.item == Some(item) && record.stamp <= at;
        let mut stamps = self.stamps.iter();
        let found = stamps.find(|(_, record)| is_it(record));
        found.map(|(operation, _)| *operation)
    }

    fn badge(&self) -> String {
        match self.waiting.len() {
            0 if self.stamps.is_empty() => String::new(),
            0 => self.newest(),
            waiting => format!("{waiting} waiting"),
        }
    }

    /// Its latest transaction, in a few words.
    fn newest(&self) -> String {
        let newest = self.stamps.iter().max_by_key(|(_, record)| record.stamp);
        let Some((operation, Record { stamp, item })) = newest else {
            return String::new();
        };
        let stamp = shown(*stamp);
        match item.map(|item| item.kind) {
            Some(Kind::Block) => format!("block #{operation} at {stamp}"),
            Some(Kind::Photo) => format!("photo #{operation} at {stamp}"),
            None => format!("as of {stamp}"),
        }
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let first = self.waiting.front().map(|first| {
            format!(
                "#{} has the timestamp {}. I report no commit before that time has passed.",
                first.operation,
                shown(first.record.stamp)
            )
        });
        let now = format!("My wall clock shows {}.", shown(outlook.wall));
        [now, self.reckoning.belief(outlook.monotonic)]
            .into_iter()
            .chain(first)
            .collect()
    }
}

/// Puts on record that a transaction has a timestamp.
fn record(operation: u32, stamp: i64, context: &mut Context<'_, Node>) {
    context.record(Fact::Stamped {
        item: i64::from(operation),
        stamp,
        tie: i64::from(context.me().0),
    });
}

impl Role<Node> for Shard {
    fn held(&self, by: Measure) -> usize {
        self.reckoning.held(by)
            + self.stamps.held(by)
            + self.waiting.held(by)
            + self.disk.held(by)
            + self.readers.held(by)
            + self.snapshots.held(by)
    }

    /// Begins with the timestamps that its disk has. They are put on record again: a crash can come after a sync and before
    /// the shard hears of it.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for (place, stored) in context.durable() {
            if let Stored::Whole(committed) = stored {
                self.stamps.insert(place as u32, *committed);
                self.latest = self.latest.max(committed.stamp);
            }
        }
        for (operation, committed) in &self.stamps {
            record(*operation, committed.stamp, context);
        }
        self.reckoning.start(context);
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        if let Some(operation) = self.disk.due(token) {
            self.durable(operation, context);
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        Description {
            badge: self.badge(),
            state: vec![
                ("committed".to_owned(), self.stamps.len().to_string()),
                ("waiting".to_owned(), self.waiting.len().to_string()),
            ],
            beliefs: self.beliefs(outlook),
        }
    }
}
