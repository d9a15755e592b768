//! Clients that do one thing after the other, each until it is answered: they ask a server, wait, and ask the next one.
//!
//! A protocol lends its messages and timers: [`Request`], [`Reply`] and [`Wake`] become its own. A retry repeats the
//! operation's number, by which a server knows what it has done before.

use sim::held::{Held, Measure};
use sim::protocol::{CopyOf, Description, Outlook};
use sim::random::Probability;
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, Protocol, SimDuration};

use super::numbers::Numbers;
use super::open::Open;
use super::spread;
use crate::describe::roles::Role;

/// What a client asks a server for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The operation's number.
    pub operation: u32,
    /// What is to be done.
    pub function: Function,
    /// To which key.
    pub key: i64,
    /// With which value.
    pub value: i64,
}

impl Request {
    /// Whether it reads, and changes nothing.
    pub fn is_read(&self) -> bool {
        self.function == Function::Read
    }

    /// What a copy holds that has done it.
    pub fn copy(&self) -> CopyOf {
        CopyOf {
            key: self.key,
            operation: self.operation,
        }
    }
}

/// What a server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reply {
    /// What was asked for.
    pub to: Request,
    /// What was read; 0 if nothing was, and for operations that do not read.
    pub value: i64,
    /// Whether it is done. A refused operation may be done later: the network can hold another copy of the request.
    pub is_done: bool,
}

impl Reply {
    /// It is done, and this was read.
    pub fn done(to: Request, value: i64) -> Reply {
        Reply {
            to,
            value,
            is_done: true,
        }
    }

    /// It is refused.
    pub fn refused(to: Request) -> Reply {
        Reply {
            to,
            value: 0,
            is_done: false,
        }
    }
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wake {
    /// Time for the next operation.
    Next,
    /// No answer has come in time.
    NoAnswer,
}

/// A protocol that has such clients.
pub trait Hosts: Protocol<Message: From<Request>, Timer: From<Wake>> {}

impl<P: Protocol<Message: From<Request>, Timer: From<Wake>>> Hosts for P {}

/// What a client does.
#[derive(Clone, Debug, Hash)]
pub enum Habit {
    /// It writes to one register, each time the number of the operation.
    Writes,
    /// It writes notes, each under a key of its own, and between two notes reads back a saved note: one of the latest
    /// eight with `Notes(8)`.
    Notes(usize),
    /// It adds to a number under a key that it shares with others, or reads it, by chance.
    Counts {
        /// The key.
        key: i64,
        /// How often it adds.
        adds: Probability,
    },
}

/// How a client goes about it.
#[derive(Clone, Debug, Hash)]
pub struct Manner {
    /// The servers that it can ask.
    pub servers: Vec<NodeId>,
    /// The server that it asks first, by place.
    pub first: usize,
    /// How long it rests between operations.
    pub pause: SimDuration,
    /// How long it waits for an answer before it asks the next server, which can be the same.
    pub timeout: SimDuration,
    /// How many times it asks before it gives up; it never gives up if there is none.
    pub attempts: Option<u32>,
    /// Whether a refusal ends an operation. If not, it asks the next server when its time is over.
    pub takes_no: bool,
    /// How many operations it begins; it never ends if there is none.
    pub operations: Option<u32>,
    /// What it does.
    pub habit: Habit,
}

impl Manner {
    /// A client that does not stop, and asks until it is answered; the first server first.
    pub fn endless(
        servers: &[NodeId],
        pause: SimDuration,
        timeout: SimDuration,
        habit: Habit,
    ) -> Manner {
        Manner {
            servers: servers.to_vec(),
            first: 0,
            pause,
            timeout,
            attempts: None,
            takes_no: true,
            operations: None,
            habit,
        }
    }
}

/// A client on each of these nodes, all with the same manner. The servers that they ask first are spread evenly.
pub fn callers(nodes: &[NodeId], manner: &Manner) -> impl Iterator<Item = (NodeId, Box<Caller>)> {
    let count = nodes.len();
    nodes.iter().enumerate().map(move |(place, node)| {
        let manner = Manner {
            first: place * manner.servers.len() / count,
            ..manner.clone()
        };
        (*node, Box::new(Caller::new(manner, place, count)))
    })
}

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Caller {
    manner: Manner,
    /// The server that it asks, by place.
    asks: usize,
    numbers: Numbers,
    done: u32,
    refused: u32,
    given_up: u32,
    open: Option<Open<Request>>,
    /// The notes that were reported as saved.
    saved: Vec<u32>,
    /// The latest note that was reported as saved, and then was not there.
    denied: Option<u32>,
    /// What it read last.
    read: Option<i64>,
}

impl Caller {
    /// The client at `place` among `count`.
    pub fn new(manner: Manner, place: usize, count: usize) -> Caller {
        Caller {
            asks: manner.first,
            manner,
            numbers: Numbers::new(place, count),
            done: 0,
            refused: 0,
            given_up: 0,
            open: None,
            saved: Vec::new(),
            denied: None,
            read: None,
        }
    }

    /// One of its timers has fired.
    pub fn wake<P: Hosts>(&mut self, wake: Wake, context: &mut Context<'_, P>) {
        match wake {
            Wake::Next => self.begin(context),
            Wake::NoAnswer => self.no_answer(context),
        }
    }

    /// Begins the next operation, unless one is under way.
    pub fn begin<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        let has_done_all = |most| self.done + self.refused + self.given_up >= most;
        if self.open.is_some() || self.manner.operations.is_some_and(has_done_all) {
            return;
        }
        let operation = self.numbers.next_number();
        let request = self.next(operation, context);
        let Request {
            function,
            key,
            value,
            ..
        } = request;
        context.record(Fact::Invoked {
            operation,
            function,
            key,
            value,
        });
        self.ask(Open::new(operation, request, context), context);
    }

