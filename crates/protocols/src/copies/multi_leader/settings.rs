//! What scenarios must know about multi-leader replication.

use sim::{Machine, NodeId, Protocol, Setup, World};

use super::client::{Client, Habits};
use super::copy::Settling;
use super::replica::Replica;
use super::{Node, Part};
use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::parts::hybrid_clock::HybridClock;

/// Multi-leader replication, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "multi-leader",
    about: "Every replica accepts writes and passes them on. Of two writes that conflict, the one with the larger timestamp stays.",
    roles: &[
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 12,
        },
        RoleSpec {
            id: "replica",
            fewest: 1,
            most: 9,
        },
        RoleSpec {
            id: "time-server",
            fewest: 0,
            most: 1,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "writes",
            label: "Writes",
            about: "How many writes each client makes.",
            quantity: Quantity::Count,
            default: 30.0,
            min: 1.0,
            max: 1000.0,
        },
        ParameterSpec {
            id: "keys",
            label: "Keys",
            about: "How many keys the clients write to.",
            quantity: Quantity::Count,
            default: 1.0,
            min: 1.0,
            max: 100.0,
        },
        ParameterSpec {
            id: "think",
            label: "Thinking",
            about: "How long a client thinks between reading and writing.",
            quantity: Quantity::Duration,
            default: ms(100),
            min: 0.0,
            max: ms(60_000),
        },
        ParameterSpec {
            id: "rest",
            label: "Rest",
            about: "How long a client rests after a write, on average.",
            quantity: Quantity::Duration,
            default: ms(800),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits for an answer, and a replica for a confirmation.",
            quantity: Quantity::Duration,
            default: ms(1000),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "ntp-every",
            label: "Clock is set every",
            about: "The time between two questions of a replica to the time server, with tighter NTP.",
            quantity: Quantity::Duration,
            default: ms(1000),
            min: ms(10),
            max: ms(600_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "tighter-ntp",
            label: "Tighter NTP",
            protects: "Replicas set their clocks every second, so that the clocks differ less.",
        },
        DefenceSpec {
            id: "logical-clock",
            label: "Logical clock",
            protects: "The timestamp of a write is larger than the timestamp of every write that its writer knew about.",
        },
        DefenceSpec {
            id: "version-vector",
            label: "Version vector",
            protects: "Writes that did not know about each other are kept side by side.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let nodes = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = nodes.map(|node| Node {
        clock: HybridClock::default(),
        part: part(plan, node),
    });
    Box::new(World::new(setup, nodes.collect()))
}

fn part(plan: &Plan, node: NodeId) -> Part {
    match plan.roles[node.index()] {
        "replica" => Part::Replica(Box::new(replica(plan, node))),
        "time-server" => Part::TimeServer,
        _ => Part::Client(client(plan, node)),
    }
}

fn replica(plan: &Plan, node: NodeId) -> Replica {
    let mut others = plan.nodes("replica");
    others.retain(|other| *other != node);
    let server = plan.nodes("time-server").first().copied();
    let server = server.filter(|_| plan.has("tighter-ntp"));
    let time = server.map(|server| (server, plan.duration("ntp-every")));
    Replica::new(others, settling(plan), time, plan.duration("timeout"))
}

fn settling(plan: &Plan) -> Settling {
    if plan.has("version-vector") {
        Settling::VersionVector
    } else if plan.has("logical-clock") {
        Settling::HybridClock
    } else {
        Settling::WallClock
    }
}

fn client(plan: &Plan, node: NodeId) -> Client {
    let clients = plan.nodes("client");
    let replicas = plan.nodes("replica");
    let place = clients.iter().position(|client| *client == node);
    let place = place.unwrap_or_default();
    let habits = Habits {
        replica: replicas[place % replicas.len()],
        keys: plan.count("keys"),
        writes: plan.count("writes"),
        think: plan.duration("think"),
        rest: plan.duration("rest"),
        timeout: plan.duration("timeout"),
    };
    Client::new(habits, place as u32, clients.len() as u32)
}
