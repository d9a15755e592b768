//! A client that asks for the lock, and uses what it guards while it takes itself for the holder.

use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration, TimerId};

use super::tenure::{Margin, Tenure};
use super::{LOCK, Message, Node, Timer};

/// How a client goes about it.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Who lends the lock.
    pub service: NodeId,
    /// How long it waits before it asks again, and before it repeats a request that nobody answers.
    pub poll: SimDuration,
    /// How long it rests after it has let go.
    pub rest: SimDuration,
    /// How it shortens its lease because clocks drift.
    pub margin: Margin,
    /// How it uses the file; nothing if it only holds the lock until the lease ends.
    pub file: Option<FileHabits>,
}

/// How a client uses the file.
#[derive(Clone, Copy, Debug)]
pub struct FileHabits {
    /// Who keeps it.
    pub storage: NodeId,
    /// Whether it looks at its clock before each write.
    pub checks_lease: bool,
    /// How long it works between two writes.
    pub work: SimDuration,
    /// How long it takes from that look until the write is on its way.
    pub prepare: SimDuration,
    /// How many writes it makes before it lets go.
    pub stint: u32,
}

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    habits: Habits,
    /// The number of its first write, and how far its numbers lie apart.
    first: u32,
    stride: u32,
    begun: u32,
    written: u32,
    asks: u32,
    /// The question that is open, and what its clock showed when it asked.
    asked: Option<(u32, i64)>,
    stage: Stage,
    /// The timers of this stage.
    timers: Vec<TimerId>,
    /// The one among them that waits for the storage's answer.
    no_answer: Option<TimerId>,
}

#[derive(Clone, Debug)]
enum Stage {
    /// It does not need the lock.
    Resting,
    /// It has asked for it, or soon asks again.
    Waiting,
    /// It has the lease, and waits for the file.
    Opening(Tenure),
    /// It takes itself for the holder.
    Holding(Tenure),
    /// It takes itself for the holder, and works on the file.
    Writing(Tenure, Work),
}

/// Work on the file.
#[derive(Clone, Debug)]
struct Work {
    /// The file as this client knows it.
    lines: Vec<u32>,
    /// How many writes are done in this stint.
    done: u32,
    /// The write that is open.
    open: Option<u32>,
}

impl Client {
    /// The client at `place` (from 0) of `count`.
    pub fn new(habits: Habits, place: u32, count: u32) -> Client {
        Client {
            habits,
            first: place + 1,
            stride: count,
            begun: 0,
            written: 0,
            asks: 0,
            asked: None,
            stage: Stage::Resting,
            timers: Vec::new(),
            no_answer: None,
        }
    }

    pub fn start(&mut self, context: &mut Context<'_, Node>) {
        // Clients do not begin in step.
        let share = 1000 * self.first / (self.stride + 1);
        self.set(self.habits.rest.scaled_permille(share), Timer::Ask, context);
    }

    pub fn hear(&mut self, message: Message, context: &mut Context<'_, Node>) {
        match message {
            Message::Granted { ask, token, length } => self.granted(ask, token, length, context),
            Message::Busy { ask } => self.busy(ask, context),
            Message::Contents { token, lines } => self.opened(token, lines, context),
            Message::Written { operation } => self.wrote(operation, context),
            Message::Fenced { token, .. } if self.token() == Some(token) => {
                self.end_write(Outcome::Fail, context);
                self.let_go(context);
            }
            _ => {}
        }
    }

    pub fn wake(&mut self, timer: Timer, context: &mut Context<'_, Node>) {
        match timer {
            Timer::Ask => self.ask_for_lock(context),
            Timer::Renew => self.renew(context),
            Timer::TermEnds { token } if self.token() == Some(token) => self.let_go(context),
            Timer::TermEnds { .. } => {}
            Timer::NextWrite => self.begin_write(context),
            Timer::Prepared => self.send_write(context),
            Timer::NoAnswer => self.repeat(context),
        }
    }

    fn set(&mut self, after: SimDuration, timer: Timer, context: &mut Context<'_, Node>) {
        self.timers.push(context.set_timer(after, timer));
    }

    /// If the storage does not answer for a while, it is asked again.
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

    fn enter(&mut self, stage: Stage, context: &mut Context<'_, Node>) {
        for timer in self.timers.drain(..) {
            context.cancel_timer(timer);
        }
        self.stage = stage;
    }

