//! A primary and its backups, which take over when it is silent; and what keeps it from being two.
//!
//! Clients write notes and read them back. A primary that is cut off or paused is not dead, and its backups cannot tell
//! the difference; so one of them takes over, and the other goes on. What comes of that is decided by two mechanisms of
//! the [`replicated_log`](crate::parts::replicated_log): election by majority, without which a backup that lacks
//! acknowledged writes can take over and undo them; and fencing by epoch, without which the old primary goes on
//! acknowledging what nobody will keep (Davidson, Garcia-Molina and Skeen, *Consistency in partitioned networks*, ACM
//! Computing Surveys 17(3), 1985). With both it is Raft.

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
use crate::parts::replicated_log::{self, Record, Rules, Server};

/// A client reads back one of so many of its latest notes.
const LATEST: usize = 6;

/// Failover, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "failover",
    about: "A primary takes the clients' notes and copies them to its backups; one of those takes over when it is silent.",
    roles: &[
        RoleSpec {
            id: "server",
            fewest: 2,
            most: 9,
        },
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 7,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "heartbeat",
            label: "Heartbeat every",
            about: "How often a primary says that it leads.",
            quantity: Quantity::Duration,
            default: ms(200),
            min: ms(5),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "patience",
            label: "Patience",
            about: "How long a backup hears no primary before it does something about it; up to twice that.",
            quantity: Quantity::Duration,
            default: ms(1000),
            min: ms(20),
            max: ms(600_000),
        },
        ParameterSpec {
            id: "write-every",
            label: "Pause",
            about: "How long a client rests between a note and reading one back.",
            quantity: Quantity::Duration,
            default: ms(100),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits before it asks the next server.",
            quantity: Quantity::Duration,
            default: ms(1000),
            min: ms(1),
            max: ms(60_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "majority-election",
            label: "Election by majority",
            protects: "Who takes over has every write that a majority has accepted, and in each epoch it is one.",
        },
        DefenceSpec {
            id: "epoch-fencing",
            label: "Fencing by epoch",
            protects: "A write is done when a majority has accepted it; who knows a newer epoch refuses it.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let servers = plan.nodes("server");
    let clients = plan.nodes("client");
    let rules = Rules {
        heartbeat: plan.duration("heartbeat"),
        patience: plan.duration("patience"),
        is_elected: plan.has("majority-election"),
        is_fenced: plan.has("epoch-fencing"),
    };
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(|node| {
        if let Some(rank) = servers.iter().position(|server| *server == node) {
            let peers = servers.iter().copied().filter(|peer| *peer != node);
            Node::Server(Box::new(Server::new(rules, rank as u32, peers.collect())))
        } else {
            let place = clients.iter().position(|client| *client == node);
            let (place, count) = (place.unwrap_or_default(), clients.len());
            let manner = Manner {
                first: place * servers.len() / count,
                servers: servers.clone(),
                pause: plan.duration("write-every"),
                timeout: plan.duration("timeout"),
                attempts: None,
                operations: None,
                habit: Habit::Notes(LATEST),
            };
            Node::Client(Box::new(Caller::new(manner, place, count)))
        }
    });
    Box::new(World::new(setup, nodes.collect()))
}

/// A node.
#[derive(Clone, Debug)]
pub enum Node {
    /// One that can be the primary.
    Server(Box<Server>),
    /// One that writes.
    Client(Box<Caller>),
}

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A client's request.
    Ask(Request),
    /// The answer.
    Tell(Reply),
    /// Among servers.
    Log(replicated_log::Message),
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A client's.
    Client(Wake),
    /// A server's.
    Log(replicated_log::Timer),
}

impl From<Request> for Message {
    fn from(request: Request) -> Message {
        Message::Ask(request)
    }
}

impl From<Reply> for Message {
    fn from(reply: Reply) -> Message {
        Message::Tell(reply)
    }
}

impl From<replicated_log::Message> for Message {
    fn from(message: replicated_log::Message) -> Message {
        Message::Log(message)
    }
}

impl From<Wake> for Timer {
    fn from(wake: Wake) -> Timer {
        Timer::Client(wake)
    }
}

