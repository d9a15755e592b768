//! The snapshot reads that a shard has not answered yet.

use sim::clock::Interval;
use sim::held::{Held, Measure};
use sim::{NodeId, TimerId};

use super::Item;

/// A read that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    pub reader: NodeId,
    /// The read's number.
    pub read: u32,
    /// What is read.
    pub item: Item,
    /// As of which time.
    pub at: i64,
}

/// The reads that wait.
#[derive(Clone, Debug, Default, Hash)]
pub struct Snapshots {
    asked: Vec<Asked>,
    /// The timer that waits until the first of them may be answered.
    pub alarm: Option<TimerId>,
}

impl Snapshots {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.asked.held(by)
    }

    /// A read has been asked for. Asked again, it still waits once.
    pub fn ask(&mut self, asked: Asked) {
        if !self.asked.contains(&asked) {
            self.asked.push(asked);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// Takes out the reads that are safe: the time that they are asked for has certainly passed, so that no later commit gets
    /// a timestamp up to it, and every commit up to it is durable.
    pub fn take_safe(&mut self, now: Interval, is_durable: impl Fn(i64) -> bool) -> Vec<Asked> {
        let is_safe = |asked: &Asked| asked.at < now.earliest && is_durable(asked.at);
        let safe = self.asked.iter().copied().filter(is_safe).collect();
        self.asked.retain(|asked| !is_safe(asked));
        safe
    }

    /// For how many nanoseconds the first of them at least must wait for the time to pass; none if time is not what they wait for.
    pub fn wait(&self, now: Interval) -> Option<u64> {
        let ahead = self.asked.iter().filter(|asked| asked.at >= now.earliest);
        let first = ahead.map(|asked| asked.at).min()?;
        Some((first - now.earliest) as u64 + 1)
    }
}
