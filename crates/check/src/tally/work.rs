//! Work: how much of what was done for requests was in vain.

use sim::sorted::Map;

/// What was done for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The client sent it, for the first time or again.
    Sent(u64),
    /// A server did the work.
    Done(u64),
}

/// How much of the work done for requests was in vain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    requests: Map<u64, (u64, u64)>,
}

impl Work {
    /// Takes in an attempt.
    pub fn feed(&mut self, attempt: Attempt) {
        match attempt {
            Attempt::Sent(request) => self.requests.entry(request).or_default().0 += 1,
            Attempt::Done(request) => self.requests.entry(request).or_default().1 += 1,
        }
    }

    /// How many requests there were.
    pub fn requests(&self) -> u64 {
        self.requests.len() as u64
    }

    /// How often requests were sent again.
    pub fn retries(&self) -> u64 {
        self.requests
            .values()
            .map(|(sent, _)| sent.saturating_sub(1))
            .sum()
    }

    /// How often work was done that had been done before.
    pub fn duplicates(&self) -> u64 {
        self.requests
            .values()
            .map(|(_, done)| done.saturating_sub(1))
            .sum()
    }

    /// The share of the work done that was duplicate, from 0 to 1; `None` if none was done.
    pub fn wasted(&self) -> Option<f64> {
        let done: u64 = self.requests.values().map(|(_, done)| done).sum();
        // Fewer than 2^53 pieces of work: the quotient is exact to the last digit.
        (done > 0).then(|| self.duplicates() as f64 / done as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Attempt::{Done, Sent};

    #[test]
    fn only_the_first_time_is_useful() {
        let mut work = Work::default();
        assert_eq!(work.wasted(), None);
        for attempt in [
            Sent(1),
            Sent(1),
            Sent(2),
            Done(1),
            Done(1),
            Done(1),
            Done(2),
            Sent(3),
        ] {
            work.feed(attempt);
        }
        assert_eq!(
            (work.requests(), work.retries(), work.duplicates()),
            (3, 1, 2)
        );
        assert_eq!(work.wasted(), Some(0.5));
    }
}
