//! The protocols that Slowfire runs: a module a protocol, with its nodes, its messages and its defences.
//!
//! A protocol implements [`sim::Protocol`] and describes itself to scenarios by a [`ProtocolEntry`]. To add one, write
//! its module and add its entry to [`PROTOCOLS`].
//!
//! | module | its subject |
//! | --- | --- |
//! | `entry` | what a scenario must know of a protocol |
//! | [`heartbeats`] | a balancer and its workers, and how long a silence means death |
//! | [`parts`] | mechanisms that several protocols use: backoff, breakers, quorums, terms |
//! | [`payments`] | clients that pay through a bank; retries and idempotency keys |
//! | [`retries`] | calls to a server that retries overwhelm, and what keeps them in bounds |

#![forbid(unsafe_code)]

mod entry;
pub mod heartbeats;
pub mod parts;
pub mod payments;
pub mod retries;

pub use entry::{DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec};

/// Every protocol that a scenario can name.
pub const PROTOCOLS: &[ProtocolEntry] = &[heartbeats::ENTRY, payments::ENTRY, retries::ENTRY];

/// The protocol of this name.
pub fn find(id: &str) -> Option<&'static ProtocolEntry> {
    PROTOCOLS.iter().find(|entry| entry.id == id)
}