    /// The lease it has.
    fn tenure(&self) -> Option<&Tenure> {
        match &self.stage {
            Stage::Resting | Stage::Waiting => None,
            Stage::Opening(tenure) | Stage::Holding(tenure) | Stage::Writing(tenure, _) => {
                Some(tenure)
            }
        }
    }

    fn token(&self) -> Option<i64> {
        self.tenure().map(|tenure| tenure.token)
    }

    fn next_ask(&mut self, context: &Context<'_, Node>) -> u32 {
        self.asks += 1;
        self.asked = Some((self.asks, context.monotonic()));
        self.asks
    }

    fn ask_for_lock(&mut self, context: &mut Context<'_, Node>) {
        self.enter(Stage::Waiting, context);
        let ask = self.next_ask(context);
        context.send(self.habits.service, Message::Acquire { ask });
        // If no answer comes, it asks again.
        self.set(self.habits.poll.scaled_permille(3000), Timer::Ask, context);
    }

    fn renew(&mut self, context: &mut Context<'_, Node>) {
        let Some(token) = self.token() else { return };
        let ask = self.next_ask(context);
        context.send(self.habits.service, Message::Renew { ask, token });
        self.set(
            self.habits.poll.scaled_permille(2000),
            Timer::Renew,
            context,
        );
    }

    fn granted(
        &mut self,
        ask: u32,
        token: i64,
        length: SimDuration,
        context: &mut Context<'_, Node>,
    ) {
        let Some((_, asked)) = self.asked.take_if(|(open, _)| *open == ask) else {
            return;
        };
        let granted = Tenure::new(token, asked, length, self.habits.margin);
        match &mut self.stage {
            Stage::Waiting => self.begin_tenure(granted, length, context),
            Stage::Opening(tenure) | Stage::Holding(tenure) | Stage::Writing(tenure, _) => {
                *tenure = granted;
            }
            Stage::Resting => {}
        }
    }

    fn begin_tenure(
        &mut self,
        tenure: Tenure,
        length: SimDuration,
        context: &mut Context<'_, Node>,
    ) {
        let now = context.monotonic();
        let token = tenure.token;
        match self.habits.file {
            Some(_) => {
                self.enter(Stage::Opening(tenure), context);
                self.set(length.scaled_permille(333), Timer::Renew, context);
                self.open_file(token, context);
            }
            // The answer came so late that the lease is over.
            None if !tenure.is_valid(now) => self.retry(context),
            None => {
                self.enter(Stage::Holding(tenure), context);
                context.record(Fact::Acquired { lock: LOCK, token });
                self.set(tenure.left(now), Timer::TermEnds { token }, context);
            }
        }
    }

    fn busy(&mut self, ask: u32, context: &mut Context<'_, Node>) {
        if self.asked.take_if(|(open, _)| *open == ask).is_none() {
            return;
        }
        match self.stage {
            Stage::Resting => {}
            Stage::Waiting => self.retry(context),
            // The lease ended, and perhaps another has it.
            _ => {
                self.end_write(Outcome::Unknown, context);
                self.let_go(context);
            }
        }
    }

    fn retry(&mut self, context: &mut Context<'_, Node>) {
        self.enter(Stage::Waiting, context);
        self.set(self.habits.poll, Timer::Ask, context);
    }

    fn let_go(&mut self, context: &mut Context<'_, Node>) {
        if let Stage::Holding(tenure) | Stage::Writing(tenure, _) = &self.stage {
            let (lock, token) = (LOCK, tenure.token);
            context.record(Fact::Released { lock, token });
        }
        self.asked = None;
        self.enter(Stage::Resting, context);
        self.set(self.habits.rest, Timer::Ask, context);
    }

    fn open_file(&mut self, token: i64, context: &mut Context<'_, Node>) {
        if let Some(file) = self.habits.file {
            context.send(file.storage, Message::Open { token });
            self.await_answer(context);
        }
    }

