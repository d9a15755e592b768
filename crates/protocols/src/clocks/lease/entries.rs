//! What scenarios must know about the lease protocols.

use sim::{Machine, NodeId, Protocol, Setup, World};

use super::Node;
use super::client::{Client, FileHabits, Habits};
use super::service::Service;
use super::storage::Storage;
use super::tenure::Margin;
use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};

/// A lock that guards a file.
pub const FILE_ENTRY: ProtocolEntry = ProtocolEntry {
    id: "leased-file",
    about: "Clients take turns at a file, guarded by a lock that a service lends for a time.",
    roles: &[CLIENT, LOCK, STORAGE],
    parameters: &[
        LEASE,
        POLL,
        REST,
        ParameterSpec {
            id: "work",
            label: "Work",
            about: "How long a holder works between two writes.",
            quantity: Quantity::Duration,
            default: ms(300),
            min: 0.0,
            max: ms(60_000),
        },
        ParameterSpec {
            id: "prepare",
            label: "From clock to write",
            about: "The time from reading the clock until the write is sent.",
            quantity: Quantity::Duration,
            default: ms(60),
            min: 0.0,
            max: ms(60_000),
        },
        ParameterSpec {
            id: "stint",
            label: "Writes in a turn",
            about: "How many writes a holder makes before it lets go of the lock.",
            quantity: Quantity::Count,
            default: 5.0,
            min: 1.0,
            max: 1000.0,
        },
    ],
    defences: &[
        DefenceSpec {
            id: "check-lease-before-write",
            label: "Check the lease before each write",
            protects: "A holder reads its clock before it writes, and does not write if its lease is over.",
        },
        DefenceSpec {
            id: "fencing-token",
            label: "Fencing token",
            protects: "The storage refuses a write whose token is older than the highest it has seen.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

/// A lock alone, held until its lease ends.
pub const LOCK_ENTRY: ProtocolEntry = ProtocolEntry {
    id: "lease",
    about: "Clients take turns at a lock that a service lends for a time. Each turn lasts until the lease ends.",
    roles: &[CLIENT, LOCK],
    parameters: &[
        LEASE,
        POLL,
        REST,
        ParameterSpec {
            id: "max-drift",
            label: "Assumed drift",
            about: "The most by which the margin assumes a clock to run too fast or too slow.",
            quantity: Quantity::Share,
            default: 0.05,
            min: 0.0,
            max: 0.5,
        },
    ],
    defences: &[DefenceSpec {
        id: "drift-margin",
        label: "Margin for drift",
        protects: "A holder lets go so early that the service cannot lend the lock before that, as long as clocks stay within the assumed drift.",
    }],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

const CLIENT: RoleSpec = RoleSpec {
    id: "client",
    fewest: 1,
    most: 12,
};

const LOCK: RoleSpec = RoleSpec {
    id: "lock",
    fewest: 1,
    most: 1,
};

const STORAGE: RoleSpec = RoleSpec {
    id: "storage",
    fewest: 1,
    most: 1,
};

const LEASE: ParameterSpec = ParameterSpec {
    id: "lease",
    label: "Lease",
    about: "How long a lease lasts.",
    quantity: Quantity::Duration,
    default: ms(2000),
    min: ms(10),
    max: ms(600_000),
};

const POLL: ParameterSpec = ParameterSpec {
    id: "poll",
    label: "Poll",
    about: "How long a client waits before it asks again for a lock that another client holds.",
    quantity: Quantity::Duration,
    default: ms(200),
    min: ms(1),
    max: ms(60_000),
};

const REST: ParameterSpec = ParameterSpec {
    id: "rest",
    label: "Rest",
    about: "How long a client rests after its turn.",
    quantity: Quantity::Duration,
    default: ms(600),
    min: 0.0,
    max: ms(60_000),
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let clients = plan.nodes("client");
    let habits = habits(plan);
    let node = |node: NodeId| match plan.roles[node.index()] {
        "lock" => Node::Service(Service::new(plan.duration("lease"))),
        "storage" => Node::Storage(Storage::new(plan.has("fencing-token"))),
        _ => {
            let place = clients.iter().position(|client| *client == node);
            let place = place.unwrap_or_default() as u32;
            Node::Client(Box::new(Client::new(habits, place, clients.len() as u32)))
        }
    };
    let nodes = (0..plan.roles.len() as u16).map(NodeId).map(node);
    Box::new(World::new(setup, nodes.collect()))
}

fn habits(plan: &Plan) -> Habits {
    let file = plan.nodes("storage").first().map(|storage| FileHabits {
        storage: *storage,
        checks_lease: plan.has("check-lease-before-write"),
        work: plan.duration("work"),
        prepare: plan.duration("prepare"),
        stint: plan.count("stint"),
    });
    let margin = if plan.has("drift-margin") {
        Margin {
            drift: plan.share("max-drift"),
        }
    } else {
        Margin::NONE
    };
    Habits {
        service: plan.nodes("lock")[0],
        poll: plan.duration("poll"),
        rest: plan.duration("rest"),
        margin,
        file,
    }
}
