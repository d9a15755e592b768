//! The clients, which read, write, and compare and set registers.

use std::sync::Arc;

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::random::Probability;
use sim::sorted::Map;
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration};

use super::message::{Answer, Ask, Message, Timer, Told};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::parts::caller::Request;
use crate::parts::numbers::Numbers;
use crate::parts::open::Open;
use crate::parts::spread;

/// How long a client waits before it asks again where nobody leads.
const AGAIN: SimDuration = SimDuration::from_millis(30);

/// Numbers under which clients draw what they do next: each is about another question.
const READS: u64 = 1 << 40;
const ELSEWHERE: u64 = 2 << 40;
const COMPARES: u64 = 3 << 40;

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    rules: Arc<Choices>,
    /// The server that it believes to lead, by place.
    asks: usize,
    /// The server that it asks for the operation under way.
    at: usize,
    /// The server whose answer it waits for; none while it waits to ask again.
    awaits: Option<NodeId>,
    /// Whether it only reads.
    is_reader: bool,
    numbers: Numbers,
    open: Option<Open<Ask>>,
    /// What it knows to have been under each key last.
    known: Map<i64, i64>,
    done: u32,
    failed: u32,
    unknown: u32,
}

impl Client {
    /// The client at a place among the clients.
    pub(super) fn new(rules: Arc<Choices>, place: usize) -> Client {
        let (clients, servers) = (rules.clients.len(), rules.servers.len());
        Client {
            asks: place * servers / clients,
            at: 0,
            awaits: None,
            is_reader: place < rules.readers as usize,
            numbers: Numbers::new(place, clients),
            rules,
            open: None,
            known: Map::new(),
            done: 0,
            failed: 0,
            unknown: 0,
        }
    }

    /// One of its timers has fired.
    pub(super) fn wake(&mut self, timer: Timer, context: &mut Context<'_, Node>) {
        match timer {
            Timer::Next => self.begin(context),
            Timer::NoAnswer => self.no_answer(context),
            Timer::Again => self.ask_again(context),
            Timer::Election | Timer::Beat { .. } => {}
        }
    }

