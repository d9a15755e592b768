//! One of the two systems: its servers and its clients.

use sim::NodeId;
use sim::random::Probability;

use super::Node;
use super::replica::Replica;
use crate::describe::entry::Plan;
use crate::parts::caller::{Caller, Habit, Manner};
use crate::parts::replicated_log::{Rules, Server};

/// A bank or a timeline.
pub(super) struct System {
    role: &'static str,
    client_role: &'static str,
    servers: Vec<NodeId>,
    clients: Vec<NodeId>,
    asks_majority: bool,
    key: i64,
}

impl System {
    pub(super) fn of(
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
    pub(super) fn node(&self, node: NodeId, plan: &Plan) -> Option<Node> {
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
            let server = Box::new(Server::new(rules(plan), rank, peers));
            Node::ByMajority { role, server }
        } else {
            let every = plan.duration("compare");
            let every = plan.has("anti-entropy").then_some(every);
            let replica = Box::new(Replica::new(peers, every));
            Node::Alone { role, replica }
        })
    }

    /// A client asks a single server. The numbers of its operations are unique among the nodes of both systems.
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

fn rules(plan: &Plan) -> Rules {
    Rules {
        heartbeat: plan.duration("heartbeat"),
        patience: plan.duration("patience"),
        is_elected: true,
        is_fenced: true,
    }
}
