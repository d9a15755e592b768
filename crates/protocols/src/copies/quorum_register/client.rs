//! The client, which reads and writes, and coordinates the replicas.

use sim::held::{Held, Measure};
use sim::sorted::Set;

use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration};

use super::operation::{Operation, Phase, Task};
use super::{Choices, Message, Node, Timer};
use crate::describe::roles::Role;
use crate::describe::words::seconds;
use crate::parts::numbers::Numbers;
use crate::parts::open::returned;
use crate::parts::quorum::{Quorums, Votes};
use crate::parts::spread;

/// How clients behave; all clients of a run share the rules.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Rules {
    quorums: Quorums,
    writers: u32,
    pause: SimDuration,
    patience: SimDuration,
    timeout: SimDuration,
    repairs: bool,
    is_sloppy: bool,
}

impl Rules {
    pub(super) fn of(choices: &Choices) -> Rules {
        let quorums = Quorums {
            n: choices.n as u16,
            r: choices.r as u16,
            w: choices.w as u16,
        };
        let quorums = quorums.among(choices.replicas.len() as u16);
        Rules {
            quorums: if choices.quorums_overlap {
                quorums.overlapping()
            } else {
                quorums
            },
            writers: choices.writers,
            pause: choices.pause,
            patience: choices.patience,
            timeout: choices.timeout,
            repairs: choices.has_read_repair,
            is_sloppy: choices.is_sloppy,
        }
    }
}

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    rules: Rules,
    /// All nodes that keep copies, around the ring.
    ring: Vec<NodeId>,
    numbers: Numbers,
    done: u32,
    given_up: u32,
    open: Option<Operation>,
    last: Option<Last>,
}

/// What a client did last.
#[derive(Clone, Copy, Debug, Hash)]
enum Last {
    Wrote(u32),
    Read { key: i64, copy: u32 },
}

impl Client {
    /// The client at `place` among `count`.
    pub(super) fn new(rules: Rules, ring: Vec<NodeId>, place: u32, count: u32) -> Client {
        Client {
            rules,
            ring,
            numbers: Numbers::new(place as usize, count as usize),
            done: 0,
            given_up: 0,
            open: None,
            last: None,
        }
    }

