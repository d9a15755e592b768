//! Registers that are replicated by quorums, as in Dynamo, and what it takes to make them behave like one copy.
//!
//! Each key has N replicas: the first N nodes on a ring from the key's place on. The client coordinates, as Dynamo's
//! clients may (DeCandia et al., *Dynamo: Amazon's highly available key-value store*, SOSP 2007, section 6.4): it sends a
//! write to all N and is done when W have it; it asks all N and is done when R have answered, and the newest of what they
//! say is what it reads. A key has one writer, whose operations' numbers are the versions.
//!
//! - *Overlap*: with R + W > N, each read hears of each write that was done before it (Gifford 1979).
//! - *Write-back*: that is not linearizable yet. A write that has reached one replica is read by one client, and missed by
//!   the next. A reader that first makes sure that W replicas have what it is about to return closes the gap (Attiya,
//!   Bar-Noy and Dolev, *Sharing memory robustly in message-passing systems*, JACM 42(1), 1995). It is read repair, waited
//!   for.
//! - *Sloppy quorums*: when a replica does not answer, the next node on the ring stands in, and hands over what it was
//!   given for the other one when that is back (hinted handoff; Dynamo, section 4.6). Then quorums of R and W nodes need
//!   not overlap, whatever their sizes.
//!
//! - `replica.rs`: who keeps copies
//! - `client.rs`: who reads and writes, and coordinates

mod client;
mod replica;

use sim::protocol::{
    Description, Gist, MessageSort, MessageWord, OperationWord, Outlook, TimerWord, Vocabulary,
};
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::describe::words::{timer, word};
use client::{Client, Rules};
use replica::Replica;

