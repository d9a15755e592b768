//! A circuit breaker: when too many calls fail, no call is made for a while, and then a single call, as a trial (Nygard,
//! *Release It!*, 2007).

use sim::held::{Held, Measure};
use std::collections::VecDeque;

/// How many of the latest calls it remembers.
const REMEMBERED: usize = 8;

/// How many of them must have failed for it to open.
const TOO_MANY: usize = 4;

/// A breaker in front of one server.
#[derive(Clone, Debug)]
pub struct Breaker {
    state: State,
    /// Whether each of the latest calls failed.
    failed: VecDeque<bool>,
}

/// What a breaker lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Everything.
    Closed,
    /// Nothing.
    Open,
    /// One call, as a trial.
    HalfOpen {
        /// Whether that call has been made.
        is_tried: bool,
    },
}

impl Default for Breaker {
    fn default() -> Self {
        Breaker {
            state: State::Closed,
            failed: VecDeque::new(),
        }
    }
}

impl Breaker {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.failed.held(by)
    }

    /// What it lets through.
    pub fn state(&self) -> State {
        self.state
    }

    /// Whether a call may be made. A trial that is let through counts as made.
    pub fn lets_through(&mut self) -> bool {
        match self.state {
            State::Closed => true,
            State::Open | State::HalfOpen { is_tried: true } => false,
            State::HalfOpen { is_tried: false } => {
                self.state = State::HalfOpen { is_tried: true };
                true
            }
        }
    }

    /// A call was answered. While the breaker is open, that says nothing: the call is an old one.
    pub fn succeeded(&mut self) {
        match self.state {
            State::Closed => self.remember(false),
            State::Open => {}
            State::HalfOpen { .. } => *self = Breaker::default(),
        }
    }

    /// A call was not answered. Whether the breaker opens because of it.
    pub fn failed(&mut self) -> bool {
        let opens = match self.state {
            State::Closed => {
                self.remember(true);
                self.failed.iter().filter(|failed| **failed).count() >= TOO_MANY
            }
            State::Open => false,
            State::HalfOpen { .. } => true,
        };
        if opens {
            self.state = State::Open;
        }
        opens
    }

    /// It has been open for long enough: the next call is a trial.
    pub fn cooled_down(&mut self) {
        if self.state == State::Open {
            self.state = State::HalfOpen { is_tried: false };
        }
    }

    fn remember(&mut self, failed: bool) {
        if self.failed.len() == REMEMBERED {
            self.failed.pop_front();
        }
        self.failed.push_back(failed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 1..TOO_MANY {
            assert!(!breaker.failed());
        }
        assert!(breaker.failed());
        breaker
    }

    #[test]
    fn it_opens_at_one_failure_too_many_and_not_before() {
        assert!(!opened().lets_through());
    }

    #[test]
    fn failures_that_are_long_past_do_not_count() {
        let mut breaker = Breaker::default();
        for _ in 1..TOO_MANY {
            breaker.failed();
        }
        for _ in 0..REMEMBERED {
            breaker.succeeded();
        }
        assert!(!breaker.failed());
        assert!(breaker.lets_through());
    }

    #[test]
    fn once_cool_it_lets_one_call_try_and_closes_on_its_answer() {
        let mut breaker = opened();
        breaker.succeeded();
        assert!(!breaker.lets_through(), "an old answer closes nothing");
        breaker.cooled_down();
        assert!(breaker.lets_through());
        assert!(!breaker.lets_through());
        breaker.succeeded();
        assert_eq!(breaker.state(), State::Closed);
        assert!(!breaker.failed(), "what was before is forgotten");
    }

    #[test]
    fn a_try_that_fails_opens_it_again() {
        let mut breaker = opened();
        breaker.cooled_down();
        assert!(breaker.lets_through());
        assert!(breaker.failed());
        assert!(!breaker.lets_through());
    }
}
