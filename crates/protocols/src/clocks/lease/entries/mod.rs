//! What scenarios must know about the lease protocols.
//!
//! | module | its subject |
//! | --- | --- |
//! | `mod` | what both have: clients that take turns, and the service that lends the lock |
//! | [`file`] | a lock that guards a file |
//! | [`lock`] | a lock alone |

pub mod file;
pub mod lock;

use sim::{NodeId, SimDuration};

use super::Node;
use super::client::{Client, Habits};
use super::service::Service;
use crate::describe::choices::{Parameter, RoleRow, many, milliseconds, one};

const CLIENT: RoleRow<Vec<NodeId>> = many("client", 1..=12);
const LOCK: RoleRow<NodeId> = one("lock").speaks_to(&["client"]);

const LEASE: Parameter<SimDuration> = milliseconds(
    "lease",
    "Lease",
    2000,
    10..=600_000,
    "How long a lease lasts.",
);
const POLL: Parameter<SimDuration> = milliseconds(
    "poll",
    "Poll",
    200,
    1..=60_000,
    "How long a client waits before it asks again for a lock that another client holds.",
);
const REST: Parameter<SimDuration> = milliseconds(
    "rest",
    "Rest",
    600,
    0..=60_000,
    "How long a client rests after its turn.",
);

/// The clients, and the service that lends them the lock.
fn users(
    clients: &[NodeId],
    habits: Habits,
    lease: SimDuration,
) -> impl Iterator<Item = (NodeId, Node)> {
    let count = clients.len();
    let service = (habits.service, Node::Service(Service::new(lease)));
    let clients = clients.iter().enumerate().map(move |(place, node)| {
        let client = Client::new(habits, place, count);
        (*node, Node::Client(Box::new(client)))
    });
    clients.chain([service])
}
