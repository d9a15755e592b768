//! A client: asks for the lock, and uses what the lock guards while it believes it is the holder.
//!
//! | module | its subject |
//! | --- | --- |
//! | `file` | opens the file and writes to it |
//! | `view` | what the client believes, in words |

mod file;
mod view;

use sim::held::{Held, Measure};
use sim::protocol::{Claim, Claimed, Description, Outlook};
use sim::trace::{Fact, Outcome};
use sim::{Context, NodeId, SimDuration, TimerId};

use super::tenure::{Margin, Tenure};
use super::{LOCK, Message, Node, Timer};
use crate::describe::roles::Role;
use crate::parts::numbers::{Numbers, first_number};
pub use file::FileHabits;
use file::Work;

/// How a client behaves.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Habits {
    /// The service that lends the lock.
    pub service: NodeId,
    /// How long it waits before it asks again for a lock that another client holds.
    pub poll: SimDuration,
    /// How long it rests after it has let go of the lock.
    pub rest: SimDuration,
    /// How it shortens its lease because clocks drift.
    pub margin: Margin,
    /// How it uses the file. A client without a file only holds the lock until the lease ends.
    pub file: Option<FileHabits>,
}

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    habits: Habits,
    /// The numbers of its writes.
    numbers: Numbers,
    written: u32,
    /// The number of the latest question, higher than those of earlier lives.
    asks: u32,
    /// The number of the latest opening of the file.
    opens: u32,
    /// The question that has no answer yet, and the reading of the client's clock when it asked.
    asked: Option<(u32, i64)>,
    stage: Stage,
    /// The timers of this stage.
    timers: Vec<TimerId>,
    /// The timer of this stage that waits for an answer from the storage.
    no_answer: Option<TimerId>,
}

#[derive(Clone, Debug, Hash)]
enum Stage {
    /// The client does not need the lock.
    Resting,
    /// The client has asked for the lock, or will soon ask again.
    Waiting,
    /// The client has the lease, and waits for the file.
    Opening(Tenure),
    /// The client believes it is the holder.
    Holding(Tenure),
    /// The client believes it is the holder, and works on the file.
    Writing(Tenure, Work),
}

impl Client {
    /// The client at `place` (from 0) of `count`.
    pub fn new(habits: Habits, place: usize, count: usize) -> Client {
        Client {
            habits,
            numbers: Numbers::new(place, count),
            written: 0,
            asks: 0,
            opens: 0,
            asked: None,
            stage: Stage::Resting,
            timers: Vec::new(),
            no_answer: None,
        }
    }

    /// An answer of the lock service or of the storage server.
    pub fn hear(&mut self, message: Message, context: &mut Context<'_, Node>) {
        match message {
            Message::Granted { ask, token, length } => self.granted(ask, token, length, context),
            Message::Busy { ask } => self.busy(ask, context),
            Message::Contents { ask, token, lines } => self.opened(ask, token, lines, context),
            Message::Written { operation } => self.wrote(operation, context),
            Message::Fenced { operation, token } if self.token() == Some(token) => {
                self.fenced(operation, context);
            }
            _ => {}
        }
    }

    /// One of its timers fires.
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

    fn enter(&mut self, stage: Stage, context: &mut Context<'_, Node>) {
        for timer in self.timers.drain(..) {
            context.cancel_timer(timer);
        }
        self.stage = stage;
    }

    /// The lease that it has.
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

    fn next_number(&mut self) -> u32 {
        self.asks += 1;
        self.asks
    }

    fn next_ask(&mut self, context: &Context<'_, Node>) -> u32 {
        let ask = self.next_number();
        self.asked = Some((ask, context.monotonic()));
        ask
    }

    fn ask_for_lock(&mut self, context: &mut Context<'_, Node>) {
        self.enter(Stage::Waiting, context);
        let ask = self.next_ask(context);
        context.send(self.habits.service, Message::Acquire { ask });
        // The client asks again if it gets no answer.
        self.set(self.habits.poll.scaled_permille(3000), Timer::Ask, context);
    }

    fn renew(&mut self, context: &mut Context<'_, Node>) {
        let Some(token) = self.token() else { return };
        let ask = self.next_ask(context);
        context.send(self.habits.service, Message::Renew { ask, token });
        let again = self.habits.poll.scaled_permille(2000);
        self.set(again, Timer::Renew, context);
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
                self.opens = self.next_number();
                self.open_file(token, context);
            }
            // The answer arrived after the lease had ended.
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
            // The lease has ended, and another client may have one.
            _ => self.lose(Outcome::Unknown, context),
        }
    }

    fn retry(&mut self, context: &mut Context<'_, Node>) {
        self.enter(Stage::Waiting, context);
        self.set(self.habits.poll, Timer::Ask, context);
    }

    /// It learns that it is not the holder: the open write, if there is one, ends with this outcome.
    fn lose(&mut self, outcome: Outcome, context: &mut Context<'_, Node>) {
        self.end_write(outcome, context);
        self.let_go(context);
    }

    fn release(&mut self, context: &mut Context<'_, Node>) {
        if let Some(token) = self.token() {
            context.send(self.habits.service, Message::Release { token });
        }
        self.let_go(context);
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
}

impl Role<Node> for Client {
    fn held(&self, by: Measure) -> usize {
        // The lines that it knows are those of the file, but for the latest.
        self.timers.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        self.asks = first_number(context);
        let first = self.numbers.within(self.habits.rest);
        self.set(first, Timer::Ask, context);
    }

    /// From when the guarded work may begin, until it lets go.
    fn claim(&self) -> Option<Claim> {
        match &self.stage {
            Stage::Resting | Stage::Waiting | Stage::Opening(_) => None,
            Stage::Holding(tenure) | Stage::Writing(tenure, _) => Some(Claim {
                to: Claimed::Lock,
                number: tenure.token,
            }),
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        self.description(outlook)
    }
}
