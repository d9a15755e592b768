//! Transactions with timestamps, and a wait that makes the timestamps true.
//!
//! Each shard gives its transactions timestamps by its own clock, so that a reader can ask for a snapshot of all shards
//! *as of* a time. That is only right if a transaction that began after another one had ended has the larger timestamp,
//! also on another shard. Clocks differ, so a shard takes the latest time that it can be, by its interval clock, and
//! tells nobody of the commit before that time has certainly passed: *commit wait* (Corbett et al., *Spanner: Google's
//! globally-distributed database*, OSDI 2012, sections 3 and 4.1.2). It costs about twice the clock's uncertainty.
//!
//! The wait is worth as much as the interval. One that is taken too narrow, because clocks were good when somebody
//! looked, brings the fault back.

use std::collections::VecDeque;

use sim::clock::Interval;
use sim::network::Distribution;
use sim::protocol::{Description, Gist, MessageSort, MessageWord, Outlook, TimerWord, Vocabulary};
use sim::sorted::Map;
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration, TimerId, World};

use crate::entry::{DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms};
use crate::incarnation::first_number;

/// Transactions with timestamps, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "commit-wait",
    about: "Clients make transactions on shards, each of which gives timestamps by its own clock.",
    roles: &[
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 12,
        },
        RoleSpec {
            id: "shard",
            fewest: 1,
            most: 9,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "transactions",
            label: "Transactions",
            about: "How many transactions each client makes.",
            quantity: Quantity::Count,
            default: 40.0,
            min: 1.0,
            max: 1000.0,
        },
        ParameterSpec {
            id: "rest",
            label: "Rest",
            about: "How long a client rests after a transaction, more or less.",
            quantity: Quantity::Duration,
            default: ms(300),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits before it asks again.",
            quantity: Quantity::Duration,
            default: ms(2000),
            min: ms(1),
            max: ms(600_000),
        },
        ParameterSpec {
            id: "assumed-error",
            label: "Assumed error",
            about: "How far off a clock can be, as shards assume without an honest bound.",
            quantity: Quantity::Duration,
            default: ms(10),
            min: 0.0,
            max: ms(60_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "commit-wait",
            label: "Commit wait",
            protects: "Nobody is told of a commit before its timestamp has certainly passed.",
        },
        DefenceSpec {
            id: "honest-bound",
            label: "Honest bound",
            protects: "The interval clock's bound is never smaller than the clock's error.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let clients = plan.nodes("client");
    let client = |place: usize| Client {
        shards: plan.nodes("shard"),
        transactions: plan.count("transactions"),
        rest: plan.duration("rest"),
        timeout: plan.duration("timeout"),
        first: place as u32 + 1,
        stride: clients.len() as u32,
        generation: 0,
        begun: 0,
        committed: 0,
        open: None,
        latest: None,
    };
    let shard = || Shard {
        waits: plan.has("commit-wait"),
        assumed: (!plan.has("honest-bound")).then(|| plan.duration("assumed-error")),
        latest: i64::MIN,
        stamps: Map::new(),
        waiting: VecDeque::new(),
        alarm: None,
    };
    let node = |node: NodeId| match clients.iter().position(|client| *client == node) {
        Some(place) => Node::Client(client(place)),
        None => Node::Shard(shard()),
    };
    let nodes = (0..plan.roles.len() as u16).map(NodeId).map(node);
    Box::new(World::new(setup, nodes.collect()))
}

/// A node.
#[derive(Clone, Debug)]
pub enum Node {
    /// Makes transactions.
    Client(Client),
    /// Commits them.
    Shard(Shard),
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Commit this transaction.
    Commit {
        /// Its number.
        operation: u32,
    },
    /// It is committed.
    Committed {
        /// Its number.
        operation: u32,
        /// Its timestamp.
        stamp: i64,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time for the next transaction.
    Next,
    /// No answer has come in time.
    NoAnswer,
    /// The first of the transactions that wait may be over.
    Passed,
}

/// A client that makes one transaction after the other.
#[derive(Clone, Debug)]
pub struct Client {
    shards: Vec<NodeId>,
    transactions: u32,
    rest: SimDuration,
    timeout: SimDuration,
    /// The number of its first transaction, and how far its numbers lie apart.
    first: u32,
    stride: u32,
    /// Where its numbers begin, so that no two of its lives give the same one.
    generation: u32,
    begun: u32,
    committed: u32,
    open: Option<Open>,
    /// The timestamp of its latest transaction.
    latest: Option<i64>,
}

/// A transaction without an answer yet.
#[derive(Clone, Copy, Debug)]
struct Open {
    operation: u32,
    shard: NodeId,
    timer: TimerId,
}

/// A shard.
#[derive(Clone, Debug)]
pub struct Shard {
    waits: bool,
    /// The error that it assumes for its clock; the interval clock's own bound if there is none.
    assumed: Option<SimDuration>,
    /// The largest timestamp that it gave.
    latest: i64,
    stamps: Map<u32, i64>,
    /// Commits that are told to nobody yet, in the order of their timestamps.
    waiting: VecDeque<Waiting>,
    /// The timer that waits for the first of them.
    alarm: Option<TimerId>,
}

/// A commit that waits for its timestamp to pass.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    client: NodeId,
    operation: u32,
    stamp: i64,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "commit",
                label: "commit #{0}",
                says: "commit transaction #{0}",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "committed",
                label: "#{0} at {1} ms",
                says: "transaction #{0} is committed, as of {1} ms past the epoch",
                sort: MessageSort::Reply,
            },
        ],
        timers: &[
            TimerWord {
                says: "time for the next transaction",
                is_timeout: false,
            },
            TimerWord {
                says: "no answer in time",
                is_timeout: true,
            },
            TimerWord {
                says: "has the timestamp passed?",
                is_timeout: false,
            },
        ],
        operations: &[],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.generation = first_number(context);
            client.rest(context);
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Shard(shard), Message::Commit { operation }) => {
                shard.commit(from, operation, context);
            }
            (Node::Client(client), Message::Committed { operation, stamp }) => {
                client.committed(operation, stamp, context);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Client(client), Timer::Next) => client.begin(context),
            (Node::Client(client), Timer::NoAnswer) => client.no_answer(context),
            (Node::Shard(shard), Timer::Passed) => shard.tell(context),
            _ => {}
        }
    }

    fn gist(message: &Message) -> Gist {
        match *message {
            Message::Commit { operation } => Gist {
                kind: 0,
                args: [i64::from(operation), 0, 0],
            },
            Message::Committed { operation, stamp } => Gist {
                kind: 1,
                args: [i64::from(operation), stamp / 1_000_000, 0],
            },
        }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        *timer as u8
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Client(_) => "client",
            Node::Shard(_) => "shard",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Client(client) => client.describe(outlook),
            Node::Shard(shard) => shard.describe(outlook),
        }
    }
}

