//! A register with a primary, its backups, and elections.
//!
//! One server leads: it takes writes, and copies its register to the others. Its heartbeats keep them quiet; when they
//! have been silent for long enough, another stands for election, and leads if a majority votes for it (Oki and Liskov,
//! *Viewstamped replication*, PODC 1988; terms as in Ongaro and Ousterhout, *In search of an understandable consensus
//! algorithm*, USENIX ATC 2014). A server talks only to those that it takes for alive, as brokers of Kafka talk to those
//! that are in the controller's view: so whoever is taken for dead is not told that it has been succeeded.
//!
//! An election alone does not stop the one who led before: it may not know. With majority acknowledgements a write takes
//! effect only when a majority has a copy of it, and the majority that has elected someone else gives none (`acks=all`
//! with `min.insync.replicas` in Kafka). Three rules make that strict: a vote goes only to a candidate that has heard of
//! nothing newer than the voter has; who has heard its leader lately votes for nobody; and a leader counts only
//! acknowledgements of what it sent less than that time ago. So a leader acts before its successor can be elected, or
//! not at all.
//!
//! The register is copied whole, as one value, so there is no log. A client that hears nothing asks again, and its write
//! may be made twice; it writes the same value then.
//!
//! - `server.rs`: what a server knows, and who leads
//! - `office.rs`: what a leader does
//! - `client.rs`: who writes

mod client;
mod office;
mod server;

use sim::protocol::{
    Description, Gist, MessageSort, MessageWord, OperationWord, Outlook, TimerWord, Vocabulary,
};
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::parts::term::Ballot;
use client::Client;
use server::{Rules, Server};

/// Primary and backups, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "primary-backup",
    about: "Servers elect one of them by majority; it takes the clients' writes and copies them to the others.",
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
            about: "How often a leader says that it leads.",
            quantity: Quantity::Duration,
            default: ms(300),
            min: ms(5),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "patience",
            label: "Patience",
            about: "How long a server hears no leader before it stands for election; up to twice that, by chance.",
            quantity: Quantity::Duration,
            default: ms(1200),
            min: ms(20),
            max: ms(600_000),
        },
        ParameterSpec {
            id: "write-every",
            label: "Pause",
            about: "How long a client rests between two writes.",
            quantity: Quantity::Duration,
            default: ms(500),
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
    defences: &[DefenceSpec {
        id: "majority-acks",
        label: "Majority acknowledgements",
        protects: "A write takes effect only once a majority has it, so no leader can act that has been succeeded.",
    }],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let servers = plan.nodes("server");
    let clients = plan.nodes("client");
    let rules = Rules::of(plan);
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(|node| {
        if let Some(rank) = servers.iter().position(|server| *server == node) {
            let peers = servers.iter().filter(|peer| **peer != node);
            Node::Server(Box::new(Server::new(rules, rank as u32, peers.copied())))
        } else {
            let place = clients.iter().position(|client| *client == node);
            let (place, count) = (place.unwrap_or_default(), clients.len());
            Node::Client(Client::new(plan, &servers, place, count))
        }
    });
    Box::new(World::new(setup, nodes.collect()))
}

/// A server or a client.
#[derive(Clone, Debug)]
pub enum Node {
    /// One that has a copy of the register.
    Server(Box<Server>),
    /// One that writes.
    Client(Client),
}

/// A server's copy of the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copy {
    /// In which term it was written, and the how manieth write of that term it is: the higher is the newer.
    pub version: (i64, u32),
    /// The operation that wrote it; 0 before the first.
    pub operation: u32,
}

/// What a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Write {
    /// The operation's number, which is also what it writes.
    pub operation: u32,
    /// Who asks.
    pub client: NodeId,
}

