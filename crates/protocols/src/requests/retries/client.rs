//! Who calls, and when it calls again.

use sim::held::{Held, Measure};
use sim::sorted::Map;

use sim::network::Distribution;
use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration, TimerId};

use super::{Choices, Message, Node, Timer};
use crate::describe::roles::Role;
use crate::describe::words::counted;
use crate::parts::numbers::Numbers;
use crate::parts::open::returned;
use crate::parts::retrying::{Backoff, Breaker, Budget, Leave, State};

/// So many retries a budget has saved up at most.
const SAVED_RETRIES: u32 = 3;

/// How a client calls; all clients of a run do it alike.
#[derive(Clone, Copy, Debug, Hash)]
struct Policy {
    every: SimDuration,
    timeout: SimDuration,
    attempts: u32,
    /// How many calls may be open; none if there is no bound.
    pool: Option<usize>,
    backoff: Option<Backoff>,
    budget: Option<Budget>,
    has_breaker: bool,
    cool_down: SimDuration,
}

impl Policy {
    fn of(choices: &Choices) -> Policy {
        let backoff = Backoff {
            base: choices.backoff_base,
            cap: choices.backoff_cap,
            has_jitter: choices.has_jitter,
        };
        let budget = Budget::new(choices.budget, SAVED_RETRIES);
        Policy {
            every: choices.every,
            timeout: choices.timeout,
            attempts: choices.attempts,
            pool: choices.has_bulkhead.then_some(choices.pool as usize),
            backoff: choices.has_backoff.then_some(backoff),
            budget: choices.has_budget.then_some(budget),
            has_breaker: choices.has_breaker,
            cool_down: choices.cool_down,
        }
    }
}

/// A client: its users' requests become calls to the server.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    server: NodeId,
    policy: Policy,
    numbers: Numbers,
    answered: u32,
    given_up: u32,
    turned_away: u32,
    open: Map<u32, Call>,
    budget: Option<Budget>,
    breaker: Option<Breaker>,
    /// When the last answer came that was waited for.
    last_answer: Option<i64>,
}

/// A call that is not ended.
#[derive(Clone, Copy, Debug, Hash)]
struct Call {
    /// How many attempts were made.
    attempts: u32,
    /// What ends the wait for an answer; none while the call backs off.
    timer: Option<TimerId>,
    /// The breaker's leave for the latest attempt.
    leave: Leave,
}

impl Call {
    fn backs_off(&self) -> bool {
        self.timer.is_none()
    }
}

impl Client {
    /// The client at `place` among the clients.
    pub(super) fn new(choices: &Choices, place: usize) -> Client {
        let policy = Policy::of(choices);
        Client {
            server: choices.server,
            policy,
            numbers: Numbers::new(place, choices.clients.len()),
            answered: 0,
            given_up: 0,
            turned_away: 0,
            open: Map::new(),
            budget: policy.budget,
            breaker: policy.has_breaker.then(Breaker::default),
            last_answer: None,
        }
    }

    pub(super) fn asked_again(&mut self, context: &mut Context<'_, Node>) {
        let every = self.policy.every;
        let spread = Distribution::Uniform {
            low: every.scaled_permille(900),
            high: every.scaled_permille(1100),
        };
        let next = context.draw(spread);
        context.set_timer(next, Timer::Asked);
        self.asked(context);
    }

    /// A user asks for something: a call, if one may be made.
    pub(super) fn asked(&mut self, context: &mut Context<'_, Node>) {
        let call = self.numbers.next_number();
        context.record(Fact::Invoked {
            operation: call,
            function: Function::Request,
            key: i64::from(context.me().0),
            value: 0,
        });
        let leave = (!self.is_full()).then(|| self.leave()).flatten();
        let Some(leave) = leave else {
            self.turned_away += 1;
            return returned(call, Outcome::Fail, 0, context);
        };
        if let Some(budget) = &mut self.budget {
            budget.deposit();
        }
        let fresh = Call {
            attempts: 0,
            timer: None,
            leave,
        };
        self.open.insert(call, fresh);
        self.attempt(call, context);
    }

    fn is_full(&self) -> bool {
        self.policy.pool.is_some_and(|most| self.open.len() >= most)
    }

    /// The breaker's leave to make a call, if it gives any; always if there is no breaker. A trial that it lets through counts as made.
    fn leave(&mut self) -> Option<Leave> {
        match &mut self.breaker {
            Some(breaker) => breaker.lets_through(),
            None => Some(Leave::default()),
        }
    }

    fn attempt(&mut self, call: u32, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.get_mut(&call) else {
            return;
        };
        open.attempts += 1;
        let attempt = open.attempts;
        let timer = context.set_timer(self.policy.timeout, Timer::NoAnswer { call });
        open.timer = Some(timer);
        if attempt > 1 {
            context.record(Fact::Retried {
                operation: call,
                attempt: i64::from(attempt),
            });
        }
        context.send(self.server, Message::Call { call, attempt });
    }