impl Client {
    fn rest(&mut self, context: &mut Context<'_, Node>) {
        if self.begun < self.transactions {
            let low = SimDuration::ZERO;
            let high = self.rest;
            let more = context.draw(Distribution::Uniform { low, high });
            context.set_timer(self.rest.scaled_permille(500) + more, Timer::Next);
        }
    }

    fn begin(&mut self, context: &mut Context<'_, Node>) {
        let operation = self.first + (self.generation + self.begun) * self.stride;
        // One shard after the other, so that no two transactions in a row have their timestamps from the same clock.
        let shard = self.shards[(self.first + self.begun) as usize % self.shards.len()];
        self.begun += 1;
        context.record(Fact::Invoked {
            operation,
            function: Function::Write,
            key: i64::from(shard.0),
            value: 0,
        });
        self.ask(operation, shard, context);
    }

    fn ask(&mut self, operation: u32, shard: NodeId, context: &mut Context<'_, Node>) {
        context.send(shard, Message::Commit { operation });
        let timer = context.set_timer(self.timeout, Timer::NoAnswer);
        self.open = Some(Open {
            operation,
            shard,
            timer,
        });
    }

    fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        if let Some(open) = self.open.take() {
            self.ask(open.operation, open.shard, context);
        }
    }

    fn committed(&mut self, operation: u32, stamp: i64, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take_if(|open| open.operation == operation) else {
            return;
        };
        context.cancel_timer(open.timer);
        self.committed += 1;
        self.latest = Some(stamp);
        context.record(Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            value: stamp,
        });
        self.rest(context);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let belief = match self.open {
            Some(open) => format!(
                "{} has not told me yet whether #{} is committed.",
                (outlook.name)(open.shard),
                open.operation
            ),
            None => "All that I asked for is committed.".to_owned(),
        };
        let mut state = vec![("committed".to_owned(), self.committed.to_string())];
        if let Some(stamp) = self.latest {
            state.push(("latest timestamp".to_owned(), shown(stamp)));
        }
        Description {
            badge: self
                .latest
                .map_or_else(String::new, |stamp| format!("as of {}", shown(stamp))),
            state,
            beliefs: vec![belief],
        }
    }
}