/// What is kept on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// The term, and the vote in it.
    Ballot(Ballot),
    /// The register.
    Copy(Copy),
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Please write.
    Write {
        /// What.
        write: Write,
        /// Whether a server passes it on: then it is not passed on again.
        is_forwarded: bool,
    },
    /// It is written.
    Done {
        /// The operation's number.
        operation: u32,
        /// The term in which it took effect.
        term: i64,
    },
    /// Please vote for me.
    Stand {
        /// In this term.
        term: i64,
        /// How new the candidate's copy is.
        version: (i64, u32),
    },
    /// You have my vote.
    Vote {
        /// In this term.
        term: i64,
    },
    /// I lead.
    Heartbeat {
        /// In this term.
        term: i64,
    },
    /// Please keep this copy.
    Replicate {
        /// The leader's term.
        term: i64,
        /// The copy.
        copy: Copy,
        /// How many times the leader has begun to send it.
        round: u32,
    },
    /// I have that copy.
    Ack {
        /// The leader's term.
        term: i64,
        /// Which copy.
        version: (i64, u32),
        /// In which round it was asked for.
        round: u32,
    },
    /// Your term is over.
    Stale {
        /// The sender's term.
        term: i64,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// No leader has been heard for too long.
    NoLeader,
    /// Time for the next heartbeat.
    Beat {
        /// Of the leader of this term.
        term: i64,
    },
    /// Time for the next write.
    Next,
    /// The answer has not come in time.
    NoAnswer,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: MESSAGES,
        timers: TIMERS,
        operations: &[OperationWord {
            name: "write",
            does: "Begin the next write at once",
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
            (Node::Client(client), Message::Done { operation, .. }) => {
                client.done(operation, context);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Server(server), Timer::NoLeader) => server.no_leader(context),
            (Node::Server(server), Timer::Beat { term }) => server.beat(term, context),
            (Node::Client(client), Timer::Next) => client.begin(context),
            (Node::Client(client), Timer::NoAnswer) => client.no_answer(context),
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
        let (kind, args) = match *message {
            Message::Write { write, .. } => (0, [i64::from(write.operation), 0, 0]),
            Message::Done { operation, term } => (1, [i64::from(operation), term, 0]),
            Message::Stand { term, .. } => (2, [term, 0, 0]),
            Message::Vote { term } => (3, [term, 0, 0]),
            Message::Heartbeat { term } => (4, [term, 0, 0]),
            Message::Replicate { term, copy, .. } => (5, [i64::from(copy.operation), term, 0]),
            Message::Ack { term, version, .. } => (6, [i64::from(version.1), term, 0]),
            Message::Stale { term } => (7, [term, 0, 0]),
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::NoLeader => 0,
            Timer::Beat { .. } => 1,
            Timer::Next => 2,
            Timer::NoAnswer => 3,
        }
    }

    fn leads(&self) -> bool {
        matches!(self, Node::Server(server) if server.leads())
    }

    fn memory(&self) -> usize {
        size_of_val(self)
            + match self {
                Node::Server(server) => server.memory(),
                Node::Client(client) => client.memory(),
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

const MESSAGES: &[MessageWord] = &[
    MessageWord {
        name: "write",
        label: "write #{0}",
        says: "please write #{0}",
        sort: MessageSort::Request,
    },
    MessageWord {
        name: "done",
        label: "done #{0}",
        says: "#{0} is written, in term {1}",
        sort: MessageSort::Reply,
    },
    MessageWord {
        name: "stand",
        label: "vote for me, term {0}",
        says: "vote for me in term {0}",
        sort: MessageSort::Request,
    },
    MessageWord {
        name: "vote",
        label: "my vote",
        says: "you have my vote in term {0}",
        sort: MessageSort::Acknowledgement,
    },
    MessageWord {
        name: "heartbeat",
        label: "",
        says: "I lead term {0}",
        sort: MessageSort::Heartbeat,
    },
    MessageWord {
        name: "replicate",
        label: "copy #{0}",
        says: "keep a copy of #{0}, says the leader of term {1}",
        sort: MessageSort::Replication,
    },
    MessageWord {
        name: "ack",
        label: "ack",
        says: "I have your copy number {0} of term {1}",
        sort: MessageSort::Acknowledgement,
    },
    MessageWord {
        name: "stale",
        label: "term {0}!",
        says: "your term is over: this is term {0}",
        sort: MessageSort::Refusal,
    },
];

const TIMERS: &[TimerWord] = &[
    TimerWord {
        says: "no leader heard for too long",
        is_timeout: true,
    },
    TimerWord {
        says: "time for a heartbeat",
        is_timeout: false,
    },
    TimerWord {
        says: "time for the next write",
        is_timeout: false,
    },
    TimerWord {
        says: "no answer in time",
        is_timeout: true,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::action::{Mishap, MishapKind};
    use sim::network::{CutMode, CutShape};
    use sim::trace::{Fact, Outcome};
    use sim::{Action, SimDuration, Target};

    const SERVERS: u16 = 5;

    /// Five servers, and two clients whose nearest are the first and the third.
    fn trial() -> Trial {
        let servers = ["server"; SERVERS as usize];
        Trial::new(&ENTRY, &[&servers[..], &["client", "client"]].concat())
    }

    fn at(node: u16) -> Target {
        Target::Node(NodeId(node))
    }

    /// The first server is heard by no other.
    fn mute() -> Action {
        let links = (1..SERVERS).map(|other| (NodeId(0), NodeId(other)));
        Action::Cut {
            name: 1,
            shape: CutShape::Links(links.collect()),
            mode: CutMode::Drop,
        }
    }

    fn leaders(facts: &[(u64, u16, Fact)]) -> Vec<(u64, u16, i64)> {
        let leads = facts.iter().filter_map(|(at, node, fact)| match fact {
            Fact::Leads { term } => Some((*at, *node, *term)),
            _ => None,
        });
        leads.collect()
    }

    /// Who acted in which term, without repetitions.
    fn actors(facts: &[(u64, u16, Fact)]) -> Vec<(i64, u16)> {
        let acts = facts.iter().filter_map(|(_, node, fact)| match fact {
            Fact::Acts { term, .. } => Some((*term, *node)),
            _ => None,
        });
        let mut actors: Vec<(i64, u16)> = acts.collect();
        actors.dedup();
        actors
    }

    fn answered(facts: &[(u64, u16, Fact)], from: u64) -> usize {
        let ok = |fact: &Fact| {
            matches!(
                fact,
                Fact::Returned {
                    outcome: Outcome::Ok,
                    ..
                }
            )
        };
        let late = facts.iter().filter(|(at, ..)| *at >= from);
        late.filter(|(_, _, fact)| ok(fact)).count()
    }

    #[test]
    fn the_first_leads_for_good_if_nothing_happens() {
        for trial in [trial(), trial().on("majority-acks")] {
            let facts = trial.facts(20_000);
            assert_eq!(leaders(&facts), [(200, 0, 1)]);
            assert_eq!(actors(&facts), [(1, 0)]);
            assert!(answered(&facts, 0) > 30);
        }
    }

    #[test]
    fn a_leader_that_crashes_is_succeeded_and_writes_go_on() {
        for trial in [trial(), trial().on("majority-acks")] {
            let facts = trial.act(3000, Action::Crash(at(0))).facts(20_000);
            let leaders = leaders(&facts);
            assert_eq!(leaders.len(), 2, "{leaders:?}");
            assert!(leaders[1].0 < 6500 && leaders[1].1 != 0, "{leaders:?}");
            assert!(answered(&facts, 7000) > 20);
        }
    }

    #[test]
    fn a_leader_that_nobody_hears_acts_on_only_without_majority_acks() {
        let facts = trial().act(3000, mute()).facts(10_000);
        let (term, successor) = (leaders(&facts)[1].2, leaders(&facts)[1].1);
        let actors = actors(&facts);
        assert!(
            actors
                .windows(2)
                .any(|pair| pair == [(term, successor), (1, 0)])
        );
        let facts = trial().on("majority-acks").act(3000, mute()).facts(20_000);
        let stepped_down = |(_, node, fact): &(u64, u16, Fact)| {
            *node == 0 && matches!(fact, Fact::StepsDown { .. })
        };
        assert!(!facts.iter().any(stepped_down), "it never learns of it");
        let acts_late = facts.iter().filter(|(at, node, fact)| {
            *at > 4500 && *node == 0 && matches!(fact, Fact::Acts { .. })
        });
        assert_eq!(acts_late.count(), 0);
        assert!(answered(&facts, 7000) > 20, "its client went elsewhere");
    }

    #[test]
    fn who_led_steps_down_once_it_is_heard_again() {
        let trial = trial().act(3000, mute()).act(8000, Action::Heal(None));
        let facts = trial.facts(12_000);
        let stepped_down = facts.iter().find_map(|(at, node, fact)| match fact {
            Fact::StepsDown { term } => Some((*at, *node, *term)),
            _ => None,
        });
        assert!(
            matches!(stepped_down, Some((8000..8800, 0, 1))),
            "{stepped_down:?}"
        );
    }

    #[test]
    fn a_vote_outlives_a_crash() {
        let mut trial = trial();
        for server in 0..SERVERS {
            trial = trial
                .act(3000, Action::Crash(at(server)))
                .act(3100, Action::Restart(at(server)));
        }
        let leaders = leaders(&trial.facts(20_000));
        assert!(
            leaders[1..].iter().all(|(_, _, term)| *term > 1),
            "{leaders:?}"
        );
        assert!(leaders.len() >= 2);
    }

    #[test]
    fn whatever_happens_no_leader_acts_that_was_succeeded() {
        for seed in 0..40 {
            let mut trial = trial().on("majority-acks").seed(seed);
            let kinds = [
                MishapKind::Crash,
                MishapKind::Pause,
                MishapKind::Isolate,
                MishapKind::Limp(4000),
                MishapKind::Pause,
            ];
            for (server, kind) in (0..SERVERS).zip(kinds) {
                let mishap = Mishap {
                    node: NodeId((server + seed as u16) % SERVERS),
                    kind,
                    mean_between: SimDuration::from_millis(4000),
                    mean_length: SimDuration::from_millis(2500),
                };
                trial = trial.act(1000, Action::AddMishap(u32::from(server), mishap));
            }
            let facts = trial
                .act(5000, mute())
                .act(15_000, Action::Heal(None))
                .facts(60_000);
            let actors = actors(&facts);
            assert!(
                actors.windows(2).all(|pair| pair[0].0 < pair[1].0),
                "seed {seed}: {actors:?}"
            );
            assert!(answered(&facts, 0) > 10, "seed {seed}");
        }
    }
}
