//! One of the two systems: its servers and its clients.

use sim::NodeId;
use sim::random::Probability;

use super::replica::Replica;
use super::{Choices, Node};
use crate::describe::words::counted;
use crate::describe::world::group;
use crate::parts::caller::{Caller, Habit, Manner};
use crate::parts::replicated_log::{Rules, Server, Shown};

/// The keys of the bank's account and of the timeline's likes.
const ACCOUNT: i64 = 0;
pub(super) const LIKES: i64 = 1;

/// How many times a client asks that does not give up at once: in that time a majority elects a leader.
const ATTEMPTS: u32 = 6;

/// A bank or a timeline.
pub(super) struct System<'a> {
    choices: &'a Choices,
    servers: &'a [NodeId],
    clients: &'a [NodeId],
    asks_majority: bool,
    key: i64,
}

impl<'a> System<'a> {
    pub(super) fn bank(choices: &'a Choices) -> System<'a> {
        System {
            choices,
            servers: &choices.banks,
            clients: &choices.tellers,
            asks_majority: choices.bank_by_majority,
            key: ACCOUNT,
        }
    }

    pub(super) fn timeline(choices: &'a Choices) -> System<'a> {
        System {
            choices,
            servers: &choices.timelines,
            clients: &choices.readers,
            asks_majority: !choices.timeline_alone,
            key: LIKES,
        }
    }

    /// Its nodes.
    pub(super) fn cast(&self) -> impl Iterator<Item = (NodeId, Node)> {
        let servers = group(self.servers);
        let servers = servers.map(|(node, rank, peers)| (node, self.server(rank, peers)));
        let clients = self.clients.iter().enumerate();
        servers.chain(clients.map(|(place, node)| (*node, self.client(place, *node))))
    }

    fn server(&self, rank: u32, peers: Vec<NodeId>) -> Node {
        let choices = self.choices;
        if self.asks_majority {
            let rules = Rules {
                heartbeat: choices.heartbeat,
                patience: choices.patience,
                is_elected: true,
                is_fenced: true,
                shows: Some(Shown {
                    key: self.key,
                    words: words(self.key),
                }),
            };
            Node::ByMajority(Box::new(Server::new(rules, rank, peers)))
        } else {
            let every = choices.has_anti_entropy.then_some(choices.compare);
            Node::Alone(Box::new(Replica::new(peers, every, words(self.key))))
        }
    }

    /// A client asks the server that is nearest: the first client the first server, the last client the last one. It asks
    /// that one alone, once, or others after it. The numbers of its operations are unique among the nodes of both systems.
    fn client(&self, place: usize, node: NodeId) -> Node {
        let (servers, clients) = (self.servers, self.clients);
        let steps = (clients.len() - 1).max(1);
        let nearest = place * (servers.len() - 1) / steps;
        let asks_others = self.choices.asks_others;
        let manner = Manner {
            servers: match asks_others {
                true => servers.to_vec(),
                false => vec![servers[nearest]],
            },
            first: if asks_others { nearest } else { 0 },
            pause: self.choices.pause,
            timeout: self.choices.timeout,
            attempts: Some(if asks_others { ATTEMPTS } else { 1 }),
            takes_no: !asks_others,
            operations: Some(self.choices.operations),
            habit: Habit::Counts {
                key: self.key,
                adds: Probability::new(0.5),
            },
        };
        let caller = Caller::new(manner, node.index(), self.choices.nodes());
        Node::Client(Box::new(caller))
    }
}

/// The bank's words for its account, and the timeline's for its likes.
fn words(key: i64) -> fn(i64) -> String {
    match key {
        ACCOUNT => |value| format!("balance {value}"),
        _ => |value| counted(value.max(0) as usize, "like"),
    }
}

impl Choices {
    /// How many nodes there are in both systems.
    fn nodes(&self) -> usize {
        let roles = [&self.banks, &self.timelines, &self.tellers, &self.readers];
        roles.iter().map(|nodes| nodes.len()).sum()
    }
}