impl Shard {
    /// The time that it can be now, at the earliest and at the latest.
    fn interval(&self, context: &Context<'_, Node>) -> Interval {
        match self.assumed {
            None => context.interval(),
            Some(error) => {
                let (wall, error) = (context.wall(), error.as_nanos() as i64);
                Interval {
                    earliest: wall - error,
                    latest: wall + error,
                }
            }
        }
    }

    fn commit(&mut self, client: NodeId, operation: u32, context: &mut Context<'_, Node>) {
        if self
            .waiting
            .iter()
            .any(|waiting| waiting.operation == operation)
        {
            return;
        }
        if let Some(stamp) = self.stamps.get(&operation).copied() {
            context.send(client, Message::Committed { operation, stamp });
            return;
        }
        let stamp = self.stamp(operation, context);
        let waiting = Waiting {
            client,
            operation,
            stamp,
        };
        self.waiting.push_back(waiting);
        self.tell(context);
    }

    fn stamp(&mut self, operation: u32, context: &mut Context<'_, Node>) -> i64 {
        let stamp = self
            .interval(context)
            .latest
            .max(self.latest.saturating_add(1));
        self.latest = stamp;
        self.stamps.insert(operation, stamp);
        context.record(Fact::Stamped {
            item: i64::from(operation),
            stamp,
            tie: i64::from(context.me().0),
        });
        stamp
    }

    /// Tells clients of all commits whose timestamps have passed, and waits for the next one's.
    fn tell(&mut self, context: &mut Context<'_, Node>) {
        if let Some(alarm) = self.alarm.take() {
            context.cancel_timer(alarm);
        }
        let earliest = self.interval(context).earliest;
        while let Some(first) = self.waiting.front().copied() {
            if self.waits && first.stamp >= earliest {
                // The wall clock need not run as the timer's clock does: when the timer fires, it is asked again.
                let left = SimDuration::from_nanos((first.stamp - earliest) as u64 + 1);
                self.alarm = Some(context.set_timer(left, Timer::Passed));
                return;
            }
            self.waiting.pop_front();
            let (operation, stamp) = (first.operation, first.stamp);
            context.send(first.client, Message::Committed { operation, stamp });
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let belief = match self.assumed {
            None => "My clock is right to within its bound.".to_owned(),
            Some(error) => format!("My clock is right to within {error}: it was when I looked."),
        };
        let mut beliefs = vec![format!("It is {}.", shown(outlook.wall)), belief];
        if let Some(first) = self.waiting.front() {
            beliefs.push(format!(
                "#{} is committed as of {}; I wait for that to have passed.",
                first.operation,
                shown(first.stamp)
            ));
        }
        let badge = match self.waiting.len() {
            0 if self.stamps.is_empty() => String::new(),
            0 => format!("as of {}", shown(self.latest)),
            waiting => format!("{waiting} waiting"),
        };
        Description {
            badge,
            state: vec![
                ("committed".to_owned(), self.stamps.len().to_string()),
                ("waiting".to_owned(), self.waiting.len().to_string()),
            ],
            beliefs,
        }
    }
}

fn shown(stamp: i64) -> String {
    format!("{:.3} s", stamp as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;

    /// How many milliseconds lie between a transaction's timestamp being given and its client being told; a message
    /// takes 100.
    fn told_after(trial: Trial) -> u64 {
        let facts = trial.facts(3000);
        let time = |wanted: fn(&Fact) -> bool| facts.iter().find(|(_, _, fact)| wanted(fact));
        let stamped = time(|fact| matches!(fact, Fact::Stamped { .. }));
        let returned = time(|fact| matches!(fact, Fact::Returned { .. }));
        returned.unwrap().0 - stamped.unwrap().0
    }

    #[test]
    fn the_wait_is_twice_the_assumed_error() {
        let trial = || Trial::new(&ENTRY, &["client", "shard"]).set("assumed-error", ms(80));
        assert_eq!(told_after(trial()), 100);
        assert_eq!(told_after(trial().on("commit-wait")), 260);
    }
}
