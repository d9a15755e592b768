//! A shard: gives transactions timestamps, makes them durable, and reports a commit once its timestamp has passed.

use std::collections::VecDeque;

use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored, TimerId};

use super::reckoning::Reckoning;
use super::{Message, Node, Timer, in_seconds};
use crate::describe::roles::Role;
use crate::parts::disk::after_sync::AfterSync;

/// A shard.
///
/// Its disk has a record for each transaction, at the place with the transaction's number. A record is never overwritten
/// once it is whole, so a torn write takes nothing away.
#[derive(Clone, Debug)]
pub struct Shard {
    /// Whether it waits until a timestamp has passed before it reports the commit.
    waits: bool,
    reckoning: Reckoning,
    /// The largest timestamp that it has given.
    latest: i64,
    /// The timestamp of each transaction that is durable.
    stamps: Map<u32, i64>,
    /// Commits that have not been reported yet, in the order of their timestamps.
    waiting: VecDeque<Commit>,
    /// The timer that waits for the first of these commits.
    alarm: Option<TimerId>,
    /// Transactions that become durable.
    disk: AfterSync<u32>,
}

/// A commit that has not been reported yet.
#[derive(Clone, Copy, Debug)]
struct Commit {
    client: NodeId,
    operation: u32,
    stamp: i64,
}

impl Shard {
    /// A shard that has no transactions.
    pub fn new(waits: bool, reckoning: Reckoning) -> Shard {
        Shard {
            waits,
            reckoning,
            latest: i64::MIN,
            stamps: Map::new(),
            waiting: VecDeque::new(),
            alarm: None,
            disk: AfterSync::default(),
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
    }

    pub fn commit(&mut self, client: NodeId, operation: u32, context: &mut Context<'_, Node>) {
        let mut waiting = self.waiting.iter();
        if waiting.any(|commit| commit.operation == operation) {
            return;
        }
        // The client asks again: the answer was lost, or the shard has restarted and may not have waited long enough.
        let stamp = match self.stamps.get(&operation) {
            Some(stamp) => Some(*stamp),
            None => self.stamp(operation, context),
        };
        if let Some(stamp) = stamp {
            let place = self.waiting.partition_point(|one| one.stamp < stamp);
            let commit = Commit {
                client,
                operation,
                stamp,
            };
            self.waiting.insert(place, commit);
            self.report(context);
        }
    }

    /// Gives a transaction its timestamp, and begins to make it durable. None as long as the shard does not know the time:
    /// the client asks again.
    fn stamp(&mut self, operation: u32, context: &mut Context<'_, Node>) -> Option<i64> {
        let now = self.reckoning.interval(context)?;
        let stamp = now.latest.max(self.latest.saturating_add(1));
        self.latest = stamp;
        context.write(u64::from(operation), stamp);
        self.disk.owe(operation, context);
        Some(stamp)
    }

    /// The timestamp of a transaction is durable.
    fn durable(&mut self, operation: u32, context: &mut Context<'_, Node>) {
        let mut waiting = self.waiting.iter();
        let Some(commit) = waiting.find(|commit| commit.operation == operation) else {
            return;
        };
        let stamp = commit.stamp;
        self.stamps.insert(operation, stamp);
        record(operation, stamp, context);
        self.report(context);
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
            if self.waits && first.stamp >= now.earliest {
                // The clock can be slower than the timer's clock, so the shard reads it again when the timer fires.
                let left = SimDuration::from_nanos((first.stamp - now.earliest) as u64 + 1);
                self.alarm = Some(context.set_timer(left, Timer::Passed));
                return;
            }
            self.waiting.pop_front();
            let (operation, stamp) = (first.operation, first.stamp);
            context.send(first.client, Message::Committed { operation, stamp });
        }
    }

    fn badge(&self) -> String {
        match self.waiting.len() {
            0 if self.stamps.is_empty() => String::new(),
            0 => format!("as of {}", in_seconds(self.latest)),
            waiting => format!("{waiting} waiting"),
        }
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let first = self.waiting.front().map(|first| {
            format!(
                "#{} is committed as of {}. I wait until that time has passed.",
                first.operation,
                in_seconds(first.stamp)
            )
        });
        let now = format!("My wall clock shows {}.", in_seconds(outlook.wall));
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
    /// Begins with the timestamps that its disk has. They are put on record again: a crash can come after a sync and before
    /// the shard hears of it.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for (place, stored) in context.durable() {
            if let Stored::Whole(stamp) = stored {
                self.stamps.insert(place as u32, *stamp);
                self.latest = self.latest.max(*stamp);
            }
        }
        for (operation, stamp) in &self.stamps {
            record(*operation, *stamp, context);
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
