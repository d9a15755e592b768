//! What scenarios must know about multi-leader replication.

use sim::{Machine, NodeId, Protocol, Setup, SimDuration};

use super::client::{Client, Habits};
use super::copy::Settling;
use super::replica::Replica;
use super::{Node, TimeServer};
use crate::describe::choices::{
    at_most_one, choices, count, defence, many, milliseconds, operations,
};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::world::world;

/// Multi-leader replication, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "multi-leader",
    "Every replica accepts writes and passes them on. Of two writes that conflict, the one with the larger timestamp stays.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.mended(&[
    "A restarted replica had lost all writes and numbered new ones as it had numbered those, a restarted client gave its numbers again, and writes were told before they were on disk.",
    "A replica that restarted before its first write refused writes from then on.",
    "A replica whose disk was lost, and that crashed again before it had all its writes back, could number a new write as it had numbered a lost one.",
    "A replica whose disk was lost could number a new write as it had numbered one that was still on its way to the others.",
    "A replica whose disk was lost took a late answer to its earlier life for one to its present question, and could accept a write again that it had accepted before.",
]);

choices! {
    /// What a scenario chooses for multi-leader replication.
    struct Choices {
        roles {
            clients: Vec<NodeId> = many("client", 1..=12).speaks_to(&["replica"]),
            replicas: Vec<NodeId> = many("replica", 1..=9),
            time_server: Option<NodeId> = at_most_one("time-server"),
        }
        parameters {
            writes: u32 = operations("writes", "Writes", 30, 1..=1000,
                "How many writes each client makes."),
            keys: u32 = count("keys", "Keys", 1, 1..=100,
                "How many keys the clients write to."),
            think: SimDuration = milliseconds("think", "Thinking", 100, 0..=60_000,
                "How long a client thinks between reading and writing."),
            rest: SimDuration = milliseconds("rest", "Rest", 800, 1..=60_000,
                "How long a client rests after a write, on average."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 1000, 1..=60_000,
                "How long a client waits for an answer, and the time between two comparisons of a replica with another."),
            ntp_every: SimDuration = milliseconds("ntp-every", "Clock is set every", 1000, 10..=600_000,
                "The time between two questions of a replica to the time server, with tighter NTP."),
        }
        defences {
            sets_clocks: bool = defence("tighter-ntp", "Tighter NTP",
                "Replicas set their clocks every second, so that the clocks differ less."),
            has_logical_clock: bool = defence("logical-clock", "Logical clock",
                "The timestamp of a write is larger than the timestamp of every write that its writer knew about."),
            has_version_vectors: bool = defence("version-vector", "Version vector",
                "Writes that did not know about each other are kept side by side."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let clients = choices.clients.iter().enumerate();
    let clients = clients.map(|(place, node)| (*node, Node::Client(client(&choices, place))));
    let replicas = choices.replicas.iter();
    let replicas = replicas.map(|node| (*node, Node::Replica(Box::new(replica(&choices, *node)))));
    let time_server = choices
        .time_server
        .map(|node| (node, Node::TimeServer(TimeServer::default())));
    let parts = clients.chain(replicas).chain(time_server);
    world(setup, parts)
}

fn replica(choices: &Choices, node: NodeId) -> Replica {
    let mut others = choices.replicas.clone();
    others.retain(|other| *other != node);
    let server = choices.time_server.filter(|_| choices.sets_clocks);
    let time = server.map(|server| (server, choices.ntp_every));
    Replica::new(others, settling(choices), time, choices.timeout)
}

fn settling(choices: &Choices) -> Settling {
    if choices.has_version_vectors {
        Settling::VersionVector
    } else if choices.has_logical_clock {
        Settling::HybridClock
    } else {
        Settling::WallClock
    }
}

fn client(choices: &Choices, place: usize) -> Client {
    let habits = Habits {
        replica: choices.replicas[place % choices.replicas.len()],
        keys: choices.keys,
        writes: choices.writes,
        think: choices.think,
        rest: choices.rest,
        timeout: choices.timeout,
    };
    Client::new(habits, place, choices.clients.len())
}
