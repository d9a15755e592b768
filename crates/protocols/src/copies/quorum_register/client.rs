//! Who reads and writes, and coordinates.

use sim::sorted::Set;

use sim::network::Distribution;
use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration, TimerId};

use super::{Message, Node, Timer};
use crate::describe::entry::Plan;
use crate::parts::incarnation;
use crate::parts::quorum::{Quorums, Tally};

/// How clients behave; all of a run do alike.
#[derive(Clone, Copy, Debug)]
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
    pub(super) fn of(plan: &Plan, replicas: u16) -> Rules {
        let count = |id| plan.count(id) as u16;
        let quorums = Quorums {
            n: count("n"),
            r: count("r"),
            w: count("w"),
        };
        let quorums = quorums.among(replicas);
        Rules {
            quorums: if plan.has("quorum-overlap") {
                quorums.overlapping()
            } else {
                quorums
            },
            writers: plan.count("writers"),
            pause: plan.duration("pause"),
            patience: plan.duration("patience"),
            timeout: plan.duration("timeout"),
            repairs: plan.has("read-repair"),
            is_sloppy: plan.has("sloppy-quorum"),
        }
    }
}

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    rules: Rules,
    /// All nodes that keep copies, around the ring.
    ring: Vec<NodeId>,
    /// Its operations' numbers are `place + 1`, `place + 1 + stride`, ...
    place: u32,
    stride: u32,
    /// Operations that were begun, or more if the client was restarted.
    begun: u32,
    done: u32,
    given_up: u32,
    open: Option<Open>,
    last: Option<Last>,
}

/// What it did last.
#[derive(Clone, Copy, Debug)]
enum Last {
    Wrote(u32),
    Read { key: i64, copy: u32 },
}

/// An operation without an end.
#[derive(Clone, Debug)]
struct Open {
    operation: u32,
    key: i64,
    function: Function,
    phase: Phase,
    /// Who has answered in this phase; it ends when these are enough.
    answers: Tally,
    /// Who was asked and has not answered in this phase.
    awaited: Set<NodeId>,
    /// For whom somebody stands in, by the order of the ring.
    stand_ins: u16,
    since: i64,
    again: TimerId,
    give_up: TimerId,
}

/// What an operation is about to do.
#[derive(Clone, Debug)]
enum Phase {
    /// It asks what is there; this is the newest so far, and who has it.
    Query { newest: u32, holders: Vec<NodeId> },
    /// It sees to it that enough have this write.
    Update { copy: u32 },
}

impl Client {
    /// The client at `place` among `stride`.
    pub(super) fn new(rules: Rules, ring: Vec<NodeId>, place: u32, stride: u32) -> Client {
        Client {
            rules,
            ring,
            place,
            stride,
            begun: 0,
            done: 0,
            given_up: 0,
            open: None,
            last: None,
        }
    }

    /// Clients do not begin in step: each waits its share of the pause.
    pub(super) fn start(&mut self, context: &mut Context<'_, Node>) {
        self.begun = incarnation::first_number(context);
        let share = 1000 * (self.place + 1) / self.stride;
        context.set_timer(self.rules.pause.scaled_permille(share), Timer::Next);
    }