/// Replicated registers, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "quorum-register",
    about: "Clients write to W of N replicas and read from R of them.",
    roles: &[
        RoleSpec {
            id: "replica",
            fewest: 1,
            most: 9,
        },
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 7,
        },
    ],
    parameters: &[
        count("n", "N", "How many replicas a key has.", 3.0, 9.0),
        count(
            "r",
            "R",
            "How many replicas a reader waits for; at most N.",
            1.0,
            9.0,
        ),
        count(
            "w",
            "W",
            "How many replicas a writer waits for; at most N.",
            1.0,
            9.0,
        ),
        count(
            "writers",
            "Writers",
            "How many of the clients write, each under a key of its own; all of them read.",
            1.0,
            7.0,
        ),
        ParameterSpec {
            id: "pause",
            label: "Pause",
            about: "How long a client rests between two operations, on average.",
            quantity: Quantity::Duration,
            default: ms(250),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "patience",
            label: "Patience",
            about: "How long a client waits for a replica before it asks again, or asks who stands in for it.",
            quantity: Quantity::Duration,
            default: ms(400),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client tries before it gives up.",
            quantity: Quantity::Duration,
            default: ms(1500),
            min: ms(1),
            max: ms(60_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "quorum-overlap",
            label: "R + W > N",
            protects: "A read shares a replica with each write that was done before; R and W are raised until it does.",
        },
        DefenceSpec {
            id: "read-repair",
            label: "Read repair",
            protects: "What a reader returns, W replicas have before it returns it: no later read finds something older.",
        },
        DefenceSpec {
            id: "sloppy-quorum",
            label: "Sloppy quorum",
            protects: "Who cannot reach a key's replicas is served by others that stand in for them.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

const fn count(
    id: &'static str,
    label: &'static str,
    about: &'static str,
    default: f64,
    max: f64,
) -> ParameterSpec {
    ParameterSpec {
        id,
        label,
        about,
        quantity: Quantity::Count,
        default,
        min: 1.0,
        max,
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let replicas = plan.nodes("replica");
    let clients = plan.nodes("client");
    let rules = Rules::of(plan, replicas.len() as u16);
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(
        |node| match clients.iter().position(|client| *client == node) {
            Some(place) => Node::Client(Box::new(Client::new(
                rules,
                replicas.clone(),
                place as u32,
                clients.len() as u32,
            ))),
            None => Node::Replica(Replica::new(plan.duration("patience"))),
        },
    );
    Box::new(World::new(setup, nodes.collect()))
}

/// A node.
#[derive(Clone, Debug)]
pub enum Node {
    /// One that keeps copies.
    Replica(Replica),
    /// One that reads and writes.
    Client(Box<Client>),
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// What is there?
    Read {
        /// The operation that asks.
        operation: u32,
        /// Under which key.
        key: i64,
    },
    /// This is.
    Value {
        /// The operation that asked.
        operation: u32,
        /// The write that is there; 0 if there is none.
        copy: u32,
    },
    /// Keep this.
    Write {
        /// The operation that asks: the write itself, or a read that repairs.
        operation: u32,
        /// Under which key.
        key: i64,
        /// The write to keep.
        copy: u32,
        /// For whom, if the receiver stands in for another.
        stands_in_for: Option<NodeId>,
    },
    /// It is kept.
    Written {
        /// The operation that asked.
        operation: u32,
    },
    /// This I kept for you.
    HandOff {
        /// Under which key.
        key: i64,
        /// Which write.
        copy: u32,
    },
    /// I have it.
    Taken {
        /// Under which key.
        key: i64,
        /// Which write.
        copy: u32,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time for the next operation.
    Next,
    /// Some replicas have not answered in time.
    NoAnswer,
    /// Time to give up.
    GiveUp,
    /// Time to hand over what was kept for others.
    HandOff,
}

/// What is kept on disk: a write, by its number.
pub type Record = u32;

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: MESSAGES,
        timers: TIMERS,
        operations: &[OperationWord {
            name: "next",
            does: "Begin the next operation at once",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::Replica(replica) => replica.start(context),
            Node::Client(client) => client.start(context),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match self {
            Node::Replica(replica) => replica.message(from, message, context),
            Node::Client(client) => client.message(from, message, context),
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Replica(replica), Timer::HandOff) => replica.hand_off(context),
            (Node::Client(client), Timer::Next) => client.begin(context),
            (Node::Client(client), Timer::NoAnswer) => client.no_answer(context),
            (Node::Client(client), Timer::GiveUp) => client.give_up(context),
            _ => {}
        }
    }

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        if let Node::Replica(replica) = self {
            replica.synced(token, context);
        }
    }

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.begin(context);
        }
    }

    fn gist(message: &Message) -> Gist {
        let number = |number: u32| i64::from(number);
        let (kind, args) = match *message {
            Message::Read { operation, key } => (0, [number(operation), key, 0]),
            Message::Value { operation, copy } => (1, [number(copy), number(operation), 0]),
            Message::Write {
                operation,
                copy,
                stands_in_for,
                ..
            } => {
                let kind = match stands_in_for {
                    Some(_) => 4,
                    None if operation == copy => 2,
                    None => 3,
                };
                (kind, [number(copy), number(operation), 0])
            }
            Message::Written { operation } => (5, [number(operation), 0, 0]),
            Message::HandOff { key, copy } => (6, [number(copy), key, 0]),
            Message::Taken { key, copy } => (7, [number(copy), key, 0]),
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        *timer as u8
    }

    fn memory(&self) -> usize {
        size_of_val(self)
            + match self {
                Node::Replica(replica) => replica.memory(),
                Node::Client(client) => client.memory(),
            }
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Replica(_) => "replica",
            Node::Client(_) => "client",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Replica(replica) => replica.describe(outlook),
            Node::Client(client) => client.describe(outlook),
        }
    }
}

const MESSAGES: &[MessageWord] = &[
    word(
        "read",
        "?",
        "what is under key {1}? asks read #{0}",
        MessageSort::Request,
    ),
    word(
        "value",
        "#{0}",
        "I have #{0}, in answer to read #{1}",
        MessageSort::Reply,
    ),
    word(
        "write",
        "write #{0}",
        "keep write #{0}",
        MessageSort::Request,
    ),
    word(
        "repair",
        "repair #{0}",
        "keep write #{0}, which read #{1} has found",
        MessageSort::Replication,
    ),
    word(
        "stand-in",
        "for another: #{0}",
        "keep write #{0} for one that does not answer",
        MessageSort::Replication,
    ),
    word(
        "written",
        "ok #{0}",
        "kept, as #{0} asked",
        MessageSort::Acknowledgement,
    ),
    word(
        "hand-off",
        "yours: #{0}",
        "I kept write #{0} for you",
        MessageSort::Replication,
    ),
    word(
        "taken",
        "thanks",
        "I have write #{0} now",
        MessageSort::Acknowledgement,
    ),
];

const TIMERS: &[TimerWord] = &[
    timer("time for the next operation", false),
    timer("some replicas have not answered", true),
    timer("time to give up", true),
    timer("time to hand over what is kept for others", false),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::network::LinkProfile;
    use sim::random::Probability;
    use sim::trace::{Fact, Function, Outcome};
    use sim::{Action, SimDuration, Target};

    /// A writer, a reader, and three replicas with the numbers 2, 3 and 4, each a key's.
    fn trial(replicas: usize) -> Trial {
        let roles = [vec!["client"; 2], vec!["replica"; replicas]].concat();
        Trial::new(&ENTRY, &roles)
    }

    /// The writer reaches the first replica alone.
    fn writer_reaches_one(trial: Trial) -> Trial {
        let deaf = LinkProfile {
            loss: Probability::ALWAYS,
            ..LinkProfile::ideal(SimDuration::from_millis(100))
        };
        trial.link(0, 3, deaf).link(0, 4, deaf)
    }

    /// How many operations of a client ended so.
    fn ended(trial: &Trial, client: u16, wanted: Outcome) -> usize {
        let is_one = |(_, node, fact): &(u64, u16, Fact)| {
            *node == client && matches!(fact, Fact::Returned { outcome, .. } if *outcome == wanted)
        };
        trial
            .facts(10_000)
            .iter()
            .filter(|fact| is_one(fact))
            .count()
    }

    /// How many times a client read something older than it had read before.
    fn steps_back(trial: &Trial, client: u16) -> usize {
        let mut reads = Vec::new();
        let mut newest = 0;
        let mut steps = 0;
        for (_, node, fact) in trial.facts(20_000) {
            match fact {
                Fact::Invoked {
                    operation,
                    function: Function::Read,
                    ..
                } if node == client => reads.push(operation),
                Fact::Returned {
                    operation,
                    outcome: Outcome::Ok,
                    value,
                } if reads.contains(&operation) => {
                    steps += usize::from(value < newest);
                    newest = newest.max(value);
                }
                _ => {}
            }
        }
        steps
    }

    #[test]
    fn a_writer_waits_for_w_replicas() {
        for (w, waits) in [(1.0, false), (2.0, true)] {
            let trial = writer_reaches_one(trial(3)).set("w", w);
            assert_eq!(ended(&trial, 0, Outcome::Unknown) > 0, waits, "{w}");
        }
        // The quorum is raised to two of three.
        let raised = writer_reaches_one(trial(3)).on("quorum-overlap");
        assert!(ended(&raised, 0, Outcome::Unknown) > 0);
    }

    #[test]
    fn a_write_that_has_reached_one_replica_is_read_and_missed_until_readers_write_back() {
        // The reader hears now from these two first, and now from those.
        let jittery = |trial: Trial| {
            writer_reaches_one(trial)
                .on("quorum-overlap")
                .network(|link| link.latency.distribution = SPREAD)
        };
        assert!(steps_back(&jittery(trial(3)), 1) > 0);
        assert_eq!(steps_back(&jittery(trial(3)).on("read-repair"), 1), 0);
    }

    const SPREAD: sim::network::Distribution = sim::network::Distribution::Uniform {
        low: SimDuration::from_millis(10),
        high: SimDuration::from_millis(200),
    };

    #[test]
    fn a_stand_in_is_asked_and_hands_over_when_the_replica_is_back() {
        let down = |trial: Trial| {
            [2, 3].into_iter().fold(trial, |trial, node| {
                let node = Target::Node(NodeId(node));
                let trial = trial.act(1, Action::Crash(node));
                trial.act(5000, Action::Restart(node))
            })
        };
        let strict = down(trial(5)).on("quorum-overlap");
        let sloppy = down(trial(5)).on("quorum-overlap").on("sloppy-quorum");
        let before = |trial: &Trial, until: u64| {
            let facts = trial.facts(until);
            let is_done = |(_, _, fact): &&(u64, u16, Fact)| {
                matches!(
                    fact,
                    Fact::Returned {
                        outcome: Outcome::Ok,
                        ..
                    }
                )
            };
            facts.iter().filter(is_done).count()
        };
        assert_eq!(before(&strict, 4900), 0);
        assert!(before(&sloppy, 4900) > 0);
        // What was written while it was down, and before it is written to again.
        let older = |(at, node, fact): &(u64, u16, Fact)| match fact {
            Fact::Stored { operation, .. } => *at > 5000 && *node == 2 && *operation < 5000,
            _ => false,
        };
        assert!(sloppy.facts(10_000).iter().any(older));
    }
}
