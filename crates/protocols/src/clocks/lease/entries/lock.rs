//! A lock alone, as scenarios see it.

use sim::{Machine, NodeId, Protocol, Setup, SimDuration};

use super::{CLIENT, LEASE, LOCK, POLL, REST, users};
use crate::clocks::lease::Node;
use crate::clocks::lease::client::Habits;
use crate::clocks::lease::tenure::Margin;
use crate::describe::choices::{choices, defence, share};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::world::world;

/// A lock alone, held until its lease ends.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "lease",
    "Clients take turns at a lock that a service lends for a time. Each turn lasts until the lease ends.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.mended(&["The service told a token before it was durable: a crash of the service could leave two holders."]);

choices! {
    /// What a scenario chooses for a lock alone.
    struct Choices {
        roles {
            clients: Vec<NodeId> = CLIENT.speaks_to(&["lock"]),
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

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
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
