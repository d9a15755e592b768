//! The clients: some ask, some answer, some only read.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration};

use super::message::{Message, Shard, Timer};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::parts::numbers::Numbers;
use crate::parts::open::Open;
use crate::parts::spread;

/// How often a client asks before it gives up.
const ATTEMPTS: u32 = 5;

/// What a client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Habit {
    /// It posts a question, and looks at it.
    Asks,
    /// It looks for a question, answers it, and looks at the answer.
    Answers,
    /// It looks at the latest answer and the latest question by turns.
    Reads,
}

/// How clients behave; all clients of a run share the rules.
#[derive(Clone, Copy, Debug, Hash)]
struct Rules {
    pause: SimDuration,
    reload: SimDuration,
    timeout: SimDuration,
    has_token: bool,
    is_sticky: bool,
}

/// A client: one session.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    rules: Rules,
    habit: Habit,
    leaders: [NodeId; 2],
    followers: Vec<NodeId>,
    /// The follower that a sticky session reads from, by place.
    home: usize,
    numbers: Numbers,
    /// The position of its latest post that was confirmed. A session that has restarted has forgotten it.
    token: Option<u32>,
    /// The latest post of each shard that it has seen, and the latest position.
    seen: [Seen; 2],
    /// The question that it has answered last.
    answered: u32,
    open: Option<Open<Task>>,
}

#[derive(Clone, Copy, Debug, Default, Hash)]
struct Seen {
    post: u32,
    position: u32,
}

/// What a client is doing.
#[derive(Clone, Copy, Debug, Hash)]
struct Task {
    shard: Shard,
    is_write: bool,
    /// The follower that is asked, by place.
    asks: usize,
    /// How many followers have said that they are behind.
    behind: usize,
}

impl Client {
    /// The client at `place` among `count`.
    pub(super) fn new(habit: Habit, choices: &Choices, place: usize, count: usize) -> Client {
        Client {
            rules: Rules {
                pause: choices.pause,
                reload: choices.reload,
                timeout: choices.timeout,
                has_token: choices.has_token,
                is_sticky: choices.is_sticky,
            },
            habit,
            leaders: choices.leaders(),
            followers: choices.followers.clone(),
            home: place % choices.followers.len(),
            numbers: Numbers::new(place, count),
            token: None,
            seen: [Seen::default(); 2],
            answered: 0,
            open: None,
        }
    }