    /// The storage knows of the lease: from here on this client is the holder.
    fn opened(&mut self, token: i64, lines: Vec<u32>, context: &mut Context<'_, Node>) {
        let (Stage::Opening(tenure), Some(file)) = (&self.stage, self.habits.file) else {
            return;
        };
        if tenure.token != token {
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

    /// Whether it still takes itself for the holder, looking at its clock if it does that.
    fn may_write(&self, context: &Context<'_, Node>) -> bool {
        let checks = self.habits.file.is_some_and(|file| file.checks_lease);
        let is_valid = |tenure: &Tenure| !checks || tenure.is_valid(context.monotonic());
        self.tenure().is_some_and(is_valid)
    }

    fn begin_write(&mut self, context: &mut Context<'_, Node>) {
        if !self.may_write(context) {
            self.let_go(context);
            return;
        }
        let (Stage::Writing(tenure, work), Some(file)) = (&mut self.stage, self.habits.file) else {
            return;
        };
        let operation = self.first + self.begun * self.stride;
        self.begun += 1;
        work.open = Some(operation);
        work.lines.push(operation);
        context.record(Fact::Invoked {
            operation,
            function: Function::Write,
            key: LOCK,
            value: tenure.token,
        });
        self.set(file.prepare, Timer::Prepared, context);
    }

    fn send_write(&mut self, context: &mut Context<'_, Node>) {
        let (Stage::Writing(tenure, work), Some(file)) = (&self.stage, self.habits.file) else {
            return;
        };
        if let Some(operation) = work.open {
            let (token, lines) = (tenure.token, work.lines.clone());
            context.send(
                file.storage,
                Message::Write {
                    token,
                    operation,
                    lines,
                },
            );
            self.await_answer(context);
        }
    }

    /// Repeats what the storage has not answered.
    fn repeat(&mut self, context: &mut Context<'_, Node>) {
        match &self.stage {
            Stage::Opening(tenure) => self.open_file(tenure.token, context),
            Stage::Writing(_, work) if work.open.is_some() => {
                if self.may_write(context) {
                    self.send_write(context);
                } else {
                    self.end_write(Outcome::Unknown, context);
                    self.let_go(context);
                }
            }
            _ => {}
        }
    }

    fn wrote(&mut self, operation: u32, context: &mut Context<'_, Node>) {
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

    fn end_write(&mut self, outcome: Outcome, context: &mut Context<'_, Node>) {
        let Stage::Writing(_, work) = &mut self.stage else {
            return;
        };
        let Some(operation) = work.open.take() else {
            return;
        };
        self.written += u32::from(outcome == Outcome::Ok);
        context.record(Fact::Returned {
            operation,
            outcome,
            value: 0,
        });
    }

    fn release(&mut self, context: &mut Context<'_, Node>) {
        if let Some(token) = self.token() {
            context.send(self.habits.service, Message::Release { token });
        }
        self.let_go(context);
    }

    pub fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let mut state = Vec::new();
        if self.habits.file.is_some() {
            state.push(("writes acknowledged".to_owned(), self.written.to_string()));
        }
        if let Some(tenure) = self.tenure() {
            let left = tenure.left(outlook.monotonic).as_millis_f64() / 1e3;
            state.push(("token".to_owned(), tenure.token.to_string()));
            state.push(("lease left".to_owned(), format!("{left:.1} s")));
        }
        Description {
            badge: self.badge(),
            state,
            beliefs: vec![self.belief(outlook)],
        }
    }

    fn badge(&self) -> String {
        match &self.stage {
            Stage::Resting => "rests".to_owned(),
            Stage::Waiting => "wants the lock".to_owned(),
            Stage::Opening(tenure) => format!("opens, token {}", tenure.token),
            Stage::Holding(tenure) | Stage::Writing(tenure, _) => {
                format!("holds, token {}", tenure.token)
            }
        }
    }

    fn belief(&self, outlook: &Outlook<'_>) -> String {
        let service = (outlook.name)(self.habits.service);
        let checks = self.habits.file.is_none_or(|file| file.checks_lease);
        match &self.stage {
            Stage::Resting => "I do not need the lock now.".to_owned(),
            Stage::Waiting => "Somebody else may hold the lock: I ask until it is mine.".to_owned(),
            Stage::Opening(_) => "The lock is mine. I wait for the file.".to_owned(),
            Stage::Holding(tenure) | Stage::Writing(tenure, _) if !checks => format!(
                "I hold the lock, under token {}: {service} has not told me otherwise.",
                tenure.token
            ),
            Stage::Holding(tenure) | Stage::Writing(tenure, _) => {
                let left = tenure.left(outlook.monotonic).as_millis_f64() / 1e3;
                if left > 0.0 {
                    format!("I hold the lock for another {left:.1} s by my clock.")
                } else {
                    "My lease is over by my clock, now that I look at it.".to_owned()
                }
            }
        }
    }
}
