//! A shard: gives transactions timestamps, and reports a commit once its timestamp has passed.

use std::collections::VecDeque;

use sim::clock::Interval;
use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, TimerId};

use super::{Message, Node, Timer, in_seconds};
use crate::describe::roles::Role;

/// A shard.
#[derive(Clone, Debug)]
pub struct Shard {
    /// Whether it waits until a timestamp has passed before it reports the commit.
    waits: bool,
    /// The error that it assumes for its clock; the bound of the interval clock if there is none.
    assumed: Option<SimDuration>,
    /// The largest timestamp that it has given.
    latest: i64,
    /// The timestamp of each transaction.
    stamps: Map<u32, i64>,
    /// Commits that have not been reported yet, in the order of their timestamps.
    waiting: VecDeque<Commit>,
    /// The timer that waits for the first of these commits.
    alarm: Option<TimerId>,
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
    pub fn new(waits: bool, assumed: Option<SimDuration>) -> Shard {
        Shard {
            waits,
            assumed,
            latest: i64::MIN,
            stamps: Map::new(),
            waiting: VecDeque::new(),
            alarm: None,
        }
    }

    /// The earliest and the latest time that it can be now.
    fn interval(&self, context: &Context<'_, Node>) -> Interval {
        match self.assumed {
            None => context.interval(),
            Some(error) => {
                let (wall, error) = (context.wall(), error.as_nanos() as i64);
                Interval {
                    earliest: wall - error,
                    latest: wall + error,
                }
            }
        }
    }

    pub fn commit(&mut self, client: NodeId, operation: u32, context: &mut Context<'_, Node>) {
        if self
            .waiting
            .iter()
            .any(|commit| commit.operation == operation)
        {
            return;
        }
        if let Some(stamp) = self.stamps.get(&operation).copied() {
            context.send(client, Message::Committed { operation, stamp });
            return;
        }
        let stamp = self.stamp(operation, context);
        self.waiting.push_back(Commit {
            client,
            operation,
            stamp,
        });
        self.report(context);
    }

    fn stamp(&mut self, operation: u32, context: &mut Context<'_, Node>) -> i64 {
        let now = self.interval(context);
        let stamp = now.latest.max(self.latest.saturating_add(1));
        self.latest = stamp;
        self.stamps.insert(operation, stamp);
        context.record(Fact::Stamped {
            item: i64::from(operation),
            stamp,
            tie: i64::from(context.me().0),
        });
        stamp
    }

    /// Reports all commits whose timestamps have passed, and waits for the next timestamp to pass.
    pub fn report(&mut self, context: &mut Context<'_, Node>) {
        if let Some(alarm) = self.alarm.take() {
            context.cancel_timer(alarm);
        }
        let earliest = self.interval(context).earliest;
        while let Some(first) = self.waiting.front().copied() {
            if self.waits && first.stamp >= earliest {
                // The wall clock can be slower than the timer's clock, so the shard reads it again when the timer fires.
                let left = SimDuration::from_nanos((first.stamp - earliest) as u64 + 1);
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

    fn beliefs(&self, wall: i64) -> Vec<String> {
        let error = match self.assumed {
            None => "My clock is within its bound of the true time.".to_owned(),
            Some(error) => {
                format!("My clock is within {error} of the true time: it was when it was measured.")
            }
        };
        let first = self.waiting.front().map(|first| {
            format!(
                "#{} is committed as of {}. I wait until that time has passed.",
                first.operation,
                in_seconds(first.stamp)
            )
        });
        let now = format!("It is {}.", in_seconds(wall));
        [now, error].into_iter().chain(first).collect()
    }
}

impl Role<Node> for Shard {
    fn role(&self) -> &'static str {
        "shard"
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        Description {
            badge: self.badge(),
            state: vec![
                ("committed".to_owned(), self.stamps.len().to_string()),
                ("waiting".to_owned(), self.waiting.len().to_string()),
            ],
            beliefs: self.beliefs(outlook.wall),
        }
    }
}