    /// Begins the next operation, unless one is under way. Who writes does it every other time, and then reads what it
    /// wrote.
    pub(super) fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() {
            return;
        }
        let operation = self.place + 1 + self.begun * self.stride;
        let own = self.place < self.rules.writers;
        let writes = own && self.begun.is_multiple_of(2);
        self.begun += 1;
        let key = if own {
            i64::from(self.place)
        } else {
            self.any_key(context)
        };
        let (function, value) = if writes {
            (Function::Write, i64::from(operation))
        } else {
            (Function::Read, 0)
        };
        context.record(Fact::Invoked {
            operation,
            function,
            key,
            value,
        });
        let phase = if writes {
            Phase::Update { copy: operation }
        } else {
            Phase::Query {
                newest: 0,
                holders: Vec::new(),
            }
        };
        self.open = Some(Open {
            operation,
            key,
            function,
            answers: Tally::of(self.needed(&phase)),
            phase,
            awaited: Set::new(),
            stand_ins: 0,
            since: context.monotonic(),
            again: context.set_timer(self.rules.patience, Timer::NoAnswer),
            give_up: context.set_timer(self.rules.timeout, Timer::GiveUp),
        });
        self.ask_replicas(context);
    }

    fn any_key(&self, context: &mut Context<'_, Node>) -> i64 {
        let drawn = context.draw(Distribution::Uniform {
            low: SimDuration::ZERO,
            high: SimDuration::from_nanos(u64::from(self.rules.writers.min(self.stride))),
        });
        drawn.as_nanos() as i64
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
        if open.answers.has(to) {
            return;
        }
        open.awaited.insert(to);
        let (operation, key) = (open.operation, open.key);
        let message = match open.phase {
            Phase::Query { .. } => Message::Read { operation, key },
            Phase::Update { copy } => Message::Write {
                operation,
                key,
                copy,
                stands_in_for,
            },
        };
        context.send(to, message);
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        let Some(open) = &mut self.open else { return };
        match (message, &mut open.phase) {
            (Message::Value { operation, copy }, Phase::Query { newest, holders })
                if operation == open.operation =>
            {
                if copy > *newest {
                    (*newest, *holders) = (copy, Vec::new());
                }
                if copy == *newest {
                    holders.push(from);
                }
            }
            (Message::Written { operation }, Phase::Update { .. })
                if operation == open.operation => {}
            _ => return,
        }
        open.awaited.remove(&from);
        if open.answers.add(from) {
            self.phase_is_over(context);
        }
    }

    /// Enough have answered.
    fn phase_is_over(&mut self, context: &mut Context<'_, Node>) {
        let Some(open) = &mut self.open else { return };
        match &open.phase {
            Phase::Update { copy } => {
                let copy = *copy;
                self.succeed(copy, context);
            }
            Phase::Query { newest, holders } => {
                let newest = *newest;
                let holders: Set<NodeId> = holders.iter().copied().collect();
                if newest > 0 && self.rules.repairs {
                    self.repair(newest, holders, context);
                } else {
                    self.succeed(newest, context);
                }
            }
        }
    }

    /// Sees to it that enough have what it is about to return.
    fn repair(&mut self, copy: u32, holders: Set<NodeId>, context: &mut Context<'_, Node>) {
        let mut answers = Tally::of(self.rules.quorums.w);
        for holder in &holders {
            answers.add(*holder);
        }
        let Some(open) = &mut self.open else { return };
        let is_done = answers.is_full();
        open.answers = answers;
        open.awaited = Set::new();
        open.stand_ins = 0;
        open.phase = Phase::Update { copy };
        if is_done {
            self.succeed(copy, context);
        } else {
            self.ask_replicas(context);
        }
    }

    /// Some have not answered: they are asked again, and, if that is the rule, others in their stead.
    pub(super) fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        let patience = self.rules.patience;
        let Some(open) = &mut self.open else { return };
        open.again = context.set_timer(patience, Timer::NoAnswer);
        let silent: Vec<NodeId> = open.awaited.iter().copied().collect();
        let key = open.key;
        self.ask_replicas(context);
        if !self.rules.is_sloppy {
            return;
        }
        let n = self.rules.quorums.n;
        let is_replica = |node: &NodeId| (0..n).any(|place| self.on_ring(key, place) == *node);
        let silent: Vec<NodeId> = silent.into_iter().filter(is_replica).collect();
        for silent in silent {
            self.let_stand_in(silent, context);
        }
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
        self.last = Some(match open.function {
            Function::Write => Last::Wrote(copy),
            _ => Last::Read {
                key: open.key,
                copy,
            },
        });
        self.end(open, Outcome::Ok, i64::from(copy), context);
    }

    /// A read has no effect; what a write has reached, nobody can say.
    pub(super) fn give_up(&mut self, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take() else { return };
        self.given_up += 1;
        let outcome = match open.function {
            Function::Read => Outcome::Fail,
            _ => Outcome::Unknown,
        };
        self.end(open, outcome, 0, context);
    }

    fn end(&mut self, open: Open, outcome: Outcome, value: i64, context: &mut Context<'_, Node>) {
        context.cancel_timer(open.again);
        context.cancel_timer(open.give_up);
        context.record(Fact::Returned {
            operation: open.operation,
            outcome,
            value,
        });
        let pause = self.rules.pause;
        let rest = context.draw(Distribution::Uniform {
            low: pause.scaled_permille(500),
            high: pause.scaled_permille(1500),
        });
        context.set_timer(rest, Timer::Next);
    }

    pub(super) fn memory(&self) -> usize {
        size_of_val(self) + self.ring.len() * size_of::<NodeId>()
    }

    pub(super) fn describe(&self, outlook: &Outlook<'_>) -> Description {
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

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let Quorums { n, r, w } = self.rules.quorums;
        let mut beliefs = vec![if self.rules.quorums.overlap() {
            format!("{r} + {w} is more than {n}: whoever I read from, one of them knows.")
        } else {
            format!("{r} + {w} is not more than {n}: those I read from may not know.")
        }];
        if let Some(Last::Read { key, copy }) = self.last {
            beliefs.push(match copy {
                0 => format!("There is nothing under key {key}, as far as I was told."),
                _ => format!("#{copy} is the newest under key {key}, as far as I was told."),
            });
        }
        if let Some(open) = &self.open {
            let what = match open.phase {
                Phase::Query { .. } => "answered",
                Phase::Update { .. } => "kept it",
            };
            beliefs.push(format!(
                "For #{} I have waited {:.1} s; {} of {} that I need have {what}.",
                open.operation,
                (outlook.monotonic - open.since) as f64 / 1e9,
                open.answers.count(),
                open.answers.needed()
            ));
        }
        beliefs
    }
}
