//! A server that keeps notes, and says when they are saved: at once, or when its disk has them, or when others do.
//!
//! What is written to a disk is in memory until it is synced; a crash loses the rest, and whoever was told *saved* before
//! was told too early (Pillai et al., *All file systems are not created equal*, OSDI 2014, on what applications take
//! for durable). Two things make a note last, and each can be waited for before the answer or be done now and then,
//! for many notes at once:
//!
//! - *Syncing*: `fsync` before the answer (`appendfsync always` in Redis, `synchronous_commit` in PostgreSQL), or every
//!   flush interval.
//! - *Copying* to other servers: a majority has the note before the answer, or the copies are sent at the flush interval.
//!   A server that comes back asks the others what it has forgotten, and serves nobody until so many have answered that
//!   one of them must have each note that a majority had (the recovery protocol of Liskov and Cowling, *Viewstamped
//!   replication revisited*, MIT-CSAIL-TR-2012-021, section 4.3).
//!
//! Copies in memory alone count on it that not all forget at once: Kafka answers so, by default.
//!
//! Each note has a key of its own and is written once, so the order of notes does not matter, and what two servers have
//! is joined by taking all of it.
//!
//! - `server.rs`: who keeps the notes
//! - the clients are [`Caller`]s

mod server;

use sim::protocol::{
    Description, Gist, MessageSort, MessageWord, OperationWord, Outlook, TimerWord, Vocabulary,
};
use sim::trace::Function;
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::describe::words::{timer, word};
use crate::parts::caller::{Caller, Habit, Manner, Reply, Request, Wake};
use server::{Rules, Server};

/// A client reads back one of so many of its latest notes.
const LATEST: usize = 8;

/// The notebook, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "notebook",
    about: "Clients write notes to a server, which says when they are saved; other servers may have copies.",
    roles: &[
        RoleSpec {
            id: "server",
            fewest: 1,
            most: 1,
        },
        RoleSpec {
            id: "copy",
            fewest: 0,
            most: 6,
        },
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 7,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "write-every",
            label: "Pause",
            about: "How long a client rests between two notes, or between a note and reading one back.",
            quantity: Quantity::Duration,
            default: ms(200),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits before it asks again.",
            quantity: Quantity::Duration,
            default: ms(700),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "flush",
            label: "Flush every",
            about: "How often what nobody waits for is synced, and copied.",
            quantity: Quantity::Duration,
            default: ms(2000),
            min: ms(10),
            max: ms(600_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "sync-before-ack",
            label: "Sync before the answer",
            protects: "Who says that a note is saved has it on disk.",
        },
        DefenceSpec {
            id: "replicate-before-ack",
            label: "Copy before the answer",
            protects: "When a note is called saved, a majority of the servers has it, and not all of them crash.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let servers = plan.nodes("server");
    let copies = plan.nodes("copy");
    let clients = plan.nodes("client");
    let rules = Rules::of(plan);
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(|node| {
        if let Some(place) = clients.iter().position(|client| *client == node) {
            let manner = Manner {
                servers: servers.clone(),
                first: 0,
                pause: plan.duration("write-every"),
                timeout: plan.duration("timeout"),
                attempts: None,
                operations: None,
                habit: Habit::Notes(LATEST),
            };
            Node::Client(Box::new(Caller::new(manner, place, clients.len())))
        } else if servers.contains(&node) {
            Node::Server(Box::new(Server::primary(rules, copies.clone())))
        } else {
            Node::Server(Box::new(Server::copy(rules, servers[0])))
        }
    });
    Box::new(World::new(setup, nodes.collect()))
}

/// A node of the notebook.
#[derive(Clone, Debug)]
pub enum Node {
    /// One that keeps notes.
    Server(Box<Server>),
    /// One that writes them.
    Client(Box<Caller>),
}

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A client's request.
    Ask(Request),
    /// The answer.
    Tell(Reply),
    /// Keep copies of these notes.
    Copy(Vec<u32>),
    /// These are kept.
    Kept(Vec<u32>),
    /// I have forgotten: what is there?
    Recall,
    /// This is all that I have.
    Recalled(Vec<u32>),
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A client's.
    Client(Wake),
    /// Time to sync and copy what nobody waits for.
    Flush,
    /// Time to ask again what was forgotten.
    Recall,
}

