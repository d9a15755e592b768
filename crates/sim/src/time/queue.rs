//! The event queue: what is due, in the order of (time, sequence).
//!
//! A radix queue after Ahuja, Mehlhorn, Orlin and Tarjan (*Faster algorithms for the shortest path problem*, JACM 37(2),
//! 1990), in digits of six bits: nothing is ever due before what was taken out last, so an entry waits in the bucket of
//! the highest digit in which its time differs from the present one. When a bucket's turn comes it is sorted if it is
//! small, and dealt out to the buckets of the next digit if it is not. Adding and taking cost the same for ten entries
//! as for a hundred thousand, apart from caches. A binary heap was three times slower.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::collections::held::{Held, Measure, all_held};
use crate::time::SimTime;

const DIGIT_BITS: u32 = 6;
const DIGITS: usize = 1 << DIGIT_BITS;
/// Enough for the 63 bits of [`SimTime::LATEST`].
const LEVELS: usize = 11;
/// A bucket of no more entries is sorted; a larger one is dealt out.
const MOST_SORTED: usize = 64;
/// An empty bucket keeps the room for no more entries.
const MOST_KEPT: usize = 256;

/// Something that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: SimTime,
    /// Its number in the order in which entries were added.
    pub sequence: u32,
    /// What, as [`crate::time::Due`] packs it.
    pub what: u32,
}

/// Events that are due, the earliest first; those due at the same time in the order in which they were added.
#[derive(Clone, Debug)]
pub struct Queue {
    /// What is due next, the earliest last: a bucket whose turn has come.
    sorted: Vec<u128>,
    /// What was added after that and is due before `near_end`.
    fresh: BinaryHeap<Reverse<u128>>,
    /// All that is due from here on is in the buckets.
    near_end: u64,
    /// The time that the buckets' digits are compared with.
    base: u64,
    buckets: Buckets,
    sequence: u32,
}

impl Default for Queue {
    fn default() -> Queue {
        Queue {
            sorted: Vec::new(),
            fresh: BinaryHeap::new(),
            near_end: 0,
            base: 0,
            buckets: Buckets::new(),
            sequence: 0,
        }
    }
}

impl Queue {
    /// Adds `what`, due at `at`; its sequence number. What is due later than any run reaches is never due.
    #[inline]
    pub fn push(&mut self, at: SimTime, what: u32) -> u32 {
        let sequence = self.sequence;
        self.sequence += 1;
        if at > SimTime::LATEST {
            return sequence;
        }
        let entry = Entry { at, sequence, what };
        if at.as_nanos() < self.near_end {
            self.fresh.push(Reverse(entry.pack()));
        } else {
            self.buckets.insert(self.base, entry.pack());
            if self.is_near_empty() {
                self.refill(|_| true);
            }
        }
        sequence
    }

    /// Takes out what is due first. `counts` says whether an entry still counts: what is out of date is thrown out with
    /// the bucket whose turn comes, though it may also be found out of date later. Asking for a whole bucket at once
    /// lets the memory that they stand for arrive at once.
    #[inline]
    pub fn pop(&mut self, counts: impl Fn(Entry) -> bool) -> Option<Entry> {
        let first = match (self.sorted.last(), self.fresh.peek()) {
            (Some(sorted), Some(Reverse(fresh))) if fresh < sorted => self.pop_fresh(),
            (None, _) => self.pop_fresh(),
            _ => self.sorted.pop(),
        }?;
        if self.is_near_empty() {
            self.refill(counts);
        }
        Some(Entry::unpack(first))
    }

    /// When the next event is due.
    #[inline]
    pub fn next_time(&self) -> Option<SimTime> {
        let first = match (self.sorted.last(), self.fresh.peek()) {
            (Some(sorted), Some(Reverse(fresh))) => *sorted.min(fresh),
            (Some(only), None) | (None, Some(Reverse(only))) => *only,
            (None, None) => return None,
        };
        Some(Entry::unpack(first).at)
    }

    /// The sequence number of the next entry.
    #[inline]
    pub fn next_sequence(&self) -> u32 {
        self.sequence
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.sorted.held(by) + self.fresh.held(by) + self.buckets.held(by)
    }

    fn pop_fresh(&mut self) -> Option<u128> {
        self.fresh.pop().map(|Reverse(entry)| entry)
    }

    #[inline]
    fn is_near_empty(&self) -> bool {
        self.sorted.is_empty() && self.fresh.is_empty()
    }

    /// Takes what is due next out of the buckets, so that something is near unless nothing is due at all.
    #[inline(never)]
    fn refill(&mut self, counts: impl Fn(Entry) -> bool) {
        while let Some(bucket) = self.buckets.first(self.base) {
            self.base = bucket.start;
            let entries = self.buckets.take(&bucket);
            if bucket.level == 0 || entries.len() <= MOST_SORTED {
                self.near_end = bucket.end;
                let current = entries
                    .iter()
                    .filter(|entry| counts(Entry::unpack(**entry)));
                self.sorted.extend(current);
                self.sorted.sort_unstable_by(|a, b| b.cmp(a));
                self.buckets.give_back(&bucket, entries);
                if self.sorted.is_empty() {
                    continue;
                }
                return;
            }
            self.near_end = bucket.start;
            for entry in &entries {
                self.buckets.insert(bucket.start, *entry);
            }
            self.buckets.give_back(&bucket, entries);
        }
    }
}