    /// Begins the next operation, unless one is under way.
    pub(super) fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() {
            return;
        }
        let operation = self.numbers.next_number();
        let ask = self.next(operation, context);
        let request = ask.request;
        self.at = match ask.is_for_anyone {
            true => spread::below(self.rules.servers.len() as u32, context) as usize,
            false => self.asks,
        };
        context.record(Fact::Invoked {
            operation,
            function: request.function,
            key: request.key,
            value: request.value,
        });
        self.ask(Open::new(operation, ask, context), context);
    }

    /// What it asks for next. It writes the number of the operation, so that each value is written once.
    fn next(&self, operation: u32, context: &mut Context<'_, Node>) -> Ask {
        let happens = |share: f64, about: u64, context: &Context<'_, Node>| {
            context.happens(Probability::new(share), about + u64::from(operation))
        };
        let key = i64::from(spread::below(self.rules.keys, context));
        let own = i64::from(operation);
        let (function, value) = if self.is_reader || happens(self.rules.reads, READS, context) {
            (Function::Read, 0)
        } else if happens(self.rules.compares, COMPARES, context) {
            let known = self.known.get(&key).copied().unwrap_or(0);
            (Function::CompareAndSet, known << 32 | own)
        } else {
            (Function::Write, own)
        };
        let is_read = function == Function::Read;
        Ask {
            request: Request {
                operation,
                function,
                key,
                value,
            },
            is_for_anyone: is_read && happens(self.rules.elsewhere, ELSEWHERE, context),
        }
    }

    fn ask(&mut self, mut open: Open<Ask>, context: &mut Context<'_, Node>) {
        self.send(open.request, context);
        open.wait(self.rules.timeout, Timer::NoAnswer, context);
        self.open = Some(open);
    }

    fn send(&mut self, ask: Ask, context: &mut Context<'_, Node>) {
        let server = self.rules.servers[self.at];
        self.awaits = Some(server);
        context.send(server, Message::Ask(ask));
    }

    /// A server has answered. One that is asked once sends the client on once, however often its answer comes: else each
    /// copy of it would be followed by others.
    pub(super) fn answered(
        &mut self,
        from: NodeId,
        answer: Answer,
        context: &mut Context<'_, Node>,
    ) {
        let Some(open) = self.open.take_if(|open| open.operation == answer.operation) else {
            return;
        };
        let sends_on = match answer.told {
            Told::Done(_) => false,
            Told::Elsewhere(_) => true,
            Told::Lost => self.rules.knows_unknown,
        };
        if sends_on && self.awaits != Some(from) {
            self.open = Some(open);
            return;
        }
        match answer.told {
            Told::Done(value) => {
                self.learn(open.request.request, value);
                self.done += 1;
                open.answered(value, context);
                self.rest(context);
            }
            Told::Elsewhere(leader) => {
                self.open = Some(open);
                self.go_elsewhere(leader, context);
            }
            // Another leader may have the command in its log. With the same number the client can ask again.
            Told::Lost if self.rules.knows_unknown => {
                self.open = Some(open);
                self.go_elsewhere(None, context);
            }
            Told::Lost => {
                self.failed += 1;
                open.refused(context);
                self.rest(context);
            }
        }
    }

    fn go_elsewhere(&mut self, leader: Option<NodeId>, context: &mut Context<'_, Node>) {
        self.awaits = None;
        let servers = &self.rules.servers;
        let place = leader.and_then(|leader| servers.iter().position(|one| *one == leader));
        match place {
            Some(place) => {
                (self.asks, self.at) = (place, place);
                self.ask_again(context);
            }
            None => {
                self.next_server();
                context.set_timer(AGAIN, Timer::Again);
            }
        }
    }

    /// Asks the server that may know, within the same attempt.
    fn ask_again(&mut self, context: &mut Context<'_, Node>) {
        match &self.open {
            Some(open) if self.awaits.is_none() => self.send(open.request, context),
            _ => {}
        }
    }

    fn next_server(&mut self) {
        self.at = (self.at + 1) % self.rules.servers.len();
        self.asks = self.at;
    }

    fn learn(&mut self, request: Request, value: i64) {
        let known = match request.function {
            Function::Read => value,
            Function::CompareAndSet if value == 0 => return,
            Function::CompareAndSet => request.value & 0xffff_ffff,
            _ => request.value,
        };
        self.known.insert(request.key, known);
    }

    /// No answer has come: the next server may know more. If it has asked often enough, it gives up.
    fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        self.next_server();
        if open.attempt >= self.rules.attempts {
            self.unknown += 1;
            open.given_up(Outcome::Unknown, context);
            self.rest(context);
        } else {
            open.retry(context);
            self.ask(open, context);
        }
    }

    fn rest(&self, context: &mut Context<'_, Node>) {
        context.set_timer(self.rules.pause, Timer::Next);
    }
}

impl Role<Node> for Client {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        let first = self.rules.pause + self.numbers.up_to(self.rules.pause);
        context.set_timer(first, Timer::Next);
    }

    fn held(&self, by: Measure) -> usize {
        self.known.held(by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let server = (outlook.name)(self.rules.servers[self.asks]);
        let counts = [
            ("answered", self.done),
            ("failed", self.failed),
            ("unknown", self.unknown),
        ];
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        let counts = counts.map(|(name, count)| (name.to_owned(), count.to_string()));
        Description {
            badge: format!("{} done", self.done),
            state: counts
                .chain([("asks".to_owned(), server.clone())])
                .collect(),
            beliefs: vec![match &self.open {
                Some(open) => format!(
                    "I have waited {} for #{}, and asked {}.",
                    open.waited(outlook.monotonic),
                    open.operation,
                    open.times()
                ),
                None => format!("I am not waiting for an answer from {server}."),
            }],
        }
    }
}