impl From<Request> for Message {
    fn from(request: Request) -> Message {
        Message::Ask(request)
    }
}

impl From<Wake> for Timer {
    fn from(wake: Wake) -> Timer {
        Timer::Client(wake)
    }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    /// A note's place is its number; its text does not matter.
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: MESSAGES,
        timers: TIMERS,
        operations: &[OperationWord {
            name: "next",
            does: "Write the next note, or read one back, at once",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::Server(server) => server.start(context),
            Node::Client(client) => client.start(context),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Server(server), message) => server.message(from, message, context),
            (Node::Client(client), Message::Tell(reply)) => client.answered(reply, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Server(server), Timer::Flush) => server.flush(context),
            (Node::Server(server), Timer::Recall) => server.recall(context),
            (Node::Client(client), Timer::Client(wake)) => client.wake(wake, context),
            _ => {}
        }
    }

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        if let Node::Server(server) = self {
            server.synced(token, context);
        }
    }

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.begin(context);
        }
    }

    fn gist(message: &Message) -> Gist {
        let number = |operation: u32| i64::from(operation);
        let batch = |notes: &[u32]| {
            let last = notes.last().copied().map_or(0, number);
            [last, notes.len() as i64, 0]
        };
        let (kind, args) = match message {
            Message::Ask(request) if request.function == Function::Read => {
                (1, [request.key, number(request.operation), 0])
            }
            Message::Ask(request) => (0, [number(request.operation), 0, 0]),
            Message::Tell(reply) => match (reply.to.function, reply.value) {
                (Function::Read, 0) => (8, [reply.to.key, 0, 0]),
                (Function::Read, _) => (3, [reply.to.key, 0, 0]),
                _ => (2, [number(reply.to.operation), 0, 0]),
            },
            Message::Copy(notes) => (4, batch(notes)),
            Message::Kept(notes) => (5, batch(notes)),
            Message::Recall => (6, [0; 3]),
            Message::Recalled(notes) => (7, batch(notes)),
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::Client(Wake::Next) => 0,
            Timer::Client(Wake::NoAnswer) => 1,
            Timer::Flush => 2,
            Timer::Recall => 3,
        }
    }

    fn memory(&self) -> usize {
        size_of_val(self)
            + match self {
                Node::Server(server) => server.memory(),
                Node::Client(client) => size_of::<Caller>() + client.memory(),
            }
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Server(server) if server.is_copy() => "copy",
            Node::Server(_) => "server",
            Node::Client(_) => "client",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Server(server) => server.describe(outlook),
            Node::Client(client) => client.describe(outlook),
        }
    }
}

const MESSAGES: &[MessageWord] = &[
    word(
        "save",
        "save #{0}",
        "please save note #{0}",
        MessageSort::Request,
    ),
    word("read", "#{0}?", "what is note #{0}?", MessageSort::Request),
    word(
        "saved",
        "saved #{0}",
        "note #{0} is saved",
        MessageSort::Reply,
    ),
    word("note", "#{0}", "here is note #{0}", MessageSort::Reply),
    word(
        "copy",
        "copy #{0}",
        "keep copies of {1} notes, the last of them #{0}",
        MessageSort::Replication,
    ),
    word(
        "kept",
        "kept",
        "I keep those {1} notes, the last of them #{0}",
        MessageSort::Acknowledgement,
    ),
    word(
        "recall",
        "what do you have?",
        "I may have forgotten notes: what do you have?",
        MessageSort::Request,
    ),
    word(
        "recalled",
        "{1} notes",
        "I have {1} notes, the last of them #{0}",
        MessageSort::Replication,
    ),
    word(
        "never-heard",
        "#{0}? never heard",
        "there is no note #{0}",
        MessageSort::Refusal,
    ),
];