impl Entry {
    /// Time, sequence and what is due, from the highest bits down. The sequence is unique, so comparing packed entries
    /// never looks at the rest.
    #[inline]
    fn pack(self) -> u128 {
        (self.at.as_nanos() as u128) << 64 | (self.sequence as u128) << 32 | self.what as u128
    }

    #[inline]
    fn unpack(packed: u128) -> Entry {
        Entry {
            at: SimTime::from_nanos((packed >> 64) as u64),
            sequence: (packed >> 32) as u32,
            what: packed as u32,
        }
    }
}

/// A bucket: a digit of a level, and the times that it stands for.
struct Bucket {
    level: usize,
    place: usize,
    start: u64,
    end: u64,
}

/// Entries by the highest digit in which their times differ from a base.
#[derive(Debug)]
struct Buckets {
    /// A row of buckets a level.
    entries: Vec<Vec<u128>>,
    /// A bit a bucket that is not empty.
    occupied: [u64; LEVELS],
}

/// Few of the buckets have anything in them, so a copy looks at no others.
impl Clone for Buckets {
    fn clone(&self) -> Buckets {
        let mut copy = Buckets::new();
        copy.occupied = self.occupied;
        for (level, occupied) in self.occupied.iter().enumerate() {
            let mut left = *occupied;
            while left != 0 {
                let place = level * DIGITS + left.trailing_zeros() as usize;
                copy.entries[place].clone_from(&self.entries[place]);
                left &= left - 1;
            }
        }
        copy
    }
}

impl Buckets {
    fn new() -> Buckets {
        Buckets {
            entries: vec![Vec::new(); LEVELS * DIGITS],
            occupied: [0; LEVELS],
        }
    }

    #[inline]
    fn insert(&mut self, base: u64, entry: u128) {
        let time = (entry >> 64) as u64;
        let differs = (time ^ base) | 1;
        let level = (differs.ilog2() / DIGIT_BITS) as usize;
        let digit = (time >> (level as u32 * DIGIT_BITS)) as usize % DIGITS;
        self.entries[level * DIGITS + digit].push(entry);
        self.occupied[level] |= 1 << digit;
    }

    /// The bucket of what is due first: lower digits come before higher ones.
    #[inline]
    fn first(&self, base: u64) -> Option<Bucket> {
        let level = self.occupied.iter().position(|digits| *digits != 0)?;
        let digit = self.occupied[level].trailing_zeros() as usize;
        let shift = level as u32 * DIGIT_BITS;
        let above = base >> shift >> DIGIT_BITS << DIGIT_BITS;
        let start = (above | digit as u64) << shift;
        Some(Bucket {
            level,
            place: level * DIGITS + digit,
            start,
            end: start + (1 << shift),
        })
    }

    /// Takes all entries out of a bucket.
    fn take(&mut self, bucket: &Bucket) -> Vec<u128> {
        self.occupied[bucket.level] &= !(1 << (bucket.place % DIGITS));
        std::mem::take(&mut self.entries[bucket.place])
    }

    /// Lets a bucket use its room again, unless that is large.
    fn give_back(&mut self, bucket: &Bucket, mut room: Vec<u128>) {
        if room.capacity() <= MOST_KEPT {
            room.clear();
            self.entries[bucket.place] = room;
        }
    }

    fn held(&self, by: Measure) -> usize {
        self.entries.held(by) + all_held(&self.entries, by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Adds and takes as `steps` say, beside a plain binary heap.
    fn check(steps: &[(u8, u64)]) {
        let mut queue = Queue::default();
        let mut heap = BinaryHeap::new();
        let mut now = 0u64;
        for (step, (kind, amount)) in (0u32..).zip(steps) {
            if kind % 3 == 0 {
                let expected = heap.pop().map(|Reverse(entry)| Entry::unpack(entry));
                assert_eq!(queue.pop(|_| true), expected);
                now = expected.map_or(now, |entry| entry.at.as_nanos());
            } else {
                // From a nanosecond to decades, and often the same moment.
                let ahead = amount >> (amount % 64).max(2);
                let at =
                    SimTime::from_nanos(now.saturating_add(if *kind > 200 { 0 } else { ahead }));
                let sequence = queue.push(at, step);
                if at <= SimTime::LATEST {
                    let what = step;
                    heap.push(Reverse(Entry { at, sequence, what }.pack()));
                }
            }
            let next = heap.peek().map(|Reverse(entry)| Entry::unpack(*entry).at);
            assert_eq!(queue.next_time(), next);
        }
        while let Some(Reverse(entry)) = heap.pop() {
            assert_eq!(queue.pop(|_| true), Some(Entry::unpack(entry)));
        }
        assert_eq!(queue.pop(|_| true), None);
    }

    proptest! {
        #[test]
        fn it_takes_out_in_the_order_of_time_and_sequence(steps in prop::collection::vec((any::<u8>(), any::<u64>()), 0..400)) {
            check(&steps);
        }
    }

    #[test]
    fn thousands_at_once_keep_their_order() {
        let key = crate::random::Key::root(8);
        let mut steps: Vec<_> = (0..20_000).map(|k| (1, key.draw(k))).collect();
        steps.extend((0..40_000).map(|k| ((k % 2) as u8, key.draw(20_000 + k))));
        check(&steps);
    }

    #[test]
    fn what_is_due_beyond_every_run_is_never_due() {
        let mut queue = Queue::default();
        queue.push(SimTime::NEVER, 1);
        assert_eq!(queue.next_time(), None);
        queue.push(SimTime::LATEST, 2);
        assert_eq!(queue.pop(|_| true).map(|entry| entry.what), Some(2));
    }
}