    /// Begins the next operation, unless one is under way.
    pub(super) fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() {
            return;
        }
        let (task, key) = self.choose(context);
        let number = self.numbers.next_number();
        let (function, value, phase) = match task {
            Task::Read => (Function::Read, 0, Phase::query()),
            Task::Write => {
                let phase = Phase::Update { copy: number };
                (Function::Write, i64::from(number), phase)
            }
        };
        context.record(Fact::Invoked {
            operation: number,
            function,
            key,
            value,
        });
        self.open = Some(Operation {
            number,
            key,
            task,
            answers: Votes::of(self.needed(&phase)),
            phase,
            awaited: Set::new(),
            stand_ins: 0,
            since: context.monotonic(),
            again: context.set_timer(self.rules.patience, Timer::NoAnswer),
            give_up: context.set_timer(self.rules.timeout, Timer::GiveUp),
        });
        self.ask_replicas(context);
    }

    /// What to do next, and under which key. A writer writes every other time, and then reads what it wrote; other
    /// clients read any key.
    fn choose(&self, context: &mut Context<'_, Node>) -> (Task, i64) {
        let place = self.numbers.first() - 1;
        if place >= self.rules.writers {
            return (Task::Read, self.any_key(context));
        }
        let task = match self.numbers.place().is_multiple_of(2) {
            true => Task::Write,
            false => Task::Read,
        };
        (task, i64::from(place))
    }

    fn any_key(&self, context: &mut Context<'_, Node>) -> i64 {
        let keys = self.rules.writers.min(self.numbers.clients());
        spread::below(keys, context).into()
    }

    fn needed(&self, phase: &Phase) -> u16 {
        match phase {
            Phase::Query { .. } => self.rules.quorums.r,
            Phase::Update { .. } => self.rules.quorums.w,
        }
    }

    /// The node at a place on the ring, counted from where the key's replicas begin.
    fn on_ring(&self, key: i64, place: u16) -> NodeId {
        self.ring[(key as usize + usize::from(place)) % self.ring.len()]
    }

    /// Asks all replicas of the key that are not known to have what this is about.
    fn ask_replicas(&mut self, context: &mut Context<'_, Node>) {
        let Some(key) = self.open.as_ref().map(|open| open.key) else {
            return;
        };
        for place in 0..self.rules.quorums.n {
            let replica = self.on_ring(key, place);
            self.ask(replica, None, context);
        }
    }

    fn ask(&mut self, to: NodeId, stands_in_for: Option<NodeId>, context: &mut Context<'_, Node>) {
        let Some(open) = &mut self.open else { return };
        if !open.answers.has(to) {
            open.awaited.insert(to);
            context.send(to, open.question(stands_in_for));
        }
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        let open = self.open.as_mut();
        if open.is_some_and(|open| open.hears(from, message)) {
            self.phase_is_over(context);
        }
    }

    /// Enough have answered.
    fn phase_is_over(&mut self, context: &mut Context<'_, Node>) {
        let Some(open) = &mut self.open else { return };
        let (copy, holders) = match &mut open.phase {
            Phase::Update { copy } => (*copy, None),
            Phase::Query { newest: 0, .. } => (0, None),
            Phase::Query { newest, holders } => (*newest, Some(std::mem::take(holders))),
        };
        match holders.filter(|_| self.rules.repairs) {
            Some(holders) => self.repair(copy, &holders, context),
            None => self.succeed(copy, context),
        }
    }

    /// Makes sure that enough replicas have what the read is about to return.
    fn repair(&mut self, copy: u32, holders: &[NodeId], context: &mut Context<'_, Node>) {
        let needed = self.rules.quorums.w;
        let Some(open) = &mut self.open else { return };
        if open.update(copy, holders, needed) {
            self.succeed(copy, context);
        } else {
            self.ask_replicas(context);
        }
    }

    /// Some nodes have not answered: they are asked again, and, with sloppy quorums, others in their place.
    pub(super) fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        let patience = self.rules.patience;
        let Some(open) = &mut self.open else { return };
        open.again = context.set_timer(patience, Timer::NoAnswer);
        let (key, silent) = (open.key, open.awaited.clone());
        self.ask_replicas(context);
        if !self.rules.is_sloppy {
            return;
        }
        for node in &silent {
            if self.is_replica(key, *node) {
                self.let_stand_in(*node, context);
            }
        }
    }

    fn is_replica(&self, key: i64, node: NodeId) -> bool {
        (0..self.rules.quorums.n).any(|place| self.on_ring(key, place) == node)
    }

    /// Lets the next node on the ring stand in for one that is silent.
    fn let_stand_in(&mut self, silent: NodeId, context: &mut Context<'_, Node>) {
        let n = self.rules.quorums.n;
        let spare = self.ring.len() as u16 - n;
        let Some(open) = &mut self.open else { return };
        if spare == 0 {
            return;
        }
        let (key, place) = (open.key, n + open.stand_ins % spare);
        open.stand_ins += 1;
        let stand_in = self.on_ring(key, place);
        self.ask(stand_in, Some(silent), context);
    }

    fn succeed(&mut self, copy: u32, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take() else { return };
        self.done += 1;
        self.last = Some(match open.task {
            Task::Write => Last::Wrote(copy),
            Task::Read => Last::Read {
                key: open.key,
                copy,
            },
        });
        self.end(open, Outcome::Ok, i64::from(copy), context);
    }

    /// Gives up. A read has no effect; how far a write has come, the client cannot know.
    pub(super) fn give_up(&mut self, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take() else { return };
        self.given_up += 1;
        let outcome = match open.task {
            Task::Read => Outcome::Fail,
            Task::Write => Outcome::Unknown,
        };
        self.end(open, outcome, 0, context);
    }

    fn end(
        &mut self,
        open: Operation,
        outcome: Outcome,
        value: i64,
        context: &mut Context<'_, Node>,
    ) {
        context.cancel_timer(open.again);
        context.cancel_timer(open.give_up);
        returned(open.number, outcome, value, context);
        let pause = self.rules.pause;
        let rest = spread::around(pause, context);
        context.set_timer(rest, Timer::Next);
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let mut beliefs = vec![self.belief_in_quorums()];
        if let Some(Last::Read { key, copy }) = self.last {
            beliefs.push(match copy {
                0 => format!("As far as I know, there is nothing under key {key}."),
                _ => format!("As far as I know, #{copy} is the newest write under key {key}."),
            });
        }
        if let Some(open) = &self.open {
            let what = match open.phase {
                Phase::Query { .. } => "answered",
                Phase::Update { .. } => "kept it",
            };
            beliefs.push(format!(
                "I have waited {} for #{}. {} of the {} nodes that I need have {what}.",
                seconds(outlook.monotonic - open.since),
                open.number,
                open.answers.count(),
                open.answers.needed()
            ));
        }
        beliefs
    }

    fn belief_in_quorums(&self) -> String {
        let Quorums { n, r, w } = self.rules.quorums;
        match (self.rules.quorums.overlap(), self.rules.is_sloppy) {
            (true, false) => format!(
                "{r} + {w} is more than {n}: at least one replica that I read from has the latest write."
            ),
            (true, true) => format!(
                "{r} + {w} is more than {n}, but other nodes may have stood in: the nodes that I read from may lack the latest \
                 write."
            ),
            (false, _) => format!(
                "{r} + {w} is not more than {n}: the replicas that I read from may lack the latest write."
            ),
        }
    }
}

impl Role<Node> for Client {
    /// Clients do not begin in step: each waits its share of the pause.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        context.set_timer(self.numbers.up_to(self.rules.pause), Timer::Next);
    }

    fn held(&self, by: Measure) -> usize {
        let open = self.open.as_ref().map_or(0, |open| open.held(by));
        self.ring.held(by) + open
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let Quorums { n, r, w } = self.rules.quorums;
        let badge = match self.last {
            Some(Last::Wrote(copy)) => format!("wrote #{copy}"),
            Some(Last::Read { copy: 0, .. }) => "read nothing".to_owned(),
            Some(Last::Read { copy, .. }) => format!("read #{copy}"),
            None => String::new(),
        };
        Description {
            badge,
            state: vec![
                ("done".to_owned(), self.done.to_string()),
                ("given up".to_owned(), self.given_up.to_string()),
                ("N, R, W".to_owned(), format!("{n}, {r}, {w}")),
            ],
            beliefs: self.beliefs(outlook),
        }
    }
}