    pub(super) fn answer(&mut self, call: u32, attempt: u32, context: &mut Context<'_, Node>) {
        let awaited = |open: &Call| open.attempts == attempt && !open.backs_off();
        let Some(open) = self.open.get(&call).copied().filter(awaited) else {
            // It answers an attempt that was given up.
            return context.record(Fact::Shed { operation: call });
        };
        self.open.remove(&call);
        if let Some(timer) = open.timer {
            context.cancel_timer(timer);
        }
        self.answered += 1;
        self.last_answer = Some(context.monotonic());
        if let Some(breaker) = &mut self.breaker {
            breaker.succeeded(open.leave);
        }
        returned(call, Outcome::Ok, 0, context);
    }

    pub(super) fn no_answer(&mut self, call: u32, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.get_mut(&call) else {
            return;
        };
        open.timer = None;
        let (attempts, leave) = (open.attempts, open.leave);
        let breaker = self.breaker.as_mut();
        if breaker.is_some_and(|breaker| breaker.failed(leave)) {
            context.set_timer(self.policy.cool_down, Timer::CooledDown);
            context.record(Fact::HoldsOff {
                length: self.policy.cool_down.as_nanos() as i64,
            });
        }
        if attempts == self.policy.attempts || !self.may_retry() {
            return self.give_up(call, context);
        }
        match self.policy.backoff {
            Some(backoff) => {
                let length = context.draw(backoff.after(attempts));
                context.set_timer(length, Timer::BackoffOver { call });
            }
            None => self.attempt_again(call, context),
        }
    }

    fn may_retry(&mut self) -> bool {
        let is_open = self
            .breaker
            .as_ref()
            .is_some_and(|breaker| breaker.state() != State::Closed);
        !is_open && self.budget.as_mut().is_none_or(Budget::withdraw)
    }

    /// Makes a call again that was not answered, if the breaker lets it through.
    pub(super) fn attempt_again(&mut self, call: u32, context: &mut Context<'_, Node>) {
        let Some(leave) = self.leave() else {
            return self.give_up(call, context);
        };
        if let Some(open) = self.open.get_mut(&call) {
            open.leave = leave;
        }
        self.attempt(call, context);
    }

    fn give_up(&mut self, call: u32, context: &mut Context<'_, Node>) {
        self.open.remove(&call);
        self.given_up += 1;
        returned(call, Outcome::Unknown, 0, context);
    }

    pub(super) fn cooled_down(&mut self) {
        if let Some(breaker) = &mut self.breaker {
            breaker.cooled_down();
        }
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let server = (outlook.name)(self.server);
        let ago = |then: i64| (outlook.monotonic - then) as f64 / 1e9;
        let mut beliefs = vec![match self.last_answer {
            Some(then) if ago(then) * 1e9 < 2.0 * self.policy.timeout.as_nanos() as f64 => {
                format!(
                    "{server} is fine: it last answered me {:.1} s ago.",
                    ago(then)
                )
            }
            Some(then) => format!(
                "{server} is slow or gone: it last answered me in time {:.1} s ago.",
                ago(then)
            ),
            None => format!("{server} has not answered me yet."),
        }];
        let waiting = self.open.iter().filter(|(_, call)| call.backs_off());
        match waiting.count() {
            0 => {}
            calls => beliefs.push(format!(
                "{} waiting to be made again: a timeout came first.",
                counted(calls, "call")
            )),
        }
        match self.breaker.as_ref().map(Breaker::state) {
            Some(State::Open) => {
                beliefs.push("Calls to it would fail: I turn users away.".to_owned())
            }
            Some(State::HalfOpen { .. }) => {
                beliefs.push("One trial call will show whether it is back.".to_owned());
            }
            _ => {}
        }
        beliefs
    }
}

impl Role<Node> for Client {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        context.set_timer(self.numbers.up_to(self.policy.every), Timer::Asked);
    }

    fn held(&self, by: Measure) -> usize {
        let breaker = self.breaker.as_ref().map_or(0, |breaker| breaker.held(by));
        self.open.held(by) + breaker
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let mut state = vec![
            ("answered".to_owned(), self.answered.to_string()),
            ("given up".to_owned(), self.given_up.to_string()),
            ("turned away".to_owned(), self.turned_away.to_string()),
            ("open calls".to_owned(), self.open.len().to_string()),
        ];
        if let Some(budget) = &self.budget {
            let retries = counted(budget.retries() as usize, "retry");
            state.push(("budget".to_owned(), retries));
        }
        Description {
            badge: format!("{} answered", counted(self.answered as usize, "call")),
            state,
            beliefs: self.beliefs(outlook),
        }
    }
}