    /// Begins the next operation, unless one is under way.
    pub(super) fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() {
            return;
        }
        let (shard, is_write) = self.choose();
        let operation = self.numbers.next_number();
        let (function, value) = match is_write {
            true => (Function::Write, i64::from(operation)),
            false => (Function::Read, 0),
        };
        context.record(Fact::Invoked {
            operation,
            function,
            key: shard.key(),
            value,
        });
        let task = Task {
            shard,
            is_write,
            asks: self.any_follower(context),
            behind: 0,
        };
        self.open = Some(Open::new(operation, task, context));
        self.ask(context);
    }

    /// What to do next: in which shard, and whether to post.
    fn choose(&self) -> (Shard, bool) {
        let is_even = self.numbers.place().is_multiple_of(2);
        let question = self.seen[Shard::Questions.place()].post;
        match self.habit {
            Habit::Asks => (Shard::Questions, is_even),
            Habit::Answers if question > self.answered => (Shard::Answers, true),
            Habit::Answers if is_even && self.answered > 0 => (Shard::Answers, false),
            Habit::Answers => (Shard::Questions, false),
            Habit::Reads if is_even => (Shard::Answers, false),
            Habit::Reads => (Shard::Questions, false),
        }
    }

    fn any_follower(&self, context: &mut Context<'_, Node>) -> usize {
        let count = self.followers.len() as u32;
        match self.rules.is_sticky {
            true => self.home,
            false => spread::below(count, context) as usize,
        }
    }

    /// The shard that it posts to.
    fn own(&self) -> Option<Shard> {
        match self.habit {
            Habit::Asks => Some(Shard::Questions),
            Habit::Answers => Some(Shard::Answers),
            Habit::Reads => None,
        }
    }

    /// The position that must have been reached by whoever answers a read of a shard; nothing if only its leader can tell.
    fn needed(&self, shard: Shard) -> Option<u32> {
        match self.rules.has_token && self.own() == Some(shard) {
            true => self.token,
            false => Some(0),
        }
    }

    fn ask(&mut self, context: &mut Context<'_, Node>) {
        let Some(Open {
            operation, request, ..
        }) = self.open
        else {
            return;
        };
        let Task { shard, asks, .. } = request;
        let leader = self.leaders[shard.place()];
        let needed = self.needed(shard);
        let (to, message) = if request.is_write {
            let seen = self.seen[shard.other().place()].position;
            let write = Message::Write {
                operation,
                shard,
                seen,
            };
            (leader, write)
        } else {
            let is_behind = request.behind > 0
                && (self.rules.is_sticky || request.behind >= self.followers.len());
            let to = match needed {
                Some(_) if !is_behind => self.followers[asks],
                _ => leader,
            };
            let at_least = needed.unwrap_or(0);
            let read = Message::Read {
                operation,
                shard,
                at_least,
            };
            (to, read)
        };
        context.send(to, message);
        let timeout = self.rules.timeout;
        if let Some(open) = &mut self.open {
            open.wait(timeout, Timer::NoAnswer, context);
        }
    }

    pub(super) fn message(&mut self, message: Message, context: &mut Context<'_, Node>) {
        let Some(open) = &self.open else { return };
        match message {
            Message::Written {
                operation,
                position,
                ..
            } if operation == open.operation => self.written(position, context),
            Message::Value {
                operation,
                post,
                position,
                ..
            } if operation == open.operation => self.read(Seen { post, position }, context),
            Message::Behind { operation, .. } if operation == open.operation => {
                self.behind(context);
            }
            _ => {}
        }
    }

    fn written(&mut self, position: u32, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take() else { return };
        let shard = open.request.shard;
        self.token = self.token.max(Some(position));
        self.see(
            shard,
            Seen {
                post: open.operation,
                position,
            },
        );
        if shard == Shard::Answers {
            self.answered = self.seen[Shard::Questions.place()].post;
        }
        open.answered(0, context);
        self.rest(self.rules.reload, context);
    }

    fn read(&mut self, found: Seen, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take() else { return };
        let shard = open.request.shard;
        // A session that reads elsewhere because its follower is behind must not come back to less than it saw there.
        let raises = self.needed(shard).is_none() || (self.rules.has_token && self.rules.is_sticky);
        if self.own() == Some(shard) && raises {
            self.token = self.token.max(Some(found.position));
        }
        self.see(shard, found);
        open.answered(found.post.into(), context);
        let rest = match self.habit {
            Habit::Asks => self.rules.pause,
            Habit::Answers | Habit::Reads => self.rules.reload,
        };
        self.rest(rest, context);
    }

    /// It remembers the latest that it has seen, whatever it sees now.
    fn see(&mut self, shard: Shard, found: Seen) {
        let seen = &mut self.seen[shard.place()];
        if found.position > seen.position {
            *seen = found;
        }
    }

    /// The follower has not reached the session's token yet: another one may have, and the leader has.
    fn behind(&mut self, context: &mut Context<'_, Node>) {
        let count = self.followers.len();
        if let Some(open) = &mut self.open {
            open.request.behind += 1;
            open.request.asks = (open.request.asks + 1) % count;
            open.heard(context);
        }
        self.ask(context);
    }

    pub(super) fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        let asks = self.any_follower(context);
        let Some(open) = &mut self.open else { return };
        if open.attempt >= ATTEMPTS {
            return self.give_up(context);
        }
        open.request.asks = asks;
        open.request.behind = 0;
        open.retry(context);
        self.ask(context);
    }

    /// Gives up. A read has no effect; whether a post is in the log, the client cannot know.
    fn give_up(&mut self, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take() else { return };
        let outcome = match open.request.is_write {
            true => Outcome::Unknown,
            false => Outcome::Fail,
        };
        open.given_up(outcome, context);
        self.rest(self.rules.reload, context);
    }

    fn rest(&mut self, mean: SimDuration, context: &mut Context<'_, Node>) {
        let rest = spread::around(mean, context);
        context.set_timer(rest, Timer::Next);
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let latest = Shard::ALL.into_iter().filter_map(|shard| {
            let Seen { post, .. } = self.seen[shard.place()];
            let noun = shard.noun();
            (post > 0).then(|| format!("The latest {noun} that I have seen is #{post}."))
        });
        let home = self.rules.is_sticky.then(|| {
            let name = (outlook.name)(self.followers[self.home]);
            format!("I always read from {name}.")
        });
        let waits = self.open.as_ref().map(|open| {
            let waited = open.waited(outlook.monotonic);
            format!("I have waited {waited} for #{}.", open.operation)
        });
        latest.chain(home).chain(waits).collect()
    }
}

impl Role<Node> for Client {
    /// A session that has restarted does not know what it posted: the leader does.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        self.token = (context.boot() == 0).then_some(0);
        context.set_timer(self.numbers.up_to(self.rules.reload), Timer::Next);
    }

    fn held(&self, by: Measure) -> usize {
        self.followers.held(by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let [question, answer] = self.seen.map(|seen| seen.post);
        let post = |number: u32| match number {
            0 => "none".to_owned(),
            _ => format!("#{number}"),
        };
        let badge = match (&self.open, question.max(answer)) {
            (Some(open), _) if open.request.is_write => format!("posts #{}", open.operation),
            (_, 0) => String::new(),
            (_, latest) => format!("saw #{latest}"),
        };
        Description {
            badge,
            state: vec![
                ("latest question seen".to_owned(), post(question)),
                ("latest answer seen".to_owned(), post(answer)),
            ],
            beliefs: self.beliefs(outlook),
        }
    }
}
