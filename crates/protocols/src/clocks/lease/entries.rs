//! What scenarios must know about the lease protocols.

use sim::{Machine, NodeId, Protocol, Setup, SimDuration};

use super::Node;
use super::client::{Client, FileHabits, Habits};
use super::service::Service;
use super::storage::Storage;
use super::tenure::Margin;
use crate::describe::choices::{
    Parameter, Role, choices, count, defence, many, milliseconds, one, share,
};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::world::world;

/// A lock that guards a file.
pub const FILE_ENTRY: ProtocolEntry = ProtocolEntry {
    id: "leased-file",
    about: "Clients take turns at a file, guarded by a lock that a service lends for a time.",
    mended: &[],
    roles: FileChoices::ROLES,
    parameters: FileChoices::PARAMETERS,
    defences: FileChoices::DEFENCES,
    vocabulary: &Node::VOCABULARY,
    build: build_file,
};

/// A lock alone, held until its lease ends.
pub const LOCK_ENTRY: ProtocolEntry = ProtocolEntry {
    id: "lease",
    about: "Clients take turns at a lock that a service lends for a time. Each turn lasts until the lease ends.",
    mended: &[],
    roles: LockChoices::ROLES,
    parameters: LockChoices::PARAMETERS,
    defences: LockChoices::DEFENCES,
    vocabulary: &Node::VOCABULARY,
    build: build_lock,
};

const CLIENT: Role<Vec<NodeId>> = many("client", 1..=12);
const LOCK: Role<NodeId> = one("lock");

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

choices! {
    /// What a scenario chooses for a lock that guards a file.
    struct FileChoices {
        roles {
            clients: Vec<NodeId> = CLIENT,
            lock: NodeId = LOCK,
            storage: NodeId = one("storage"),
        }
        parameters {
            lease: SimDuration = LEASE,
            poll: SimDuration = POLL,
            rest: SimDuration = REST,
            work: SimDuration = milliseconds("work", "Work", 300, 0..=60_000,
                "How long a holder works between two writes."),
            prepare: SimDuration = milliseconds("prepare", "From clock to write", 60, 0..=60_000,
                "The time from reading the clock until the write is sent."),
            stint: u32 = count("stint", "Writes in a turn", 5, 1..=1000,
                "How many writes a holder makes before it lets go of the lock."),
        }
        defences {
            checks_lease: bool = defence("check-lease-before-write", "Check the lease before each write",
                "A holder reads its clock before it writes, and does not write if its lease is over."),
            is_fenced: bool = defence("fencing-token", "Fencing token",
                "The storage refuses a write whose token is older than the highest it has seen."),
        }
    }
}

choices! {
    /// What a scenario chooses for a lock alone.
    struct LockChoices {
        roles {
            clients: Vec<NodeId> = CLIENT,
            lock: NodeId = LOCK,
        }
        parameters {
            lease: SimDuration = LEASE,
            poll: SimDuration = POLL,
            rest: SimDuration = REST,
            max_drift: f64 = share("max-drift", "Assumed drift", 0.05, 0.0..=0.5,
                "The most by which the margin assumes a clock to run too fast or too slow."),
        }
        defences {
            has_margin: bool = defence("drift-margin", "Margin for drift",
                "A holder lets go before the service lends the lock again, as long as no clock drifts more than assumed."),
        }
    }
}

fn build_file(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = FileChoices::of(plan);
    let file = FileHabits {
        storage: choices.storage,
        checks_lease: choices.checks_lease,
        work: choices.work,
        prepare: choices.prepare,
        stint: choices.stint,
    };
    let habits = Habits {
        service: choices.lock,
        poll: choices.poll,
        rest: choices.rest,
        margin: Margin::NONE,
        file: Some(file),
    };
    let storage = Node::Storage(Storage::new(choices.is_fenced));
    let users = users(&choices.clients, habits, choices.lease);
    world(setup, users.chain([(choices.storage, storage)]))
}

fn build_lock(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = LockChoices::of(plan);
    let drift = choices.max_drift;
    let habits = Habits {
        service: choices.lock,
        poll: choices.poll,
        rest: choices.rest,
        margin: if choices.has_margin {
            Margin { drift }
        } else {
            Margin::NONE
        },
        file: None,
    };
    world(setup, users(&choices.clients, habits, choices.lease))
}

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
