//! A circuit breaker: when too many calls fail, no call is made for a while, and then a single call, as a trial (Nygard,
//! *Release It!*, 2007).

use sim::held::{Held, Measure};
use std::collections::VecDeque;

/// How many of the latest calls it remembers.
const REMEMBERED: usize = 8;

/// How many of them must have failed for it to open.
const TOO_MANY: usize = 4;

/// A breaker in front of one server.
#[derive(Clone, Debug, Hash)]
pub struct Breaker {
    state: State,
    /// How often its state has changed.
    changes: u32,
    /// Whether each of the latest calls failed.
    failed: VecDeque<bool>,
}

/// Leave to make a call. What becomes of the call tells the breaker something as long as its state is the one in which it
/// gave leave: later the call is an old one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Leave {
    changes: u32,
}

/// What a breaker lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
            changes: 0,
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

    /// Leave to make a call, if one may be made. A trial that is let through counts as made.
    pub fn lets_through(&mut self) -> Option<Leave> {
        match self.state {
            State::Closed => {}
            State::Open | State::HalfOpen { is_tried: true } => return None,
            State::HalfOpen { is_tried: false } => {
                self.change(State::HalfOpen { is_tried: true });
            }
        }
        Some(Leave {
            changes: self.changes,
        })
    }

    /// A call was answered.
    pub fn succeeded(&mut self, leave: Leave) {
        if leave.changes != self.changes {
            return;
        }
        match self.state {
            State::Closed => self.remember(false),
            State::Open => {}
            State::HalfOpen { .. } => {
                self.failed.clear();
                self.change(State::Closed);
            }
        }
    }

    /// A call was not answered. Whether the breaker opens because of it.
    pub fn failed(&mut self, leave: Leave) -> bool {
        if leave.changes != self.changes {
            return false;
        }
        let opens = match self.state {
            State::Closed => {
                self.remember(true);
                self.failed.iter().filter(|failed| **failed).count() >= TOO_MANY
            }
            State::Open => false,
            State::HalfOpen { .. } => true,
        };
        if opens {
            self.change(State::Open);
        }
        opens
    }

    /// It has been open for long enough: the next call is a trial.
    pub fn cooled_down(&mut self) {
        if self.state == State::Open {
            self.change(State::HalfOpen { is_tried: false });
        }
    }

    fn change(&mut self, state: State) {
        self.state = state;
        self.changes += 1;
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

    /// Makes a call that fails. Whether the breaker opens because of it.
    fn fails(breaker: &mut Breaker) -> bool {
        let leave = breaker.lets_through().expect("a call may be made");
        breaker.failed(leave)
    }

    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 1..TOO_MANY {
            assert!(!fails(&mut breaker));
        }
        assert!(fails(&mut breaker));
        breaker
    }

    #[test]
    fn it_opens_at_one_failure_too_many_and_not_before() {
        assert_eq!(opened().lets_through(), None);
    }

    #[test]
    fn failures_that_are_long_past_do_not_count() {
        let mut breaker = Breaker::default();
        for _ in 1..TOO_MANY {
            fails(&mut breaker);
        }
        for _ in 0..REMEMBERED {
            let leave = breaker.lets_through().expect("a call may be made");
            breaker.succeeded(leave);
        }
        assert!(!fails(&mut breaker));
        assert!(breaker.lets_through().is_some());
    }

    #[test]
    fn once_cool_it_lets_one_call_try_and_closes_on_its_answer() {
        let mut breaker = opened();
        breaker.cooled_down();
        let trial = breaker.lets_through().expect("one call may try");
        assert_eq!(breaker.lets_through(), None);
        breaker.succeeded(trial);
        assert_eq!(breaker.state(), State::Closed);
        assert!(!fails(&mut breaker), "what was before is forgotten");
    }

    #[test]
    fn a_try_that_fails_opens_it_again() {
        let mut breaker = opened();
        breaker.cooled_down();
        assert!(fails(&mut breaker));
        assert_eq!(breaker.lets_through(), None);
    }

    #[test]
    fn what_becomes_of_a_call_from_before_it_opened_says_nothing() {
        let mut breaker = Breaker::default();
        let old = breaker.lets_through().expect("a call may be made");
        while !fails(&mut breaker) {}
        breaker.succeeded(old);
        assert_eq!(breaker.state(), State::Open);
        breaker.cooled_down();
        breaker.succeeded(old);
        assert!(!breaker.failed(old));
        let trial = breaker.lets_through().expect("one call may try");
        breaker.succeeded(old);
        assert!(!breaker.failed(old));
        assert_eq!(breaker.state(), State::HalfOpen { is_tried: true });
        breaker.succeeded(trial);
        for _ in 0..REMEMBERED {
            assert!(!breaker.failed(old), "nor once it is closed again");
        }
        assert_eq!(breaker.state(), State::Closed);
    }
}
