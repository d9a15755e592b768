//! Two systems side by side on the same network: a bank's account and a timeline's counter of likes.
//!
//! Both are a number to which clients add, replicated on some servers. When the servers are cut in two, each can do one of
//! two things for clients that reach no majority: refuse, or answer from what it has and be wrong (Gilbert and Lynch,
//! *Brewer's conjecture and the feasibility of consistent, available, partition-tolerant web services*, SIGACT News 33(2),
//! 2002). Which, is chosen for each system:
//!
//! - by majority: a [`replicated_log`], which is linearizable;
//! - alone: a [`Replica`] that answers at once and is joined with the others later.

mod replica;

use sim::protocol::{
    Description, Gist, MessageSort, MessageWord, OperationWord, Outlook, TimerWord, Vocabulary,
};
use sim::random::Probability;
use sim::trace::Function;
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::describe::words::{timer, word};
use crate::parts::caller::{Caller, Habit, Manner, Reply, Request, Wake};
use crate::parts::replicated_log::{self, Record, Rules, Server};
use replica::Replica;

/// The key of the bank's account, and that of the timeline's likes.
const ACCOUNT: i64 = 0;
const LIKES: i64 = 1;

/// Bank and timeline, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "side-by-side",
    about: "A bank and a timeline on the same network, each with a number that its clients add to and read.",
    roles: &[
        servers("bank"),
        servers("timeline"),
        clients("teller"),
        clients("reader"),
    ],
    parameters: &[
        ParameterSpec {
            id: "heartbeat",
            label: "Heartbeat every",
            about: "How often a leader says that it leads.",
            quantity: Quantity::Duration,
            default: ms(250),
            min: ms(5),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "patience",
            label: "Patience",
            about: "How long a server hears no leader before it stands for election; up to twice that, by chance.",
            quantity: Quantity::Duration,
            default: ms(1000),
            min: ms(20),
            max: ms(600_000),
        },
        ParameterSpec {
            id: "pause",
            label: "Pause",
            about: "How long a client rests between two operations.",
            quantity: Quantity::Duration,
            default: ms(400),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits for an answer before it gives up.",
            quantity: Quantity::Duration,
            default: ms(800),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "operations",
            label: "Operations",
            about: "How many operations each client begins.",
            quantity: Quantity::Count,
            default: 40.0,
            min: 1.0,
            max: 1000.0,
        },
        ParameterSpec {
            id: "compare",
            label: "Compare every",
            about: "How often servers that answer alone compare what they have.",
            quantity: Quantity::Duration,
            default: ms(1000),
            min: ms(10),
            max: ms(600_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "bank-by-majority",
            label: "The bank asks a majority",
            protects: "The account is never wrong; who reaches no majority is refused.",
        },
        DefenceSpec {
            id: "timeline-alone",
            label: "The timeline answers alone",
            protects: "Everybody is answered, whoever they reach; the number can be wrong.",
        },
        DefenceSpec {
            id: "anti-entropy",
            label: "Anti-entropy",
            protects: "Servers that answer alone come to agree once they reach each other.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

const fn servers(id: &'static str) -> RoleSpec {
    RoleSpec {
        id,
        fewest: 1,
        most: 7,
    }
}

const fn clients(id: &'static str) -> RoleSpec {
    RoleSpec {
        id,
        fewest: 0,
        most: 7,
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let systems = [
        System::of(
            plan,
            "bank",
            "teller",
            plan.has("bank-by-majority"),
            ACCOUNT,
        ),
        System::of(
            plan,
            "timeline",
            "reader",
            !plan.has("timeline-alone"),
            LIKES,
        ),
    ];
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(|node| {
        let node = systems.iter().find_map(|system| system.node(node, plan));
        node.expect("every node has one of the four roles")
    });
    Box::new(World::new(setup, nodes.collect()))
}

/// One of the two.
struct System {
    role: &'static str,
    client_role: &'static str,
    servers: Vec<NodeId>,
    clients: Vec<NodeId>,
    asks_majority: bool,
    key: i64,
}

impl System {
    fn of(
        plan: &Plan,
        role: &'static str,
        client_role: &'static str,
        asks_majority: bool,
        key: i64,
    ) -> System {
        System {
            role,
            client_role,
            servers: plan.nodes(role),
            clients: plan.nodes(client_role),
            asks_majority,
            key,
        }
    }

    /// The node, if it is one of this system's.
    fn node(&self, node: NodeId, plan: &Plan) -> Option<Node> {
        let place = |among: &[NodeId]| among.iter().position(|other| *other == node);
        if let Some(place) = place(&self.clients) {
            let role = self.client_role;
            let caller = Box::new(self.client(place, node, plan));
            return Some(Node::Client { role, caller });
        }
        let (rank, role) = (place(&self.servers)? as u32, self.role);
        let peers: Vec<NodeId> = self
            .servers
            .iter()
            .copied()
            .filter(|peer| *peer != node)
            .collect();
        Some(if self.asks_majority {
            let rules = Rules {
                heartbeat: plan.duration("heartbeat"),
                patience: plan.duration("patience"),
                is_elected: true,
                is_fenced: true,
            };
            let server = Box::new(Server::new(rules, rank, peers));
            Node::ByMajority { role, server }
        } else {
            let every = plan.duration("compare");
            let every = plan.has("anti-entropy").then_some(every);
            let replica = Box::new(Replica::new(peers, every));
            Node::Alone { role, replica }
        })
    }

    /// A client asks one server alone; the operations' numbers are the node's own.
    fn client(&self, place: usize, node: NodeId, plan: &Plan) -> Caller {
        // The first asks the first server, the last one the last.
        let steps = (self.clients.len() - 1).max(1);
        let nearest = place * (self.servers.len() - 1) / steps;
        let manner = Manner {
            servers: vec![self.servers[nearest]],
            first: 0,
            pause: plan.duration("pause"),
            timeout: plan.duration("timeout"),
            attempts: Some(1),
            operations: Some(plan.count("operations")),
            habit: Habit::Counts {
                key: self.key,
                adds: Probability::new(0.5),
            },
        };
        Caller::new(manner, node.index(), plan.roles.len())
    }
}

/// A node of either system.
#[derive(Clone, Debug)]
pub enum Node {
    /// A server that asks a majority.
    ByMajority {
        /// Of which system.
        role: &'static str,
        /// The server.
        server: Box<Server>,
    },
    /// A server that answers alone.
    Alone {
        /// Of which system.
        role: &'static str,
        /// The server.
        replica: Box<Replica>,
    },
    /// One that asks.
    Client {
        /// Of which system.
        role: &'static str,
        /// The client.
        caller: Box<Caller>,
    },
}

/// What servers that answer alone tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gossip {
    /// I have taken these.
    Takes(Vec<Request>),
    /// I have the operations with these numbers, in order.
    Has(Vec<u32>),
    /// These you lack.
    Lacks(Vec<Request>),
}

/// What the nodes tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A client's request.
    Ask(Request),
    /// The answer.
    Tell(Reply),
    /// Among servers that ask a majority.
    Log(replicated_log::Message),
    /// Among servers that answer alone.
    Gossip(Gossip),
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A client's.
    Client(Wake),
    /// A server's that asks a majority.
    Log(replicated_log::Timer),
    /// Time to compare.
    Compare,
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
            does: "Begin the next operation at once",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::ByMajority { server, .. } => server.start(context),
            Node::Alone { replica, .. } => replica.start(context),
            Node::Client { caller, .. } => caller.start(context),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::ByMajority { server, .. }, Message::Log(message)) => {
                server.message(from, message, context);
            }
            (Node::ByMajority { server, .. }, Message::Ask(request)) => {
                server.asked(from, request, context);
            }
            (Node::Alone { replica, .. }, Message::Gossip(gossip)) => {
                replica.hears(from, gossip, context);
            }
            (Node::Alone { replica, .. }, Message::Ask(request)) => {
                replica.asked(from, request, context);
            }
            (Node::Client { caller, .. }, Message::Tell(reply)) => caller.answered(reply, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::ByMajority { server, .. }, Timer::Log(timer)) => server.wake(timer, context),
            (Node::Alone { replica, .. }, Timer::Compare) => replica.compare(context),
            (Node::Client { caller, .. }, Timer::Client(wake)) => caller.wake(wake, context),
            _ => {}
        }
    }

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        match self {
            Node::ByMajority { server, .. } => server.synced(token, context),
            Node::Alone { replica, .. } => replica.synced(token, context),
            Node::Client { .. } => {}
        }
    }

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        if let Node::Client { caller, .. } = self {
            caller.begin(context);
        }
    }

    fn gist(message: &Message) -> Gist {
        let number = |operation: u32| i64::from(operation);
        let (kind, args) = match message {
            Message::Ask(request) if request.function == Function::Read => {
                (1, [number(request.operation), 0, 0])
            }
            Message::Ask(request) => (0, [number(request.operation), request.value, 0]),
            Message::Tell(reply) if !reply.is_done => (4, [number(reply.to.operation), 0, 0]),
            Message::Tell(reply) if reply.to.function == Function::Read => {
                (3, [reply.value, number(reply.to.operation), 0])
            }
            Message::Tell(reply) => (2, [number(reply.to.operation), 0, 0]),
            Message::Gossip(Gossip::Takes(additions)) => {
                let last = additions.last().map_or(0, |one| one.operation);
                (5, [number(last), 0, 0])
            }
            Message::Gossip(Gossip::Has(has)) => (6, [has.len() as i64, 0, 0]),
            Message::Gossip(Gossip::Lacks(additions)) => (7, [additions.len() as i64, 0, 0]),
            Message::Log(message) => {
                let (kind, args) = replicated_log::gist(message);
                (8 + kind, args)
            }
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::Client(Wake::Next) => 0,
            Timer::Client(Wake::NoAnswer) => 1,
            Timer::Compare => 2,
            Timer::Log(timer) => 3 + replicated_log::timer_kind(*timer),
        }
    }

    fn leads(&self) -> bool {
        matches!(self, Node::ByMajority { server, .. } if server.leads())
    }

    fn memory(&self) -> usize {
        size_of_val(self)
            + match self {
                Node::ByMajority { server, .. } => size_of::<Server>() + server.memory(),
                Node::Alone { replica, .. } => size_of::<Replica>() + replica.memory(),
                Node::Client { caller, .. } => size_of::<Caller>() + caller.memory(),
            }
    }

    fn role(&self) -> &'static str {
        match self {
            Node::ByMajority { role, .. }
            | Node::Alone { role, .. }
            | Node::Client { role, .. } => role,
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::ByMajority { server, .. } => server.describe(outlook),
            Node::Alone { replica, .. } => replica.describe(outlook),
            Node::Client { caller, .. } => caller.describe(outlook),
        }
    }
}

