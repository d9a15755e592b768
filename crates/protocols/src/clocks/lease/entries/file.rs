//! A lock that guards a file, as scenarios see it.

use sim::{Machine, NodeId, Protocol, Setup, SimDuration};

use super::{CLIENT, LEASE, LOCK, POLL, REST, users};
use crate::clocks::lease::Node;
use crate::clocks::lease::client::{FileHabits, Habits};
use crate::clocks::lease::storage::Storage;
use crate::clocks::lease::tenure::Margin;
use crate::describe::choices::{choices, count, defence, milliseconds, one};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::world::world;

/// A lock that guards a file.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "leased-file",
    "Clients take turns at a file, guarded by a lock that a service lends for a time.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.mended(&[
    "A client that asked again got its old token, and a restarted client gave its numbers again: acknowledged writes were lost though tokens were checked.",
    "A write that had reached the file could be reported as failed.",
]);

choices! {
    /// What a scenario chooses for a lock that guards a file.
    struct Choices {
        roles {
            clients: Vec<NodeId> = CLIENT.speaks_to(&["lock", "storage"]),
            lock: NodeId = LOCK,
            storage: NodeId = one("storage").speaks_to(&["client"]),
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

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
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