    /// What it asks for next.
    fn next<P: Hosts>(&mut self, operation: u32, context: &mut Context<'_, P>) -> Request {
        let own = i64::from(operation);
        let (function, key, value) = match self.manner.habit {
            Habit::Writes => (Function::Write, 0, own),
            Habit::Notes(latest) => match self.note_to_read(latest, context) {
                Some(note) => (Function::Read, i64::from(note), 0),
                None => (Function::Write, own, own),
            },
            Habit::Counts { key, adds } if context.happens(adds, u64::from(operation)) => {
                (Function::Add, key, 1)
            }
            Habit::Counts { key, .. } => (Function::Read, key, 0),
        };
        Request {
            operation,
            function,
            key,
            value,
        }
    }

    /// Every other time, one of the latest notes.
    fn note_to_read<P: Hosts>(&self, latest: usize, context: &mut Context<'_, P>) -> Option<u32> {
        let candidates = self.saved.len().min(latest);
        if candidates == 0 || self.numbers.place().is_multiple_of(2) {
            return None;
        }
        let back = spread::below(candidates as u32, context);
        let place = self.saved.len() - 1 - back as usize;
        self.saved.get(place).copied()
    }

    fn ask<P: Hosts>(&mut self, mut open: Open<Request>, context: &mut Context<'_, P>) {
        context.send(self.manner.servers[self.asks], open.request.into());
        open.wait(self.manner.timeout, Wake::NoAnswer.into(), context);
        self.open = Some(open);
    }

    /// A server has answered.
    pub fn answered<P: Hosts>(&mut self, reply: Reply, context: &mut Context<'_, P>) {
        // A refusal is no answer once other servers were asked too: it waits for one that does it.
        let takes_no = self.manner.takes_no;
        let is_answered = |open: &mut Open<Request>| {
            let is_it = open.operation == reply.to.operation;
            is_it && (reply.is_done || takes_no && open.attempt == 1)
        };
        let Some(open) = self.open.take_if(is_answered) else {
            return;
        };
        if reply.is_done {
            self.done += 1;
            self.learn(open.request, reply.value);
            open.answered(reply.value, context);
        } else {
            self.refused += 1;
            // A read has no effect. Of anything else a copy may be taken yet.
            if open.request.is_read() {
                open.refused(context);
            } else {
                open.unsure(context);
            }
        }
        self.rest(context);
    }

    fn learn(&mut self, request: Request, value: i64) {
        match (request.function, &self.manner.habit) {
            (Function::Write, Habit::Notes(_)) => self.saved.push(request.operation),
            (Function::Read, Habit::Notes(_)) if value == 0 => {
                self.denied = Some(request.key as u32);
            }
            (Function::Read, Habit::Counts { .. }) => self.read = Some(value),
            _ => {}
        }
    }

    /// The next server may know more; if it has asked often enough, it gives up.
    fn no_answer<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        self.asks = (self.asks + 1) % self.manner.servers.len();
        let is_enough = |most| open.attempt >= most;
        if self.manner.attempts.is_some_and(is_enough) {
            self.given_up += 1;
            open.given_up(Outcome::Unknown, context);
            self.rest(context);
        } else {
            open.retry(context);
            self.ask(open, context);
        }
    }

    fn rest<P: Hosts>(&self, context: &mut Context<'_, P>) {
        context.set_timer(self.manner.pause, Wake::Next.into());
    }

    fn badge(&self) -> String {
        match (&self.manner.habit, self.read) {
            (Habit::Writes, _) => format!("{} written", self.done),
            (Habit::Notes(_), _) => format!("{} saved", self.saved.len()),
            (Habit::Counts { .. }, Some(read)) => format!("reads {read}"),
            (Habit::Counts { .. }, None) => String::new(),
        }
    }

    fn beliefs(&self, server: &str, now: i64) -> Vec<String> {
        let mut beliefs = Vec::new();
        if let Some(note) = self.denied {
            beliefs.push(format!(
                "Note #{note} was reported as saved. When I read it back, it was not there."
            ));
        }
        beliefs.push(match self.open {
            Some(open) => format!(
                "I have waited {} for #{}, and cannot know whether it is done.",
                open.waited(now),
                open.operation
            ),
            None => format!("I am not waiting for an answer from {server}."),
        });
        beliefs
    }
}

impl<P: Hosts> Role<P> for Caller {
    /// Begins to run. Clients do not begin in step: each waits its share of the pause on top of one.
    fn start(&mut self, context: &mut Context<'_, P>) {
        self.numbers.start(context);
        let share = 1000 + 1000 * (self.numbers.first() - 1) / self.numbers.clients();
        let first = self.manner.pause.scaled_permille(share);
        context.set_timer(first, Wake::Next.into());
    }

    /// Bytes of memory that it takes besides its own size.
    fn held(&self, by: Measure) -> usize {
        self.manner.servers.held(by) + self.saved.held(by)
    }

    /// What it knows and believes.
    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let server = (outlook.name)(self.manner.servers[self.asks]);
        let mut state = vec![("answered".to_owned(), self.done.to_string())];
        for (name, count) in [("refused", self.refused), ("given up", self.given_up)] {
            if count > 0 {
                state.push((name.to_owned(), count.to_string()));
            }
        }
        state.push(("asks".to_owned(), server.clone()));
        Description {
            badge: self.badge(),
            state,
            beliefs: self.beliefs(&server, outlook.monotonic),
        }
    }
}