const LOG: [MessageWord; 9] = replicated_log::MESSAGES;

const MESSAGES: &[MessageWord] = &[
    word(
        "add",
        "+{1}",
        "please add {1}, as #{0}",
        MessageSort::Request,
    ),
    word(
        "read",
        "?",
        "how many are there? asks #{0}",
        MessageSort::Request,
    ),
    word("added", "ok", "#{0} is done", MessageSort::Reply),
    word("number", "{0}", "there are {0}", MessageSort::Reply),
    word(
        "refused",
        "not now",
        "I refuse #{0}: I reach no majority",
        MessageSort::Refusal,
    ),
    word(
        "takes",
        "copy #{0}",
        "I have taken #{0}",
        MessageSort::Replication,
    ),
    word(
        "has",
        "I have {0}",
        "I have {0} additions: which do I lack?",
        MessageSort::Heartbeat,
    ),
    word(
        "lacks",
        "you lack {0}",
        "here are {0} that you lack",
        MessageSort::Replication,
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
    timer("time for the next operation", false),
    timer("no answer in time", true),
    timer("time to compare", false),
    replicated_log::TIMERS[0],
    replicated_log::TIMERS[1],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::Action;
    use sim::network::{CutMode, CutShape, LinkProfile};
    use sim::sorted::{Map, Set};
    use sim::trace::{Fact, Outcome};

    /// Three servers of a bank, three of a timeline, and for each a client near the first and one near the last.
    const ROLES: [&str; 10] = [
        "bank", "bank", "bank", "timeline", "timeline", "timeline", "teller", "teller", "reader",
        "reader",
    ];
    const TELLER: u16 = 7;
    const READER: u16 = 9;

    /// The last server of each system is cut off with its client from 3 to 8 s.
    fn trial() -> Trial {
        let apart = [2, 5, TELLER, READER].map(NodeId);
        let cut = Action::Cut {
            name: 1,
            shape: CutShape::Between(apart.to_vec()),
            mode: CutMode::Drop,
        };
        Trial::new(&ENTRY, &ROLES)
            .network(|link| *link = LinkProfile::ideal(sim::SimDuration::from_millis(30)))
            .act(3000, cut)
            .act(8000, Action::Heal(None))
    }

    fn answered_in_the_cut(trial: &Trial, client: u16) -> usize {
        let is_answer = |(at, node, fact): &&(u64, u16, Fact)| {
            let outcome = Outcome::Ok;
            let is_ok = matches!(fact, Fact::Returned { outcome: ended, .. } if *ended == outcome);
            *node == client && (3300..8000).contains(at) && is_ok
        };
        trial.facts(20_000).iter().filter(is_answer).count()
    }

    #[test]
    fn who_reaches_no_majority_is_refused_or_answered_as_was_chosen() {
        let by_majority = trial().on("bank-by-majority");
        assert_eq!(answered_in_the_cut(&by_majority, TELLER), 0);
        assert_eq!(answered_in_the_cut(&by_majority, READER), 0);
        let alone = trial().on("timeline-alone");
        assert!(
            answered_in_the_cut(&alone, TELLER) > 5,
            "the bank too answers alone"
        );
        assert!(answered_in_the_cut(&alone, READER) > 5);
    }

    #[test]
    fn who_comes_back_from_behind_the_cut_unseats_nobody() {
        for seed in 0..10 {
            let facts = trial().on("bank-by-majority").seed(seed).facts(20_000);
            let elected = facts.iter().filter_map(|(at, node, fact)| match fact {
                Fact::Leads { .. } => Some((*at < 3000, *node)),
                _ => None,
            });
            assert_eq!(
                elected.collect::<Vec<_>>(),
                [(true, 0), (true, 3)],
                "seed {seed}"
            );
        }
    }

    #[test]
    fn servers_that_answer_alone_agree_afterwards_if_they_compare() {
        for (trial, agree) in [
            (trial().on("timeline-alone"), false),
            (trial().on("timeline-alone").on("anti-entropy"), true),
        ] {
            let mut copies: Map<u16, Set<u32>> = Map::new();
            for (_, node, fact) in trial.facts(60_000) {
                if let Fact::Stored {
                    operation,
                    key: LIKES,
                    ..
                } = fact
                {
                    copies.entry(node).or_default().insert(operation);
                }
            }
            assert_eq!(copies.len(), 3);
            assert!(copies[&3].len() > 5);
            assert_eq!(copies[&3] == copies[&5], agree);
        }
    }
}
