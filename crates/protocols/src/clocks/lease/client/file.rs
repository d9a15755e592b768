//! How a client works on the file that the lock guards.

use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration};

use super::super::lines::{Line, Lines};
use super::{Client, LOCK, Message, Node, Stage, Tenure, Timer};
use crate::parts::open::returned;

/// How a client uses the file.
#[derive(Clone, Copy, Debug, Hash)]
pub struct FileHabits {
    /// The storage that keeps the file.
    pub storage: NodeId,
    /// Whether the client looks at its clock before each write.
    pub checks_lease: bool,
    /// How long it works between two writes.
    pub work: SimDuration,
    /// The time from that look until the write is sent.
    pub prepare: SimDuration,
    /// How many writes it makes before it lets go of the lock.
    pub stint: u32,
}

/// Work on the file.
#[derive(Clone, Debug, Hash)]
pub(super) struct Work {
    /// The file as this client knows it.
    lines: Lines,
    /// How many writes of this turn are done.
    done: u32,
    /// The write that is not done yet.
    open: Option<u32>,
}

impl Client {
    pub(super) fn open_file(&mut self, token: i64, context: &mut Context<'_, Node>) {
        if let Some(file) = self.habits.file {
            let ask = self.opens;
            context.send(file.storage, Message::Open { ask, token });
            self.await_answer(context);
        }
    }

    /// The storage knows about the lease: from here on this client is the holder.
    pub(super) fn opened(
        &mut self,
        ask: u32,
        token: i64,
        lines: Lines,
        context: &mut Context<'_, Node>,
    ) {
        let (Stage::Opening(tenure), Some(file)) = (&self.stage, self.habits.file) else {
            return;
        };
        if tenure.token != token || self.opens != ask {
            return;
        }
        let work = Work {
            lines,
            done: 0,
            open: None,
        };
        self.stage = Stage::Writing(*tenure, work);
        self.answered(context);
        context.record(Fact::Acquired { lock: LOCK, token });
        self.set(file.work, Timer::NextWrite, context);
    }

    /// Whether it still believes it is the holder. It looks at its clock first, if that is one of its habits.
    fn may_write(&self, context: &Context<'_, Node>) -> bool {
        let checks = self.habits.file.is_some_and(|file| file.checks_lease);
        let is_valid = |tenure: &Tenure| !checks || tenure.is_valid(context.monotonic());
        self.tenure().is_some_and(is_valid)
    }

    pub(super) fn begin_write(&mut self, context: &mut Context<'_, Node>) {
        if !self.may_write(context) {
            self.let_go(context);
            return;
        }
        let (Stage::Writing(tenure, work), Some(file)) = (&mut self.stage, self.habits.file) else {
            return;
        };
        let operation = self.numbers.next_number();
        work.open = Some(operation);
        let token = tenure.token;
        work.lines.push(Line { operation, token });
        context.record(Fact::Invoked {
            operation,
            function: Function::Write,
            key: LOCK,
            value: token,
        });
        self.set(file.prepare, Timer::Prepared, context);
    }

    pub(super) fn send_write(&mut self, context: &mut Context<'_, Node>) {
        let (Stage::Writing(tenure, work), Some(file)) = (&self.stage, self.habits.file) else {
            return;
        };
        if let Some(operation) = work.open {
            let write = Message::Write {
                token: tenure.token,
                operation,
                lines: work.lines.clone(),
            };
            context.send(file.storage, write);
            self.await_answer(context);
        }
    }

    /// The request is repeated if the storage does not answer for a while.
    fn await_answer(&mut self, context: &mut Context<'_, Node>) {
        let patience = self.habits.poll.scaled_permille(3000);
        let timer = context.set_timer(patience, Timer::NoAnswer);
        self.timers.push(timer);
        self.no_answer = Some(timer);
    }

    fn answered(&mut self, context: &mut Context<'_, Node>) {
        if let Some(timer) = self.no_answer.take() {
            context.cancel_timer(timer);
        }
    }

    /// Repeats the request that the storage has not answered.
    pub(super) fn repeat(&mut self, context: &mut Context<'_, Node>) {
        match &self.stage {
            Stage::Opening(tenure) => self.open_file(tenure.token, context),
            Stage::Writing(_, work) if work.open.is_some() => {
                if self.may_write(context) {
                    self.send_write(context);
                } else {
                    self.lose(Outcome::Unknown, context);
                }
            }
            _ => {}
        }
    }

    pub(super) fn wrote(&mut self, operation: u32, context: &mut Context<'_, Node>) {
        let (Stage::Writing(_, work), Some(file)) = (&mut self.stage, self.habits.file) else {
            return;
        };
        if work.open != Some(operation) {
            return;
        }
        work.done += 1;
        let is_done = work.done == file.stint;
        self.answered(context);
        self.end_write(Outcome::Ok, context);
        if is_done {
            self.release(context);
        } else {
            self.set(file.work, Timer::NextWrite, context);
        }
    }

    /// The storage refuses its token. If what it refuses is not the open write, but a late copy of the question for the
    /// file, then the write may have come before that.
    pub(super) fn fenced(&mut self, operation: u32, context: &mut Context<'_, Node>) {
        let is_open =
            matches!(&self.stage, Stage::Writing(_, work) if work.open == Some(operation));
        let outcome = if is_open {
            Outcome::Fail
        } else {
            Outcome::Unknown
        };
        self.lose(outcome, context);
    }

    pub(super) fn end_write(&mut self, outcome: Outcome, context: &mut Context<'_, Node>) {
        let Stage::Writing(_, work) = &mut self.stage else {
            return;
        };
        let Some(operation) = work.open.take() else {
            return;
        };
        self.written += u32::from(outcome == Outcome::Ok);
        returned(operation, outcome, 0, context);
    }
}
