//! An operation that a client has begun and that has not ended: its attempts, its timer, and how it ends.

use sim::trace::{Fact, Outcome};
use sim::{Context, Protocol, SimDuration, TimerId};

use crate::describe::words::{seconds, times};

/// An operation without an answer yet.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Open<R> {
    /// Its number, unique in the run.
    pub operation: u32,
    /// What the client asks for.
    pub request: R,
    /// Which attempt is under way, from 1.
    pub attempt: u32,
    /// When it began, by the client's monotonic clock.
    since: i64,
    /// What ends the wait for an answer.
    timer: Option<TimerId>,
}

impl<R> Open<R> {
    /// The operation begins, with its first attempt.
    pub fn new<P: Protocol>(operation: u32, request: R, context: &Context<'_, P>) -> Open<R> {
        Open {
            operation,
            request,
            attempt: 1,
            since: context.monotonic(),
            timer: None,
        }
    }

    /// The wait for an answer to this attempt ends after `timeout`, with this timer.
    pub fn wait<P: Protocol>(
        &mut self,
        timeout: SimDuration,
        timer: P::Timer,
        context: &mut Context<'_, P>,
    ) {
        self.timer = Some(context.set_timer(timeout, timer));
    }

    /// The next attempt begins, and is on record.
    pub fn retry<P: Protocol>(&mut self, context: &mut Context<'_, P>) {
        self.attempt += 1;
        context.record(Fact::Retried {
            operation: self.operation,
            attempt: i64::from(self.attempt),
        });
    }

    /// A first part of the answer has come: what is asked for next is another attempt, and its first.
    pub fn heard<P: Protocol>(&mut self, context: &mut Context<'_, P>) {
        if let Some(timer) = self.timer.take() {
            context.cancel_timer(timer);
        }
        self.attempt = 1;
    }

    /// The answer has come: the operation is done, with this value.
    pub fn answered<P: Protocol>(&self, value: i64, context: &mut Context<'_, P>) {
        self.ended(Outcome::Ok, value, context);
    }

    /// The answer has come: the operation has no effect.
    pub fn refused<P: Protocol>(&self, context: &mut Context<'_, P>) {
        self.ended(Outcome::Fail, 0, context);
    }

    /// The answer has come, and leaves open whether the operation has an effect.
    pub fn unsure<P: Protocol>(&self, context: &mut Context<'_, P>) {
        self.ended(Outcome::Unknown, 0, context);
    }

    fn ended<P: Protocol>(&self, outcome: Outcome, value: i64, context: &mut Context<'_, P>) {
        if let Some(timer) = self.timer {
            context.cancel_timer(timer);
        }
        returned(self.operation, outcome, value, context);
    }

    /// The client waits no longer, and reports this outcome.
    pub fn given_up<P: Protocol>(&self, outcome: Outcome, context: &mut Context<'_, P>) {
        returned(self.operation, outcome, 0, context);
    }

    /// How often the client has asked, in words.
    pub fn times(&self) -> String {
        times(self.attempt)
    }

    /// How many nanoseconds ago it began, if the client's monotonic clock shows `now`.
    pub fn age(&self, now: i64) -> i64 {
        now - self.since
    }

    /// How long the client has waited, in words, if its monotonic clock shows `now`.
    pub fn waited(&self, now: i64) -> String {
        seconds(self.age(now))
    }
}

/// Puts on record that an operation has ended.
pub fn returned<P: Protocol>(
    operation: u32,
    outcome: Outcome,
    value: i64,
    context: &mut Context<'_, P>,
) {
    context.record(Fact::Returned {
        operation,
        outcome,
        value,
    });
}