impl From<replicated_log::Timer> for Timer {
    fn from(timer: replicated_log::Timer) -> Timer {
        Timer::Log(timer)
    }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

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
            (Node::Server(server), Message::Log(message)) => server.message(from, message, context),
            (Node::Server(server), Message::Ask(request)) => server.asked(from, request, context),
            (Node::Client(client), Message::Tell(reply)) => client.answered(reply, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Server(server), Timer::Log(timer)) => server.wake(timer, context),
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
        let (kind, args) = match message {
            Message::Ask(request) if request.function == Function::Read => {
                (1, [request.key, number(request.operation), 0])
            }
            Message::Ask(request) => (0, [number(request.operation), 0, 0]),
            Message::Tell(reply) if !reply.is_done => (5, [number(reply.to.operation), 0, 0]),
            Message::Tell(reply) => match (reply.to.function, reply.value) {
                (Function::Read, 0) => (4, [reply.to.key, 0, 0]),
                (Function::Read, _) => (3, [reply.to.key, 0, 0]),
                _ => (2, [number(reply.to.operation), 0, 0]),
            },
            Message::Log(message) => {
                let (kind, args) = replicated_log::gist(message);
                (6 + kind, args)
            }
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::Client(Wake::Next) => 0,
            Timer::Client(Wake::NoAnswer) => 1,
            Timer::Log(timer) => 2 + replicated_log::timer_kind(*timer),
        }
    }

    fn leads(&self) -> bool {
        matches!(self, Node::Server(server) if server.leads())
    }

    fn memory(&self) -> usize {
        size_of_val(self)
            + match self {
                Node::Server(server) => size_of::<Server>() + server.memory(),
                Node::Client(client) => size_of::<Caller>() + client.memory(),
            }
    }

    fn role(&self) -> &'static str {
        match self {
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

const LOG: [MessageWord; 9] = replicated_log::MESSAGES;

const MESSAGES: &[MessageWord] = &[
    word(
        "write",
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
        "never-heard",
        "#{0}? never heard",
        "there is no note #{0}",
        MessageSort::Refusal,
    ),
    word(
        "refused",
        "not now: #{0}",
        "I cannot do #{0}: I reach no majority",
        MessageSort::Refusal,
    ),
    LOG[0],
    LOG[1],
    LOG[2],
    LOG[3],
    LOG[4],
    LOG[5],
    LOG[6],
    LOG[7],
    LOG[8],
];

const TIMERS: &[TimerWord] = &[
    timer("time for the next note", false),
    timer("no answer in time", true),
    replicated_log::TIMERS[0],
    replicated_log::TIMERS[1],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::network::{CutMode, CutShape, LinkProfile};
    use sim::sorted::Map;
    use sim::trace::Fact;
    use sim::{Action, SimDuration, Target};

    fn trial() -> Trial {
        Trial::new(&ENTRY, &["server", "server", "server", "client", "client"])
            .network(|link| *link = LinkProfile::ideal(SimDuration::from_millis(20)))
            .set("timeout", ms(300))
    }

    fn with_both() -> Trial {
        trial().on("majority-election").on("epoch-fencing")
    }

    /// n1 and the first client on one side from 3 to 8 s, the rest on the other.
    fn split(trial: Trial) -> Trial {
        let shape = CutShape::Between(vec![NodeId(0), NodeId(3)]);
        let cut = Action::Cut {
            name: 1,
            shape,
            mode: CutMode::Drop,
        };
        trial.act(3000, cut).act(8000, Action::Heal(None))
    }

    /// How many of the notes that are read were called saved and are not there.
    fn missed(trial: &Trial) -> (usize, usize) {
        let mut reads: Map<u32, i64> = Map::new();
        let (mut found, mut missed) = (0, 0);
        for (_, _, fact) in trial.facts(20_000) {
            match fact {
                Fact::Invoked {
                    operation,
                    function: Function::Read,
                    key,
                    ..
                } => {
                    reads.insert(operation, key);
                }
                Fact::Returned {
                    operation,
                    outcome: sim::trace::Outcome::Ok,
                    value,
                } => {
                    if let Some(key) = reads.remove(&operation) {
                        found += usize::from(key == value);
                        missed += usize::from(key != value);
                    }
                }
                _ => {}
            }
        }
        (found, missed)
    }

    /// The same for five seeds together.
    fn missed_with_seeds(trial: impl Fn() -> Trial) -> (usize, usize) {
        let each = (0..5).map(|seed| missed(&trial().seed(seed)));
        each.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }

    #[test]
    fn without_fencing_the_old_primary_saves_what_nobody_keeps() {
        let (found, lost) = missed_with_seeds(|| split(trial().on("majority-election")));
        assert!(found > 100 && lost > 0, "{found} {lost}");
        let (found, lost) = missed_with_seeds(|| split(with_both()));
        assert!(found > 100 && lost == 0, "{found} {lost}");
    }

    #[test]
    fn without_an_election_one_takes_over_that_lacks_what_was_acknowledged() {
        let far = |trial: Trial| split(trial.slow_link(0, 1, 400).slow_link(1, 0, 400));
        let (found, lost) = missed_with_seeds(|| far(trial().on("epoch-fencing")));
        assert!(found > 100 && lost > 0, "{found} {lost}");
        let (found, lost) = missed_with_seeds(|| far(with_both()));
        assert!(found > 100 && lost == 0, "{found} {lost}");
    }

    #[test]
    fn a_term_has_one_leader_and_what_is_acknowledged_stays_whatever_befalls() {
        for seed in 0..20 {
            let nodes = [0, 1, 2].map(|node| Target::Node(NodeId(node)));
            let at = |node: usize| 2000 + 1700 * node as u64 + 37 * seed;
            let trial = nodes.iter().enumerate().fold(
                with_both().seed(seed).network(|link| {
                    link.loss = sim::random::Probability::new(0.05);
                }),
                |trial, (node, target)| {
                    trial
                        .act(at(node), Action::Crash(*target))
                        .act(at(node) + 2500, Action::Restart(*target))
                        .act(at(node) + 6000, Action::Pause(*target))
                        .act(at(node) + 8000, Action::Resume(*target))
                },
            );
            let (found, lost) = missed(&trial);
            assert!(found > 5 && lost == 0, "seed {seed}: {found} {lost}");
            let mut leaders: Map<i64, u16> = Map::new();
            for (_, node, fact) in trial.facts(20_000) {
                if let Fact::Leads { term } = fact {
                    assert_eq!(*leaders.entry(term).or_insert(node), node, "seed {seed}");
                }
            }
            assert!(leaders.len() > 1, "seed {seed}");
        }
    }
}