const TIMERS: &[TimerWord] = &[
    timer("time for the next note", false),
    timer("no answer in time", true),
    timer("time to sync and copy", false),
    timer("time to ask again what it has forgotten", true),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::sorted::Set;
    use sim::trace::Fact;
    use sim::{Action, Target};

    /// A server with two copies and a client, none of which flushes before the end.
    fn trial() -> Trial {
        Trial::new(&ENTRY, &["server", "copy", "copy", "client"]).set("flush", ms(60_000))
    }

    fn power_cut(trial: Trial, nodes: &[u16]) -> Trial {
        nodes.iter().fold(trial, |trial, node| {
            let node = Target::Node(NodeId(*node));
            let crashed = trial.act(5000, Action::Crash(node));
            crashed.act(5500, Action::Restart(node))
        })
    }

    /// How many reads found their note after the power cut at 5 s, and how many did not.
    fn reads(trial: &Trial) -> (usize, usize) {
        let mut keys: Vec<(u32, i64)> = Vec::new();
        let (mut found, mut missed) = (0, 0);
        for (at, _, fact) in trial.facts(30_000) {
            match fact {
                Fact::Invoked {
                    operation,
                    function: Function::Read,
                    key,
                    ..
                } if at > 5000 => keys.push((operation, key)),
                Fact::Returned {
                    operation, value, ..
                } => {
                    let read = keys.iter().find(|(reading, _)| *reading == operation);
                    found += usize::from(read.is_some_and(|(_, key)| *key == value));
                    missed += usize::from(read.is_some_and(|(_, key)| *key != value));
                }
                _ => {}
            }
        }
        (found, missed)
    }

    #[test]
    fn what_is_called_saved_before_the_sync_is_forgotten() {
        let (found, missed) = reads(&power_cut(trial(), &[0]));
        assert!(found > 0 && missed > 0, "{found} {missed}");
        let (found, missed) = reads(&power_cut(trial().on("sync-before-ack"), &[0]));
        assert!(found > 0 && missed == 0, "{found} {missed}");
    }

    #[test]
    fn copies_in_memory_survive_the_crash_of_one_and_not_of_all() {
        for (crashed, is_lost) in [(&[0][..], false), (&[0, 1, 2], true)] {
            let (found, missed) = reads(&power_cut(trial().on("replicate-before-ack"), crashed));
            assert!(found > 0, "{crashed:?}");
            assert_eq!(missed > 0, is_lost, "{crashed:?}: {missed}");
        }
        let both = trial().on("replicate-before-ack").on("sync-before-ack");
        let (found, missed) = reads(&power_cut(both, &[0, 1, 2]));
        assert!(found > 0 && missed == 0, "{found} {missed}");
    }

    #[test]
    fn with_a_copy_on_disk_the_loss_of_a_disk_does_no_harm() {
        let without_disk = |trial: Trial| {
            let server = Target::Node(NodeId(0));
            power_cut(trial, &[0]).act(5400, Action::WipeDisk(server))
        };
        let synced = trial().on("sync-before-ack");
        assert!(reads(&without_disk(synced)).1 > 0);
        let both = trial().on("sync-before-ack").on("replicate-before-ack");
        let (found, missed) = reads(&without_disk(both));
        assert!(found > 0 && missed == 0, "{found} {missed}");
    }

    #[test]
    fn a_server_that_may_have_forgotten_serves_nobody_before_enough_others_have_told() {
        let other = Target::Node(NodeId(1));
        let trial = power_cut(trial().on("replicate-before-ack"), &[0])
            .act(4900, Action::Crash(other))
            .act(15_000, Action::Restart(other));
        let answered: Set<u64> = trial
            .facts(30_000)
            .iter()
            .filter(|(_, _, fact)| matches!(fact, Fact::Returned { .. }))
            .map(|(at, _, _)| *at)
            .collect();
        assert!(answered.iter().any(|at| *at > 15_000));
        // What was answered before the crash may arrive a little after it.
        assert!(!answered.iter().any(|at| (5200..15_000).contains(at)));
    }
}
